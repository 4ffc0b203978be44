"""Cases: what a human must look at, with its reason, its priority and the time that was promised.

How soon and by whom each reason is looked at is policy (``bank.case.*``); which of them stop contact,
plans or a signature stands here, because it is what the reason means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.accounts.arrears import bucket_of
from api.accounts.models import Challenge
from api.agreements.records import facts_of
from api.contact.holds import HoldKind, place_hold
from api.conversations.models import Case, Conversation
from api.conversations.promises import OfficeHours, Promise, promise
from api.kit.asked_once import asked_once
from api.kit.audit import append_event
from api.kit.dates import iso_utc, local_date
from api.kit.db import after_commit
from api.policy.holidays import public_holidays
from api.policy.lookup import PolicyView
from api.policy.values import CaseRule
from api.webhooks.notices import tell_bank

__all__ = [
    "CASES",
    "HOLDS",
    "REASONS",
    "bereaved",
    "care_comes_first",
    "case_changed",
    "case_rule",
    "current_promise",
    "drop_signing_codes",
    "handed_back",
    "latest_case",
    "office_hours",
    "open_case",
    "open_cases",
    "settle_case_state",
]

CASES = "cases"
"""The topic (``Database.listen``) that is told when the queue of cases changes."""

REASONS = frozenset({
    "distress", "vulnerability", "death", "suspected_fraud", "complaint", "dispute", "legal",
    "withdrawal", "account_with_human", "agreement_not_kept", "hardship", "ask_human",
    "beyond_authority", "plan_review", "nothing_affordable", "refuse_automation", "no_consent",
    "cannot_use", "evidence", "system", "already_paid", "not_understood", "represents_holder", "unwilling",
    "wrong_person", "data_request",
})  # fmt: skip
"""Why a case is opened; each has its row ``bank.case.<reason>`` (a test holds it)."""

HOLDS: Mapping[str, HoldKind] = {
    "distress": "distress",
    "vulnerability": "vulnerable",
    "death": "deceased",
    "suspected_fraud": "fraud",
    "complaint": "complaint",
    "dispute": "dispute",
    "wrong_person": "wrong_number",
    "nothing_affordable": "breathing_space",
}
"""The hold that a case of a reason places, in the same transaction."""

STOPS_SIGNING = frozenset({"distress", "deceased", "fraud"})
"""Holds under which a signing code that was already sent is no longer good for anything."""


def case_rule(reason: str, policy: PolicyView) -> CaseRule:
    """Return how soon, and by whom, a case of a reason is looked at."""
    rule: CaseRule = policy.value(f"bank.case.{reason}")
    return rule


def office_hours(policy: PolicyView) -> OfficeHours:
    """Return when colleagues work: policy's days and hours, without public holidays."""
    written = policy.value("bank.office_hours")
    return OfficeHours(
        opens=time.fromisoformat(written.open),
        closes=time.fromisoformat(written.close),
        isoweekdays=frozenset(written.days),
        holidays=public_holidays(policy),
    )


def current_promise(now: datetime, policy: PolicyView, reason: str = "ask_human") -> Promise:
    """Return what can be promised for a case of a reason at ``now``, in working time."""
    within = timedelta(minutes=case_rule(reason, policy).within_minutes)
    return promise(now, office_hours(policy), within)


def open_cases(session: Session, conversation_id: str) -> list[Case]:
    """Return a conversation's cases that are not closed, the most pressing first."""
    return list(
        session.scalars(
            select(Case)
            .where(Case.conversation_id == conversation_id, Case.state != "closed")
            .order_by(Case.priority, Case.id)
        )
    )


def latest_case(session: Session, conversation_id: str) -> Case | None:
    """Return the conversation's newest case that is still open, or ``None``."""
    waiting = (case for case in _cases(session, conversation_id) if case.state != "closed")
    return max(waiting, key=lambda case: case.id, default=None)


_OF_CONVERSATION = select(Case).where(Case.conversation_id == bindparam("conversation"))


@asked_once
def _cases(session: Session, conversation_id: str) -> Sequence[Case]:
    """Return all cases of a conversation: there are few, and most conversations have none."""
    return session.scalars(_OF_CONVERSATION, {"conversation": conversation_id}).all()


def care_comes_first(session: Session, conversation_id: str) -> bool:
    """Return whether signs of distress were told in this conversation and are not yet seen to."""
    return _waiting(session, conversation_id, "distress")


def bereaved(session: Session, conversation_id: str) -> bool:
    """Return whether a death was told of in this conversation, and nobody has seen to it yet."""
    return _waiting(session, conversation_id, "death")


