"""One case: everything of it on one screen, live; taking it; its proof and its agreement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.agreements.proofs import proof_of_offers
from api.agreements.records import latest_agreement, ledger_entry
from api.console.admission import CaseWorker, Staff
from api.console.case_parts import CaseLook, changed_parts, look_at, new_records, quick_mark
from api.console.desk import LOOK_SECONDS, Desk, TheDesk, colleague_of, signed_in
from api.console.seen import note_seen
from api.conversations.case_view import CaseView, case_view
from api.conversations.floor import take
from api.kit.errors import Problem
from api.kit.secrecy import new_id

__all__ = ["NO_STORE", "CaseId", "parts_answer", "router", "show_case", "view_of"]

router = APIRouter(prefix="/console/cases", include_in_schema=False)

CaseId = Annotated[int, Path(ge=1, le=2**31)]

SHOWN_RECORDS = 40
"""How many of the newest records a page shows at once; those before are a press away."""

NO_STORE = {"Cache-Control": "no-store"}


def view_of(session: Session, case_id: int, staff: Staff, desk: Desk) -> CaseView:
    """Return everything about a case that the colleague may read; raises ``Problem`` as ``case_view``."""
    return case_view(session, case_id, colleague_of(staff), now=desk.now, policy=desk.policy)


@router.get("/{case_id}")
def case_page(request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> HTMLResponse:
    """Show a case. That it was opened is on record."""
    with desk.database.transaction() as session:
        view = view_of(session, case_id, staff, desk)
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
        return view_of(session, case_id, staff, desk).conversation.id


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
        view_of(session, case_id, staff, desk)
        take(session, case_id, colleague_of(staff), desk.now, desk.policy)
    if "hx-request" in request.headers:
        return parts_answer(desk, staff, case_id, "taken")
    return RedirectResponse(f"/console/cases/{case_id}", 303)


@router.get("/{case_id}/proof.json")
def proof(staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> Response:
    """Return the proof of the newest calculation: anybody can compute it again."""
    with desk.database.reading() as session:
        view = view_of(session, case_id, staff, desk)
        content = proof_of_offers(view.offers) if view.offers is not None else None
    if content is None:
        raise Problem("proof_unknown", 404, "No proof was kept for this calculation.")
    return _download(content, "application/json", f"{view.row.number}-proof.json")


@router.get("/{case_id}/agreement.pdf")
def agreement(staff: CaseWorker, desk: TheDesk, case_id: CaseId) -> Response:
    """Return the signed agreement, byte for byte."""
    with desk.database.reading() as session:
        view = view_of(session, case_id, staff, desk)
        signed = latest_agreement(session, view.case.person_id)
        entry = ledger_entry(session, signed.id) if signed is not None else None
        if entry is None:
            raise Problem("agreement_unknown", 404, "There is no recorded agreement.")
        return _download(entry.document, "application/pdf", f"{entry.number}.pdf")


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
