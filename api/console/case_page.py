"""One case: everything of it on one screen, live; taking it, and answering the person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.agreements.proofs import proof_of_offers
from api.agreements.records import ledger_entry
from api.channels.hearing import HeardFact, hear
from api.console.admission import CaseWorker, Staff
from api.console.case_means import FACTS, fact_words
from api.console.case_parts import CaseLook, changed_parts, look_at, new_records, quick_mark
from api.console.case_talk import LANG_TAGS
from api.console.desk import LOOK_SECONDS, Desk, TheDesk, colleague_of, signed_in
from api.console.seen import note_seen
from api.conversations.accepting import printable
from api.conversations.case_view import CaseView, case_view
from api.conversations.conduct import findings, rules_of
from api.conversations.floor import say, take
from api.conversations.models import Message
from api.conversations.writer import Writer
from api.followup.progress import latest_agreement
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.secrecy import new_id

__all__ = ["CaseId", "parts_answer", "router"]

router = APIRouter(prefix="/console/cases", include_in_schema=False)

CaseId = Annotated[int, Path(ge=1, le=2**31)]
ClientId = Annotated[str, Form(min_length=1, max_length=80, pattern=r"^[!-~]+$")]

SHOWN_RECORDS = 40
"""How many of the newest records a page shows at once; those before are a press away."""
LONGEST_TYPED = 4_000

NO_STORE = {"Cache-Control": "no-store"}


def _view(desk: Desk, staff: Staff, case_id: int, session: Any) -> CaseView:
    return case_view(session, case_id, colleague_of(staff), now=desk.now, policy=desk.policy)


@router.get("/{case_id}")
def case_page(request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> HTMLResponse:
    """Show a case. That it was opened is on record."""
    with desk.database.transaction() as session:
        view = _view(desk, staff, case_id, session)
        note_seen(session, staff, ("case", str(case_id)), person=view.case.person_id, now=desk.now)
        look = look_at(session, case_id, staff, desk, view=view)
    return show_case(request, staff, desk, look)


def show_case(
    request: Request, staff: Staff, desk: Desk, look: CaseLook, *, typed: str = "",
    found: list[dict[str, Any]] | None = None, said: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """Render the page of a case; ``typed``, ``found`` and ``said`` are what came of a form without scripts."""
    everything = "all" in request.query_params
    shown = look.records if everything else look.records[-SHOWN_RECORDS:]
    hidden = len(look.records) - len(shown)
    w = desk.frame.words[staff.locale]
    keys = [
        ("T", "take", True), ("W", "write", True), ("R", "recompute", True), ("P", "propose", False),
        ("A", "approval", False), ("E", "facts", False), ("N", "note", True), ("B", "call_back", False),
        ("S", "pause", False), ("V", "care", False), ("D", "matter", False), ("L", "parallel", True),
        ("M", "reassign", False), ("U", "give_up", False), ("H", "hand_back", True), ("X", "close", True),
    ]  # fmt: skip
    named = [(key, w(f"case.keys.{name}"), bar) for key, name, bar in keys]
    named += [
        ("Ctrl Enter", w("case.keys.send"), False),
        ("Alt 1 2 3", w("case.keys.suggestion"), False),
        ("Alt 0", w("case.keys.kinder"), False),
    ]
    return desk.frame.page(
        request, "desk/case.html", staff, here="cases", status=status,
        title=w("case.title_n", number=look.screen["reference"]), screen=look.screen, records=shown,
        earlier={"before": shown[0]["seq"], "count": hidden} if hidden else None, have=look.mark,
        parallel_first=look.screen["language"] != staff.locale, fresh_id=new_id("w"), typed=typed,
        findings=found or [], sent=said, case_keys=named,
    )  # fmt: skip


@router.get("/{case_id}/earlier")
def earlier(staff: CaseWorker, desk: TheDesk, case_id: CaseId, before: int) -> HTMLResponse:
    """Return the records before those that the page shows."""
    with desk.database.reading() as session:
        look = look_at(session, case_id, staff, desk)
    return HTMLResponse(
        "".join(new_records(look, 0, staff, desk, up_to=before - 1)), headers=NO_STORE
    )


@router.get("/{case_id}/stream")
async def stream(
    request: Request,
    staff: CaseWorker,
    desk: TheDesk,
    case_id: CaseId,
    have: str = "",
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Stream what changes on a case's page: new records, and each part that shows something else."""
    known = last_event_id or have
    conversation_id = await run_in_threadpool(_conversation_of, desk, staff, case_id)

    async def parts() -> AsyncIterator[dict[str, str]]:
        shown: CaseLook | None = None
        mark: tuple[Any, ...] = ()
        seq = _seq_in(known)
        idle = 0
        with desk.live.reading(conversation_id, by_staff=True) as wait:
            while not await request.is_disconnected():
                if not await signed_in(request, staff):
                    return
                newest = await run_in_threadpool(_mark, desk, case_id)
                idle += 1
                if newest != mark or idle >= LOOK_AGAIN:
                    mark, idle = newest, 0
                    try:
                        look, html = await run_in_threadpool(
                            _changes, desk, staff, case_id, shown, seq, known
                        )
                    except (
                        Problem
                    ):  # it is no longer theirs to see: the page says so when it is used
                        return
                    shown, seq = look, max(seq, look.last_seq)
                    if html:
                        yield {"event": "case", "id": look.mark, "data": html}
                if request.app.state.stopping.is_set():
                    return
                await wait(LOOK_SECONDS)

    return EventSourceResponse(parts(), ping=15)


