"""A set's scores as tables and a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluation.scores import (
    Accuracy,
    Pair,
    accepted_absurd,
    accuracy,
    confusions,
    facts_noted,
    false_accepts,
    intent_scores,
    label_of,
    said_besides,
    values_found,
)
from evaluation.sets import ABSURD
from evaluation.understood import FALLBACK
from reporting.charts import Grid
from reporting.sections import Section, Table

__all__ = ["report", "share"]

LANGUAGES = ("zh", "en", "mixed")
_MOST_CONFUSIONS = 40


def report(name: str, title: str, alone: Sequence[Pair], in_place: Sequence[Pair]) -> Section:
    """Everything a set says: ``alone`` are its sentences without stage and question, then with them."""
    absurd = [pair for pair in in_place if pair[0].intent == ABSURD]
    spoken = [pair for pair in in_place if pair[0].intent != ABSURD]
    without = [pair for pair in alone if pair[0].intent != ABSURD]
    names = sorted({sentence.intent for sentence, _ in spoken})
    counts: dict[tuple[str, str], int] = {}
    for pair in spoken:
        key = pair[0].intent, label_of(pair)
        counts[key] = counts.get(key, 0) + 1
    columns = (*names, *sorted({column for _, column in counts} - {*names, FALLBACK}), FALLBACK)
    return Section(
        name,
        title,
        tables=[
            _by_language(spoken, without),
            _beyond_intents(spoken, without, absurd),
            _entities(spoken),
            _intents(spoken),
            _mistaken(spoken),
        ],
        charts=[
            Grid(
                f"understanding-{name}.svg",
                f"{title}: what was meant (rows) and what was understood (columns)",
                f"{len(spoken):,} sentences; the last column was asked again",
                columns,
                tuple((row, column, count) for (row, column), count in sorted(counts.items())),
            )
        ],
    )


def share(part: int, whole: int) -> str:
    """A share in per cent with one decimal; a dash where there is nothing to divide by."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _in(language: str, pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair[0].language == language]


def _by_language(spoken: Sequence[Pair], without: Sequence[Pair]) -> Table:
    rows = []
    for label, part, bare in (
        *((language, _in(language, spoken), _in(language, without)) for language in LANGUAGES),
        ("all", spoken, without),
    ):
        score: Accuracy = accuracy(part)
        rows.append(
            (
                label, f"{score.total:,}", share(score.right, score.total),
                share(accuracy(bare).right, score.total), share(score.exact, score.total),
                share(score.guessed, score.total), share(score.unsure, score.total),
                share(score.wrong, score.total),
            )
        )  # fmt: skip
    heading = (
        "language", "sentences", "right", "right without stage", "very label", "first guess right",
        "asked again", "wrong",
    )  # fmt: skip
    return Table("Intents", heading, tuple(rows))


def _beyond_intents(
    spoken: Sequence[Pair], without: Sequence[Pair], absurd: Sequence[Pair]
) -> Table:
    outside = [pair for pair in spoken if pair[0].intent == "chitchat_oos"]
    started = false_accepts(outside)
    distress = [pair for pair in spoken if pair[0].intent == "distress_self_harm"]
    heard = sum(label_of(pair) == "distress_self_harm" for pair in distress)
    understood, said, _ = said_besides(spoken)
    noted, facts, _ = facts_noted(spoken)
    noted_bare, _, _ = facts_noted(without)
    taken = accepted_absurd(absurd)
    rows = (
        ("out of scope that started anything", f"{len(outside)}", share(len(started), len(outside))),
        ("distress heard by the classifier alone", f"{len(distress)}", share(heard, len(distress))),
        ("of all that lines with several things say, understood", f"{said}", share(understood, said)),
        ("facts noted, knowing what was asked", f"{facts}", share(noted, facts)),
        ("facts noted, without knowing it", f"{facts}", share(noted_bare, facts)),
        ("absurd values accepted", f"{len(absurd)}", f"{len(taken)}"),
    )  # fmt: skip
    return Table("Beyond the first intent", ("", "number", "share"), rows)


def _entities(spoken: Sequence[Pair]) -> Table:
    right, everything, wrong = values_found(spoken)
    rows = [
        (kind, f"{everything[kind]}", share(right[kind], everything[kind]))
        for kind in sorted(everything)
        if everything[kind]
    ]
    total = sum(everything.values())
    rows.append(("all", f"{total}", share(sum(right.values()), total)))
    scored = sum(sentence.values is not None for sentence, _ in spoken)
    rows.append(
        ("sentences with every value right", f"{scored}", share(scored - len(wrong), scored))
    )
    return Table("Values", ("kind", "said or read", "right"), tuple(rows))


def _intents(spoken: Sequence[Pair]) -> Table:
    whole = {score.intent: score for score in intent_scores(spoken)}
    by = {
        language: {score.intent: score for score in intent_scores(_in(language, spoken))}
        for language in LANGUAGES
    }
    rows = []
    for intent, score in whole.items():
        cells = [intent, f"{score.total}", *map(_hundredths, (score.precision, score.recall, score.f1))]  # fmt: skip
        for language in LANGUAGES:
            one = by[language].get(intent)
            cells += [f"{one.total}" if one else "0", _hundredths(one.f1 if one else None)]
        rows.append(tuple(cells))
    heading = ("intent", "n", "precision", "recall", "F1", "n zh", "F1 zh", "n en", "F1 en", "n mixed", "F1 mixed")  # fmt: skip
    return Table("Each intent", heading, tuple(rows))


def _mistaken(spoken: Sequence[Pair]) -> Table:
    listed = confusions(spoken).most_common(_MOST_CONFUSIONS)
    rows = tuple((meant, taken, f"{count}") for (meant, taken), count in listed)
    return Table("Taken for another most often", ("meant", "understood", "times"), rows)


def _hundredths(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
