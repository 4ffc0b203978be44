"""Tables of conversations, their transcript, their inbox, and the cases for humans with what belongs to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, UtcTime
from api.kit.secrecy import EncryptedJson, EncryptedText

__all__ = ["CallBack", "Case", "CaseNote", "Conversation", "InboxItem", "Message"]


class Conversation(Base):
    """One visit of one person, on any channel. Facts and plans belong to the person.

    ``channel`` is where the person last wrote; on ``sms``, ``texted_seq`` is the last record that was
    put into a text. ``epoch`` rises whenever the floor changes hands; a reply of an older epoch is dropped.
    ``answers_paused_until``: until when no code and no digits are looked at here, and ``answers_paused_by``
    what for (``visit``: too many wrong ones with the same link; ``origin``: too many from one address).
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    reference: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(10))
    locale: Mapped[str] = mapped_column(String(2))
    stage: Mapped[str] = mapped_column(String(12))
    identified_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answers_paused_until: Mapped[datetime | None] = mapped_column(UtcTime)
    answers_paused_by: Mapped[str | None] = mapped_column(String(8))
    case_state: Mapped[str] = mapped_column(String(8), default="none")
    epoch: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    texted_seq: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)

    @property
    def floor(self) -> str:
        """Who speaks for the bank: ``collector`` while a person has taken the case."""
        return "collector" if self.case_state == "taken" else "assistant"

    @property
    def own_voice(self) -> str:
        """As whom the product itself speaks: while a colleague has the floor, never as the assistant."""
        return "assistant" if self.floor == "assistant" else "system"


class Message(Base):
    """One numbered record of the transcript. Codes and document digits stand here as ``••••``.

    ``name`` is that of the colleague who wrote it, where one did.
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(10))
    name: Mapped[str | None] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(EncryptedText)
    lang: Mapped[str] = mapped_column(String(2))
    quick_replies: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    card: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    client_message_id: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcTime)


class InboxItem(Base):
    """One accepted message on its way to the assistant, unique by its sender's own id.

    ``text`` is what the assistant may see: no code, no digits, no typed intent.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "source", "external_id"),
        Index("ix_inbox_waiting", "handled_at", "next_try_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    source: Mapped[str] = mapped_column(String(10))
    external_id: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(EncryptedText)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcTime)
    answered_to_seq: Mapped[int | None]


class Case(Base):
    """Something that a human must look at, with why and with what was promised.

    ``state``: waiting (in the queue) → taken (a colleague has it, and the floor with it) → working
    (the colleague still sees to it, the floor is the assistant's again) → closed. ``due_at`` is when
    a case that nobody touches goes back to the queue; of a waiting one, when its promise is broken.
    ``handed`` is what a colleague told the assistant on handing back (see ``api.conversations.floor``).
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    reason: Mapped[str] = mapped_column(String(30))
    priority: Mapped[int]
    role: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8))
    context: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    promised_by: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    broken: Mapped[int] = mapped_column(default=0)
    """How often what was promised was not kept."""
    holder_id: Mapped[str | None] = mapped_column(String(40), index=True)
    holder_name: Mapped[str | None] = mapped_column(String(80))
    taken_at: Mapped[datetime | None] = mapped_column(UtcTime)
    handed: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(default=0)
    """Rises with every change, so that a reader sees that something changed."""

    @property
    def number(self) -> str:
        """The number a cardholder is told."""
        return f"A{self.id:04d}"


class CaseNote(Base):
    """An internal note of a colleague about a case. The person never sees it. Appended only."""

    __tablename__ = "case_notes"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    by: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcTime)


class CallBack(Base):
    """A call that a person asked for, or agreed to: the times offered, and the one that was chosen.

    ``state``: offered → planned → done, missed (nobody called in that time) or dropped (replaced, or
    no longer wanted). ``asked_by``: person, or the colleague's id.
    """

    __tablename__ = "call_backs"
    __table_args__ = (Index("ix_call_backs_due", "state", "starts_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[str] = mapped_column(String(8))
    offered: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    asked_by: Mapped[str] = mapped_column(String(40))
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[datetime] = mapped_column(UtcTime)
