"""Check a proof with nothing but Python: ``python -m api.plans.check proof.json``.

The bytes must be canonical JSON, the digest must be that of the content, and the result must follow from
the inputs and the policy figures inside: it is calculated anew and compared part by part.

Exit codes: 0 intact; 1 something differs, and each difference is named; 2 it could not be checked (no
such file, another version, wrong use).

What it does not show: that inputs and figures are the true ones. Compare the digest with the one the bank
holds, or the figures with the bank's published policy.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.plans.canonical import NotCanonical, canonical_bytes, digest, read_json
from api.plans.figures import FigureView
from api.plans.proof import PROOF, VERSION, calculate, calculate_and_explain

__all__ = ["CannotCheck", "Checked", "check", "main"]

INTACT, DIFFERS, UNCHECKED = 0, 1, 2
MOST_SHOWN = 20


class CannotCheck(ValueError):
    """The file is no proof of a version that this program knows."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: no difference means intact."""

    differences: tuple[str, ...]
    proof: Any = None

    @property
    def intact(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def check(raw: bytes) -> Checked:
    """Check the bytes of a proof.

    Raises:
        CannotCheck: it is a document of another kind, or of a version that is not known here.
    """
    try:
        proof = read_json(raw)
    except NotCanonical as error:
        return Checked((f"the file: {error}",))
    if not isinstance(proof, dict) or proof.get("proof") != PROOF:
        raise CannotCheck("not a proof of a plan")
    if proof.get("version") != VERSION:
        msg = f"version {proof.get('version')!r}: this program knows version {VERSION}"
        raise CannotCheck(msg)
    return Checked(tuple(_differences(raw, proof)), proof)


def _differences(raw: bytes, proof: dict[str, Any]) -> Iterator[str]:
    try:
        canonical = canonical_bytes(proof)
    except NotCanonical as error:
        yield f"the file: {error}"
        return
    if canonical != raw:
        yield f"the file: not canonical JSON (RFC 8785) at byte {_first_difference(canonical, raw)}"
    content = {key: value for key, value in proof.items() if key != "digest"}
    stated, actual = proof.get("digest"), digest(content)
    if stated != actual:
        yield f"digest: the file says {stated}, its content has {actual}"
    try:
        again = _recalculate(proof)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        yield f"it cannot be calculated from what the file holds: {error}"
        return
    del again["digest"]
    yield from _compare("", content, again)


def _recalculate(proof: dict[str, Any]) -> dict[str, Any]:
    return calculate(proof["inputs"], _view(proof))


def _view(proof: dict[str, Any]) -> FigureView:
    policy, inputs = proof["policy"], proof["inputs"]
    day = date.fromisoformat(inputs["date"])
    if day.isoformat() != inputs["date"]:
        msg = "inputs.date: not in its one form"
        raise ValueError(msg)
    return FigureView(day, policy["digest"], policy["figures"])


def _sentences(proof: dict[str, Any], locale: str) -> Iterator[str]:
    """Say what led to each offer and to each plan that was not offered; the words are this program's."""
    _, explained = calculate_and_explain(proof["inputs"], _view(proof))
    for offer in explained.get("offers", []):
        yield from (rule[f"words_{locale}"] for rule in offer["rules"])
        yield from (strain[f"words_{locale}"] for strain in offer["stress"])
    yield from (plan[f"words_{locale}"] for plan in explained["rejected"])


def _compare(where: str, stated: Any, again: Any) -> Iterator[str]:
    if isinstance(stated, dict) and isinstance(again, dict):
        for key in sorted({*stated, *again}):
            place = f"{where}.{key}" if where else key
            if key not in again:
                yield f"{place}: the calculation knows nothing of it"
            elif key not in stated:
                yield f"{place}: missing; the calculation gives {_short(again[key])}"
            else:
                yield from _compare(place, stated[key], again[key])
    elif isinstance(stated, list) and isinstance(again, list) and len(stated) == len(again):
        for number, (one, other) in enumerate(zip(stated, again, strict=True)):
            yield from _compare(f"{where}[{number}]", one, other)
    elif type(stated) is not type(again) or stated != again:
        yield f"{where}: the file says {_short(stated)}, the calculation gives {_short(again)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]} (and more)"


def _first_difference(one: bytes, other: bytes) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m api.plans.check",
        description="Recompute a plan from its proof and say whether it is intact, or what differs.",
        epilog="Exit codes: 0 intact; 1 something differs; 2 it could not be checked.",
    )
    parser.add_argument("file", type=Path, help="the proof, as it was downloaded")
    parser.add_argument(
        "--words", choices=("zh", "en"), help="say in sentences, too, why it came out so"
    )
    options = parser.parse_args(arguments)
    file: Path = options.file
    try:
        found = check(file.read_bytes())
    except OSError as error:
        _say(f"cannot read {file}: {error.strerror}")
        return UNCHECKED
    except CannotCheck as error:
        _say(f"cannot check {file}: {error}")
        return UNCHECKED
    if found.intact:
        _say(f"intact: {_summary(found.proof)}")
        for sentence in _sentences(found.proof, options.words) if options.words else ():
            _say(f"  {sentence}")
        return INTACT
    _say(f"differs: {len(found.differences)} found")
    for difference in found.differences[:MOST_SHOWN]:
        _say(f"  {difference}")
    if len(found.differences) > MOST_SHOWN:
        _say(f"  and {len(found.differences) - MOST_SHOWN} more")
    return DIFFERS


def _summary(proof: dict[str, Any]) -> str:
    result = proof["result"]
    what = (
        f"{len(result['offers'])} offered, the first {result['offers'][0]['monthly']} x "
        f"{result['offers'][0]['periods']}"
        if result["outcome"] == "offered"
        else f"refused, {result['reason']}"
    )
    return (
        f"calculated for {proof['inputs']['date']}: {what}\n"
        f"  digest  {proof['digest']}\n"
        f"  policy  {proof['policy']['digest']} ({len(proof['policy']['figures'])} figures used)"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
