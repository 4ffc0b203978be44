"""Cases, open and closed: one's own, and any that can be found by its number or the card's last four."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.accounts.models import CardAccount
from api.console.admission import CaseWorker, Staff
from api.console.desk import Desk, TheDesk, level_of
from api.console.moments import promised, promised_words
from api.conversations.case_list import CaseRow, row_of
from api.conversations.colleagues import may_read
from api.conversations.models import Case

__all__ = ["router"]

router = APIRouter(prefix="/console/cases", include_in_schema=False)

SHOWN = 50
LONGEST_NUMBER = 9


@router.get("")
def cases_page(request: Request, staff: CaseWorker, desk: TheDesk) -> HTMLResponse:
    """Show the colleague's own cases: those they have, then those they closed lately."""
    with desk.database.reading() as session:
        ids = session.scalars(
            select(Case.id)
            .where(Case.holder_id == staff.id)
            .order_by((Case.state == "closed").asc(), Case.closed_at.desc(), Case.promised_by)
            .limit(SHOWN)
        ).all()
        rows = _rows(session, list(ids), staff, desk)
    return _page(request, staff, desk, rows)


@router.post("")
def find_cases(
    request: Request, staff: CaseWorker, desk: TheDesk, q: Annotated[str, Form(max_length=40)] = ""
) -> HTMLResponse:
    """Find cases, open or closed, by number or by the last four of a card."""
    looked = q.strip().upper().removeprefix("A")
    rows: list[CaseRow] = []
    if looked.isdecimal() and len(looked) <= LONGEST_NUMBER:
        holders = select(CardAccount.person_id).where(CardAccount.card_tail == looked)
        with desk.database.reading() as session:
            ids = session.scalars(
                select(Case.id)
                .where(or_(Case.id == int(looked), Case.person_id.in_(holders)))
                .order_by(Case.id.desc())
                .limit(SHOWN)
            ).all()
            rows = _rows(session, list(ids), staff, desk)
    return _page(request, staff, desk, rows, looked_for=q)


def _rows(session: Session, ids: list[int], staff: Staff, desk: Desk) -> list[CaseRow]:
    """Return the cases that the colleague may read, as lists show them."""
    read_by = desk.policy.value("bank.care.read_by")
    found = (row_of(session, case_id, desk.now) for case_id in ids)
    return [row for row in found if row is not None and may_read(row.role, staff.roles, read_by)]


def _page(
    request: Request, staff: Staff, desk: Desk, rows: list[CaseRow], looked_for: str | None = None
) -> HTMLResponse:
    w, now = desk.frame.words[staff.locale], desk.now
    shown = [
        {
            "row": row,
            "level": level_of(row.priority),
            "promised": promised(row.promised_by, now),
            "promised_words": promised_words(w, row.promised_by, now),
        }
        for row in rows
    ]
    return desk.frame.page(
        request, "desk/cases.html", staff, here="cases", title=w("case.list_title"), shown=shown,
        looked_for=looked_for,
    )  # fmt: skip
