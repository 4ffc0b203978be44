"""Whether collection has stopped: said only once the bank's diallers and agencies have confirmed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message, locked_conversation
from api.conversations.writer import Words, Writer
from api.kit.audit import Event, append_event
from api.kit.clock import Clock
from api.kit.dates import as_utc, local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView
from api.webhooks.models import BankNotice
from api.webhooks.notices import newest_about

__all__ = ["collection_stop", "stop_words", "tell_of_stops"]

LOOKED_BACK = timedelta(days=7)
"""How long after a confirmation its news is still told; on the page it stands at once and stays."""
TOLD = "collection_stop_told"


def collection_stop(session: Session, person_id: str) -> str | None:
    """Return whether the bank's systems have ``confirmed`` that collection stops, or are being told.

    Nothing is said where nobody has been asked: our own word is no proof that theirs has stopped.
    """
    notice = _notice(session, person_id)
    if notice is None:
        return None
    if notice.acknowledged_at is not None:
        return "confirmed"
    return "notifying" if notice.attempts else None


def stop_words(session: Session, person_id: str, writer: Writer) -> Words:
    """Return the day of the confirmation, or that on which they were told; neither where nobody was."""
    if agreement_in_force(session, person_id) is None:
        return {}
    notice = _notice(session, person_id)
    if notice is None:
        return {}
    if notice.acknowledged_at is not None:
        return {"stopped_on": writer.day(local_date(as_utc(notice.acknowledged_at)))}
    if not notice.attempts:
        return {}
    return {"stop_told_on": writer.day(local_date(as_utc(notice.created_at)))}


def _notice(session: Session, person_id: str) -> BankNotice | None:
    return newest_about(session, "hold.placed", f"agreement_in_force:{person_id}")


def tell_of_stops(database: Database, clock: Clock, policy: Policy) -> int:
    """Tell each person once, in their conversation, that collection has stopped; returns how many were told."""
    now = clock.now()
    with database.reading() as session:
        confirmed = session.scalars(
            select(BankNotice.person_id)
            .join(Event, Event.subject_id == BankNotice.id)
            .where(
                Event.kind == "notice_acknowledged",
                Event.subject_kind == "notice",
                Event.at > now - LOOKED_BACK,
                BankNotice.kind == "hold.placed",
                BankNotice.subject.startswith("agreement_in_force:"),
                ~select(Agreement.id)
                .join(Event, Event.subject_id == Agreement.id)
                .where(
                    Agreement.in_force_for == BankNotice.person_id,
                    Event.subject_kind == "agreement",
                    Event.kind == TOLD,
                )
                .correlate(BankNotice)
                .exists(),
            )
        ).all()
    told = 0
    for person_id in dict.fromkeys(confirmed):
        with database.transaction() as session:
            told += _tell(session, person_id, now, policy.on(local_date(now)))
    return told


def _tell(session: Session, person_id: str, now: datetime, policy: PolicyView) -> bool:
    signed = agreement_in_force(session, person_id)
    if signed is None:
        return False
    conversation = locked_conversation(session, signed.conversation_id)
    agreement = agreement_in_force(session, person_id)  # as it stands at their turn
    if agreement is None or collection_stop(session, person_id) != "confirmed":
        return False
    said = select(Event.id).where(
        Event.subject_id == agreement.id, Event.subject_kind == "agreement", Event.kind == TOLD
    )
    if session.scalar(said.limit(1)) is not None:
        return False
    append_event(
        session, at=now, actor="system", subject=("agreement", agreement.id), kind=TOLD,
        person=person_id,
    )  # fmt: skip
    append_message(
        session, conversation, speaker=conversation.own_voice, now=now,
        text=sentence("collection_stopped", conversation.locale, policy),
    )  # fmt: skip
    return True
