"""What became of a text after the provider took it: delivered, or not; late and doubled news change nothing.

Twilio tells each status once, in any order ("Track the message status of outbound messages"); a later
status is never undone by an earlier one that arrives late.
"""

from __future__ import annotations

from sqlalchemy import select

from api.accounts.models import Person
from api.contact.holds import number_mark, place_hold
from api.contact.ledger import Outcome, note_outcome
from api.contact.models import ContactAttempt, OutboxMessage
from api.kit.clock import Clock
from api.kit.db import Database

__all__ = ["UNREACHABLE", "note_delivery"]

FINAL: dict[str, Outcome] = {"delivered": "delivered", "undelivered": "failed", "failed": "failed"}

UNREACHABLE = frozenset({"30003", "30005", "30006"})
"""Twilio's error codes of a number that no text reaches: unreachable handset, unknown number, landline.
30003 may be a telephone switched off, so only the second of its kind in a row counts."""

CERTAIN = UNREACHABLE - {"30003"}


def note_delivery(
    database: Database, clock: Clock, *, sid: str, status: str, error: str = ""
) -> None:
    """Note a final status of the text with the provider's id ``sid``; others are of no interest."""
    outcome = FINAL.get(status)
    if not sid or outcome is None:
        return
    with database.transaction() as session:
        text = session.scalar(select(OutboxMessage).where(OutboxMessage.provider_id == sid))
        if text is None:
            return
        attempt = session.scalar(select(ContactAttempt).where(ContactAttempt.reference == text.id))
        if attempt is None or attempt.outcome in FINAL.values():
            return
        before = session.scalar(
            select(ContactAttempt.outcome)
            .where(ContactAttempt.person_id == text.person_id, ContactAttempt.at < attempt.at)
            .order_by(ContactAttempt.at.desc())
            .limit(1)
        )
        note_outcome(session, text.id, outcome)
        if error in CERTAIN or (error in UNREACHABLE and before == "failed"):
            person = session.get_one(Person, text.person_id)
            place_hold(
                session, person_id=person.id, kind="undeliverable", now=clock.now(),
                source=number_mark(person.telephone_hash),
            )  # fmt: skip
