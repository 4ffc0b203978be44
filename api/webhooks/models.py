"""The table of notices to the bank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, UtcTime

__all__ = ["BankNotice"]


class BankNotice(Base):
    """One thing the bank is told, in the order of ``position``; ``id`` is what it is told once by.

    ``state``: waiting → acknowledged, or given_up after the last try; a replay makes it wait again.
    ``last_error`` says why the last try failed. ``data`` names persons and accounts by the bank's own
    references only.
    """

    __tablename__ = "bank_notices"
    __table_args__ = (
        Index("ix_bank_notices_due", "state", "due_at"),
        Index("ix_bank_notices_about", "subject", "kind"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    subject: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12))
    last_error: Mapped[str] = mapped_column(String(40), default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
