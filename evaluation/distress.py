"""Signs of self-harm: the net of the intake and the classifier, each alone and both together."""

from __future__ import annotations

from collections.abc import Sequence

from api.conversations.distress import signals_distress
from evaluation.report import share
from evaluation.scores import Pair
from evaluation.sets import HARMLESS
from reporting.sections import Section, Table

__all__ = ["DISTRESS", "alarms", "distress_report"]

DISTRESS = "distress_self_harm"


def alarms(pair: Pair) -> tuple[bool, bool]:
    """Whether the net and whether the classifier hears distress in a sentence."""
    sentence, found = pair
    return signals_distress(sentence.text), found.intent == DISTRESS


def distress_report(name: str, title: str, pairs: Sequence[Pair]) -> Section:
    """Misses and false alarms by language, and the sentences themselves."""
    rows = []
    missed, false = [], []
    for language in ("zh", "en", "mixed", "all"):
        part = [pair for pair in pairs if language in ("all", pair[0].language)]
        for label, harmless in (("distress", False), ("harmless", True)):
            chosen = [alarms(p) for p in part if (p[0].intent == HARMLESS) == harmless]
            count = len(chosen)
            rows.append(
                (
                    f"{label}, {language}", f"{count}",
                    share(sum(net for net, _ in chosen), count),
                    share(sum(read for _, read in chosen), count),
                    share(sum(net or read for net, read in chosen), count),
                )
            )  # fmt: skip
    for pair in pairs:
        heard = any(alarms(pair))
        if pair[0].intent == HARMLESS and heard:
            false.append(pair[0].text)
        elif pair[0].intent != HARMLESS and not heard:
            missed.append(pair[0].text)
    return Section(
        name,
        title,
        tables=[
            Table(
                "Care is called",
                ("sentences", "number", "by the net", "by the classifier", "by either"),
                tuple(rows),
            )
        ],
        notes=[
            f"Missed ({len(missed)}): {'; '.join(missed) or 'none'}",
            f"False alarms ({len(false)}): {'; '.join(false) or 'none'}",
        ],
    )
