"""Evidence looked at by a colleague: what waits, one person's papers, a file with safe headers, the decision.

The part of a person's papers stands on their case's page as well. Whoever opens a file is on record. A file
is never shown by a plug-in: pictures appear as pictures, everything else is downloaded.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.names import masked_name
from api.agreements.evidence.deciding import REASONS, accept, refuse, shown_to_colleague
from api.agreements.evidence.models import Evidence
from api.agreements.evidence.records import content_of, evidence_of
from api.agreements.evidence.wanted import KINDS
from api.agreements.planning import Who
from api.console.admission import Collector, Staff
from api.console.frame import Frame
from api.console.seen import note_seen
from api.conversations.cases import care_comes_first
from api.conversations.evidence import tell
from api.conversations.evidence_wanted import standing_now
from api.conversations.models import Case
from api.conversations.transcript import locked_conversation
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView

__all__ = ["router"]

router = APIRouter(prefix="/console/evidence", include_in_schema=False)

PICTURES = frozenset({"image/jpeg", "image/png"})
ENDINGS = {
    "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic",
}  # fmt: skip
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MOST = 200


def _policy(request: Request, clock: TheClock) -> PolicyView:
    view: PolicyView = request.app.state.policy.on(local_date(clock.now()))
    return view


def _frame(request: Request) -> Frame:
    frame: Frame = request.app.state.console
    return frame


@router.get("")
def waiting(request: Request, staff: Collector, database: TheDatabase) -> HTMLResponse:
    """List what waits to be looked at, the longest waiting first."""
    with database.reading() as session:
        found = session.execute(
            select(Evidence, Person.name)
            .join(Person, Person.id == Evidence.person_id)
            .where(Evidence.state == "waiting")
            .order_by(Evidence.received_at)
            .limit(MOST)
        ).all()
        rows = [
            {
                "name": masked_name(row.name),
                "kind": row.Evidence.kind,
                "at": row.Evidence.received_at,
                "scan": row.Evidence.scan,
                "case": _case_of(session, row.Evidence),
            }
            for row in found
        ]
    frame = _frame(request)
    title = str(frame.words[staff.locale]("papers.title"))
    return frame.page(request, "evidence/waiting.html", staff, here="cases", title=title, rows=rows)


def _case_of(session: Session, piece: Evidence) -> int | None:
    """Return the case under which a piece is looked at: the newest of its conversation."""
    return session.scalar(
        select(Case.id)
        .where(Case.conversation_id == piece.conversation_id)
        .order_by((Case.reason == "evidence").desc(), Case.id.desc())
        .limit(1)
    )


@router.get("/case/{case_id}")
def papers(
    request: Request, case_id: int, staff: Collector, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show the papers of a case's person, as a part of the case's page or as a page of its own."""
    with database.reading() as session:
        case = _case(session, case_id, staff)
        view = _papers(session, case, clock, _policy(request, clock))
    return _shown(request, staff, view)


@router.post("/case/{case_id}/shown")
def shown(
    request: Request, case_id: int, staff: Collector, database: TheDatabase, clock: TheClock,
    kind: Annotated[str, Form()],
) -> Response:  # fmt: skip
    """Record that the person showed a paper to this colleague, who accepts it; there is no file."""
    now, policy = clock.now(), _policy(request, clock)
    with database.transaction() as session:
        case = _case(session, case_id, staff)
        piece = shown_to_colleague(
            session, Who(case.person_id, case.conversation_id), kind, staff.actor, now
        )
        _tell(request, session, piece, staff, clock)
        session.flush()
        view = _papers(session, case, clock, policy)
    return _after(request, staff, view)


@router.post("/{evidence_id}/accept")
def accepted(
    request: Request, evidence_id: str, staff: Collector, database: TheDatabase, clock: TheClock
) -> Response:
    """Accept a piece; the person is told at once."""
    with database.transaction() as session:
        locked_conversation(session, _readable(session, evidence_id, staff).conversation_id)
        piece, fresh = accept(session, evidence_id, staff.actor, clock.now())
        view = _decided(request, session, piece, staff, clock, fresh=fresh)
    return _after(request, staff, view)


@router.post("/{evidence_id}/refuse")
def refused(
    request: Request, evidence_id: str, staff: Collector, database: TheDatabase, clock: TheClock,
    reason: Annotated[str, Form()],
) -> Response:  # fmt: skip
    """Refuse a piece with a reason; the person is told it in kind words, and what they can do."""
    with database.transaction() as session:
        locked_conversation(session, _readable(session, evidence_id, staff).conversation_id)
        piece, fresh = refuse(session, evidence_id, reason, staff.actor, clock.now())
        view = _decided(request, session, piece, staff, clock, fresh=fresh)
    return _after(request, staff, view)


