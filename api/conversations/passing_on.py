"""A case goes to somebody else: given up, given to another colleague, or back to the queue by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.conversations.cases import current_promise, open_cases, settle_case_state
from api.conversations.colleagues import Colleague, may_take
from api.conversations.holding import (
    assistant_goes_on,
    floor_changes,
    floor_of,
    give,
    happened,
    introduce,
    locked_case,
    put_back,
)
from api.conversations.models import Case, Conversation
from api.conversations.transcript import locked_conversation
from api.kit.dates import as_utc
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["give_up", "reassign", "return_overdue"]

MOST_TOLD = 2
"""How often a person is told that we are late and by when we answer now; then it is a colleague's turn."""

SILENT = frozenset({"death", "wrong_person"})
"""Nothing more is written to a number that is not, or no longer, the cardholder's."""


def give_up(
    session: Session, case_id: int, by: Colleague, now: datetime, policy: PolicyView
) -> Case:
    """Put a case back into the queue, with all that one has of its conversation; the person is told.

    Raises:
        Problem: ``floor_lost`` (409) where it is not theirs.
    """
    case, conversation = locked_case(session, case_id)
    if case.holder_id != by.id or case.state not in ("taken", "working"):
        raise Problem("floor_lost", 409, "This case is not yours.", by=case.holder_name)
    theirs = [
        found for found in open_cases(session, conversation.id)
        if found.holder_id == by.id and found.state == case.state
    ]  # fmt: skip
    _return(session, conversation, theirs, now, policy, why="given_up", actor=by.actor)
    return case


def reassign(
    session: Session, case_id: int, to: Colleague, by: Colleague, now: datetime, policy: PolicyView
) -> Case:
    """Give a case to another colleague: a supervisor's act. Where somebody has the floor, it goes along.

    Raises:
        Problem: ``not_yours`` (403) where ``by`` is no supervisor or ``to`` may not take it;
            ``case_closed`` (409).
    """
    case, conversation = locked_case(session, case_id)
    if "supervisor" not in by.roles or not may_take(case.role, to.roles):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    if case.state == "closed":
        raise Problem("case_closed", 409, "This case is closed.")
    if case.holder_id == to.id:
        return case
    holding = floor_of(session, conversation.id)
    for held in holding:
        if may_take(held.role, to.roles):
            give(session, held, to, now, policy, kind="case_reassigned", actor=by.actor)
        else:
            put_back(session, held, now, policy, why="reassigned", actor=by.actor)
    if case not in holding:
        state = "taken" if holding or case.state == "waiting" else "working"
        give(session, case, to, now, policy, kind="case_reassigned", actor=by.actor, state=state)
    if case.state == "taken":
        floor_changes(session, conversation, now)
        introduce(session, conversation, to, now, policy)
    return case


def return_overdue(
    session: Session, conversation_id: str, now: datetime, policy: PolicyView
) -> bool:
    """Put a conversation's untouched cases back into the queue, and renew promises that were not kept.

    Whoever waits is told, at most ``MOST_TOLD`` times. Returns whether there was anything to do.
    """
    conversation = locked_conversation(session, conversation_id)
    late = [case for case in open_cases(session, conversation_id) if as_utc(case.due_at) <= now]
    waiting = [case for case in late if case.state == "waiting"]
    held = [case for case in late if case.state != "waiting"]
    _return(session, conversation, held, now, policy, why="untouched", actor="system")
    _promise_again(session, conversation, waiting, now, policy)
    return bool(late)


def _promise_again(
    session: Session, conversation: Conversation, late: list[Case], now: datetime,
    policy: PolicyView,
) -> None:  # fmt: skip
    for case in late:
        case.broken += 1
        case.promised_by = case.due_at = current_promise(now, policy, case.reason).reply_by
        happened(session, case, "system", "promise_broken", now, times=case.broken)
    told = [case for case in late if case.broken <= MOST_TOLD and case.reason not in SILENT]
    if told and conversation.floor == "assistant":
        assistant_goes_on(session, conversation, told[0], now, "late")


def _return(
    session: Session, conversation: Conversation, theirs: list[Case], now: datetime,
    policy: PolicyView, *, why: str, actor: str,
) -> None:  # fmt: skip
    """Put what somebody has of a conversation back; if the floor came with it, the assistant says so."""
    had_floor = [case for case in theirs if case.state == "taken"]
    for case in theirs:
        put_back(session, case, now, policy, why=why, actor=actor)
    if had_floor:
        floor_changes(session, conversation, now)
        if had_floor[0].reason not in SILENT:
            assistant_goes_on(session, conversation, had_floor[0], now, "away")
    else:
        settle_case_state(session, conversation)
