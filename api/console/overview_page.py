"""The overview: how far people get, how soon they are answered, what comes of plans; each figure opens.

Supervisors see everybody's figures, a collector those of the cases that they answered themselves.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.console.admission import Collector
from api.console.counting import how_many
from api.console.figures_dates import PRESETS, Span, preset, span_of
from api.console.figures_tables import FUNNELS, TABLES, bars_of
from api.console.frame import Frame
from api.console.overview_labels import Labels
from api.console.overview_view import (
    all_tables,
    anything_ever,
    condition_of,
    csv_text,
    listed,
    rows_address,
    shown,
    table_lines,
    within_reach,
)
from api.console.sheets import SHEETS
from api.kit.dates import local_date, time_text
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/console/overview", include_in_schema=False)

A_PAGE = 50
MOST_ROWS = 20_000
"""Rows of a file; beyond that a span of fewer days says more."""


def _span(
    clock: TheClock,
    span: Annotated[str, Query(max_length=20)] = "month",
    first: date | None = None,
    last: date | None = None,
) -> tuple[str, Span]:
    """Read the span of days from an address: two days, or the name of one that is offered."""
    today = clock.today()
    if first is not None or last is not None:
        return "", span_of(first or last or today, last or first or today, today)
    name = span if span in PRESETS else "month"
    return name, preset(name, today)


TheSpan = Annotated[tuple[str, Span], Depends(_span)]


def _frame(request: Request) -> Frame:
    frame: Frame = request.app.state.console
    return frame


@router.get("")
def overview(
    request: Request, staff: Collector, database: TheDatabase, clock: TheClock, chosen: TheSpan,
    by: Annotated[str, Query(max_length=20)] = FUNNELS[0],
) -> HTMLResponse:  # fmt: skip
    """Show every table and chart of a span of days."""
    name, span = chosen
    frame = _frame(request)
    words = frame.words[staff.locale]
    with database.reading() as session:
        tables = all_tables(session, span, staff)
        begun = anything_ever(session)
    policy = request.app.state.policy.on(clock.today())
    return frame.page(
        request, "overview/overview.html", staff, here="overview", title=str(words("overview.title")),
        span=span, chosen=name, presets=PRESETS, by=by if by in FUNNELS else FUNNELS[0],
        splits=FUNNELS, tables=tables, begun=begun, own=within_reach(staff) is not None,
        bars={table.name: bars_of(table) for table in tables.values()}, label=Labels(words),
        specs=TABLES, shown=partial(shown, staff.locale), opens=lambda sheet, where: rows_address(sheet, span, where),
        query=f"first={span.first.isoformat()}&last={span.last.isoformat()}",
        most_a_day=policy.value("bank.contact.collection_sms_a_day"),
        most_a_week=policy.value("bank.contact.collection_sms_a_week"),
        today=clock.today(),
    )  # fmt: skip


@router.get("/{table}.csv")
def table_file(
    request: Request, table: str, staff: Collector, database: TheDatabase, chosen: TheSpan
) -> Response:
    """Give one table as a file."""
    _, span = chosen
    with database.reading() as session:
        found = all_tables(session, span, staff).get(table)
    if found is None:
        raise Problem("not_found", 404, "There is no such table.")
    words = _frame(request).words[staff.locale]
    return _file(csv_text(table_lines(found, Labels(words), words)), table, span)


@router.get("/rows/{sheet}.csv")
def rows_file(
    request: Request, sheet: str, staff: Collector, database: TheDatabase, chosen: TheSpan
) -> Response:
    """Give the rows behind a number as a file, as much of them as the page shows."""
    _, span = chosen
    where = condition_of(sheet, request.query_params.multi_items(), staff)
    words = _frame(request).words[staff.locale]
    label = Labels(words)
    dims = [dim for dim in SHEETS[sheet].dims if dim != "who"]
    with database.reading() as session:
        rows = listed(session, sheet, span, where, staff, limit=MOST_ROWS)
    heading = [words("overview.when"), words("overview.who"), words("overview.card")]
    lines = [[str(cell) for cell in (*heading, *(words(f"overview.dim.{dim}") for dim in dims))]]
    lines += [
        [
            f"{local_date(row.at).isoformat()} {time_text(row.at)}",
            row.name or str(words("overview.care_case")),
            row.card_tail,
            *(label(dim, row.values[dim]) for dim in dims),
        ]
        for row in rows
    ]
    return _file(csv_text(lines), f"rows-{sheet}", span)


@router.get("/rows/{sheet}")
def rows(
    request: Request, sheet: str, staff: Collector, database: TheDatabase, chosen: TheSpan,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:  # fmt: skip
    """Show what lies behind a number: exactly as many rows as it says, over as many pages as needed."""
    _, span = chosen
    where = condition_of(sheet, request.query_params.multi_items(), staff)
    frame = _frame(request)
    words = frame.words[staff.locale]
    with database.reading() as session:
        count = how_many(session, sheet, span, where)
        pages = max(1, -(-count // A_PAGE))
        page = min(page, pages)
        found = listed(session, sheet, span, where, staff, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    address = rows_address(sheet, span, where)
    label = Labels(words)
    shown = {dim: values for dim, values in where.items() if dim != "who"}
    return frame.page(
        request, "overview/rows.html", staff, here="overview",
        title=str(words("overview.rows_title", what=words(f"overview.sheet.{sheet}"), n=count)),
        span=span, count=count, rows=found, page=page, pages=pages, conditions=label.within(shown),
        dims=[dim for dim in SHEETS[sheet].dims if dim != "who"], label=label, sheet=sheet,
        measured=SHEETS[sheet].measured, address=address,
        csv_address=rows_address(sheet, span, where, ".csv"),
        back=f"/console/overview?first={span.first.isoformat()}&last={span.last.isoformat()}",
    )  # fmt: skip


def _file(text: str, name: str, span: Span) -> Response:
    days = f"{span.first:%Y%m%d}-{span.last:%Y%m%d}"
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{days}.csv"',
            "Cache-Control": "no-store",
        },
    )
