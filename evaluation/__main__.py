"""``make evaluate``: score the trained model on the evaluation sets, print everything, keep it in docs.

Without names, ``known`` and ``distress`` are scored: the sets that are learnt from. ``unseen`` is scored
only when it is named, once, after the last change of the training data; its checksum was committed
before.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.distress import distress_report
from evaluation.report import report
from evaluation.scores import (
    accepted_absurd,
    facts_noted,
    false_accepts,
    label_of,
    said_besides,
    values_found,
)
from evaluation.separate import known_already, training_examples
from evaluation.sets import ABSURD, SETS, Sentence, SetInvalid, checksum, read_set
from evaluation.understood import Understood, understand
from reporting.sections import keep, printed
from tooling.model import ensure_model
from tooling.say import ROOT, CannotGoOn, explain, say

TITLES = {
    "known": "The set that was learnt from",
    "unseen": "The set that nobody had read",
    "distress": "Distress",
}
DOCUMENT = ROOT / "docs/understanding.md"
CHECKSUMS = SETS / "checksums.txt"


def main(arguments: list[str] | None = None) -> int:
    """Score the named sets; 1 when a set is not what it was when its checksum was kept."""
    parser = argparse.ArgumentParser(
        prog="make evaluate, or python -m evaluation", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog='with make: make evaluate SETS="known unseen" WRITE=1',
    )  # fmt: skip
    parser.add_argument("sets", nargs="*", metavar="set", help=f"of {', '.join(TITLES)}")
    parser.add_argument("--write", action="store_true", help="keep it in docs/understanding.md")
    parser.add_argument("--mistakes", action="store_true", help="print every sentence gone wrong")
    options = parser.parse_args(arguments)
    chosen = options.sets or ["known", "distress"]
    if unknown := set(chosen) - set(TITLES):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    try:
        model = ensure_model()
        for name in chosen:
            path = SETS / f"{name}.yml"
            if (kept := _kept(path)) not in (None, checksum(path)):
                raise CannotGoOn(f"{path.name} is not the set whose checksum was kept ({kept}).")
            sentences = read_set(path)
            known = known_already(sentences, training_examples())
            sentences = [one for one in sentences if one.text not in known]
            in_place = _pairs(model, sentences, in_place=True)
            if name == "distress":
                section = distress_report(name, TITLES[name], in_place)
            else:
                alone = _pairs(model, sentences, in_place=False)
                section = report(name, TITLES[name], alone, in_place)
            section.notes.append(
                f"{path.name}: {len(sentences):,} sentences, SHA-256 {checksum(path)}; {model.name}"
            )
            if known:
                section.notes.append(
                    f"{len(known)} everyday words that the training data needs as well are left out."
                )
            say(printed(section))
            if options.mistakes:
                _print_mistakes(in_place)
            if options.write:
                keep(section, DOCUMENT, DOCUMENT.parent / "pictures", mark="evaluation")
    except (CannotGoOn, SetInvalid) as failure:
        explain(CannotGoOn(str(failure)))
        return 1
    return 0


def _kept(path: Path) -> str | None:
    """The checksum kept for a set, if one is."""
    if not CHECKSUMS.exists():
        return None
    lines = CHECKSUMS.read_text(encoding="utf-8").splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f"  {path.name}")), None)


def _pairs(
    model: Path, sentences: list[Sentence], *, in_place: bool
) -> list[tuple[Sentence, Understood]]:
    return list(zip(sentences, understand(model, sentences, in_place=in_place), strict=True))


def _print_mistakes(pairs: list[tuple[Sentence, Understood]]) -> None:
    """Every sentence that went wrong, for whoever mends the data (never of the unseen set)."""
    spoken = [pair for pair in pairs if pair[0].intent[0] != "_"]
    for sentence, found in spoken:
        if label_of((sentence, found)) != sentence.intent:
            listed = " ".join(f"{name} {confidence}" for name, confidence in found.ranking)
            say(f"  ✗ {sentence.intent} → {found.intent}: {sentence.text}   [{listed}]")
    for sentence, found in values_found(spoken)[2]:
        read = [(e["entity"], e["value"]) for e in found.entities]
        say(f"  values: {sentence.text}: {sentence.values} read as {read}")
    for sentence, found in facts_noted(spoken)[2]:
        say(f"  facts: {sentence.text} (asked {sentence.asked}): {dict(sentence.facts)} noted as {found.facts}, {found.intent}")  # fmt: skip
    for sentence, found in said_besides(spoken)[2]:
        say(f"  dropped: {sentence.text}: {sorted(sentence.accepted)}, heard {found.intent} {sorted(found.besides)}")  # fmt: skip
    for sentence, found in false_accepts(spoken):
        say(f"  started: {sentence.text}: {found.intent}")
    for sentence, found in accepted_absurd(p for p in pairs if p[0].intent == ABSURD):
        say(f"  absurd: {sentence.text}: {found.facts}")


if __name__ == "__main__":
    sys.exit(main())
