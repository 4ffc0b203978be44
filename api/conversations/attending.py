"""What comes due with cases as time passes: untouched ones, broken promises, missed calls, pauses that end.

A tick of the application's own clock.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.holds import lift_ended
from api.contact.models import Hold
from api.conversations.call_backs import miss_overdue
from api.conversations.floor import return_overdue
from api.conversations.models import CallBack, Case
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["attend"]


def attend(database: Database, clock: Clock, policy: Policy) -> list[str]:
    """Do what has come due; returns the conversations that were touched."""
    now = clock.now()
    view = policy.on(local_date(now))
    with database.reading() as session:
        if not _anything_due(session, now):
            return []
    touched: list[str] = []
    with database.transaction() as session:
        touched += miss_overdue(session, now, view)
    with database.transaction() as session:
        touched += return_overdue(session, now, view)
    with database.transaction() as session:
        lift_ended(session, now)
    return list(dict.fromkeys(touched))


def _anything_due(session: Session, now: datetime) -> bool:
    looks = (
        select(Case.id).where(Case.state.in_(("waiting", "taken", "working")), Case.due_at <= now),
        select(CallBack.id).where(CallBack.state == "planned", CallBack.ends_at <= now),
        select(Hold.id).where(Hold.ended_at.is_(None), Hold.until <= now),
    )
    return any(session.scalar(look.limit(1)) is not None for look in looks)
