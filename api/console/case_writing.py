"""Answering the person: what one types is checked as it is typed, and said once, or not at all and kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.console.admission import CaseWorker, Staff
from api.console.case_page import NO_STORE, CaseId, show_case, view_of
from api.console.case_parts import look_at
from api.console.case_talk import LANG_TAGS
from api.console.desk import Desk, TheDesk, colleague_of
from api.conversations.accepting import printable
from api.conversations.conduct import findings, rules_of
from api.conversations.floor import say
from api.kit.errors import Problem

__all__ = ["router"]

router = APIRouter(prefix="/console/cases", include_in_schema=False)

ClientId = Annotated[str, Form(min_length=1, max_length=80, pattern=r"^[!-~]+$")]

LONGEST_TYPED = 4_000


@router.post("/{case_id}/lint")
def lint(
    staff: CaseWorker, desk: TheDesk, case_id: CaseId,
    text: Annotated[str, Form(max_length=LONGEST_TYPED)] = "",
) -> HTMLResponse:  # fmt: skip
    """Say what may not be said of what is being typed, by which rule, and what may. Nothing is kept."""
    with desk.database.reading() as session:
        view = view_of(session, case_id, staff, desk)
    rules = rules_of(desk.policy, identified=view.identified, care=view.care)
    found = [one.document() for one in findings(text, view.conversation.locale, rules)]
    html = _lint_part(desk, staff, LANG_TAGS[view.conversation.locale], found)
    return HTMLResponse(html, headers=NO_STORE)


def _lint_part(desk: Desk, staff: Staff, lang_tag: str, found: list[dict[str, Any]]) -> str:
    screen = {"lang_tag": lang_tag}
    return desk.frame.part(
        "desk/_lint.html", staff, findings=_in_words(found, staff), screen=screen
    )


def _in_words(found: list[dict[str, Any]], staff: Staff) -> list[dict[str, Any]]:
    """Return findings with the reason in the colleague's language."""
    return [{**one, "why": one["why"][staff.locale]} for one in found]


@router.post("/{case_id}/messages")
def send(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId,
    client_message_id: ClientId, text: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Answer the person, once for each ``client_message_id``; what may not be said is not sent, and kept."""
    with desk.database.reading() as session:
        view_of(session, case_id, staff, desk)
    try:
        with desk.database.transaction() as session:
            message = say(
                session, case_id, colleague_of(staff), text, now=desk.now, policy=desk.policy,
                client_message_id=client_message_id,
            )  # fmt: skip
    except Problem as problem:
        return _not_sent(request, staff, desk, case_id, problem, text)
    same = message.text == printable(text)  # what was said under this id before may be other words
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/console/cases/{case_id}", 303)
    told = f'{{"said": {{"seq": {message.seq}, "same": {str(same).lower()}}}}}'
    return HTMLResponse("", headers={**NO_STORE, "HX-Trigger": told})


def _not_sent(
    request: Request, staff: Staff, desk: Desk, case_id: int, problem: Problem, text: str
) -> Response:
    """Say why it was not sent; the words typed stay where they are, with scripts and without."""
    found: list[dict[str, Any]] = problem.extra.get("findings", [])
    said = desk.frame.part(
        "desk/_not_sent.html", staff, said=desk.frame.problem_words(problem, staff.locale)
    )
    scripted = "hx-request" in request.headers
    if scripted and not found:
        return HTMLResponse(said, problem.status, headers=NO_STORE)
    with desk.database.reading() as session:
        look = look_at(session, case_id, staff, desk)
    if scripted:
        html = _lint_part(desk, staff, look.screen["lang_tag"], found)
        return HTMLResponse(html, problem.status, headers={**NO_STORE, "HX-Retarget": "#lint"})
    return show_case(
        request, staff, desk, look, typed=text, found=_in_words(found, staff), said=said,
        status=problem.status,
    )  # fmt: skip
