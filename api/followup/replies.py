"""A lone digit that answers one of our reminders by text: done, a few days late, or a hard month.

Anything else that is written goes the way of every message; so does ``0``, a person. Answers here rest
on records only, need no assistant, and open nothing: no sum is told and nothing is signed.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force
from api.contact.models import OutboxMessage
from api.conversations.cases import open_case
from api.conversations.transcript import locked_conversation
from api.followup.instalments import Instalment
from api.followup.models import FollowupStep
from api.followup.moving import move_instalment, move_possible
from api.followup.standing import stands
from api.followup.texts import Texting
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["answer_reminder"]

DONE, LATER, HARD = "1", "2", "3"
OFFER = "may-move:"


def answer_reminder(
    session: Session, person: Person, *, text: str, sid: str, now: datetime, policy: PolicyView,
    address: str,
) -> bool:  # fmt: skip
    """Answer a digit that answers our last text, if that was a reminder; returns whether it was."""
    digit = unicodedata.normalize("NFKC", text).strip().rstrip(".。、)）")
    if digit not in (DONE, LATER, HARD):
        return False
    last = session.scalar(
        select(OutboxMessage.key)
        .where(OutboxMessage.person_id == person.id, OutboxMessage.state == "sent")
        .order_by(OutboxMessage.sent_at.desc(), OutboxMessage.created_at.desc())
        .limit(1)
    )
    agreement = agreement_in_force(session, person.id)
    if last is None or agreement is None:
        return False
    texting = Texting(session, agreement, now, policy, address)
    if last.startswith(OFFER) and digit == DONE:
        _move(texting, int(last.split(":")[2]), sid)
        return True
    step = session.get(FollowupStep, last)
    if step is None or step.kind not in ("before", "day", "asked"):
        return False
    one = stands(session, agreement, local_date(now)).numbered(step.number)
    _answer(texting, one, digit, sid)
    return True


def _answer(texting: Texting, one: Instalment, digit: str, sid: str) -> None:
    append_event(
        texting.session, at=texting.now, actor="person", subject=("agreement", texting.agreement.id),
        kind="reminder_answered", person=texting.agreement.person_id, number=one.number,
        answer={DONE: "done", LATER: "later", HARD: "hard"}[digit],
    )  # fmt: skip
    if digit == DONE:
        days = str(texting.policy.value("bank.agreement.posting_days"))
        _reply(texting, f"noted:{sid}", "followup_noted_done", posting_days=days)
    elif digit == LATER:
        until = texting.day(one.grace_until)
        _reply(texting, f"noted:{sid}", "followup_noted_later", grace_date=until)
    else:
        _hard(texting, sid)


def _hard(texting: Texting, sid: str) -> None:
    """Offer what the agreement allows; where nothing is left of it, a human takes over."""
    try:
        possible = move_possible(
            texting.session, texting.agreement, now=texting.now, policy=texting.policy
        )
    except Problem:
        _with_human(texting, sid)
        return
    _reply(
        texting, f"{OFFER}{sid}:{possible.instalment.number}", "followup_may_move",
        new_date=texting.day(possible.to),
    )  # fmt: skip


def _move(texting: Texting, number: int, sid: str) -> None:
    try:
        move = move_instalment(
            texting.session, texting.agreement, asked_by="text", number=number, now=texting.now,
            policy=texting.policy,
        )  # fmt: skip
    except Problem:
        _with_human(texting, sid)
        return
    _reply(
        texting, f"moved:{sid}", "followup_moved", new_date=texting.day(move.after),
        link=texting.link(),
    )  # fmt: skip


def _with_human(texting: Texting, sid: str) -> None:
    agreement: Agreement = texting.agreement
    conversation = locked_conversation(texting.session, agreement.conversation_id)
    case = open_case(
        texting.session, conversation, reason="hardship", now=texting.now, policy=texting.policy,
        context={"agreement": agreement.number},
    )  # fmt: skip
    _reply(
        texting, f"noted:{sid}", "followup_with_human", case_no=case.number,
        reply_by=texting.writer.moment(case.promised_by),
    )  # fmt: skip


def _reply(texting: Texting, key: str, sentence: str, **values: str) -> None:
    texting.say(key, sentence, "reply", **values)
