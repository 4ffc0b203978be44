"""The audit page: who saw and did what, by colleague, person, kind and day; and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from api.console.admission import Auditor, Staff
from api.console.frame import Frame
from api.console.trail import Asked, TrailLine, staff_names, trail
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import LOCAL_ZONE
from api.kit.db import Database
from api.kit.wiring import TheClock, TheDatabase
from api.web.words import Words

__all__ = ["router"]

router = APIRouter(prefix="/console/audit", include_in_schema=False)

A_PAGE = 100
MOST_ROWS = 100_000
"""Rows of a file; whoever needs more narrows the days."""
DAYS_SHOWN = 7
COLUMNS = ("at", "who", "kind", "person_ref", "subject_kind", "subject_id", "details")


def _asked(
    request: Request,
    clock: TheClock,
    staff_id: Annotated[str, Query(alias="staff", max_length=40)] = "",
    person: Annotated[str, Query(max_length=120)] = "",
    kind: Annotated[str, Query(max_length=60)] = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    others: bool = False,
) -> Asked:
    """Return what is looked for; on a bare page, the last days."""
    days = _day(first), _day(last)
    if not request.query_params:
        days = clock.today() - timedelta(days=DAYS_SHOWN - 1), None
    return Asked(
        staff_id=staff_id, person=person.strip(), kind=kind.strip(), first=days[0], last=days[1],
        others=others,
    )  # fmt: skip


TheAsked = Annotated[Asked, Depends(_asked)]


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@router.get("")
def audit(
    request: Request, staff: Auditor, asked: TheAsked, database: TheDatabase,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:  # fmt: skip
    """Show the newest of what is looked for, a page at a time."""
    frame: Frame = request.app.state.console
    with database.reading() as session:
        lines = list(trail(session, asked, before=before, most=A_PAGE + 1))
        names = staff_names(session)
    more = len(lines) > A_PAGE
    lines = lines[:A_PAGE]
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "before"]
    return frame.page(
        request, "audit/audit.html", staff, here="audit",
        title=str(frame.words[staff.locale]("audit.title")), lines=lines, asked=asked,
        names=sorted(names.items(), key=lambda one: one[1]), kept=kept,
        older=lines[-1].id if more else None, may_open=staff.may("collector", "supervisor"),
    )  # fmt: skip


@router.get("/trail.csv")
def as_file(
    request: Request, staff: Auditor, asked: TheAsked, database: TheDatabase, clock: TheClock
) -> StreamingResponse:
    """Give what is looked for as CSV; that it was taken is itself of record."""
    frame: Frame = request.app.state.console
    _note(database, clock, staff, asked)
    return StreamingResponse(
        _rows(database, asked, frame.words[staff.locale]),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store",
        },
    )  # fmt: skip


def _note(database: Database, clock: Clock, staff: Staff, asked: Asked) -> None:
    with database.transaction() as session:
        append_event(
            session, at=clock.now(), actor=staff.actor, subject=("audit", "trail"),
            kind="audit_exported", first=asked.first.isoformat() if asked.first else "",
            last=asked.last.isoformat() if asked.last else "", staff=asked.staff_id,
            by_person=bool(asked.person),
        )  # fmt: skip


def _rows(database: Database, asked: Asked, words: Words) -> Iterator[str]:
    """Write the file piece by piece; the mark at its beginning lets spreadsheets read Chinese."""
    yield "\ufeff" + _written([str(words(f"audit.column_{name}")) for name in COLUMNS])
    with database.reading() as session:
        for line in trail(session, asked, most=MOST_ROWS):
            yield _written(_cells(line, words))


def _cells(line: TrailLine, words: Words) -> list[str]:
    return [
        line.at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
        line.who if line.colleague else _said(words, "actor", line.who),
        _said(words, "kind", line.kind),
        line.person_ref, line.subject_kind, line.subject_id, line.details,
    ]  # fmt: skip


def _said(words: Words, part: str, name: str) -> str:
    key = f"audit.{part}_{name}"
    return str(words(key)) if words.has(key) else name


def _written(cells: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([_no_formula(cell) for cell in cells])
    return out.getvalue()


def _no_formula(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