def _waiting(session: Session, conversation_id: str, reason: str) -> bool:
    return any(
        case.reason == reason and case.state != "closed"
        for case in _cases(session, conversation_id)
    )


def handed_back(session: Session, conversation: Conversation) -> dict[str, Any] | None:
    """Return what the assistant was last told as the floor came back to it, or ``None``.

    ``kind``: handed_back, closed, away (a colleague had to leave it) or late (a promise was not kept).
    """
    if conversation.epoch == 0 and conversation.case_state == "none":
        return None
    told = [case.handed for case in _cases(session, conversation.id) if case.handed is not None]
    return max(told, key=lambda handed: (handed["epoch"], handed["at"]), default=None)


def drop_signing_codes(
    session: Session, person_id: str, now: datetime, *, but_for: str = ""
) -> None:
    """Make signing codes that were sent but not yet given good for nothing; the terms stay unsigned.

    ``but_for`` is the digest of terms whose code stays good.
    """
    for challenge in session.scalars(
        select(Challenge).where(
            Challenge.person_id == person_id,
            Challenge.purpose == "signature",
            Challenge.state == "open",
            Challenge.digest != but_for,
        )
    ):
        challenge.state, challenge.closed_at = "replaced", now
        append_event(
            session, at=now, actor="system", subject=("conversation", challenge.conversation_id),
            kind="signature_void", person=person_id, digest=challenge.digest,
        )  # fmt: skip


def case_changed(session: Session, case: Case) -> None:
    """Note that a case is not what it was: whoever reads the queue looks again after the commit."""
    case.revision += 1
    after_commit(session, CASES)


def settle_case_state(session: Session, conversation: Conversation) -> None:
    """Say of a conversation what its open cases make of it: none, waiting or taken."""
    session.flush()
    states = {case.state for case in open_cases(session, conversation.id)}
    if "taken" in states:
        conversation.case_state = "taken"
    else:
        conversation.case_state = "waiting" if states else "none"


def open_case(
    session: Session,
    conversation: Conversation,
    *,
    reason: str,
    now: datetime,
    policy: PolicyView,
    context: dict[str, Any] | None = None,
    actor: str = "system",
) -> Case:
    """Open a case, or return the open one of the same reason; its hold is placed with it.

    The case carries what the person has said so far, so that nobody has to say it twice.
    """
    _place_hold(session, conversation, reason, now, policy, actor)
    if reason == "represents_holder" and bereaved(session, conversation.id):
        reason = "death"  # a relative who has told of a death: the same matter, the same colleague
    known = session.scalar(
        select(Case).where(
            Case.conversation_id == conversation.id, Case.reason == reason, Case.state != "closed"
        )
    )
    if known is not None:
        return known
    rule = case_rule(reason, policy)
    promised_by = current_promise(now, policy, reason).reply_by
    case = Case(
        conversation_id=conversation.id,
        person_id=conversation.person_id,
        reason=reason,
        priority=rule.priority,
        role=rule.role,
        state="waiting",
        context={
            "stage": conversation.stage,
            "identified": conversation.identified_at is not None,
            "facts": facts_of(session, conversation.person_id),
            **(context or {}),
        },
        opened_at=now,
        promised_by=promised_by,
        due_at=promised_by,
        broken=0,
        revision=0,
    )
    session.add(case)
    settle_case_state(session, conversation)
    case_changed(session, case)
    append_event(
        session, at=now, actor=actor, subject=("conversation", conversation.id),
        kind="case_opened", person=conversation.person_id, case=case.id, reason=reason,
        role=case.role,
        channel=conversation.channel, locale=conversation.locale,
        bucket=bucket_of(session, conversation.person_id, local_date(now)),
        promised_minutes=int((case.promised_by - now).total_seconds() // 60),
    )  # fmt: skip
    tell_bank(
        session, "case.opened", person_id=case.person_id, subject=f"case:{case.id}", now=now,
        case_number=case.number, reason=reason, priority=case.priority, role=case.role,
        promised_by=iso_utc(case.promised_by),
    )  # fmt: skip
    return case


def _place_hold(
    session: Session, conversation: Conversation, reason: str, now: datetime, policy: PolicyView,
    actor: str,
) -> None:  # fmt: skip
    hold = HOLDS.get(reason)
    if hold is None:
        return
    pause = timedelta(days=policy.value("bank.pause.days"))
    place_hold(
        session, person_id=conversation.person_id, kind=hold, source=f"case:{reason}", now=now,
        until=now + pause if hold == "breathing_space" else None, actor=actor,
    )  # fmt: skip
    if hold in STOPS_SIGNING:
        drop_signing_codes(session, conversation.person_id, now)