@router.get("/{evidence_id}/file")
def file(evidence_id: str, staff: Collector, database: TheDatabase, clock: TheClock) -> Response:
    """Give the file, with headers under which nothing in it can run; that it was opened is on record."""
    with database.transaction() as session:
        piece = _readable(session, evidence_id, staff)
        content = content_of(session, evidence_id)
        if content is None:
            raise Problem("evidence_deleted", 404, "This file has been deleted.")
        note_seen(session, staff, ("evidence", piece.id), person=piece.person_id, now=clock.now())
    shown_as = "inline" if piece.media_type in PICTURES else "attachment"
    name = f"{piece.id}.{ENDINGS.get(piece.media_type, 'bin')}"
    return Response(
        content, media_type=piece.media_type,
        headers={**SAFE, "Content-Disposition": f'{shown_as}; filename="{name}"'},
    )  # fmt: skip


def _readable(session: Session, evidence_id: str, staff: Staff) -> Evidence:
    """Return a piece that this colleague may see; while care comes first, only the care team may."""
    found = session.get(Evidence, evidence_id)
    if found is None:
        raise Problem("evidence_unknown", 404, "There is no such piece of evidence.")
    if care_comes_first(session, found.conversation_id) and not staff.may("care"):
        raise Problem("care_first", 403, "Somebody of the care team looks after this person now.")
    return found


def _case(session: Session, case_id: int, staff: Staff) -> Case:
    found = session.get(Case, case_id)
    if found is None:
        raise Problem("case_unknown", 404, "There is no such case.")
    of_care = found.role == "care" or care_comes_first(session, found.conversation_id)
    if of_care and not staff.may("care"):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    return found


def _papers(session: Session, case: Case, clock: TheClock, policy: PolicyView) -> dict[str, Any]:
    standing = standing_now(session, case.person_id, now=clock.now(), policy=policy)
    name = session.get_one(Person, case.person_id).name
    return {
        "case_id": case.id,
        "name": masked_name(name),
        "wanted": [each.kind for each in standing.wanted] if standing else [],
        "missing": list(standing.missing) if standing else [],
        "complete": standing is not None and bool(standing.wanted) and standing.complete,
        "pieces": [
            {
                "id": each.id,
                "kind": each.kind,
                "state": each.state,
                "reason": each.reason,
                "scan": each.scan,
                "at": each.received_at,
                "decided_at": each.decided_at,
                "kept": each.deleted_at is None,
                "picture": each.media_type in PICTURES,
                "ending": ENDINGS.get(each.media_type, ""),
                "kilobytes": max(1, each.size // 1024),
            }
            for each in evidence_of(session, case.person_id)
        ],
        "kinds": KINDS,
        "reasons": REASONS,
    }


def _decided(
    request: Request,
    session: Session,
    piece: Evidence,
    staff: Staff,
    clock: TheClock,
    *,
    fresh: bool,
) -> dict[str, Any]:
    if fresh:
        _tell(request, session, piece, staff, clock)
    session.flush()
    case_id = _case_of(session, piece)
    if case_id is None:
        raise Problem("case_unknown", 404, "There is no case of this piece.")
    case = session.get_one(Case, case_id)
    return _papers(session, case, clock, _policy(request, clock))


def _tell(
    request: Request, session: Session, piece: Evidence, staff: Staff, clock: TheClock
) -> None:
    tell(
        session, piece, by=staff.actor, now=clock.now(), policy=_policy(request, clock),
        address=request.app.state.settings.address,
    )  # fmt: skip


def _shown(request: Request, staff: Staff, view: dict[str, Any]) -> HTMLResponse:
    frame = _frame(request)
    if "hx-request" in request.headers:
        html = frame.part("evidence/papers.html", staff, view=view)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})
    title = str(frame.words[staff.locale]("papers.papers_of", name=view["name"]))
    return frame.page(
        request, "evidence/page.html", staff, here="cases", title=title, view=view
    )  # fmt: skip


def _after(request: Request, staff: Staff, view: dict[str, Any]) -> Response:
    """Answer a decision: the part again where a part asked, else the page by its own address."""
    if "hx-request" in request.headers:
        return _shown(request, staff, view)
    return RedirectResponse(f"/console/evidence/case/{view['case_id']}", 303)
