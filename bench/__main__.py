"""``make bench``: measure, print every figure as a table, keep it in docs/performance.md with plots.

PORTFOLIO=file.csv names a portfolio in our own format or the public data set that bench/uci.py maps;
without it a seeded synthetic one is measured. A whole run takes seven to ten minutes and writes
docs/performance.md at its end; one of some sections only writes results/bench/performance.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.burst import measure_burst
from bench.chain import measure_chain
from bench.desk import measure_desk
from bench.machine import machine
from bench.overview import measure_overview
from bench.parse import measure_parse
from bench.planner import measure_planner
from bench.portfolio import measure_portfolio
from bench.running import ROOT
from bench.sweep import measure_sweep
from reporting.sections import Section, keep, printed, progress
from tooling.children import ToldToStop, stop_on_signals
from tooling.model import ensure_model
from tooling.say import CannotGoOn

SECTIONS = {
    "planner": "offer sets and schedules a second on one core",
    "parse": "understanding a sentence, in process",
    "portfolio": "a whole portfolio imported, aged and planned for on every core",
    "overview": "the figures of a year of events",
    "desk": "200 open cases, 20 collectors connected: how soon each sees a change",
    "sweep": "a day of 10,000 accounts: who is invited, what falls due, and the memory it takes",
    "burst": "a thousand texts at once: acknowledged, heard in order, answered",
    "chain": "cold start, turns at 1, 8 and 32 conversations, 20 arriving a second, a long talk, memory",
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
    parser.add_argument("--into", type=Path, help="document to write instead")
    options = parser.parse_args(arguments)
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))} ({', '.join(SECTIONS)})")
    portfolio = options.portfolio or _named_portfolio()
    if portfolio is not None and not portfolio.is_file():
        parser.error(f"no such portfolio file: {portfolio}")
    chosen = options.sections or list(SECTIONS)
    whole = not (options.sections or options.quick or options.no_plain)
    document = options.into or _document(whole=whole)
    begun = time.monotonic()
    stop_on_signals()
    measured = []
    try:
        for section in _measured(
            chosen, portfolio, quick=options.quick, plain=not options.no_plain
        ):
            print(printed(section), flush=True)
            measured.append(section)
    except (RuntimeError, CannotGoOn) as failure:
        print(f"\nNot measured to the end: {failure}", file=sys.stderr)
        return 1
    except ToldToStop:
        print("\nStopped; nothing is written.", file=sys.stderr)
        return 130
    for section in measured:
        keep(section, document, document.parent / "pictures")
    print(f"\nWritten to {document}; all of it took {time.monotonic() - begun:.0f} s.")
    return 0


def _named_portfolio() -> Path | None:
    named = os.environ.get("PORTFOLIO")
    return Path(named).expanduser() if named else None


def _document(*, whole: bool) -> Path:
    """Only a whole run reaches the document that people read: all its figures are of one hour."""
    return ROOT / ("docs/performance.md" if whole else "results/bench/performance.md")


def _measured(
    chosen: list[str], portfolio: Path | None, *, quick: bool, plain: bool
) -> Iterator[Section]:
    progress("the machine, before anything else")
    yield machine(0.5 if quick else 5.0)
    if "planner" in chosen:
        progress("planner")
        yield measure_planner(quick=quick)
    with tempfile.TemporaryDirectory(prefix="anhuan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if "portfolio" in chosen:
            progress("portfolio: writing the file, making the database")
            yield measure_portfolio(folder, given=portfolio, quick=quick)
        if "overview" in chosen:
            progress("overview")
            yield measure_overview(folder, quick=quick)
        if "sweep" in chosen:
            progress("sweep: writing the file, making the database")
            yield measure_sweep(folder, quick=quick)
        if {"parse", "desk", "burst", "chain"}.intersection(chosen):
            ensure_model()
        if "parse" in chosen:
            progress("understanding")
            yield measure_parse(folder, quick=quick)
        if "desk" in chosen:
            yield measure_desk(folder, quick=quick)
        if "burst" in chosen:
            yield measure_burst(folder, quick=quick)
        if "chain" in chosen:
            yield from measure_chain(folder, quick=quick, plain=plain and not quick)


if __name__ == "__main__":
    raise SystemExit(main())
