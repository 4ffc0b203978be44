"""``make payments FILE=payments.csv``: take in payments from the command line, with progress.

Columns: ``reference, account_ref, amount, paid_on`` and, if wanted, ``currency``. A file that is taken
in twice changes nothing the second time; a row that cannot be taken is named and leaves the others be.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import inspect

from api.agreements.seal.installed import install_seal
from api.followup.models import Payment
from api.followup.payments import Told, record_payment
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.money import money
from api.kit.secrecy import use_keyring
from api.policy.installed import installed_policy
from api.policy.lookup import Policy
from api.settings import Settings

__all__ = ["main", "take_in"]

COLUMNS = ("reference", "account_ref", "amount", "paid_on")
SHOWN_EVERY = 200
MOST_SHOWN = 50


def main(arguments: list[str] | None = None) -> int:
    """Import the named file; return 0, 1 when rows were refused, 2 when nothing could be taken in."""
    parser = argparse.ArgumentParser(prog="make payments FILE=…", description=__doc__)
    parser.add_argument("file", type=Path, help=f"CSV with the columns {', '.join(COLUMNS)}")
    file = parser.parse_args(arguments).file
    if not file.is_file():
        print(f"No such file: {file}. Give one with: make payments FILE=payments.csv")
        return 2
    settings = Settings()
    use_keyring(settings.keyring())
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(Payment.__tablename__):
            print("Nothing was imported: the database is not ready yet. `make run` once makes it.")
            return 2
        policy, clock = installed_policy(sandbox=settings.sandbox), settings.clock()
        install_seal(  # a last payment earns a sealed certificate
            settings.seal_files, bank=policy.on(clock.today()).value("bank.name").zh,
            address=settings.address, now=clock.now(),
        )  # fmt: skip
        return _import(database, clock, policy, file, settings.address)
    finally:
        database.close()


def _import(database: Database, clock: Clock, policy: Policy, file: Path, address: str) -> int:
    begun, counts, bad = time.monotonic(), Counter[str](), []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = max(0, sum(1 for _ in lines) - 1)
            lines.seek(0)
            for line, outcome in take_in(database, clock, policy, address, lines):
                counts["refused" if outcome not in ("new", "known") else outcome] += 1
                if outcome not in ("new", "known"):
                    bad.append(f"  line {line}: {outcome}")
                _show(sum(counts.values()), rows, begun)
    except (Problem, UnicodeDecodeError) as error:
        why = error.detail if isinstance(error, Problem) else "The file is not UTF-8."
        print(f"Nothing more was imported: {why}")
        return 2
    print(file=sys.stderr)
    print(
        f"{counts['new']:,} recorded, {counts['known']:,} known before,"
        f" {counts['refused']:,} refused; {time.monotonic() - begun:.1f} s"
    )
    for told in bad[:MOST_SHOWN]:
        print(told)
    if len(bad) > MOST_SHOWN:
        print(f"  … and {len(bad) - MOST_SHOWN:,} more")
    return 1 if bad else 0


def take_in(
    database: Database, clock: Clock, policy: Policy, address: str, lines: Iterator[str]
) -> Iterator[tuple[int, str]]:
    """Record each row in a transaction of its own; yields its line and ``new``, ``known`` or why not.

    Raises:
        Problem: ``columns_missing`` (422).
    """
    rows = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise Problem("columns_missing", 422, f"Columns are missing: {', '.join(missing)}.")
    for row in rows:
        try:
            told = _told(row)
            with database.transaction() as session:
                recorded = record_payment(
                    session, told, now=clock.now(), policy=policy.on(clock.today()),
                    address=address,
                )  # fmt: skip
                outcome = "new" if recorded.new else "known"
        except Problem as problem:
            outcome = problem.code
        except ValueError:
            outcome = "row_unreadable"
        yield rows.line_num, outcome


def _told(row: Mapping[str, str | None]) -> Told:
    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    amount = money(text("amount"))
    if text("amount") not in (f"{amount}", f"{amount.normalize():f}", f"{amount:.1f}"):
        raise Problem("amount_invalid", 422, "An amount has at most two decimal places.")
    if not 0 < len(text("reference")) <= 64:
        raise Problem("reference_invalid", 422, "A reference has 1 to 64 characters.")
    return Told(
        text("reference"), text("account_ref"), amount, date.fromisoformat(text("paid_on")),
        text("currency"),
    )  # fmt: skip


def _show(done: int, rows: int, begun: float) -> None:
    """Show the rows taken in so far on one line that writes over itself."""
    if done % SHOWN_EVERY and done != rows:
        return
    speed = done / max(time.monotonic() - begun, 0.001)
    part = 100 * done // max(rows, 1)
    line = f"\r{done:,} of {rows:,} rows ({part} %), {speed:,.0f} a second  "
    print(line, end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
