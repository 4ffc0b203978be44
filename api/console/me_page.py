"""What a colleague sets for themselves: password, second factor, recovery codes, language, keys, colours."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import func, select

from api.channels.limits import origin_of
from api.console.admission import AnyStaff, Staff
from api.console.frame import Frame
from api.console.models import StaffMember, StaffSession
from api.console.passwords import hash_password
from api.console.second_factor import new_recovery_codes, new_secret, recovery_codes_left
from api.console.sessions import end_sessions
from api.console.sign_in_page import TheDoorway, enrolment, why_not
from api.console.signing_in import set_password
from api.kit.audit import append_event
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/console/me", include_in_schema=False)

Password = Annotated[str, Form(max_length=2000)]


@router.get("")
def me(request: Request, staff: AnyStaff, done: str = "") -> HTMLResponse:
    """Show what can be set."""
    return _page(request, staff, done=done if done in ("password", "sessions") else "")


@router.post("/password")
def change_password(
    request: Request, staff: AnyStaff, doorway: TheDoorway, database: TheDatabase, clock: TheClock,
    current: Password = "", password: Password = "", again: Password = "",
) -> Response:  # fmt: skip
    """Change one's password, by the one that is; every other session of one's own ends."""
    if password != again:
        return _page(request, staff, part="password", why="differs", status=422)
    confirmed = doorway.confirms(staff.id, current, origin_of(request))
    if not confirmed.passed:
        return _page(request, staff, part="password", status=401, **why_not(confirmed))
    with database.reading() as session:
        weak = doorway.weakness(session.get_one(StaffMember, staff.id), password)
    if weak is not None or password == current:
        return _page(request, staff, part="password", why=weak or "same", status=422)
    hashed = hash_password(password)
    with database.transaction() as session:
        set_password(session, staff.id, hashed, clock.now(), but=staff.session_id)
    return RedirectResponse("/console/me?done=password", 303)


@router.post("/second-factor")
def another_factor(
    request: Request, staff: AnyStaff, doorway: TheDoorway, database: TheDatabase,
    current: Password = "",
) -> Response:  # fmt: skip
    """Begin to set up another authenticator; the one that is counts until the other has shown a code."""
    confirmed = doorway.confirms(staff.id, current, origin_of(request))
    if not confirmed.passed:
        return _page(request, staff, part="factor", status=401, **why_not(confirmed))
    with database.transaction() as session:
        session.get_one(StaffMember, staff.id).totp_next = new_secret()
    return RedirectResponse("/console/me/second-factor", 303)


@router.get("/second-factor")
def show_factor(request: Request, staff: AnyStaff) -> Response:
    """Show the authenticator that is being set up; where there is none, go back."""
    return _factor_page(request, staff)


@router.post("/second-factor/code")
def confirm_factor(
    request: Request,
    staff: AnyStaff,
    doorway: TheDoorway,
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take the first code of another authenticator; new recovery codes are shown, once."""
    outcome = doorway.changes_factor(staff.id, code, origin_of(request))
    if not outcome.passed:
        return _factor_page(request, staff, status=401, **why_not(outcome))
    return _codes(request, staff, outcome.recovery_codes)


@router.post("/recovery-codes")
def another_set(
    request: Request, staff: AnyStaff, doorway: TheDoorway, database: TheDatabase, clock: TheClock,
    current: Password = "",
) -> Response:  # fmt: skip
    """Make new recovery codes in the place of the old, and show them, once."""
    confirmed = doorway.confirms(staff.id, current, origin_of(request))
    if not confirmed.passed:
        return _page(request, staff, part="codes", status=401, **why_not(confirmed))
    count = request.app.state.policy.on(clock.today()).value("bank.staff.recovery_codes")
    with database.transaction() as session:
        codes = tuple(new_recovery_codes(session, staff.id, count))
        append_event(
            session, at=clock.now(), actor=staff.actor, subject=("staff", staff.id),
            kind="recovery_codes_made",
        )  # fmt: skip
    return _codes(request, staff, codes)


@router.post("/end-sessions")
def sign_out_elsewhere(staff: AnyStaff, database: TheDatabase, clock: TheClock) -> RedirectResponse:
    """End every other session of one's own."""
    with database.transaction() as session:
        end_sessions(session, staff.id, clock.now(), but=staff.session_id)
        append_event(
            session, at=clock.now(), actor=staff.actor, subject=("staff", staff.id),
            kind="sessions_ended",
        )  # fmt: skip
    return RedirectResponse("/console/me?done=sessions", 303)


def _page(
    request: Request, staff: Staff, *, part: str = "", why: str | None = None, until: str = "",
    done: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    state = request.app.state
    frame: Frame = state.console
    with state.database.reading() as session:
        left = recovery_codes_left(session, staff.id)
        member = session.get_one(StaffMember, staff.id)
        others = session.scalar(
            select(func.count()).where(
                StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None),
                StaffSession.admitted_at.is_not(None), StaffSession.expires_at > state.clock.now(),
                StaffSession.id != staff.session_id,
            )
        )  # fmt: skip
    return frame.page(
        request, "me/me.html", staff, here="me", title=str(frame.words[staff.locale]("me.title")),
        status=status, left=left, others=others or 0, login=member.login, part=part, why=why,
        until=until, done=done,
        shortest=state.policy.on(state.clock.today()).value("bank.staff.password_length"),
    )  # fmt: skip


def _factor_page(request: Request, staff: Staff, *, status: int = 200, **why: Any) -> Response:
    state = request.app.state
    frame: Frame = state.console
    with state.database.reading() as session:
        member = session.get_one(StaffMember, staff.id)
    if member.totp_next is None:
        return RedirectResponse("/console/me", 303)
    return frame.page(
        request, "me/second_factor.html", staff, here="me",
        title=str(frame.words[staff.locale]("me.factor")), status=status,
        **{"why": None, "until": "", **enrolment(request, member), **why},
    )  # fmt: skip


def _codes(request: Request, staff: Staff, codes: tuple[str, ...]) -> HTMLResponse:
    frame: Frame = request.app.state.console
    title = str(frame.words[staff.locale]("me.codes"))
    return frame.page(request, "me/recovery_codes.html", staff, here="me", title=title, codes=codes)
