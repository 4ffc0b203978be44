"""Signing in: the password, then whatever is still missing (a new password, the second factor).

Nothing that is answered tells whether a login exists: unknown, disabled and wrong read the same, cost the
same work and are counted alike.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.tries import Counted, clear, give_back, spend
from api.console.lockout import LockoutRules, counters
from api.console.models import StaffMember, StaffSession
from api.console.passwords import Weakness, hash_password, password_matches, weakness
from api.console.second_factor import (
    accept_code,
    accept_first_code,
    accept_recovery_code,
    new_recovery_codes,
    new_secret,
)
from api.console.sessions import SessionRules, admit_session, end_sessions, open_session
from api.kit.audit import append_event
from api.kit.db import Database
from api.policy.lookup import PolicyView

__all__ = ["Doorway", "Outcome", "Step", "next_step", "plain_login"]

Step = Literal["password", "setup", "code"]
"""What is still missing after the first password: a new one, a second factor to set up, or its code."""


@dataclass(frozen=True)
class Outcome:
    """What came of a step: a token for the cookie, or a pause, or simply no."""

    token: str | None = None
    paused_until: datetime | None = None
    recovery_codes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the step was right."""
        return self.token is not None


def plain_login(login: str) -> str:
    """Return a login as it is stored: composed alike, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:200]


def next_step(member: StaffMember) -> Step:
    """Return what a colleague has to show next, after the password."""
    if member.password_expires_at is not None:
        return "password"
    return "code" if member.totp_secret else "setup"


class Doorway:
    """The steps of signing in, each in transactions of its own: no password is hashed inside one."""

    def __init__(self, database: Database, now: datetime, policy: PolicyView) -> None:
        self._database = database
        self._now = now
        self._policy = policy
        self._lockout = LockoutRules.of(policy)
        self._sessions = SessionRules.of(policy)

    def with_password(self, login: str, password: str, origin: str | None) -> Outcome:
        """Look at a login and its password; a right one opens a session that is not admitted yet."""
        by = counters(plain_login(login), origin, self._lockout)
        with self._database.transaction() as session:
            paused = self._spend(session, by)
            if paused is not None:
                return Outcome(paused_until=paused)
            member = session.scalar(
                select(StaffMember).where(StaffMember.login == plain_login(login))
            )
            stored = member.password_hash if member and self._open_to(member) else None
        if not password_matches(password, stored) or member is None:
            self._refused(member.id if member else "unknown", "password")
            return Outcome()
        with self._database.transaction() as session:
            give_back(session, by)
            known = session.get_one(StaffMember, member.id)
            if known.totp_secret is None:
                known.totp_next = new_secret()  # nobody goes on with one that an earlier try showed
            return Outcome(token=open_session(session, member.id, self._now, self._sessions))

    def with_new_password(
        self, found: StaffSession, password: str
    ) -> Weakness | Literal["same"] | None:
        """Take a colleague's own password in the place of the one-time one; returns why not, if so."""
        with self._database.reading() as session:
            member = session.get_one(StaffMember, found.staff_id)
        weak = self.weakness(member, password)
        if weak is not None:
            return weak
        if password_matches(password, member.password_hash):
            return "same"
        hashed = hash_password(password)
        with self._database.transaction() as session:
            set_password(session, member.id, hashed, self._now, but=found.id)
        return None

    def weakness(self, member: StaffMember, password: str) -> Weakness | None:
        """Return why a password cannot be a colleague's, or ``None`` when it can."""
        shortest = self._policy.value("bank.staff.password_length")
        return weakness(password, login=member.login, name=member.name, shortest=shortest)

    def with_code(self, found: StaffSession, code: str, origin: str | None) -> Outcome:
        """Look at a code of the second factor, or a recovery code; a right one admits the session."""
        return self._with_factor(found, code, origin, first=False)

    def with_first_code(self, found: StaffSession, code: str, origin: str | None) -> Outcome:
        """Look at the first code of a second factor; a right one admits, and recovery codes are told."""
        return self._with_factor(found, code, origin, first=True)

    def _with_factor(
        self, found: StaffSession, code: str, origin: str | None, *, first: bool
    ) -> Outcome:
        with self._database.transaction() as session:
            member = session.get_one(StaffMember, found.staff_id, with_for_update=True)
            by = counters(member.login, origin, self._lockout)
            paused = self._spend(session, by)
            if paused is not None:
                return Outcome(paused_until=paused)
            how = self._factor(session, member, code, first=first)
            if how is None:
                self._append(session, member.id, "sign_in_failed", step="second_factor")
                return Outcome()
            give_back(session, by)
            clear(session, by[0])
            told = self.first_codes(session, member) if first else ()
            standing = session.get_one(StaffSession, found.id)
            token = admit_session(standing, self._now, self._sessions)
            self._append(session, member.id, "signed_in", by=member.id, how=how)
            return Outcome(token=token, recovery_codes=told)

    def _factor(
        self, session: Session, member: StaffMember, code: str, *, first: bool
    ) -> str | None:
        if first:
            return "first_code" if accept_first_code(member, code, self._now) else None
        if accept_code(member, code, self._now):
            return "code"
        return "recovery" if accept_recovery_code(session, member.id, code, self._now) else None

    def first_codes(self, session: Session, member: StaffMember) -> tuple[str, ...]:
        """Make recovery codes for a second factor that has just been set up."""
        self._append(session, member.id, "second_factor_set", by=member.id)
        count = self._policy.value("bank.staff.recovery_codes")
        return tuple(new_recovery_codes(session, member.id, count))

    def changes_factor(self, staff_id: str, code: str, origin: str | None) -> Outcome:
        """Look at the first code of a signed-in colleague's other authenticator; it replaces the one."""
        with self._database.transaction() as session:
            member = session.get_one(StaffMember, staff_id, with_for_update=True)
            by = counters(member.login, origin, self._lockout)
            paused = self._spend(session, by)
            if paused is not None:
                return Outcome(paused_until=paused)
            if not accept_first_code(member, code, self._now):
                self._append(session, staff_id, "sign_in_failed", step="second_factor")
                return Outcome()
            give_back(session, by)
            return Outcome(token="", recovery_codes=self.first_codes(session, member))

    def confirms(self, staff_id: str, password: str, origin: str | None) -> Outcome:
        """Look at a signed-in colleague's password once more, counted as any other try."""
        with self._database.transaction() as session:
            member = session.get_one(StaffMember, staff_id)
            by = counters(member.login, origin, self._lockout)
            paused = self._spend(session, by)
            if paused is not None:
                return Outcome(paused_until=paused)
        if not password_matches(password, member.password_hash):
            self._refused(staff_id, "password")
            return Outcome()
        with self._database.transaction() as session:
            give_back(session, by)
        return Outcome(token="")

    def _open_to(self, member: StaffMember) -> bool:
        expires = member.password_expires_at
        return member.disabled_at is None and (expires is None or expires > self._now)

    def _spend(self, session: Session, by: list[Counted]) -> datetime | None:
        return spend(session, by, self._now).running_until

    def _refused(self, staff_id: str, step: str) -> None:
        with self._database.transaction() as session:
            self._append(session, staff_id, "sign_in_failed", step=step)

    def _append(
        self, session: Session, staff_id: str, kind: str, by: str = "", **data: str
    ) -> None:
        append_event(
            session, at=self._now, actor=f"staff:{by}" if by else "system",
            subject=("staff", staff_id), kind=kind, **data,
        )  # fmt: skip


def set_password(session: Session, staff_id: str, hashed: str, now: datetime, *, but: str) -> None:
    """Store a colleague's own new password; every other session of theirs ends."""
    member = session.get_one(StaffMember, staff_id)
    member.password_hash, member.password_expires_at = hashed, None
    end_sessions(session, staff_id, now, but=but)
    append_event(
        session, at=now, actor=f"staff:{staff_id}", subject=("staff", staff_id),
        kind="password_changed",
    )  # fmt: skip
