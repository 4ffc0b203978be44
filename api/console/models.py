"""Tables of staff, of their sessions and recovery codes, and of portfolios that they send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.kit.db import Base, UtcTime
from api.kit.secrecy import EncryptedText

__all__ = ["PortfolioImport", "RecoveryCode", "StaffMember", "StaffSession"]


class StaffMember(Base):
    """A colleague who may sign in.

    ``password_expires_at`` is set while the password is a one-time one that must be changed.
    ``totp_next`` is a second factor that is being set up; once a code of it was shown it becomes
    ``totp_secret``. ``totp_step`` is the last time step whose code was taken: no code is taken twice.
    """

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(2))
    roles: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_next: Mapped[str | None] = mapped_column(EncryptedText)
    totp_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecoveryCode(Base):
    """One code that stands in for a lost second factor, once. Only its keyed hash is kept."""

    __tablename__ = "staff_recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class StaffSession(Base):
    """One browser's session.

    It admits to nothing before ``admitted_at``: until then only the password was right, and the second
    factor (or a new password) is still to come.
    """

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PortfolioImport(Base):
    """One portfolio file that a colleague sent: how far it is, and what became of its rows.

    ``state``: running, done, or failed (``report`` then has its ``code``). One that was not heard of for
    a while has died with its process; the same file again goes on where it stopped.
    """

    __tablename__ = "portfolio_imports"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    begun_at: Mapped[datetime] = mapped_column(UtcTime)
    heard_at: Mapped[datetime] = mapped_column(UtcTime)
