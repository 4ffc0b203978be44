"""Pauses after failed sign-ins, by login and by origin, each longer than the one before.

A try is counted before it is looked at, and given back when it was right: however many come at once, no
more than policy allows are looked at. During a pause nothing is looked at and nothing is counted, so that
a stranger cannot prolong a colleague's pause for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.console.models import FailedSignIns
from api.kit.secrecy import keyring
from api.policy.lookup import PolicyView

__all__ = ["Counted", "LockoutRules", "Spent", "clear", "counters", "give_back", "spend"]


@dataclass(frozen=True)
class LockoutRules:
    """Policy figures for failed sign-ins."""

    tries: int
    tries_of_origin: int
    pauses: tuple[timedelta, ...]
    forgotten_after: timedelta

    @classmethod
    def of(cls, policy: PolicyView) -> LockoutRules:
        """Read the figures in force."""
        return cls(
            tries=policy.value("bank.staff.tries"),
            tries_of_origin=policy.value("bank.staff.tries_of_origin"),
            pauses=tuple(
                timedelta(minutes=minutes) for minutes in policy.value("bank.staff.pause_minutes")
            ),
            forgotten_after=timedelta(hours=policy.value("bank.staff.tries_forgotten_hours")),
        )


@dataclass(frozen=True)
class Counted:
    """One thing that tries are counted by: its keyed hash, and how many may fail before a pause."""

    key: str
    free: int


@dataclass(frozen=True)
class Spent:
    """What counting a try came to: a pause that is running already, or one that began with this try."""

    running_until: datetime | None = None
    begins: bool = False


def counters(login: str, origin: str | None, rules: LockoutRules) -> list[Counted]:
    """Return what a try with this login from this origin is counted by (``None``: not by origin)."""
    keys = keyring()
    found = [Counted(keys.keyed_hash("sign-in login", login), rules.tries)]
    if origin is not None:
        found.append(Counted(keys.keyed_hash("sign-in origin", origin), rules.tries_of_origin))
    return found


def spend(session: Session, by: Sequence[Counted], now: datetime, rules: LockoutRules) -> Spent:
    """Count a try before it is looked at; where a pause is running, nothing is counted.

    What is old enough to be forgotten is.
    """
    session.execute(
        delete(FailedSignIns).where(FailedSignIns.last_at <= now - rules.forgotten_after)
    )
    rows = [(counted, _row(session, counted.key, now)) for counted in by]
    running = [row.paused_until for _, row in rows if row.paused_until and row.paused_until > now]
    if running:
        return Spent(running_until=max(running))
    begins = False
    for counted, row in rows:
        row.count, row.last_at = row.count + 1, now
        if row.count >= counted.free:
            pause = rules.pauses[min(row.count - counted.free, len(rules.pauses) - 1)]
            row.paused_until, begins = now + pause, True
    return Spent(begins=begins)


def give_back(session: Session, by: Sequence[Counted]) -> None:
    """Take back the try that was counted last: it was right."""
    for counted in by:
        row = session.get(FailedSignIns, counted.key, with_for_update=True)
        if row is not None:
            row.count, row.paused_until = max(0, row.count - 1), None


def clear(session: Session, login: Counted) -> None:
    """Forget every failure of a login: its holder has signed in. An origin's failures stay counted."""
    row = session.get(FailedSignIns, login.key, with_for_update=True)
    if row is not None:
        session.delete(row)


def _row(session: Session, key: str, now: datetime) -> FailedSignIns:
    found = session.get(FailedSignIns, key, with_for_update=True, populate_existing=True)
    if found is not None:
        return found
    row = FailedSignIns(key=key, count=0, last_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another try with this key came first, on a server with several writers
        return session.get_one(FailedSignIns, key, with_for_update=True)
    return row
