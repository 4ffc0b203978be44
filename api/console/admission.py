"""Who may come in: the dependency by which each staff route says which roles it admits.

An unsafe call also shows the session's CSRF token, in the form field ``csrf`` or the header
``X-CSRF-Token``. Roles are read with every call, so that what an administrator changes holds at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, cast, get_args

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.console.models import StaffMember, StaffSession
from api.console.sessions import SEEN_EVERY, SessionRules, find_session
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import matches

__all__ = [
    "COOKIE",
    "ROLES",
    "Administrator",
    "Admission",
    "AnyStaff",
    "Auditor",
    "Care",
    "CaseWorker",
    "Collector",
    "Role",
    "Staff",
    "Supervisor",
    "admits",
    "still_signed_in",
]

Role = Literal["collector", "supervisor", "care", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

COOKIE = "console"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
UNATTENDED = "x-unattended"
"""A page says by this header that no person asked (a refresh by itself): it keeps no session alive."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Staff:
    """A signed-in colleague, as routes and pages know them."""

    id: str
    name: str
    roles: frozenset[Role]
    locale: Literal["zh", "en"]
    csrf: str
    session_id: str = ""

    @property
    def actor(self) -> str:
        """How events name them."""
        return f"staff:{self.id}"

    def may(self, *roles: Role) -> bool:
        """Return whether they have any of these roles."""
        return bool(self.roles.intersection(roles))


def staff_of(member: StaffMember, found: StaffSession) -> Staff:
    """Return a colleague's session as the routes know it."""
    return Staff(
        id=member.id,
        name=member.name,
        roles=frozenset(cast(list[Role], member.roles)),
        locale="en" if member.locale == "en" else "zh",
        csrf=found.csrf,
        session_id=found.id,
    )


def not_signed_in() -> Problem:
    """Return the refusal of whoever has no session; a page leads to the sign-in instead."""
    return Problem("not_signed_in", 401, "Sign in to the console first.")


def admitted(request: Request, *, touch: bool) -> Staff | None:
    """Return who is signed in, or ``None``; ``touch`` notes that the session was used just now."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    clock: Clock = request.app.state.clock
    database: Database = request.app.state.database
    now = clock.now()
    rules = SessionRules.of(request.app.state.policy.on(clock.today()))
    with database.reading() as session:
        row = find_session(session, token, now, rules)
    if row is None or row[0].admitted_at is None:
        return None
    if touch and now - row[0].seen_at >= SEEN_EVERY:
        _touch(database, row[0].id, now)
    return staff_of(row[1], row[0])


def _touch(database: Database, session_id: str, now: datetime) -> None:
    with database.transaction() as session:
        session.get_one(StaffSession, session_id).seen_at = now


class Admission:
    """Admits colleagues who have one of ``roles``; anybody signed in where there are none."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Staff:
        """Return who is calling.

        Raises:
            Problem: ``not_signed_in`` (401), ``not_permitted`` (403), ``csrf_missing`` (403).
        """
        touch = UNATTENDED not in request.headers
        staff = await run_in_threadpool(admitted, request, touch=touch)
        if staff is None:
            raise not_signed_in()
        if self.roles and not staff.may(*self.roles):
            raise Problem("not_permitted", 403, "This is for colleagues with another role.")
        await require_csrf(request, staff.csrf)
        return staff


async def require_csrf(request: Request, expected: str) -> None:
    """Refuse an unsafe call that does not show the session's token; raises ``Problem`` (403)."""
    if request.method in SAFE:
        return
    shown = request.headers.get(CSRF_HEADER, "")
    kind = request.headers.get("content-type", "")
    if not shown and kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        field = (await request.form()).get(CSRF_FIELD)
        shown = field if isinstance(field, str) else ""
    if not matches(shown, expected):
        raise Problem("csrf_missing", 403, "This page is too old. Load it again and repeat.")


def admits(*roles: Role) -> Admission:
    """Return the dependency that admits these roles (any signed-in colleague when none is named)."""
    return Admission(*roles)


def still_signed_in(request: Request, staff: Staff) -> bool:
    """Return whether the session of a long answer (a stream) still stands; keeps nothing alive."""
    found = admitted(request, touch=False)
    return found is not None and found.session_id == staff.session_id


AnyStaff = Annotated[Staff, Depends(admits())]
Collector = Annotated[Staff, Depends(admits("collector", "supervisor"))]
Care = Annotated[Staff, Depends(admits("care"))]
CaseWorker = Annotated[Staff, Depends(admits("collector", "supervisor", "care"))]
"""Whoever works with cases; what of a case each may see is decided where it is read."""
Supervisor = Annotated[Staff, Depends(admits("supervisor"))]
Administrator = Annotated[Staff, Depends(admits("administrator"))]
Auditor = Annotated[Staff, Depends(admits("supervisor", "administrator"))]
