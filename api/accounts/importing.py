"""``make import FILE=portfolio.csv``: take in a portfolio from the command line, with progress."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.accounts.service import import_portfolio
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import Keyring, use_keyring
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
    use_keyring(
        Keyring(
            settings.data_keys.get_secret_value().split(","), settings.hash_key.get_secret_value()
        )
    )
    database = Database(settings.database)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            report = import_portfolio(
                database,
                SystemClock(),
                lines,
                progress=lambda rows: print(f"\r{rows:,} rows read", end="", file=sys.stderr),
            )
    except (Problem, UnicodeDecodeError) as error:
        reason = error.detail if isinstance(error, Problem) else "the file is not UTF-8 text"
        print(f"Nothing was imported: {reason}")
        return 2
    finally:
        database.close()
    print(
        f"\n{report.created:,} created, {report.updated:,} updated, {report.unchanged:,} unchanged,"
        f" {report.stale:,} older than what is recorded, {len(report.bad):,} refused"
    )
    for bad in report.bad[:MOST_SHOWN]:
        print(f"  line {bad.line}: {bad.reason}")
    if len(report.bad) > MOST_SHOWN:
        print(f"  … and {len(report.bad) - MOST_SHOWN:,} more")
    return 1 if report.bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
