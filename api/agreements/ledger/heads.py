"""Sealing the ledger's head: a signed statement of its newest entry, kept beside it as the days pass.

Who could rewrite the database could rewrite every hash of the chain, but not what the bank's key has signed.
The bank takes the statements into its own systems (``GET /v1/ledger/head``), where they cannot be deleted either.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.canonical import canonical_bytes
from api.agreements.ledger.chain import lock_ledger
from api.agreements.models import LedgerEntry, LedgerHead
from api.agreements.seal.installed import the_seal
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import iso_utc
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["head_statement", "newest_head", "seal_head"]

SCHEMA = "anhuan.ledger-head/1"


def head_statement(position: int, entry_hash: str, at: str) -> bytes:
    """Return the canonical bytes of what is sealed of a head; ``at`` is ISO 8601 in UTC."""
    content: dict[str, Any] = {
        "schema": SCHEMA, "position": position, "entry_hash": entry_hash, "at": at,
    }  # fmt: skip
    return canonical_bytes(content)


def newest_head(session: Session) -> LedgerHead | None:
    """Return the head that was sealed last."""
    return session.scalar(select(LedgerHead).order_by(LedgerHead.position.desc()).limit(1))


def seal_head(database: Database, clock: Clock, policy: Policy) -> bool:
    """Seal the newest entry if it is none of before and policy's hours have passed; returns whether it was."""
    hours = policy.on(clock.today()).value("bank.ledger.head_sealed_hours")
    with database.reading() as session:
        if _due(session, clock, hours) is None:
            return False
    with database.transaction() as session:
        lock_ledger(session)
        due = _due(session, clock, hours)  # another process may have come first
        if due is None:
            return False
        now = clock.now()
        position, entry_hash = due
        statement = head_statement(position, entry_hash, iso_utc(now))
        session.add(
            LedgerHead(
                position=position, entry_hash=entry_hash, at=now, statement=statement,
                seal=the_seal().seal.seal_statement(statement, at=now),
            )
        )  # fmt: skip
        append_event(
            session, at=now, actor="system", subject=("ledger", str(position)),
            kind="ledger_sealed", position=position, entry_hash=entry_hash,
        )  # fmt: skip
    return True


def _due(session: Session, clock: Clock, hours: int) -> tuple[int, str] | None:
    newest = session.execute(
        select(LedgerEntry.position, LedgerEntry.entry_hash)
        .order_by(LedgerEntry.position.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    head = newest_head(session)
    if head is not None and (
        head.position >= newest.position or head.at + timedelta(hours=hours) > clock.now()
    ):
        return None
    return newest.position, newest.entry_hash
