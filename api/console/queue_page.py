"""The queue: what waits, by priority and by the time promised, live; and what a case is about, in short."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.channels.live import QUEUE
from api.console.admission import CaseWorker, Staff
from api.console.case_screen import short_screen
from api.console.desk import LOOK_SECONDS, Desk, TheDesk, colleague_of, row_html, signed_in
from api.console.queue_board import (
    SHOWS,
    Asked,
    Seen,
    changes,
    everything,
    found_in,
    mark_of,
)
from api.console.seen import note_seen
from api.conversations.case_view import case_view
from api.kit.errors import Problem

__all__ = ["router"]

router = APIRouter(prefix="/console/queue", include_in_schema=False)


def _asked(
    show: str = "all",
    channel: str = "",
    reason: str = "",
    language: str = "",
    found: Annotated[str, Query(max_length=4000, pattern=r"^[\d.]*$")] = "",
) -> Asked:
    """Read the filters of an address; what is no filter is left aside."""
    return Asked(
        show=show if show in SHOWS else "all",
        channel=channel if channel in ("web", "sms") else "",
        reason=reason,
        language=language if language in ("zh", "en") else "",
        found=found,
    )


Filters = Annotated[Asked, Depends(_asked)]


@router.get("")
def queue_page(request: Request, staff: CaseWorker, desk: TheDesk, asked: Filters) -> HTMLResponse:
    """Show the queue with these filters."""
    return _page(request, staff, desk, asked)


@router.post("/search")
def search(
    request: Request, staff: CaseWorker, desk: TheDesk, q: Annotated[str, Form(max_length=60)] = ""
) -> HTMLResponse:
    """Show what a name, a number or a card's last four finds in the queue."""
    found = found_in(desk.database, desk.clock, desk.policies, frozenset(staff.roles), q)
    return _page(request, staff, desk, Asked(found=found), looked_for=q)


def _page(
    request: Request, staff: Staff, desk: Desk, asked: Asked, looked_for: str = ""
) -> HTMLResponse:
    seen = desk.board.seen_by(staff.id, frozenset(staff.roles), asked)
    render = row_html(desk, staff)
    w = desk.frame.words[staff.locale]
    count = seen.counts["all"]
    return desk.frame.page(
        request, "desk/queue.html", staff, here="queue",
        title=w("desk.title_n", n=count) if count else w("desk.title"),
        rows=[render(row) for row in seen.rows], have=mark_of(seen), picks=_picks(asked, seen, staff, desk),
        looked_for=looked_for,
        **_around(asked, seen),
    )  # fmt: skip


def _around(asked: Asked, seen: Seen) -> dict[str, Any]:
    return {"asked": asked, "counts": seen.counts, "hidden": seen.hidden}


def _picks(
    asked: Asked, seen: Seen, staff: Staff, desk: Desk
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    w = desk.frame.words[staff.locale]
    reasons = sorted({*seen.reasons, *([asked.reason] if asked.reason else [])})
    known = [reason for reason in reasons if w.has(f"desk.reasons.{reason}")]
    return [
        ("channel", asked.channel, [(one, w(f"desk.channel_{one}")) for one in ("web", "sms")]),
        ("reason", asked.reason, [(one, w(f"desk.reasons.{one}")) for one in known]),
        ("language", asked.language, [(one, w(f"desk.language_{one}")) for one in ("zh", "en")]),
    ]


@router.get("/stream")
async def stream(
    request: Request,
    staff: CaseWorker,
    desk: TheDesk,
    asked: Filters,
    have: str = "",
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Stream what changes in the queue, as parts that htmx puts in their place.

    ``have`` (or, after a lost line, ``Last-Event-ID``) is the mark of what the page shows; if it is not
    that of now, the first message brings all rows anew.
    """

    async def parts() -> AsyncIterator[dict[str, str]]:
        shown: Seen | None = None
        known = last_event_id or have
        since = time.monotonic()
        with desk.live.reading(QUEUE, by_staff=True) as wait:
            while not await request.is_disconnected():
                if not await signed_in(request, staff):
                    return
                seen = await run_in_threadpool(
                    desk.board.seen_by, staff.id, frozenset(staff.roles), asked, since
                )
                if shown is None and mark_of(seen) == known:
                    shown = seen
                elif shown != seen:
                    html = await run_in_threadpool(_changes, desk, staff, asked, shown, seen)
                    shown = seen
                    yield {"event": "queue", "id": mark_of(seen), "data": html}
                if request.app.state.stopping.is_set():
                    return
                await wait(LOOK_SECONDS)
                since = time.monotonic()

    return EventSourceResponse(parts(), ping=15)


def _changes(desk: Desk, staff: Staff, asked: Asked, shown: Seen | None, seen: Seen) -> str:
    """Return the parts by which a page that shows ``shown`` comes to show ``seen``."""
    render = row_html(desk, staff)
    rows = (
        everything(seen.rows, render) if shown is None else changes(shown.rows, seen.rows, render)
    )
    before = {row.id for row in shown.rows} if shown else {row.id for row in seen.rows}
    fresh = [row for row in seen.rows if row.id not in before]
    around = desk.frame.part(
        "desk/_queue_around.html",
        staff,
        oob=True,
        rows=seen.rows,
        fresh=fresh,
        **_around(asked, seen),
    )
    return rows + around


@router.get("/{case_id}")
def preview(request: Request, staff: CaseWorker, desk: TheDesk, case_id: int) -> HTMLResponse:
    """Show in short what a case is about. That it was looked at is on record."""
    del request
    by, now = colleague_of(staff), desk.now
    with desk.database.transaction() as session:
        try:
            view = case_view(session, case_id, by, now=now, policy=desk.policy)
        except Problem as problem:
            if problem.code != "not_yours":
                raise
            html = desk.frame.part("desk/_preview_hidden.html", staff)
            return HTMLResponse(html, headers={"Cache-Control": "no-store"})
        note_seen(session, staff, ("case", str(case_id)), person=view.case.person_id, now=now)
        screen = short_screen(view, staff, desk)
    html = desk.frame.part("desk/_preview.html", staff, screen=screen)
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})
