"""Tables of consents, situations, offers, agreements and the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.agreements.ledger.guards import keep_append_only
from api.kit.db import Base, UtcTime
from api.kit.secrecy import EncryptedBytes, EncryptedJson, EncryptedText

__all__ = [
    "Agreement", "Consent", "Counter", "LedgerEntry", "LedgerHead", "OfferSet", "Proposal",
    "Situation",
]  # fmt: skip


class Consent(Base):
    """A person's separate consent to one use of their data, or their refusal. Appended."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    notice_version: Mapped[str] = mapped_column(String(20))
    granted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcTime)


class Situation(Base):
    """What a person has told us, whole, at one moment. A change appends a newer version."""

    __tablename__ = "situations"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    at: Mapped[datetime] = mapped_column(UtcTime)


class OfferSet(Base):
    """The plan calculation's answer at one moment, as it was shown. A recomputation appends another.

    ``basis`` is what it was calculated from (inputs and policy figures, as a proof holds them), so that
    its proof can be made at any time later, byte for byte. ``made_by`` is the colleague who proposed it;
    ``None`` for the assistant's own.
    """

    __tablename__ = "offer_sets"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    answer: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    basis: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    debt_digest: Mapped[str] = mapped_column(String(64))
    expires_on: Mapped[date | None]
    made_by: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcTime)


class Proposal(Base):
    """A plan that a colleague proposes: within their authority at once, beyond it when another approves.

    ``state``: asked → approved or refused; standing (within authority, nothing to ask); dropped (facts or
    debts changed, or it was taken back). ``answer`` is the calculation it was asked with, ``offer_set_id``
    the offers that came of it.
    """

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_asked", "state", "at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[str] = mapped_column(String(40))
    made_by_name: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(EncryptedText)
    answer: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    rests_on: Mapped[str] = mapped_column(String(64))
    """Digest of the facts and debts it was calculated from."""
    at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_by_name: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_why: Mapped[str | None] = mapped_column(EncryptedText)
    offer_set_id: Mapped[int | None] = mapped_column(ForeignKey("offer_sets.id"))


class Counter(Base):
    """A counter-offer: what a person asked for beside an offer set, and the nearest plan there is.

    ``number`` is under which it can be chosen: one of its own, or that of the same plan already shown.
    ``compared`` is the number of the plan that it was set against.
    """

    __tablename__ = "counters"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    offer_set_id: Mapped[int] = mapped_column(ForeignKey("offer_sets.id"), index=True)
    asked: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    compared: Mapped[int]
    number: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    basis: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    at: Mapped[datetime] = mapped_column(UtcTime)


class Agreement(Base):
    """Terms shown to a person, and whether they were signed.

    ``in_force_for`` holds the person's id while the agreement is in force and nothing otherwise:
    its uniqueness is what makes two agreements in force impossible.
    """

    __tablename__ = "agreements"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    offer_set_id: Mapped[int] = mapped_column(ForeignKey("offer_sets.id"))
    option: Mapped[int]
    locale: Mapped[str] = mapped_column(String(2))
    terms: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    debt_digest: Mapped[str] = mapped_column(String(64))
    presented_at: Mapped[datetime] = mapped_column(UtcTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(40))
    """The colleague who looked at these terms before they could be signed, where policy wants that."""
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    signed_with: Mapped[str | None] = mapped_column(String(40), unique=True, index=True)
    """The challenge whose code signed it: the key by which a signature is given once."""
    in_force_for: Mapped[str | None] = mapped_column(ForeignKey("persons.id"), unique=True)


class LedgerEntry(Base):
    """One recorded document, chained to the one before: the row is the commit point of signing.

    ``kind``: agreement, certificate (of settlement), or withdrawal. ``entry_hash`` is SHA-256 over the previous entry's
    hash and this entry's canonical JSON. ``document`` is the sealed PDF, ``terms_digest`` the digest of its
    content: an agreement's terms, a certificate's facts. Rows are only ever added; the database refuses the rest.
    """

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("agreement_id", "kind"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), server_default="agreement")
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    terms_digest: Mapped[str] = mapped_column(String(64))
    document_digest: Mapped[str] = mapped_column(String(64), unique=True)
    document: Mapped[bytes] = mapped_column(EncryptedBytes)
    """Empty once its time is over and it was erased; ``document_digest`` stays."""
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
    previous_hash: Mapped[str] = mapped_column(String(64))
    entry_hash: Mapped[str] = mapped_column(String(64), unique=True)


class LedgerHead(Base):
    """The ledger's newest entry at a moment, sealed: what stands up to it cannot be rewritten unnoticed.

    ``statement`` is canonical JSON ``{schema, position, entry_hash, at}``, ``seal`` a detached CMS signature
    over it. Rows are only ever added.
    """

    __tablename__ = "ledger_heads"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcTime)
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[bytes] = mapped_column(LargeBinary)


# A document is encrypted anew when keys change, and goes when its time is over: its digest stays.
keep_append_only(cast("Table", LedgerEntry.__table__), but={"document"})
keep_append_only(cast("Table", LedgerHead.__table__))
