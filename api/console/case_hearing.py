"""Facts heard in what the person wrote: proposed beside it, and put into the form of the situation."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.channels.hearing import HeardFact, hear
from api.console.admission import CaseWorker, Staff
from api.console.case_means import FACTS, fact_words
from api.console.case_page import NO_STORE, CaseId, view_of
from api.console.desk import Desk, TheDesk
from api.conversations.models import Message
from api.conversations.writer import Writer
from api.kit.dates import local_date

__all__ = ["heard_in", "router"]

router = APIRouter(prefix="/console/cases", include_in_schema=False)


async def heard_in(
    request: Request, staff: Staff, desk: Desk, case_id: int, seq: int
) -> list[HeardFact]:
    """Return the facts heard in one message of the person that are not on record already.

    Raises:
        Problem: as ``case_view``.
    """

    def written() -> tuple[str, dict[str, object]]:
        with desk.database.reading() as session:
            view = view_of(session, case_id, staff, desk)
            text = session.scalar(
                select(Message.text).where(
                    Message.conversation_id == view.conversation.id, Message.seq == seq,
                    Message.speaker == "person",
                )
            )  # fmt: skip
            return text or "", view.facts

    text, known = await run_in_threadpool(written)
    facts = await hear(request.app.state.assistant, text, clock=desk.clock, policy=desk.policy)
    return [one for one in facts if one.field in FACTS and known.get(one.field) != one.value]


@router.get("/{case_id}/heard/{seq}")
async def heard(
    request: Request, staff: CaseWorker, desk: TheDesk, case_id: CaseId, seq: int
) -> HTMLResponse:
    """Propose the facts that are heard in one message; a colleague confirms them or not."""
    facts = await heard_in(request, staff, desk, case_id, seq)
    w = desk.frame.words[staff.locale]
    writer = Writer(staff.locale, local_date(desk.now), desk.policy)
    chips = [
        {"label": w(f"case.fact.{one.field}"), "words": fact_words(one.field, one.value, w, writer)}
        for one in facts
    ]
    html = desk.frame.part("desk/_heard.html", staff, chips=chips, seq=seq, screen={"id": case_id})
    return HTMLResponse(html, headers=NO_STORE)
