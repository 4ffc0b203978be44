"""``make simulate``: a seeded population lives through its plans under four policies.

The same seed and number of people give the same report to the byte. Without --write nothing is kept;
with it, the tables between the markers of docs/simulation.md and the charts beside it are written anew.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from api.policy.lookup import Policy
from reporting.sections import keep, printed
from simulation.assumptions import Assumptions
from simulation.policies import POLICIES
from simulation.population import World, live_through
from simulation.report import report, sound
from simulation.sensitivity import BASE, worlds
from tooling.children import ToldToStop, stop_on_signals

ROOT = Path(__file__).parents[1]
SEED = 20261124
PEOPLE = 2_000
VARIED_PEOPLE = 400
LARGEST = 1_000_000


def main(arguments: list[str] | None = None) -> int:
    """Simulate and report; 1 when what must hold exactly does not."""
    parser = argparse.ArgumentParser(
        prog="make simulate, or python -m simulation", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="with make: make simulate PEOPLE=10000 SEED=7 WRITE=1",
    )  # fmt: skip
    parser.add_argument("--people", type=_count("people", 1), default=PEOPLE, metavar="N",
                        help=f"how many people (default {PEOPLE:,})")  # fmt: skip
    parser.add_argument("--seed", type=_count("the seed", 0), default=SEED, metavar="N",
                        help=f"a whole number; another seed is another population (default {SEED})")  # fmt: skip
    parser.add_argument("--varied", type=_count("the people of the variations", 0), metavar="N",
                        default=VARIED_PEOPLE,
                        help="how many of them live under each varied assumption as well "
                             f"(default {VARIED_PEOPLE}; 0 leaves the variations out)")  # fmt: skip
    parser.add_argument(
        "--write", action="store_true", help="write docs/simulation.md and its charts"
    )
    parser.add_argument("--into", type=Path, metavar="FILE",
                        help="write this document instead (implies --write)")  # fmt: skip
    options = parser.parse_args(arguments)
    policy = Policy.shipped()
    base = World(BASE, Assumptions(), POLICIES)
    with_progress = _Progress()
    lived = live_through(
        [base], options.people, options.seed, policy, with_progress("people", options.people)
    )[BASE]
    varied_people = min(options.varied, options.people)
    varied = {}
    if varied_people:
        progress = with_progress("people under other assumptions", varied_people)
        varied = live_through(worlds(), varied_people, options.seed, policy, progress)
    with_progress.done()
    sections = report(lived, varied, options.people, varied_people, options.seed)
    document = options.into or (ROOT / "docs/simulation.md" if options.write else None)
    for section in sections:
        print(printed(section))
        if document is not None:
            keep(section, document, document.parent / "pictures", mark="simulation")
    if document is not None:
        print(f"\nWritten to {document}.")
    wrong = sound(lived)
    for world in worlds() if varied else ():
        found = sound(varied[world.name], with_floor=world.way_out)
        wrong += [f"{world.name}: {line}" for line in found]
    for line in wrong:
        print(f"\nThis must not be: {line}", file=sys.stderr)
    return 1 if wrong else 0


def _count(what: str, least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
        if number is None or number < least or (least and number > LARGEST):
            bounds = f"from {least} to {LARGEST:,}" if least else "not below 0"
            msg = f"{what} must be a whole number {bounds}, not {text!r}"
            raise argparse.ArgumentTypeError(msg)
        return number

    return read


class _Progress:
    """Says on standard error how far it is, so that the report itself stays the same."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._said = 0.0

    def __call__(self, what: str, of: int) -> Callable[[int], None]:
        begun = time.monotonic()

        def tell(done: int) -> None:
            now = time.monotonic()
            if done == of or now - self._said >= (0.2 if self._live else 10):
                self._said = now
                left = (now - begun) / done * (of - done)
                line = f"  {done:,} of {of:,} {what}, about {left:.0f} s left"
                print(f"\r\x1b[K{line}" if self._live else line, end="" if self._live else "\n",
                      file=sys.stderr, flush=True)  # fmt: skip

        return tell

    def done(self) -> None:
        """Clear the line."""
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(main())
    except ToldToStop:
        print("\nStopped; nothing is kept of this run.", file=sys.stderr)
        sys.exit(130)