LOOK_AGAIN = 20
"""Rounds after which a page is looked at though nothing was written: times go by, and what may be done."""


def _seq_in(mark: str) -> int:
    head = mark.partition("-")[0]
    return int(head) if head.isdecimal() and len(head) <= 9 else 0


def _conversation_of(desk: Desk, staff: Staff, case_id: int) -> str:
    with desk.database.reading() as session:
        return _view(desk, staff, case_id, session).conversation.id


def _mark(desk: Desk, case_id: int) -> tuple[Any, ...]:
    with desk.database.reading() as session:
        return quick_mark(session, case_id)


def _changes(
    desk: Desk, staff: Staff, case_id: int, shown: CaseLook | None, seq: int, known: str
) -> tuple[CaseLook, str]:
    with desk.database.reading() as session:
        look = look_at(session, case_id, staff, desk)
    if shown is None and look.mark == known:
        return look, ""
    fresh = "".join(new_records(look, seq, staff, desk))
    log = f'<div hx-swap-oob="beforebegin:#log-end">{fresh}</div>' if fresh else ""
    return look, log + changed_parts(shown, look, staff, desk)


def parts_answer(desk: Desk, staff: Staff, case_id: int, trigger: str = "acted") -> HTMLResponse:
    """Return a case's parts as they are now, for the page of whoever has just changed it."""
    with desk.database.reading() as session:
        look = look_at(session, case_id, staff, desk)
    html = changed_parts(None, look, staff, desk)
    return HTMLResponse(html, headers={**NO_STORE, "HX-Trigger": trigger, "HX-Reswap": "none"})


