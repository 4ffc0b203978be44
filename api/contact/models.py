"""Tables of holds, of messages on their way out, and of every attempt to reach a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, UtcTime
from api.kit.secrecy import EncryptedJson, EncryptedText

__all__ = ["ContactAttempt", "Heard", "Hold", "InboundText", "OutboxMessage"]


class Hold(Base):
    """A reason not to contact a person, or to contact them only in some ways.

    ``until``: when it ends by itself (``api.contact.holds.lift_ended``); most holds are lifted by somebody.
    """

    __tablename__ = "holds"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(120))
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class OutboxMessage(Base):
    """One message to one person. ``key`` makes doing a thing twice send it once.

    ``state``: queued → sent | failed, or dropped by the gate; ``reason`` says why it waits, failed or
    was dropped. ``answering``: it answers the person in a conversation that they opened. ``by``: who wrote
    it, as the ledger says it (assistant or colleague). ``wording`` is the sentence behind the body (see
    ``api.contact.carriage.Text``). Both are erased once it is sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    purpose: Mapped[str] = mapped_column(String(30))
    answering: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(10), default="assistant")
    channel: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    recipient: Mapped[str] = mapped_column(EncryptedText)
    body: Mapped[str | None] = mapped_column(EncryptedText)
    wording: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(120), default="")
    provider_id: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ContactAttempt(Base):
    """One attempt to reach a person, by whomever: the ledger that the person can open.

    ``by``: assistant, colleague or agency. ``why`` says on what ground it was allowed (see
    ``api.contact.ledger``). ``reference`` makes telling of an attempt twice record it once.
    """

    __tablename__ = "contact_attempts"
    __table_args__ = (Index("ix_contact_attempts_of", "person_id", "at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    purpose: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(12))
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    reference: Mapped[str] = mapped_column(String(160), unique=True)


class Heard(Base):
    """When a person last wrote or spoke to us: attempts before that are not unanswered."""

    __tablename__ = "heard"

    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)


class InboundText(Base):
    """One text that the provider brought, by its own id: brought twice, it is taken in once.

    ``outcome``: heard, stopped, started, helped, or unknown (a number that is nobody's). What was
    written is kept with its conversation only.
    """

    __tablename__ = "inbound_texts"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    outcome: Mapped[str] = mapped_column(String(10))
