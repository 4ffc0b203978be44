"""What became of a text after the provider took it: delivered, or not; late and doubled news change nothing.

Providers tell each status at least once, in any order; a final one is never undone by another that
arrives later. What a provider's own codes mean stands with its transport (``api.channels``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.hashes import telephone_hash
from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.contact.holds import number_mark, place_hold
from api.contact.ledger import note_outcome
from api.contact.models import ContactAttempt, OutboxMessage
from api.kit.clock import Clock
from api.kit.db import Database

__all__ = ["NumberNews", "note_delivery", "note_number"]

NumberNews = Literal["", "dead", "silent", "refused"]
"""What a failure tells of a number: nothing; no text ever reaches it; none did this time (it may be
switched off); its holder has told the provider to let no more of ours through."""

FINAL = ("delivered", "failed")


def note_delivery(
    database: Database,
    clock: Clock,
    *,
    provider_id: str,
    outcome: Literal["delivered", "failed"],
    number: NumberNews = "",
) -> None:
    """Note how a text ended, by the provider's own id; a number that is silent twice in a row is dead."""
    if not provider_id:
        return
    with database.transaction() as session:
        text = session.scalar(select(OutboxMessage).where(OutboxMessage.provider_id == provider_id))
        if text is None:
            return
        lock_persons(session, [text.person_id])
        attempt = session.scalar(select(ContactAttempt).where(ContactAttempt.reference == text.id))
        if attempt is None or attempt.outcome in FINAL:
            return
        before = session.scalar(
            select(ContactAttempt.outcome)
            .where(ContactAttempt.person_id == text.person_id, ContactAttempt.at < attempt.at)
            .order_by(ContactAttempt.at.desc())
            .limit(1)
        )
        note_outcome(session, text.id, outcome)
        if number == "silent" and before == "failed":
            number = "dead"
        note_number(session, text.person_id, number, text.recipient, clock.now())


def note_number(
    session: Session, person_id: str, news: NumberNews, number: str, now: datetime
) -> None:
    """Mark a number that no text reaches, or stop texts where the provider was told to."""
    if news == "refused":
        place_hold(session, person_id=person_id, kind="opt_out", source="provider", now=now)
    if news != "dead":
        return
    person = session.get_one(Person, person_id)
    if telephone_hash(number) == person.telephone_hash:  # else the bank has another one by now
        place_hold(
            session, person_id=person_id, kind="undeliverable", now=now,
            source=number_mark(person.telephone_hash),
        )  # fmt: skip
