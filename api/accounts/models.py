"""Tables of persons, card accounts, invites, identity challenges, and of tries that failed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.kit.db import Base, Fen, UtcTime
from api.kit.secrecy import EncryptedText

__all__ = ["CardAccount", "Challenge", "FailedTries", "Invite", "Person"]


class Person(Base):
    """A cardholder as the bank knows them."""

    __tablename__ = "persons"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_ref: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    name_hash: Mapped[str] = mapped_column(String(64), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    telephone: Mapped[str] = mapped_column(EncryptedText)
    telephone_hash: Mapped[str] = mapped_column(String(64), index=True)
    id_last4_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    accounts: Mapped[list[CardAccount]] = relationship(back_populates="person")


class CardAccount(Base):
    """One card account and the structure of what is owed on it, as of a day."""

    __tablename__ = "card_accounts"
    __table_args__ = (
        CheckConstraint(
            "status IN ('open', 'litigated', 'sold', 'written_off')", name="status_known"
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    account_ref: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    card_tail: Mapped[str] = mapped_column(String(4))
    currency: Mapped[str] = mapped_column(String(3))
    principal: Mapped[Decimal] = mapped_column(Fen)
    interest: Mapped[Decimal] = mapped_column(Fen)
    penalty: Mapped[Decimal] = mapped_column(Fen)
    fees: Mapped[Decimal] = mapped_column(Fen)
    due_date: Mapped[date]
    last_payment_date: Mapped[date | None]
    last_payment_amount: Mapped[Decimal | None] = mapped_column(Fen)
    status: Mapped[str] = mapped_column(String(12))
    as_of: Mapped[date]
    person: Mapped[Person] = relationship(back_populates="accounts")

    @property
    def total(self) -> Decimal:
        """Everything owed on this account, in yuan."""
        return self.principal + self.interest + self.penalty + self.fees


class Invite(Base):
    """A way in that shows nothing by itself. Only the code's hash is kept.

    One with a ``conversation_id`` leads a person on from a text message: it opens that conversation,
    once.
    """

    __tablename__ = "invites"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    reference: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    conversation_id: Mapped[str | None] = mapped_column(String(40))


class Challenge(Base):
    """One thing asked of a person to prove who they are, or to sign one digest.

    ``state``: open → satisfied → consumed, or wrong (no tries left) → forgiven (a colleague ended the
    pause), or replaced.
    """

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_asked", "conversation_id", "state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), default="")
    answer_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    tries_left: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class FailedTries(Base):
    """How often something failed to prove itself: a login, an origin, a visit (see ``api.accounts.tries``).

    ``key`` is a keyed hash of it: what nobody has is counted like anything else, and no login and no
    address is kept in the clear. ``forgotten_at``: when the row means nothing any more and goes.
    """

    __tablename__ = "failed_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcTime)
    forgotten_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
