"""Staff sessions: opened by the password, admitted by the second factor, ended by time or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.console.models import StaffMember, StaffSession
from api.kit.secrecy import new_id, new_token, token_hash
from api.policy.lookup import PolicyView

__all__ = [
    "SEEN_EVERY",
    "SessionRules",
    "admit_session",
    "end_sessions",
    "find_session",
    "open_session",
]

SEEN_EVERY = timedelta(minutes=1)
"""How exactly a session's last use is kept; writing it down at every call would cost a transaction each."""


@dataclass(frozen=True)
class SessionRules:
    """Policy figures for sessions."""

    idle: timedelta
    longest: timedelta
    to_second_factor: timedelta

    @classmethod
    def of(cls, policy: PolicyView) -> SessionRules:
        """Read the figures in force."""
        return cls(
            idle=timedelta(minutes=policy.value("bank.staff.session_idle_minutes")),
            longest=timedelta(hours=policy.value("bank.staff.session_hours")),
            to_second_factor=timedelta(minutes=policy.value("bank.staff.second_factor_minutes")),
        )


def open_session(session: Session, staff_id: str, now: datetime, rules: SessionRules) -> str:
    """Open a session that is not admitted yet; returns its token, which is kept nowhere."""
    token = new_token()
    session.add(
        StaffSession(
            id=new_id("ss"), staff_id=staff_id, token_hash=token_hash(token), csrf=new_token(),
            created_at=now, seen_at=now, expires_at=now + rules.to_second_factor,
        )
    )  # fmt: skip
    return token


def admit_session(found: StaffSession, now: datetime, rules: SessionRules) -> str:
    """Admit a session; returns its new token: what was known before admission opens nothing after it."""
    token = new_token()
    found.token_hash, found.csrf = token_hash(token), new_token()
    found.admitted_at = found.seen_at = now
    found.expires_at = now + rules.longest
    return token


def find_session(
    session: Session, token: str, now: datetime, rules: SessionRules
) -> tuple[StaffSession, StaffMember] | None:
    """Return the session of a token and whose it is; ``None`` when unknown, ended, expired or left idle."""
    row = session.execute(
        select(StaffSession, StaffMember)
        .join(StaffMember, StaffMember.id == StaffSession.staff_id)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.seen_at > now - rules.idle - SEEN_EVERY,
            StaffMember.disabled_at.is_(None),
        )
    ).first()
    return (row[0], row[1]) if row else None


def end_sessions(session: Session, staff_id: str, now: datetime, *, but: str = "") -> None:
    """End every session of a colleague, but the one of the id ``but``."""
    session.execute(
        update(StaffSession)
        .where(
            StaffSession.staff_id == staff_id,
            StaffSession.ended_at.is_(None),
            StaffSession.id != but,
        )
        .values(ended_at=now)
    )
