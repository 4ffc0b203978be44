"""What a colleague does on a case: each act has a form, shown in a layer or as a page, and does one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from api.console.admission import CaseWorker, Staff
from api.console.case_acts import ACTS, as_typed, asked_by, given_facts, planned
from api.console.case_hearing import heard_in
from api.console.case_page import NO_STORE, CaseId, parts_answer, view_of
from api.console.case_screen import full_screen
from api.console.desk import Desk, TheDesk, colleague_of
from api.console.models import StaffMember
from api.conversations.call_backs import CallTime, made, schedule
from api.conversations.case_notes import add_note
from api.conversations.colleagues import Colleague
from api.conversations.floor import close, give_up, hand_back, reassign
from api.conversations.models import CallBack, Case
from api.conversations.proposing import ask_for_approval, propose_plan, write_down
from api.conversations.resolving import mark_vulnerable, pause_contact, resolve
from api.conversations.transcript import CONVERSATION
from api.followup.withdrawing import withdraw_for
from api.kit.db import after_commit
from api.kit.errors import Problem

__all__ = ["router"]

router = APIRouter(prefix="/console/cases/{case_id}/acts", include_in_schema=False)

ActName = Annotated[str, Path(pattern="^[a-z-]{1,20}$")]
Given = dict[str, str]
LONGEST_FIELD = 4_000


def _known(act: str) -> str:
    if act not in ACTS:
        raise Problem("not_found", 404, "There is no such act.")
    return act


@router.get("/{act}")
async def act_form(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId, act: ActName
) -> Response:
    """Show what an act asks before it is done."""
    given: Given = {
        name: value for name, value in request.query_params.items() if len(value) <= LONGEST_FIELD
    }
    if _known(act) in ("facts", "recompute") and given.get("heard", "").isdecimal():
        facts = await heard_in(request, staff, desk, case_id, int(given["heard"][:9]))
        given |= {one.field: as_typed(one.value) for one in facts}
        given["heard_fields"] = " ".join(one.field for one in facts)
    if act == "recompute":
        given.setdefault("try", "yes")
    return await run_in_threadpool(_form, request, staff, desk, case_id, act, given)


def _form(
    request: Request, staff: Staff, desk: Desk, case_id: int, act: str, given: Given,
    *, said: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """Render an act's form with what is filled in, and with what stood in its way."""
    with desk.database.reading() as session:
        view = view_of(session, case_id, staff, desk)
        screen = full_screen(session, view, staff, desk)
        shown = asked_by(act, session, view, staff, desk, given)
    template = "facts" if act == "recompute" else act
    html = desk.frame.part(
        f"desk/acts/{template}.html", staff, screen=screen, act=act, said=said,
        name=template.replace("-", "_"), **shown,
    )  # fmt: skip
    if "hx-request" in request.headers:
        return HTMLResponse(html, status, headers=NO_STORE)
    return desk.frame.page(
        request, "desk/act_page.html", staff, here="cases", status=status,
        title=desk.frame.words[staff.locale](f"case.act_title.{template.replace('-', '_')}"),
        screen=screen, form=Markup(html),  # noqa: S704 - rendered by our own template
    )  # fmt: skip


@router.post("/{act}")
async def act(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId, act: ActName
) -> Response:
    """Do it; where something stands in the way, the form comes back with the words still in it."""
    form = await request.form()
    given: Given = {
        name: value[:LONGEST_FIELD] for name, value in form.items() if isinstance(value, str)
    }
    return await run_in_threadpool(_do, request, staff, desk, case_id, _known(act), given)


def _do(
    request: Request, staff: Staff, desk: Desk, case_id: int, act: str, given: Given
) -> Response:
    if given.get("try"):
        return _form(request, staff, desk, case_id, act, given)
    try:
        with desk.database.transaction() as session:
            view = view_of(session, case_id, staff, desk)
            if act in ("facts", "recompute"):
                told = given_facts(given)
                if planned(session, view, staff, desk, told, "collector")["refused"]:
                    raise Problem("facts_refused", 422, "Some of these cannot be facts.")
            DOES[act](session, case_id, colleague_of(staff), given, desk)
            after_commit(session, CONVERSATION, view.conversation.id)
    except Problem as problem:
        if problem.status in (401, 404) or problem.code == "not_yours":
            raise
        said = desk.frame.problem_words(problem, staff.locale)
        return _form(
            request, staff, desk, case_id, act, {**given, "refused": "yes"}, said=said,
            status=problem.status,
        )  # fmt: skip
    if "hx-request" in request.headers:
        return parts_answer(desk, staff, case_id)
    return RedirectResponse(f"/console/cases/{case_id}", 303)


