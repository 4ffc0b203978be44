"""Staff administration: who works here, in which roles; adding, disabling and resetting sign-ins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.console.admission import ROLES, Administrator, Staff
from api.console.frame import Frame
from api.console.models import StaffMember, StaffSession
from api.console.staffing import (
    Made,
    add_colleague,
    change_roles,
    colleagues,
    disable,
    enable,
    find_colleague,
    reset_sign_in,
)
from api.kit.errors import Problem
from api.kit.secrecy import new_token
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView

__all__ = ["router"]

router = APIRouter(prefix="/console/staff", include_in_schema=False)

Once = Annotated[str, Form(min_length=16, max_length=80)]
Roles = Annotated[list[str], Form(alias="role", default_factory=list)]
SHOWN_AGAIN = frozenset({"login_invalid", "name_invalid", "roles_missing", "login_taken"})
"""Refusals after which the form comes back with what was written, and says what to change."""


@router.get("")
def everybody(request: Request, staff: Administrator, database: TheDatabase) -> HTMLResponse:
    """List the colleagues, and ask for a new one."""
    return _list(request, staff)


def _list(
    request: Request, staff: Staff, *, status: int = 200, why: Problem | None = None,
    login: str = "", name: str = "", roles: tuple[str, ...] = (),
) -> HTMLResponse:  # fmt: skip
    frame: Frame = request.app.state.console
    with request.app.state.database.reading() as session:
        everyone, last = colleagues(session), _last_seen(session)
    return _page(
        request, staff, "list.html", status=status, everyone=everyone, last=last, known=ROLES,
        once=new_token(), why=frame.problem_words(why, staff.locale) if why else None, login=login,
        name=name, chosen=roles, now_at=request.app.state.clock.now(),
    )  # fmt: skip


def _last_seen(session: Session) -> dict[str, Any]:
    found = select(StaffSession.staff_id, func.max(StaffSession.seen_at)).where(
        StaffSession.admitted_at.is_not(None)
    )
    return {row[0]: row[1] for row in session.execute(found.group_by(StaffSession.staff_id))}


@router.post("")
def add(
    request: Request, staff: Administrator, database: TheDatabase, clock: TheClock, once: Once,
    roles: Roles, login: Annotated[str, Form(max_length=200)] = "", name: Annotated[str, Form(max_length=200)] = "",
    locale: Annotated[Literal["zh", "en"], Form()] = "zh",
) -> HTMLResponse:  # fmt: skip
    """Add a colleague and show the one-time password, once."""
    try:
        made = add_colleague(
            database, login=login, name=name, roles=roles, locale=locale, by=staff.actor,
            now=clock.now(), policy=_policy(request), once=f"{staff.session_id} {once}",
        )  # fmt: skip
    except Problem as problem:
        if problem.code not in SHOWN_AGAIN:
            raise
        return _list(
            request, staff, status=problem.status, why=problem, login=login, name=name,
            roles=tuple(roles),
        )  # fmt: skip
    return _colleague(request, staff, made.staff_id, made=made)


@router.get("/{staff_id}")
def one(request: Request, staff_id: str, staff: Administrator) -> HTMLResponse:
    """Show a colleague's roles and how they sign in."""
    return _colleague(request, staff, staff_id)


def _colleague(
    request: Request, staff: Staff, staff_id: str, *, made: Made | None = None
) -> HTMLResponse:
    with request.app.state.database.reading() as session:
        member: StaffMember = find_colleague(session, staff_id)
        last = _last_seen(session).get(staff_id)
    return _page(
        request, staff, "colleague.html", member=member, made=made, known=ROLES, last=last,
        once=new_token(), oneself=staff.id == staff_id, now_at=request.app.state.clock.now(),
    )  # fmt: skip


@router.post("/{staff_id}/roles")
def roles(
    staff_id: str, staff: Administrator, database: TheDatabase, clock: TheClock, chosen: Roles
) -> RedirectResponse:
    """Give a colleague other roles."""
    with database.transaction() as session:
        change_roles(session, staff_id, chosen, by=staff.actor, now=clock.now())
    return _back(staff_id)


@router.post("/{staff_id}/disable")
def let_in_no_more(
    staff_id: str, staff: Administrator, database: TheDatabase, clock: TheClock
) -> RedirectResponse:
    """Let a colleague in no more, at once."""
    with database.transaction() as session:
        disable(session, staff_id, by=staff.actor, now=clock.now())
    return _back(staff_id)


@router.post("/{staff_id}/enable")
def let_in_again(
    staff_id: str, staff: Administrator, database: TheDatabase, clock: TheClock
) -> RedirectResponse:
    """Let a colleague in again."""
    with database.transaction() as session:
        enable(session, staff_id, by=staff.actor, now=clock.now())
    return _back(staff_id)


@router.post("/{staff_id}/reset")
def reset(
    request: Request, staff_id: str, staff: Administrator, database: TheDatabase, clock: TheClock,
    once: Once,
) -> HTMLResponse:  # fmt: skip
    """Give a colleague a new one-time password and show it, once."""
    made = reset_sign_in(
        database, staff_id, by=staff.actor, now=clock.now(), policy=_policy(request),
        once=f"{staff.session_id} {once}",
    )  # fmt: skip
    return _colleague(request, staff, staff_id, made=made)


def _policy(request: Request) -> PolicyView:
    view: PolicyView = request.app.state.policy.on(request.app.state.clock.today())
    return view


def _back(staff_id: str) -> RedirectResponse:
    return RedirectResponse(f"/console/staff/{staff_id}", 303)


def _page(
    request: Request, staff: Staff, template: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    frame: Frame = request.app.state.console
    title = str(frame.words[staff.locale]("staff.title"))
    return frame.page(
        request, f"staff/{template}", staff, here="staff", title=title, status=status, **context
    )
