"""``make bench``: measure, print every figure as a table, keep it in docs/performance.md with plots.

PORTFOLIO=file.csv names a portfolio in our own format or the public data set that bench/uci.py maps;
without it a seeded synthetic one is measured.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.chain import measure_chain
from bench.machine import machine
from bench.parse import measure_parse
from bench.planner import measure_planner
from bench.portfolio import measure_portfolio
from bench.report import Section, keep, printed
from bench.running import ROOT
from tooling.children import ToldToStop, stop_on_signals
from tooling.model import ensure_model
from tooling.say import CannotGoOn

SECTIONS = {
    "planner": "offer sets and schedules a second on one core",
    "parse": "understanding a sentence, in process",
    "portfolio": "a whole portfolio imported, aged and planned for on every core",
    "chain": "cold start, turns at 1, 8 and 32 conversations, memory; beside a plain Rasa",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure the sections asked for; 0 when all of them were measured."""
    lines = "\n".join(f"  {name:10} {words}" for name, words in SECTIONS.items())
    parser = argparse.ArgumentParser(
        prog="make bench, or python -m bench", description=__doc__,
        epilog=f"sections:\n{lines}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("sections", nargs="*", metavar="section", help="all, unless some are named")
    parser.add_argument("--quick", action="store_true", help="small numbers: does it run at all?")
    parser.add_argument("--no-plain", action="store_true", help="leave out the plain Rasa")
    parser.add_argument("--portfolio", type=Path, help="instead of PORTFOLIO in the environment")
    parser.add_argument("--into", type=Path, help="document to write (default docs/performance.md)")
    options = parser.parse_args(arguments)
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))} ({', '.join(SECTIONS)})")
    portfolio = options.portfolio or _named_portfolio()
    if portfolio is not None and not portfolio.is_file():
        parser.error(f"no such portfolio file: {portfolio}")
    document = options.into or _document(quick=options.quick)
    chosen = options.sections or list(SECTIONS)
    begun = time.monotonic()
    stop_on_signals()
    try:
        for section in _measured(
            chosen, portfolio, quick=options.quick, plain=not options.no_plain
        ):
            print(printed(section), flush=True)
            keep(section, document, document.parent / "pictures")
    except (RuntimeError, CannotGoOn) as failure:
        print(f"\nNot measured to the end: {failure}", file=sys.stderr)
        return 1
    except ToldToStop:
        print("\nStopped; the sections measured so far are kept.", file=sys.stderr)
        return 130
    print(f"\nWritten to {document}; all of it took {time.monotonic() - begun:.0f} s.")
    return 0


def _named_portfolio() -> Path | None:
    named = os.environ.get("PORTFOLIO")
    return Path(named).expanduser() if named else None


def _document(*, quick: bool) -> Path:
    """Quick figures say nothing about speed: they never reach the document that people read."""
    return ROOT / ("results/bench/performance.md" if quick else "docs/performance.md")


def _measured(
    chosen: list[str], portfolio: Path | None, *, quick: bool, plain: bool
) -> Iterator[Section]:
    yield machine(0.5 if quick else 5.0)
    if "planner" in chosen:
        yield measure_planner(quick=quick)
    with tempfile.TemporaryDirectory(prefix="anhuan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if "portfolio" in chosen:
            yield measure_portfolio(folder, given=portfolio, quick=quick)
        if "parse" in chosen or "chain" in chosen:
            ensure_model()
        if "parse" in chosen:
            yield measure_parse(folder, quick=quick)
        if "chain" in chosen:
            yield from measure_chain(folder, quick=quick, plain=plain and not quick)


if __name__ == "__main__":
    raise SystemExit(main())
