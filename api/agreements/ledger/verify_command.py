"""``make verify-ledger``: is every recorded document what it was, or which row is the first that is not, and how."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from api.agreements.ledger.verifying import LedgerBroken, Walked, verify_ledger
from api.agreements.models import LedgerEntry
from api.agreements.seal.keys import SealKeyError, certificates_in, open_key
from api.kit.db import Database
from api.kit.secrecy import use_keyring
from api.policy.installed import installed_policy
from api.settings import Settings

__all__ = ["main"]

SHOWN_EVERY = 50


def main(arguments: list[str] | None = None) -> int:
    """Verify; return 0 when the ledger is intact, 1 when it is not, 2 when it could not be looked at."""
    parser = argparse.ArgumentParser(prog="make verify-ledger", description=__doc__)
    parser.add_argument(
        "--certificates", type=Path,
        help="PEM file of the certificates to trust; without it, those of the installation",
    )  # fmt: skip
    parser.add_argument(
        "--without-seals", action="store_true",
        help="look at the chain, the documents' digests and the heads only: some ten times as fast",
    )  # fmt: skip
    parser.add_argument(
        "--head", type=Path,
        help="a head that the bank kept elsewhere (the answer of GET /v1/ledger/head)",
    )  # fmt: skip
    given = parser.parse_args(arguments)
    settings = Settings()
    use_keyring(settings.keyring())
    database = Database(settings.database)
    try:
        if not inspect(database.engine).has_table(LedgerEntry.__tablename__):
            print("There is no ledger yet. `make run` once makes the database.")
            return 2
        if given.certificates is not None:
            trusted = certificates_in(given.certificates.read_bytes())
        else:
            clock = settings.clock()
            bank = installed_policy(sandbox=settings.sandbox).on(clock.today()).value("bank.name")
            key = open_key(settings.seal_files, bank=bank.zh, now=clock.now())
            trusted = [key.certificate, *key.past]
        with database.reading() as session:
            walked = verify_ledger(session, trusted, seals=not given.without_seals, told=_show)
            if given.head is not None:
                _compare(session, given.head)
    except LedgerBroken as broken:
        print(f"\nNOT intact: {broken.detail} ({broken.fault}).")
        return 1
    except (SealKeyError, OSError, ValueError, KeyError) as error:
        print(f"Nothing was verified: {error}")
        return 2
    finally:
        database.close()
    print(_intact(walked, seals=not given.without_seals))
    return 0


def _compare(session: Session, head: Path) -> None:
    """Hold the ledger against a head of which the database has no say."""
    kept = json.loads(head.read_text(encoding="utf-8"))
    said = json.loads(kept["statement"])
    found = session.scalar(
        select(LedgerEntry.entry_hash).where(LedgerEntry.position == said["position"])
    )
    if found != said["entry_hash"]:
        detail = f"row {said['position']} is not the one of the head that was kept"
        raise LedgerBroken("altered_row", said["position"], detail)


def _intact(walked: Walked, *, seals: bool) -> str:
    said = f"Intact: {walked.entries:,} entries, {walked.heads:,} sealed heads"
    if walked.unsealed:
        said += f", {walked.unsealed:,} documents of before there were seals"
    if walked.erased:
        said += f", {walked.erased:,} documents erased when their time was over"
    if not seals:
        said += "; the documents' seals were not looked at"
    return f"{said}. Newest hash: {walked.last_hash}"


def _show(position: int) -> None:
    if position % SHOWN_EVERY == 0:
        print(f"\r{position:,} entries  ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
