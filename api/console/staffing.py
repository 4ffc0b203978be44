"""Who works here: colleagues are added, given roles, disabled and reset, each with its event.

Nobody changes their own admission, and one administrator always remains. Passwords are hashed before a
transaction begins.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.console.admission import ROLES, Role
from api.console.models import RecoveryCode, StaffMember
from api.console.passwords import hash_password, new_one_time_password, password_matches
from api.console.sessions import end_sessions
from api.console.signing_in import plain_login
from api.kit.audit import append_event
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView

__all__ = [
    "Made",
    "add_colleague",
    "change_roles",
    "colleagues",
    "disable",
    "enable",
    "find_colleague",
    "reset_sign_in",
]

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_NAME = 80


@dataclass(frozen=True)
class Made:
    """A colleague's id and the one-time password, which is told once and kept nowhere."""

    staff_id: str
    login: str
    one_time_password: str
    good_until: datetime


def colleagues(session: Session) -> list[StaffMember]:
    """Return everybody, those who may sign in first, in the order of their names."""
    found = session.scalars(select(StaffMember)).all()
    return sorted(found, key=lambda one: (one.disabled_at is not None, one.name, one.login))


def find_colleague(session: Session, staff_id: str) -> StaffMember:
    """Return a colleague; raises ``Problem`` (404, ``staff_unknown``)."""
    found = session.get(StaffMember, staff_id)
    if found is None:
        raise Problem("staff_unknown", 404, "There is no colleague with this id.")
    return found


def add_colleague(
    database: Database, *, login: str, name: str, roles: Collection[str],
    locale: Literal["zh", "en"], by: str, now: datetime, policy: PolicyView, once: str = "",
) -> Made:  # fmt: skip
    """Add a colleague with a one-time password, which they change at their first sign-in.

    ``once``: a page's mark; sent twice with it, the colleague is made once and told the same password.

    Raises:
        Problem: ``login_invalid``, ``name_invalid``, ``roles_missing`` (422), ``login_taken`` (409).
    """
    login, name = plain_login(login), name.strip()
    if not LOGIN.fullmatch(login):
        raise Problem(
            "login_invalid", 422, "A login has 2 to 40 of a-z, 0-9, dot, dash, underscore."
        )
    if not 0 < len(name) <= LONGEST_NAME:
        raise Problem("name_invalid", 422, "A name has 1 to 80 characters.")
    given = _known(roles)
    password = new_one_time_password(once)
    hashed, until = hash_password(password), _until(now, policy)
    staff_id = new_id("s")
    try:
        with database.transaction() as session:
            session.add(
                StaffMember(
                    id=staff_id, login=login, name=name, locale=locale, roles=given,
                    password_hash=hashed, password_expires_at=until, created_at=now,
                )
            )  # fmt: skip
            append_event(
                session, at=now, actor=by, subject=("staff", staff_id), kind="staff_added",
                roles=given,
            )  # fmt: skip
    except IntegrityError as error:
        known = _made_before(database, login, password) if once else None
        if known is None:
            raise Problem("login_taken", 409, "Somebody has this login already.") from error
        return known
    return Made(staff_id, login, password, until)


def _made_before(database: Database, login: str, password: str) -> Made | None:
    with database.reading() as session:
        found = session.scalar(select(StaffMember).where(StaffMember.login == login))
    if found is None or found.password_expires_at is None:
        return None
    if not password_matches(password, found.password_hash):
        return None
    return Made(found.id, login, password, found.password_expires_at)


def change_roles(
    session: Session, staff_id: str, roles: Collection[str], *, by: str, now: datetime
) -> None:
    """Give a colleague other roles, which hold from their next click on.

    Raises:
        Problem: ``staff_unknown`` (404), ``roles_missing`` (422), ``not_yourself``,
            ``last_administrator`` (409).
    """
    member = find_colleague(session, staff_id)
    given = _known(roles)
    if given == sorted(member.roles, key=_place):
        return
    _not_oneself(staff_id, by)
    if "administrator" not in given:
        _another_administrator(session, member)
    before, member.roles = list(member.roles), given
    append_event(
        session, at=now, actor=by, subject=("staff", staff_id), kind="roles_changed",
        before=before, after=given,
    )  # fmt: skip


def disable(session: Session, staff_id: str, *, by: str, now: datetime) -> None:
    """Let a colleague in no more, at once: every session of theirs ends. Again changes nothing.

    Raises:
        Problem: ``staff_unknown`` (404), ``not_yourself``, ``last_administrator`` (409).
    """
    member = find_colleague(session, staff_id)
    _not_oneself(staff_id, by)
    if member.disabled_at is not None:
        return
    _another_administrator(session, member)
    member.disabled_at = now
    end_sessions(session, staff_id, now)
    append_event(session, at=now, actor=by, subject=("staff", staff_id), kind="staff_disabled")


def enable(session: Session, staff_id: str, *, by: str, now: datetime) -> None:
    """Let a colleague in again, with the password and second factor they had."""
    member = find_colleague(session, staff_id)
    if member.disabled_at is not None:
        member.disabled_at = None
        append_event(session, at=now, actor=by, subject=("staff", staff_id), kind="staff_enabled")


def reset_sign_in(
    database: Database, staff_id: str, *, by: str, now: datetime, policy: PolicyView, once: str = ""
) -> Made:
    """Give a colleague a new one-time password; second factor, recovery codes and sessions are gone.

    ``once``: a page's mark; sent twice with it, the sign-in is reset once.

    Raises:
        Problem: ``staff_unknown`` (404), ``not_yourself`` (409).
    """
    _not_oneself(staff_id, by)
    password = new_one_time_password(once)
    with database.reading() as session:
        login = find_colleague(session, staff_id).login
    known = _made_before(database, login, password) if once else None
    if known is not None:
        return known
    hashed, until = hash_password(password), _until(now, policy)
    with database.transaction() as session:
        member = find_colleague(session, staff_id)
        member.password_hash, member.password_expires_at = hashed, until
        member.totp_secret = member.totp_next = None
        session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
        end_sessions(session, staff_id, now)
        append_event(session, at=now, actor=by, subject=("staff", staff_id), kind="sign_in_reset")
        return Made(staff_id, member.login, password, until)


def _until(now: datetime, policy: PolicyView) -> datetime:
    return now + timedelta(hours=policy.value("bank.staff.one_time_password_hours"))


def _known(roles: Collection[str]) -> list[str]:
    if not roles or not set(roles) <= set(ROLES):
        raise Problem("roles_missing", 422, f"Choose one or more of: {', '.join(ROLES)}.")
    return [role for role in ROLES if role in roles]


def _place(role: str) -> int:
    order: dict[str, int] = {known: place for place, known in enumerate(ROLES)}
    return order.get(role, len(order))


def _not_oneself(staff_id: str, by: str) -> None:
    if by == f"staff:{staff_id}":
        raise Problem("not_yourself", 409, "Another administrator has to do this for you.")


def _another_administrator(session: Session, member: StaffMember) -> None:
    """Refuse what would leave nobody to administer; raises ``Problem`` (409)."""
    role: Role = "administrator"
    if role not in member.roles or member.disabled_at is not None:
        return
    others = select(StaffMember).where(
        StaffMember.id != member.id, StaffMember.disabled_at.is_(None)
    )
    if not any(role in other.roles for other in session.scalars(others)):
        raise Problem("last_administrator", 409, "Nobody would be left to administer.")
