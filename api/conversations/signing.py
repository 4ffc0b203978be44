"""From a satisfied signing code to a recorded agreement, by whoever comes first: the assistant or the tick."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Challenge, Person
from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force
from api.agreements.signing import sign
from api.contact.outbox import enqueue
from api.conversations.cards import build_card
from api.conversations.models import Conversation, InboxItem
from api.conversations.sentences import sentence, text_of
from api.conversations.stages import set_stage
from api.conversations.transcript import append_message, locked_conversation
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import Problem, where
from api.policy.lookup import Policy, PolicyView

__all__ = ["complete_signatures", "record_signature", "void_signature"]

log = structlog.get_logger(__name__)

VOID = {
    "evidence_missing": "signature_void_evidence", "evidence_in_review": "signature_void_evidence",
}  # fmt: skip
"""By the refusal, the sentence that tells of it; every other is told of as a balance that moved."""

PATIENCE = timedelta(seconds=20)
"""How long the assistant has to record a signature before the tick completes it."""


def record_signature(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> Agreement:
    """Record what the person's own satisfied code signs; doing it again gives the first answer.

    Raises:
        Problem: ``not_signed``, ``balance_changed`` or ``already_in_force`` (409).
    """
    challenge = _signature(session, conversation.id)
    if challenge is None:
        signed = agreement_in_force(session, conversation.person_id)
        if signed is not None and signed.conversation_id == conversation.id:
            return signed
        raise Problem("not_signed", 409, "The person has not signed these terms.")
    agreement = session.scalars(
        select(Agreement).where(
            Agreement.person_id == conversation.person_id, Agreement.digest == challenge.digest
        )
    ).one()
    sign(session, conversation_id=conversation.id, agreement=agreement, now=now, policy=policy)
    set_stage(session, conversation, "signed", now)
    if conversation.channel != "sms":  # there the assistant's own words arrive as a text
        enqueue(
            session,
            key=f"signed:{agreement.id}",
            purpose="service_notice",
            person=session.get_one(Person, agreement.person_id),
            body=text_of(
                "signed_notice", conversation.locale, policy, number=agreement.number or ""
            ),
            now=now,
            policy=policy,
            answering=True,
        )
    return agreement


def _signature(session: Session, conversation_id: str) -> Challenge | None:
    return session.scalar(
        select(Challenge)
        .where(
            Challenge.conversation_id == conversation_id,
            Challenge.purpose == "signature",
            Challenge.state == "satisfied",
        )
        .order_by(Challenge.closed_at.desc())
        .limit(1)
    )


def complete_signatures(database: Database, clock: Clock, policy: Policy) -> list[str]:
    """Record the signatures that were given but not yet recorded; return the conversations touched.

    The assistant usually does this at once; this is for when it is down just then.
    """
    now = clock.now()
    with database.reading() as session:
        waiting = list(
            session.scalars(
                select(Challenge.conversation_id).where(
                    Challenge.purpose == "signature",
                    Challenge.state == "satisfied",
                    Challenge.closed_at < now - PATIENCE,
                )
            )
        )
    touched = []
    for conversation_id in dict.fromkeys(waiting):
        try:
            with database.transaction() as session:
                _complete(session, conversation_id, now, policy.on(local_date(now)))
        except Problem as problem:
            log.warning("signature_not_completed", code=problem.code)
            with database.transaction() as session:
                _give_up(session, conversation_id, problem.code, now, policy.on(local_date(now)))
        except Exception as error:  # noqa: BLE001 - one signature must not keep the others waiting
            log.error("signature_failed", kind=type(error).__name__, where=where(error))
            continue
        touched.append(conversation_id)
    return touched


def _complete(session: Session, conversation_id: str, now: datetime, policy: PolicyView) -> None:
    conversation = locked_conversation(session, conversation_id)
    if (
        _signature(session, conversation.id) is None
    ):  # the assistant, or another process, came first
        return
    agreement = record_signature(session, conversation, now=now, policy=policy)
    _close_item(session, conversation, now)
    append_message(
        session,
        conversation,
        speaker=conversation.own_voice,
        text=sentence("signed", conversation.locale, policy, number=agreement.number or ""),
        card=build_card(session, conversation, "signed", now, policy),
        now=now,
    )


def _close_item(session: Session, conversation: Conversation, now: datetime) -> None:
    """Spare the assistant the news of this signature: the person is told of it once, by us."""
    for item in session.scalars(
        select(InboxItem).where(
            InboxItem.conversation_id == conversation.id, InboxItem.handled_at.is_(None)
        )
    ):
        if item.text.startswith("/challenge_passed") and '"signature"' in item.text:
            item.handled_at, item.answered_to_seq = now, conversation.last_seq + 1


def void_signature(session: Session, conversation: Conversation, now: datetime) -> bool:
    """Set aside a signature that cannot be recorded, so that it is never recorded later either."""
    challenge = _signature(session, conversation.id)
    if challenge is None:
        return False
    challenge.state = "replaced"
    in_force = agreement_in_force(session, conversation.person_id) is not None
    set_stage(session, conversation, "followup" if in_force else "situation", now)
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="signature_void", person=conversation.person_id, digest=challenge.digest,
    )  # fmt: skip
    return True


def _give_up(
    session: Session, conversation_id: str, why: str, now: datetime, policy: PolicyView
) -> None:
    """Tell the person that these terms could not be recorded, and why; of a second one, what the first is."""
    conversation = locked_conversation(session, conversation_id)
    if not void_signature(session, conversation, now):
        return
    _close_item(session, conversation, now)
    first = agreement_in_force(session, conversation.person_id)
    if first is not None:
        text = sentence("signed_already", conversation.locale, policy, number=first.number or "")
    else:
        text = sentence(VOID.get(why, "signature_void"), conversation.locale, policy)
    append_message(
        session, conversation, speaker=conversation.own_voice, now=now, text=text,
        card=None if first is None else build_card(session, conversation, "signed", now, policy),
    )  # fmt: skip
