"""Pauses after failed tries, by whatever they are counted by, each longer than the one before.

A try is counted before it is looked at, and given back when it was right: however many come at once, no
more than policy allows are looked at. During a pause nothing is looked at and nothing is counted, so that
a stranger cannot prolong somebody's pause for ever.

Counted is by keyed hashes (a login, an address, a visit), never by the thing itself, and only as long as
its rule remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.accounts.models import FailedTries
from api.kit.clock import Clock
from api.kit.db import Database

__all__ = ["Counted", "PauseRule", "Spent", "clear", "forget_old_tries", "give_back", "spend"]


@dataclass(frozen=True)
class PauseRule:
    """How many tries may fail, how long the pauses after each further one are, and how long it is remembered."""

    free: int
    pauses: tuple[timedelta, ...]
    forgotten_after: timedelta


@dataclass(frozen=True)
class Counted:
    """One thing that tries are counted by: what it is (such as ``origin``), its keyed hash, its rule."""

    what: str
    key: str
    rule: PauseRule


@dataclass(frozen=True)
class Spent:
    """What counting a try came to: a pause that is running already, or one that begins with this try.

    ``by`` is what it was counted by that pauses (the longest, of several); ``None`` without a pause.
    """

    running_until: datetime | None = None
    begins_until: datetime | None = None
    by: str | None = None


def spend(session: Session, by: Sequence[Counted], now: datetime) -> Spent:
    """Count a try before it is looked at; where a pause is running, nothing is counted."""
    rows = [(counted, _row(session, counted, now)) for counted in by]
    running = [
        (row.paused_until, counted.what)
        for counted, row in rows
        if row.paused_until and row.paused_until > now
    ]
    if running:
        until, what = max(running)
        return Spent(running_until=until, by=what)
    begins: list[tuple[datetime, str]] = []
    for counted, row in rows:
        rule = counted.rule
        row.count, row.last_at, row.forgotten_at = row.count + 1, now, now + rule.forgotten_after
        if row.count >= rule.free:
            pause = rule.pauses[min(row.count - rule.free, len(rule.pauses) - 1)]
            row.paused_until = now + pause
            begins.append((now + pause, counted.what))
    if not begins:
        return Spent()
    until, what = max(begins)
    return Spent(begins_until=until, by=what)


def give_back(session: Session, by: Sequence[Counted]) -> None:
    """Take back the try that was counted last: it was right."""
    for counted in by:
        row = session.get(FailedTries, counted.key, with_for_update=True)
        if row is not None:
            row.count, row.paused_until = max(0, row.count - 1), None


def clear(session: Session, counted: Counted) -> None:
    """Forget every failure that was counted by one thing."""
    row = session.get(FailedTries, counted.key, with_for_update=True)
    if row is not None:
        session.delete(row)


def forget_old_tries(database: Database, clock: Clock) -> int:
    """Delete what is remembered no longer; returns how many things were forgotten."""
    old = select(FailedTries.key).where(FailedTries.forgotten_at <= clock.now()).limit(500)
    with database.reading() as session:
        if session.scalar(old) is None:
            return 0
    with database.transaction() as session:
        keys = session.scalars(old.with_for_update(skip_locked=True)).all()
        session.execute(delete(FailedTries).where(FailedTries.key.in_(keys)))
    return len(keys)


def _row(session: Session, counted: Counted, now: datetime) -> FailedTries:
    found = session.get(FailedTries, counted.key, with_for_update=True, populate_existing=True)
    if found is not None:
        if found.forgotten_at <= now:
            found.count, found.paused_until = 0, None
        return found
    row = FailedTries(
        key=counted.key, count=0, last_at=now, forgotten_at=now + counted.rule.forgotten_after
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another try with this key came first, on a server with several writers
        return session.get_one(FailedTries, counted.key, with_for_update=True)
    return row
