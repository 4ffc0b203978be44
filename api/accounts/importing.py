"""``make import FILE=portfolio.csv``: take in a portfolio from the command line, with progress."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from sqlalchemy import inspect

from api.accounts.models import CardAccount
from api.accounts.portfolio import PortfolioUnreadable, checked_lines
from api.accounts.service import ImportReport, import_portfolio
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import use_keyring
from api.settings import Settings

MOST_SHOWN = 50


def main(arguments: list[str] | None = None) -> int:
    """Import the named file; return 0, 1 when rows were refused, 2 when the file was."""
    parser = argparse.ArgumentParser(prog="make import FILE=…", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with the columns of docs/operations.md")
    file = parser.parse_args(arguments).file
    if not file.is_file():
        print(f"No such file: {file}. Give one with: make import FILE=portfolio.csv")
        return 2
    settings = Settings()
    use_keyring(settings.keyring())
    begun = time.monotonic()
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(CardAccount.__tablename__):
            print(
                "Nothing was imported: the database has no tables yet. `make run` once makes them."
            )
            return 2
        report = _import(database, settings.clock(), file)
    except (Problem, PortfolioUnreadable) as error:
        print(f"Nothing was imported: {error.detail if isinstance(error, Problem) else error}")
        return 2
    finally:
        database.close()
    print(
        f"{report.created:,} created, {report.updated:,} updated, {report.unchanged:,} unchanged,"
        f" {report.stale:,} older than what is recorded, {report.refused:,} refused;"
        f" {time.monotonic() - begun:.1f} s"
    )
    for bad in report.bad[:MOST_SHOWN]:
        print(f"  line {bad.line}: {bad.reason}")
    if report.refused > MOST_SHOWN:
        print(f"  … and {report.refused - MOST_SHOWN:,} more")
    return 1 if report.refused else 0


def _import(database: Database, clock: Clock, file: Path) -> ImportReport:
    with file.open("rb") as raw:
        rows = max(0, checked_lines(raw) - 1)
        with TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines:
            report = import_portfolio(database, clock, lines, progress=_progress(rows))
    print(file=sys.stderr)
    return report


def _progress(rows: int) -> Callable[[int], None]:
    """Show the rows taken in so far of about ``rows``, on one line that writes over itself."""
    begun = time.monotonic()

    def show(done: int) -> None:
        speed = done / max(time.monotonic() - begun, 0.001)
        line = (
            f"\r{done:,} of {rows:,} rows ({100 * done // max(rows, 1)} %), {speed:,.0f} a second"
        )
        print(f"{line}  ", end="", file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    raise SystemExit(main())
