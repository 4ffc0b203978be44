"""What waits for a second pair of eyes: plans beyond a colleague's own authority, approved or refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.accounts.models import Person
from api.accounts.names import masked_name
from api.agreements.models import Proposal
from api.agreements.proposals import asked_proposals
from api.channels.live import QUEUE
from api.console.admission import Collector, Staff, Supervisor
from api.console.case_page import NO_STORE
from api.console.desk import LOOK_SECONDS, Desk, TheDesk, colleague_of, signed_in
from api.conversations.models import Case
from api.conversations.proposing import approve_plan, refuse_plan
from api.conversations.transcript import CONVERSATION
from api.kit.dates import as_utc
from api.kit.db import after_commit
from api.kit.errors import Problem
from api.policy.values import Authority

__all__ = ["router"]

router = APIRouter(prefix="/console/approvals", include_in_schema=False)

ProposalId = Annotated[str, Path(max_length=40)]

MOST_DECIDED = 20


@dataclass(frozen=True)
class Asked:
    """One plan that waits, or that was decided, as the page shows it."""

    id: str
    state: str
    name: str
    case_id: int | None
    case_number: str
    made_by: str
    made_by_name: str
    why: str
    at: datetime
    debt: str
    debt_most: Decimal
    waiver: str
    waiver_most: Decimal
    offers: tuple[tuple[str, str, int, str, str], ...]
    """Tag, monthly, periods, total and what is waived, of each plan."""
    decided_by_name: str | None
    decided_at: datetime | None
    decided_why: str | None

    @property
    def beyond_debt(self) -> bool:
        """Whether the debt is more than a collector decides on alone."""
        return Decimal(self.debt) > self.debt_most

    @property
    def beyond_waiver(self) -> bool:
        """Whether more is waived than a collector may waive alone."""
        return Decimal(self.waiver) > self.waiver_most


def _shown(session: Session, proposal: Proposal, authority: Authority) -> Asked:
    offers = proposal.answer.get("offers", ())
    case = session.scalar(
        select(Case)
        .where(Case.conversation_id == proposal.conversation_id)
        .order_by((Case.state == "closed").asc(), Case.id.desc())
        .limit(1)
    )
    person = session.get_one(Person, proposal.person_id)
    return Asked(
        id=proposal.id,
        state=proposal.state,
        name=masked_name(person.name),
        case_id=case.id if case else None,
        case_number=case.number if case else "",
        made_by=proposal.made_by,
        made_by_name=proposal.made_by_name,
        why=proposal.why,
        at=as_utc(proposal.at),
        debt=str(offers[0]["debt_total"]) if offers else "0",
        debt_most=authority.largest_debt,
        waiver=str(max((Decimal(one["waived"]["total"]) for one in offers), default=Decimal())),
        waiver_most=authority.largest_waiver,
        offers=tuple(
            (one["tag"], one["monthly"], one["periods"], one["total"], one["waived"]["total"])
            for one in offers
        ),
        decided_by_name=proposal.decided_by_name,
        decided_at=as_utc(proposal.decided_at) if proposal.decided_at else None,
        decided_why=proposal.decided_why,
    )


def _waiting(desk: Desk, staff: Staff) -> list[Asked]:
    """Return what waits: all of it for a supervisor, their own for a collector."""
    authority = desk.policy.value("bank.authority")["collector"]
    with desk.database.reading() as session:
        return [
            _shown(session, proposal, authority)
            for proposal in asked_proposals(session)
            if staff.may("supervisor") or proposal.made_by == staff.id
        ]


def _decided(desk: Desk, staff: Staff) -> list[Asked]:
    authority = desk.policy.value("bank.authority")["collector"]
    found = select(Proposal).where(Proposal.decided_at.is_not(None))
    if not staff.may("supervisor"):
        found = found.where(Proposal.made_by == staff.id)
    with desk.database.reading() as session:
        rows = session.scalars(found.order_by(Proposal.decided_at.desc()).limit(MOST_DECIDED))
        return [_shown(session, proposal, authority) for proposal in rows.all()]


@router.get("")
def approvals_page(request: Request, staff: Collector, desk: TheDesk) -> HTMLResponse:
    """Show what waits for approval, and what was decided lately."""
    waiting = _waiting(desk, staff)
    w = desk.frame.words[staff.locale]
    title = w("approvals.title_n", n=len(waiting)) if waiting else w("approvals.title")
    return desk.frame.page(
        request, "desk/approvals.html", staff, here="approvals", title=title, waiting=waiting,
        decided=_decided(desk, staff), have=".".join(one.id for one in waiting),
    )  # fmt: skip


@router.get("/stream")
async def stream(
    request: Request, staff: Collector, desk: TheDesk, have: str = ""
) -> EventSourceResponse:
    """Stream what comes to wait, and what is decided meanwhile; what one is typing stays."""

    async def parts() -> AsyncIterator[dict[str, str]]:
        shown = set(filter(None, have.split(".")))
        with desk.live.reading(QUEUE, by_staff=True) as wait:
            while not await request.is_disconnected():
                if not await signed_in(request, staff):
                    return
                waiting = await run_in_threadpool(_waiting, desk, staff)
                now = {one.id for one in waiting}
                if now != shown:
                    html = await run_in_threadpool(
                        desk.frame.part, "desk/_approvals_changes.html", staff, waiting=waiting,
                        fresh=[one for one in waiting if one.id not in shown], gone=sorted(shown - now),
                    )  # fmt: skip
                    shown = now
                    yield {"event": "approvals", "data": html}
                if request.app.state.stopping.is_set():
                    return
                await wait(LOOK_SECONDS)

    return EventSourceResponse(parts(), ping=15)


def _decide(
    request: Request, staff: Staff, desk: Desk, proposal_id: str, *, why: str | None
) -> Response:
    """Approve, or with ``why`` refuse; what stands in the way is said beside the plan."""
    by, now = colleague_of(staff), desk.now
    try:
        with desk.database.transaction() as session:
            if why is None:
                found = approve_plan(session, proposal_id, by, now=now, policy=desk.policy)
            else:
                found = refuse_plan(session, proposal_id, by, why, now=now)
            after_commit(session, CONVERSATION, found.conversation_id)
    except Problem as problem:
        if "hx-request" not in request.headers or problem.status == 401:
            raise
        said = desk.frame.part(
            "desk/_not_sent.html", staff, said=desk.frame.problem_words(problem, staff.locale)
        )
        headers = {**NO_STORE, "HX-Retarget": f"#told-{proposal_id}", "HX-Reswap": "innerHTML"}
        return HTMLResponse(said, problem.status, headers=headers)
    if "hx-request" not in request.headers:
        return RedirectResponse("/console/approvals", 303)
    html = desk.frame.part(
        "desk/_approvals_changes.html", staff, waiting=_waiting(desk, staff), fresh=[],
        gone=[proposal_id], decided=_decided(desk, staff),
    )  # fmt: skip
    return HTMLResponse(html, headers={**NO_STORE, "HX-Reswap": "none"})


@router.post("/{proposal_id}/approve")
def approve(
    request: Request, staff: Supervisor, desk: TheDesk, proposal_id: ProposalId
) -> Response:
    """Approve what another colleague asked for: the person sees the plan."""
    return _decide(request, staff, desk, proposal_id, why=None)


@router.post("/{proposal_id}/refuse")
def refuse(
    request: Request, staff: Supervisor, desk: TheDesk, proposal_id: ProposalId,
    why: Annotated[str, Form(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Say no, with a reason that the colleague can go on from."""
    return _decide(request, staff, desk, proposal_id, why=why)