Does = Callable[[Session, int, Colleague, Given, Desk], Any]


def _note(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    add_note(session, case_id, by, given.get("text", ""), now=desk.now, policy=desk.policy)


def _hand_back(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    seen = given.get("seen", "")
    hand_back(
        session, case_id, by, desk.now, desk.policy, given.get("agreed", ""),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )  # fmt: skip


def _close(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    close(session, case_id, by, given.get("outcome", ""), desk.now, desk.policy)


def _give_up(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    del given
    give_up(session, case_id, by, desk.now, desk.policy)


def _reassign(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    member = session.get(StaffMember, given.get("to", ""))
    if member is None or member.disabled_at is not None:
        raise Problem("colleague_unknown", 422, "There is no such colleague.")
    to = Colleague(member.id, member.name, frozenset(member.roles))
    reassign(session, case_id, to, by, desk.now, desk.policy)


def _pause(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    try:
        until = date.fromisoformat(given.get("until", ""))
    except ValueError as error:
        raise Problem("pause_absurd", 422, "That is no day.") from error
    pause_contact(session, case_id, by, until, now=desk.now, policy=desk.policy)


def _withdraw(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    try:
        received = date.fromisoformat(given.get("received_on", ""))
    except ValueError as error:
        raise Problem("day_invalid", 422, "That is no day.") from error
    withdraw_for(session, case_id, by, received, now=desk.now, policy=desk.policy)


def _care(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    del given
    mark_vulnerable(session, case_id, by, now=desk.now, policy=desk.policy)


def _matter(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    resolve(session, case_id, by, given.get("finding", ""), now=desk.now, policy=desk.policy)


def _call_back(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    start, _, end = given.get("slot", "").partition("/")
    try:
        chosen = CallTime(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except ValueError as error:
        raise Problem("time_not_free", 409, "That is no time.") from error
    schedule(session, case_id, by, chosen, now=desk.now, policy=desk.policy)


def _call_made(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    call = session.get(CallBack, given.get("call", ""))
    case = session.get_one(Case, case_id)
    if call is None or call.conversation_id != case.conversation_id:
        raise Problem("call_back_unknown", 404, "There is no such call.")
    if given.get("outcome") not in ("connected", "unanswered"):
        raise Problem("outcome_unknown", 422, "There is no such outcome.")
    outcome: Literal["connected", "unanswered"] = (
        "connected" if given["outcome"] == "connected" else "unanswered"
    )
    made(session, call.id, by, outcome, now=desk.now, policy=desk.policy)


def _propose(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    del given
    propose_plan(session, case_id, by, now=desk.now, policy=desk.policy)


def _approval(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    if not given.get("why", "").strip():
        raise Problem("why_missing", 422, "Say why.")
    ask_for_approval(session, case_id, by, given["why"].strip(), now=desk.now, policy=desk.policy)


def _facts(session: Session, case_id: int, by: Colleague, given: Given, desk: Desk) -> None:
    write_down(
        session, case_id, by, given_facts(given), now=desk.now, policy=desk.policy,
        agreed_to_be_asked=given.get("agreed_to_be_asked") == "yes",
    )  # fmt: skip


DOES: Mapping[str, Does] = {
    "note": _note,
    "hand-back": _hand_back,
    "close": _close,
    "give-up": _give_up,
    "reassign": _reassign,
    "pause": _pause,
    "withdraw": _withdraw,
    "care": _care,
    "matter": _matter,
    "call-back": _call_back,
    "call-made": _call_made,
    "propose": _propose,
    "approval": _approval,
    "facts": _facts,
    "recompute": _facts,
}
