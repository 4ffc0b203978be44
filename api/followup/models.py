"""Tables of what follows a signature: payments, moved instalments, steps due, and how it ended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, Fen, UtcTime
from api.kit.secrecy import EncryptedJson

__all__ = [
    "AgreementEnd",
    "Certificate",
    "DailyRun",
    "FollowupStep",
    "InstalmentMove",
    "Payment",
    "SumsWished",
]


class Payment(Base):
    """One payment that the bank told us of, by the bank's own reference. Appended, never changed."""

    __tablename__ = "payments"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("card_accounts.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Fen)
    paid_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)


class InstalmentMove(Base):
    """An instalment, and all after it, moved back by a month. Appended.

    ``days`` are the due days of the whole schedule after the move, in the order of their numbers.
    """

    __tablename__ = "instalment_moves"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), index=True)
    number: Mapped[int]
    before: Mapped[date]
    after: Mapped[date]
    days: Mapped[list[str]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcTime)


class FollowupStep(Base):
    """One step that is due at a time (see ``api.followup.steps``), done in the transaction that marks it.

    ``outcome``: said, kept (for a better hour), barred (by the gate), passed (no longer fitting),
    to_human, ended.
    """

    __tablename__ = "followup_steps"
    __table_args__ = (Index("ix_followup_steps_due", "done_at", "due_at"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    due: Mapped[date]
    day: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str] = mapped_column(String(10), default="")


class AgreementEnd(Base):
    """How an agreement ended: ``fulfilled``, ``broken`` with its reason, or ``withdrawn``.

    ``relief``: what becomes of what the bank did not charge (``returns`` or ``stays``), as signed.
    """

    __tablename__ = "agreement_ends"

    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(40))
    relief: Mapped[str] = mapped_column(String(10))
    left: Mapped[Decimal] = mapped_column(Fen)
    at: Mapped[datetime] = mapped_column(UtcTime)


class Certificate(Base):
    """A settlement certificate (结清证明): plain JSON, and the digest of its canonical bytes."""

    __tablename__ = "settlement_certificates"

    number: Mapped[str] = mapped_column(String(24), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreements.id"), unique=True)
    body: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcTime)


class SumsWished(Base):
    """A person's wish that reminders name the sum, or that they do not (which is how it begins)."""

    __tablename__ = "sums_wished"

    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    wished: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcTime)


class DailyRun(Base):
    """What runs once a day, on a day (Asia/Shanghai): in hand until a time, then finished."""

    __tablename__ = "daily_runs"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    held_until: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
