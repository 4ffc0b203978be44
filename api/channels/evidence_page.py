"""The cardholder's evidence: what is wanted and why, sending it, taking it back. Works without scripts.

A file is held in memory until it is checked and encrypted: no copy of it is ever written to a disk.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.agreements.evidence.contents import largest_file, media_type_of
from api.agreements.evidence.receiving import note_harmful
from api.agreements.evidence.scanner import Scanner
from api.agreements.planning import Who, record_consent
from api.channels.evidence_view import evidence_view
from api.channels.limits import limit_files
from api.channels.uploads import one_file
from api.conversations.credential import Cardholder, CardholderCredential
from api.conversations.evidence import hand_in, take_away
from api.conversations.models import Conversation
from api.conversations.transcript import locked_conversation
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView
from api.web.presentation import Presentation

__all__ = ["router"]

router = APIRouter(prefix="/evidence", include_in_schema=False)

SHOWN_ON_PAGE = frozenset(
    {"file_empty", "file_type", "file_too_large", "file_harmful", "files_enough", "kind_unknown",
     "no_consent", "file_missing", "evidence_decided"}
)  # fmt: skip
"""Refusals that are told on the page itself, beside what can be done about them."""


def _policy(request: Request, clock: TheClock) -> PolicyView:
    view: PolicyView = request.app.state.policy.on(local_date(clock.now()))
    return view


def _page(
    request: Request, caller: CardholderCredential, database: TheDatabase, clock: TheClock,
    problem: Problem | None = None, kind: str = "",
) -> HTMLResponse:  # fmt: skip
    presentation: Presentation = request.app.state.presentation
    with database.reading() as session:
        conversation = session.get_one(Conversation, caller.conversation_id)
        view = evidence_view(session, conversation, now=clock.now(), policy=_policy(request, clock))
        locale = conversation.locale
    html = presentation.render_evidence(
        locale, {**view, "problem": problem.code if problem else None, "problem_kind": kind}
    )
    status = problem.status if problem else 200
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


@router.get("")
def evidence(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show what is wanted, what was handed in, and what became of it."""
    return _page(request, caller, database, clock)


@router.post("", dependencies=[Depends(limit_files)])
async def send(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> Response:
    """Take in one file, and show the page again."""
    kind = ""
    try:
        async with request.app.state.uploads:
            kind, content = await _sent(request, largest_file(_policy(request, clock)))
            await run_in_threadpool(
                _take_in, request, caller.conversation_id, kind, content, database, clock
            )
    except Problem as problem:
        if problem.code not in SHOWN_ON_PAGE:
            raise
        return await run_in_threadpool(_page, request, caller, database, clock, problem, kind)
    return RedirectResponse("/evidence", 303)


@router.post("/consent")
def consent(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock,
    granted: Annotated[bool, Form()],
) -> RedirectResponse:  # fmt: skip
    """Record the separate consent to a paper that tells of health, or the refusal; both are fine."""
    now = clock.now()
    with database.transaction() as session:
        conversation = locked_conversation(session, caller.conversation_id)
        _require_identity(conversation)
        record_consent(
            session, Who(conversation.person_id, conversation.id), kind="health", granted=granted,
            now=now, policy=_policy(request, clock),
        )  # fmt: skip
    return RedirectResponse("/evidence", 303)


@router.post("/{evidence_id}/back")
def back(
    request: Request, evidence_id: str, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> Response:
    """Take back what nobody has decided on: its file is deleted at once."""
    try:
        with database.transaction() as session:
            conversation = locked_conversation(session, caller.conversation_id)
            _require_identity(conversation)
            take_away(session, conversation, evidence_id, now=clock.now())
    except Problem as problem:
        if problem.code not in SHOWN_ON_PAGE:
            raise
        return _page(request, caller, database, clock, problem)
    return RedirectResponse("/evidence", 303)


def _require_identity(conversation: Conversation) -> None:
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Please confirm who you are in the chat first.")


def _take_in(
    request: Request, conversation_id: str, kind: str, content: bytes, database: TheDatabase,
    clock: TheClock,
) -> None:  # fmt: skip
    """Check a file, first by itself and then for malware, with no transaction open; then keep it."""
    policy = _policy(request, clock)
    scanner: Scanner = request.app.state.scanner
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        _require_identity(conversation)
        who = Who(conversation.person_id, conversation_id)
    media_type_of(content, policy)
    found = scanner.scan(content)
    now = clock.now()
    if found == "harmful":
        with database.transaction() as session:
            note_harmful(session, who, kind, now)
        raise Problem("file_harmful", 422, "The safety check found something in this file.")
    with database.transaction() as session:
        conversation = locked_conversation(session, conversation_id)
        hand_in(
            session, conversation, kind=kind, content=content, scan=found, now=now, policy=policy
        )


async def _sent(request: Request, largest: int) -> tuple[str, bytes]:
    """Read the form: its kind and its one file, held in memory."""
    too_large = Problem("file_too_large", 413, "The file is too large.")
    content, fields = await one_file(request, "file", largest, too_large)
    if content is None:
        raise Problem("file_missing", 422, "No file was chosen.")
    return fields.get("kind", ""), content