@router.post("/{case_id}/take")
def take_case(request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> Response:
    """Take a case: from now on the colleague answers, and the assistant says nothing."""
    with desk.database.transaction() as session:
        _view(desk, staff, case_id, session)
        take(session, case_id, colleague_of(staff), desk.now, desk.policy)
    if "hx-request" in request.headers:
        return parts_answer(desk, staff, case_id, "taken")
    return RedirectResponse(f"/console/cases/{case_id}", 303)


@router.post("/{case_id}/lint")
def lint(
    staff: CaseWorker, desk: TheDesk, case_id: CaseId,
    text: Annotated[str, Form(max_length=LONGEST_TYPED)] = "",
) -> HTMLResponse:  # fmt: skip
    """Say what may not be said of what is being typed, by which rule, and what may. Nothing is kept."""
    with desk.database.reading() as session:
        view = _view(desk, staff, case_id, session)
    rules = rules_of(desk.policy, identified=view.identified, care=view.care)
    found = [one.document() for one in findings(text, view.conversation.locale, rules)]
    html = _lint_part(desk, staff, LANG_TAGS[view.conversation.locale], found)
    return HTMLResponse(html, headers=NO_STORE)


def _lint_part(desk: Desk, staff: Staff, lang_tag: str, found: list[dict[str, Any]]) -> str:
    screen = {"lang_tag": lang_tag}
    return desk.frame.part("desk/_lint.html", staff, findings=in_words(found, staff), screen=screen)


def in_words(found: list[dict[str, Any]], staff: Staff) -> list[dict[str, Any]]:
    """Return findings with the reason in the colleague's language."""
    return [{**one, "why": one["why"][staff.locale]} for one in found]


@router.post("/{case_id}/messages")
def send(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId,
    client_message_id: ClientId, text: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Answer the person, once for each ``client_message_id``; what may not be said is not sent, and kept."""
    with desk.database.reading() as session:
        _view(desk, staff, case_id, session)
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
        request, staff, desk, look, typed=text, found=in_words(found, staff), said=said,
        status=problem.status,
    )  # fmt: skip


@router.get("/{case_id}/heard/{seq}")
async def heard(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId, seq: int
) -> HTMLResponse:
    """Propose the facts that are heard in one message of the person; a colleague confirms them or not."""

    def written() -> tuple[str, CaseView]:
        with desk.database.reading() as session:
            view = _view(desk, staff, case_id, session)
            text = session.scalar(
                select(Message.text).where(
                    Message.conversation_id == view.conversation.id, Message.seq == seq,
                    Message.speaker == "person",
                )
            )  # fmt: skip
            return text or "", view

    text, view = await run_in_threadpool(written)
    facts = await hear(request.app.state.assistant, text, clock=desk.clock, policy=desk.policy)
    chips = [one for one in facts if view.facts.get(one.field) != one.value]
    html = await run_in_threadpool(_chips, desk, staff, case_id, seq, chips)
    return HTMLResponse(html, headers=NO_STORE)


def _chips(desk: Desk, staff: Staff, case_id: int, seq: int, facts: list[HeardFact]) -> str:
    w = desk.frame.words[staff.locale]
    writer = Writer(staff.locale, local_date(desk.now), desk.policy)
    chips = [
        {"label": w(f"case.fact.{one.field}"), "words": fact_words(one.field, one.value, w, writer)}
        for one in facts
        if one.field in FACTS
    ]
    return desk.frame.part("desk/_heard.html", staff, chips=chips, seq=seq, screen={"id": case_id})


@router.get("/{case_id}/proof.json")
def proof(staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> Response:
    """Return the proof of the newest calculation: anybody can compute it again."""
    with desk.database.reading() as session:
        view = _view(desk, staff, case_id, session)
        content = proof_of_offers(view.offers) if view.offers is not None else None
    if content is None:
        raise Problem("proof_unknown", 404, "No proof was kept for this calculation.")
    return _download(content, "application/json", f"{view.row.number}-proof.json")


@router.get("/{case_id}/agreement.pdf")
def agreement(staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> Response:
    """Return the signed agreement, byte for byte."""
    with desk.database.reading() as session:
        view = _view(desk, staff, case_id, session)
        signed = latest_agreement(session, view.case.person_id)
        entry = ledger_entry(session, signed.id) if signed is not None else None
        if entry is None:
            raise Problem("agreement_unknown", 404, "There is no recorded agreement.")
        return _download(entry.document, "application/pdf", f"{entry.number}.pdf")


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
