"""Who has a case and, with it, the floor: given, touched, put back into the queue, closed.

The pieces of which ``api.conversations.floor`` is made. Conversations are locked before their cases.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.conversations.accepting import accept_system_message
from api.conversations.cases import (
    case_changed,
    current_promise,
    open_cases,
    settle_case_state,
)
from api.conversations.colleagues import Colleague
from api.conversations.models import Case, Conversation, InboxItem
from api.conversations.transcript import append_message, locked_conversation
from api.conversations.writer import Writer
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = [
    "QUIET",
    "assistant_goes_on",
    "close_case",
    "floor_changes",
    "floor_of",
    "give",
    "happened",
    "held_case",
    "introduce",
    "locked_case",
    "put_back",
    "touch",
]

QUIET = frozenset({"distress", "death", "wrong_person"})
"""Reasons after whose closing the assistant says nothing by itself."""


def locked_case(session: Session, case_id: int) -> tuple[Case, Conversation]:
    """Return a case and its conversation, both as they are now, locked.

    Raises:
        Problem: ``case_unknown`` (404).
    """
    conversation_id = session.scalar(select(Case.conversation_id).where(Case.id == case_id))
    if conversation_id is None:
        raise Problem("case_unknown", 404, "There is no such case.")
    conversation = locked_conversation(session, conversation_id)
    case = session.get_one(Case, case_id, populate_existing=True)
    if case.conversation_id != conversation.id:  # it followed the person to another visit meanwhile
        conversation = locked_conversation(session, case.conversation_id)
    return case, conversation


def floor_of(session: Session, conversation_id: str) -> list[Case]:
    """Return the cases by which a colleague has the floor; none while the assistant has it."""
    return [case for case in open_cases(session, conversation_id) if case.state == "taken"]


def held_case(session: Session, case_id: int, by: Colleague) -> tuple[Case, Conversation]:
    """Return a case by which ``by`` has the floor, with its conversation, both locked.

    Raises:
        Problem: ``floor_lost`` (409) when somebody else has it, or the assistant (``by`` says who).
    """
    case, conversation = locked_case(session, case_id)
    if case.state != "taken" or case.holder_id != by.id:
        holders = floor_of(session, conversation.id)
        raise Problem(
            "floor_lost", 409, "You do not have the floor in this conversation.",
            by=holders[0].holder_name if holders else None,
        )  # fmt: skip
    return case, conversation


def happened(
    session: Session, case: Case, actor: str, kind: str, now: datetime, **data: Any
) -> None:
    """Append an event about a case and let the queue's readers know."""
    case_changed(session, case)
    append_event(
        session, at=now, actor=actor, subject=("conversation", case.conversation_id), kind=kind,
        person=case.person_id, case=case.id, reason=case.reason, **data,
    )  # fmt: skip


def touch(session: Session, case: Case, now: datetime, policy: PolicyView) -> None:
    """Note that somebody sees to a case: the time until it goes back to the queue begins anew."""
    case.due_at = current_promise(now, policy, case.reason).reply_by
    case_changed(session, case)


def give(
    session: Session, case: Case, to: Colleague, now: datetime, policy: PolicyView, *, kind: str,
    actor: str, state: str = "taken",
) -> None:  # fmt: skip
    """Give a case to a colleague."""
    waited = round((now - case.opened_at).total_seconds())
    case.state, case.holder_id, case.holder_name, case.taken_at = state, to.id, to.name, now
    touch(session, case, now, policy)
    happened(session, case, actor, kind, now, to=to.id, waited=waited)


def put_back(
    session: Session, case: Case, now: datetime, policy: PolicyView, *, why: str, actor: str
) -> None:
    """Put a case back into the queue, with a new promise."""
    holder = case.holder_id
    case.state, case.holder_id, case.holder_name = "waiting", None, None
    case.promised_by = case.due_at = current_promise(now, policy, case.reason).reply_by
    happened(session, case, actor, "case_returned", now, why=why, holder=holder)


def close_case(session: Session, case: Case, outcome: str, actor: str, now: datetime) -> None:
    """Close a case. Who had it stays on record."""
    case.state, case.closed_at, case.outcome = "closed", now, outcome
    happened(session, case, actor, "case_closed", now, outcome=outcome)


def floor_changes(session: Session, conversation: Conversation, now: datetime) -> None:
    """Raise the epoch; what still waits for the assistant is left to the colleague who has the floor now."""
    conversation.epoch += 1
    settle_case_state(session, conversation)
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="floor_changed", person=conversation.person_id, floor=conversation.floor, epoch=conversation.epoch,
        seq=conversation.last_seq,
    )  # fmt: skip
    if conversation.floor == "assistant":
        return
    for item in session.scalars(
        select(InboxItem).where(
            InboxItem.conversation_id == conversation.id, InboxItem.handled_at.is_(None)
        )
    ):
        item.handled_at, item.answered_to_seq = now, item.seq


def introduce(
    session: Session, conversation: Conversation, colleague: Colleague, now: datetime,
    policy: PolicyView,
) -> None:  # fmt: skip
    """Tell the person who writes from now on, and that nothing has to be said again."""
    writer = Writer(conversation.locale, local_date(now), policy)
    append_message(
        session, conversation, speaker="system", now=now,
        text=writer.sentence("colleague_here", colleague=colleague.name),
    )  # fmt: skip


def assistant_goes_on(
    session: Session, conversation: Conversation, case: Case, now: datetime, kind: str, **told: Any
) -> None:
    """Have the assistant take the conversation up again; ``told`` is what a colleague left it with."""
    case.handed = {
        "kind": kind, "number": case.number, "at": now.isoformat(), "epoch": conversation.epoch,
        **told,
    }  # fmt: skip
    accept_system_message(
        session, conversation, now=now,
        external_id=f"floor:{conversation.epoch}:{case.id}:{case.revision}",
        text="/handed_back" + json.dumps({"stage": conversation.stage, "locale": conversation.locale}),
    )  # fmt: skip
