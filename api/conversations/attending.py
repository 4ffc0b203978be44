"""What comes due with cases as time passes: untouched ones, broken promises, missed calls, pauses that end.

A tick of the application's own clock.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.contact.holds import lift_ended
from api.contact.models import Hold
from api.conversations.call_backs import miss
from api.conversations.floor import return_overdue
from api.conversations.models import CallBack, Case
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["attend"]

AT_ONCE = 50


def attend(database: Database, clock: Clock, policy: Policy) -> list[str]:
    """Do what has come due, each person's in a transaction of its own; returns the conversations touched."""
    now = clock.now()
    view = policy.on(local_date(now))
    with database.reading() as session:
        late = _late_conversations(session, now)
        missed = session.scalars(
            select(CallBack.id)
            .where(CallBack.state == "planned", CallBack.ends_at <= now)
            .limit(AT_ONCE)
        ).all()
        ended = session.scalars(
            select(Hold.person_id)
            .where(Hold.ended_at.is_(None), Hold.until <= now)
            .distinct()
            .limit(AT_ONCE)
        ).all()
    touched: list[str] = []
    for call_back_id in missed:
        with database.transaction() as session:
            conversation_id = miss(session, call_back_id, now, view)
        touched += [conversation_id] if conversation_id else []
    for conversation_id in late:
        with database.transaction() as session:
            if return_overdue(session, conversation_id, now, view):
                touched.append(conversation_id)
    for person_id in ended:
        with database.transaction() as session:
            lift_ended(session, person_id, now)
    return list(dict.fromkeys(touched))


def _late_conversations(session: Session, now: datetime) -> list[str]:
    """Return the conversations with a case that is due by now."""
    return list(
        session.scalars(
            select(Case.conversation_id)
            .where(Case.state.in_(("waiting", "taken", "working")), Case.due_at <= now)
            .distinct()
            .limit(AT_ONCE)
        )
    )
