"""The console's front door, and what every colleague sets for themselves: language, sign-out."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.console.admission import COOKIE, AnyStaff
from api.console.error_page import safe_next
from api.console.frame import Frame
from api.console.models import StaffMember, StaffSession
from api.kit.audit import append_event
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/console", include_in_schema=False)


@router.get("")
def front(request: Request, staff: AnyStaff) -> RedirectResponse:
    """Lead to the first place of the rail that the colleague's roles have."""
    frame: Frame = request.app.state.console
    places = [place.path for place in frame.rail if place.roles & staff.roles]
    return RedirectResponse(places[0] if places else "/console/me", 303)


@router.get("/session")
def still_in(staff: AnyStaff) -> Response:
    """Answer that the session stands; a page asks this before its time is up."""
    del staff
    return Response(status_code=204)


@router.post("/locale")
def change_locale(
    staff: AnyStaff,
    database: TheDatabase,
    locale: Annotated[Literal["zh", "en"], Form()],
    then: Annotated[str, Form(alias="next")] = "/console",
) -> RedirectResponse:
    """Go on in another language."""
    with database.transaction() as session:
        session.get_one(StaffMember, staff.id).locale = locale
    return RedirectResponse(safe_next(then), 303)


@router.post("/sign-out")
def sign_out(staff: AnyStaff, database: TheDatabase, clock: TheClock) -> RedirectResponse:
    """End the session everywhere it is known, and take the cookie back."""
    now = clock.now()
    with database.transaction() as session:
        session.get_one(StaffSession, staff.session_id).ended_at = now
        append_event(
            session, at=now, actor=staff.actor, subject=("staff", staff.id), kind="signed_out"
        )
    answer = RedirectResponse(f"/console/sign-in?lang={staff.locale}", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    answer.delete_cookie(COOKIE, path="/console")
    return answer
