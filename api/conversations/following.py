"""Cases follow the person: whoever proves who they are in another visit finds the same colleague there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.agreements.models import Proposal
from api.conversations.cases import settle_case_state
from api.conversations.colleagues import Colleague
from api.conversations.holding import floor_changes, happened, introduce
from api.conversations.models import CallBack, Case, Conversation
from api.policy.lookup import PolicyView

__all__ = ["cases_follow"]

OF_SOMEBODY_ELSE = frozenset({"wrong_person", "death", "represents_holder"})
"""What others than the cardholder told us stays in the conversation in which they told it."""


def cases_follow(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> int:
    """Move a person's open cases here from their other conversations; returns how many came.

    ``conversation`` is the one in which identity was just proven, locked by the caller's transaction. If
    a colleague had the floor there, they have it here, and the person is told.
    """
    moved = session.scalars(
        select(Case)
        .where(
            Case.person_id == conversation.person_id,
            Case.conversation_id != conversation.id,
            Case.state != "closed",
            Case.reason.not_in(OF_SOMEBODY_ELSE),
        )
        .order_by(Case.id)
    ).all()
    if not moved:
        return 0
    before = {case.conversation_id for case in moved}
    for case in moved:
        happened(session, case, "system", "case_moved", now, to=conversation.id)
        case.conversation_id = conversation.id
    for table in (CallBack, Proposal):
        session.execute(
            update(table)
            .where(
                table.conversation_id.in_(before), table.state.in_(("offered", "planned", "asked"))
            )
            .values(conversation_id=conversation.id)
        )
    for left in session.scalars(select(Conversation).where(Conversation.id.in_(before))):
        if left.floor == "collector":
            floor_changes(session, left, now)
        else:
            settle_case_state(session, left)
    taken = [case for case in moved if case.state == "taken"]
    if not taken:
        settle_case_state(session, conversation)
        return len(moved)
    floor_changes(session, conversation, now)
    holder = Colleague(taken[0].holder_id or "", taken[0].holder_name or "", frozenset())
    introduce(session, conversation, holder, now, policy)
    return len(moved)
