"""Cases: what a human must look at, with its reason, its priority and the time that was promised."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Challenge
from api.agreements.records import facts_of
from api.contact.holds import HoldKind, place_hold
from api.conversations.models import Case, Conversation
from api.conversations.promises import OfficeHours, Promise, promise
from api.kit.audit import append_event
from api.policy.lookup import PolicyView

__all__ = [
    "REASONS",
    "bereaved",
    "care_comes_first",
    "current_promise",
    "drop_signing_codes",
    "latest_case",
    "open_case",
]

REASONS: dict[str, tuple[int, str, HoldKind | None]] = {
    # reason: (priority, 1 is first; role; hold)
    "distress": (1, "care", "distress"),
    "death": (2, "collector", "deceased"),
    "suspected_fraud": (2, "collector", "fraud"),
    "complaint": (3, "collector", "complaint"),
    "dispute": (3, "collector", "dispute"),
    "withdrawal": (3, "collector", None),
    "legal": (3, "collector", None),
    "account_with_human": (3, "collector", None),
    "agreement_not_kept": (3, "collector", None),
    "hardship": (4, "collector", None),
    "ask_human": (4, "collector", None),
    "beyond_authority": (4, "supervisor", None),
    "nothing_affordable": (4, "collector", None),
    "refuse_automation": (4, "collector", None),
    "no_consent": (4, "collector", None),
    "cannot_use": (4, "collector", None),
    "system": (4, "collector", None),
    "already_paid": (5, "collector", None),
    "not_understood": (5, "collector", None),
    "represents_holder": (5, "collector", None),
    "unwilling": (6, "collector", None),
    "wrong_person": (6, "collector", "wrong_number"),
}
"""Why a case is opened. The hold is placed in the same transaction.

``withdrawal``: someone takes back a signed agreement (the agreement itself promises it);
``hardship``: a month of a running agreement that cannot be paid; ``agreement_not_kept``: what the months
after a signature leave to a human (an end, an unanswered talk, too much paid).
"""

STOPS_SIGNING = frozenset({"distress", "deceased", "fraud"})
"""Holds under which a signing code that was already sent is no longer good for anything."""


def current_promise(now: datetime, policy: PolicyView, reason: str = "ask_human") -> Promise:
    """Return what can be promised for a case opened now; ``care`` answers within its own shorter time."""
    written = policy.value("bank.office_hours")
    hours = OfficeHours(
        opens=time.fromisoformat(written.open),
        closes=time.fromisoformat(written.close),
        isoweekdays=frozenset(written.days),
    )
    if REASONS[reason][1] == "care":
        within = timedelta(minutes=policy.value("bank.reply.care_minutes"))
    else:
        within = timedelta(hours=policy.value("bank.reply.hours"))
    return promise(now, hours, within)


def latest_case(session: Session, conversation_id: str) -> Case | None:
    """Return the conversation's newest case that is still open, or ``None``."""
    return session.scalar(
        select(Case)
        .where(Case.conversation_id == conversation_id, Case.state != "closed")
        .order_by(Case.id.desc())
        .limit(1)
    )


def care_comes_first(session: Session, conversation_id: str) -> bool:
    """Return whether signs of distress were told in this conversation and are not yet seen to."""
    return _waiting(session, conversation_id, "distress")


def bereaved(session: Session, conversation_id: str) -> bool:
    """Return whether a death was told of in this conversation, and nobody has seen to it yet."""
    return _waiting(session, conversation_id, "death")


def _waiting(session: Session, conversation_id: str, reason: str) -> bool:
    found = select(Case.id).where(
        Case.conversation_id == conversation_id, Case.reason == reason, Case.state != "closed"
    )
    return session.scalar(found.limit(1)) is not None


def drop_signing_codes(session: Session, person_id: str, now: datetime) -> None:
    """Make signing codes that were sent but not yet given good for nothing; the terms stay unsigned."""
    for challenge in session.scalars(
        select(Challenge).where(
            Challenge.person_id == person_id,
            Challenge.purpose == "signature",
            Challenge.state == "open",
        )
    ):
        challenge.state, challenge.closed_at = "replaced", now
        append_event(
            session, at=now, actor="system", subject=("conversation", challenge.conversation_id),
            kind="signature_void", digest=challenge.digest,
        )  # fmt: skip


def open_case(
    session: Session,
    conversation: Conversation,
    *,
    reason: str,
    now: datetime,
    policy: PolicyView,
    context: dict[str, Any] | None = None,
) -> Case:
    """Open a case, or return the open one of the same reason; its hold is placed with it.

    The case carries what the person has said so far, so that nobody has to say it twice.
    """
    priority, role, hold = REASONS[reason]
    if hold is not None:
        place_hold(
            session, person_id=conversation.person_id, kind=hold, source=f"case:{reason}", now=now
        )
    if hold in STOPS_SIGNING:
        drop_signing_codes(session, conversation.person_id, now)
    if reason == "represents_holder" and bereaved(session, conversation.id):
        reason = "death"  # a relative who has told of a death: the same matter, the same colleague
    known = session.scalar(
        select(Case).where(
            Case.conversation_id == conversation.id, Case.reason == reason, Case.state != "closed"
        )
    )
    if known is not None:
        return known
    case = Case(
        conversation_id=conversation.id,
        person_id=conversation.person_id,
        reason=reason,
        priority=priority,
        role=role,
        state="waiting",
        context={
            "stage": conversation.stage,
            "identified": conversation.identified_at is not None,
            "facts": facts_of(session, conversation.person_id),
            **(context or {}),
        },
        opened_at=now,
        promised_by=current_promise(now, policy, reason).reply_by,
    )
    session.add(case)
    session.flush()
    if conversation.case_state == "none":
        conversation.case_state = "waiting"
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="case_opened", case=case.id, reason=reason,
    )  # fmt: skip
    return case
