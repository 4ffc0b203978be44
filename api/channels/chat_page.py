"""The chat page: the way in, the conversation, its live stream, and a form for browsers without scripts."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.accounts.models import Person
from api.accounts.service import find_invite
from api.agreements.records import agreement_in_force
from api.channels.chat_api import (
    PATIENCE_SECONDS,
    NewMessage,
    follow,
    last_seen,
    send_message,
    start_conversation,
)
from api.channels.inbox import Inbox
from api.channels.live import Live
from api.conversations.cases import latest_case
from api.conversations.credential import Cardholder, clear_cookie, find_credential, set_cookie
from api.conversations.intake import switch_locale
from api.conversations.models import Conversation
from api.conversations.transcript import as_record, locked_conversation, messages_after
from api.kit.dates import date_text, local_date, time_text
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView
from api.web.presentation import Presentation
from api.web.views import Banner, ChatView

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Locale = Literal["zh", "en"]


def _presentation(request: Request) -> Presentation:
    presentation: Presentation = request.app.state.presentation
    return presentation


def preferred_locale(accept_language: str | None) -> str:
    """Return the language of a page before we know whose it is: the browser's, Chinese by default."""
    first = (accept_language or "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def _see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


@router.get("/")
async def front() -> RedirectResponse:
    """Lead to the chat."""
    return _see_other("/chat")


@router.get("/i/{code}")
def invite_page(
    request: Request,
    code: str,
    database: TheDatabase,
    clock: TheClock,
    accept_language: Annotated[str | None, Header()] = None,
) -> HTMLResponse:
    """Show a neutral page whose button redeems the invite; opening the link alone does nothing."""
    presentation = _presentation(request)
    with database.transaction() as session:
        invite = find_invite(session, code, clock.now())
        if invite is None:
            locale = preferred_locale(accept_language)
            return HTMLResponse(presentation.render_no_invite(locale, expired=True), 404)
        reference = invite.reference
        locale = session.get_one(Person, invite.person_id).locale
    return HTMLResponse(
        presentation.render_invite(locale, action=f"/i/{code}", reference=reference)
    )


@router.post("/i/{code}")
async def redeem(
    request: Request,
    code: str,
    accept_language: Annotated[str | None, Header()] = None,
) -> Response:
    """Redeem an invite: the credential goes into a cookie, and the address forgets the code."""
    try:
        conversation_id, token, item_id = await run_in_threadpool(
            start_conversation, request, code, None
        )
    except Problem:
        locale = preferred_locale(accept_language)
        return HTMLResponse(_presentation(request).render_no_invite(locale, expired=True), 404)
    inbox: Inbox = request.app.state.inbox
    await inbox.answered(conversation_id, item_id, PATIENCE_SECONDS)
    response = _see_other("/chat")
    policy: PolicyView = request.app.state.policy.on(request.app.state.clock.today())
    set_cookie(
        response, token, secure=request.app.state.settings.address.startswith("https"),
        seconds=policy.value("bank.conversation.valid_hours") * 3600,
    )  # fmt: skip
    return response


@router.get("/chat")
def chat(
    request: Request,
    database: TheDatabase,
    clock: TheClock,
    accept_language: Annotated[str | None, Header()] = None,
) -> HTMLResponse:
    """Show the conversation so far, or how to be recognised."""
    caller = find_credential(request)
    presentation = _presentation(request)
    if caller is None:
        return HTMLResponse(presentation.render_no_invite(preferred_locale(accept_language)))
    with database.transaction() as session:
        conversation = session.get_one(Conversation, caller.conversation_id)
        identified = conversation.identified_at is not None
        signed = agreement_in_force(session, conversation.person_id) if identified else None
        view: ChatView = {
            "locale": conversation.locale,
            "conversation_id": conversation.id,
            "stage": conversation.stage,
            "identified": identified,
            "reference": conversation.reference,
            "agreement_number": signed.number if signed else None,
            "banner": _banner(session, conversation, clock.today()),
            "records": [
                as_record(record) for record in messages_after(session, conversation.id, 0)
            ],
            "links": {"notice": "/notice"},
        }
    return HTMLResponse(presentation.render_chat(view), headers={"Cache-Control": "no-store"})


def _banner(session: Session, conversation: Conversation, today: date) -> Banner:
    case = latest_case(session, conversation.id)
    if case is None:
        return {"case": "none"}
    day = date_text(local_date(case.promised_by), conversation.locale, today)
    return {
        "case": conversation.case_state,
        "reply_by": f"{day} {time_text(case.promised_by)}",
    }


@router.get("/chat/stream")
async def stream(
    request: Request, caller: Cardholder, last_event_id: Annotated[str | None, Header()] = None
) -> EventSourceResponse:
    """Stream the conversation as ready fragments of the page."""
    after = last_seen(last_event_id or request.query_params.get("after"))
    presentation = _presentation(request)

    async def fragments() -> AsyncIterator[dict[str, str]]:
        async for records, state in follow(request, caller.conversation_id, after):
            for record in records:
                html = presentation.render_record(record, state["locale"], True)
                yield {
                    "event": "record",
                    "id": str(record["seq"]),
                    "data": json.dumps(
                        {
                            "seq": record["seq"],
                            "client_message_id": record["client_message_id"],
                            "speaker": record["speaker"],
                            "html": html,
                        },
                        ensure_ascii=False,
                    ),
                }
            yield {"event": "waiting", "data": json.dumps({"on": state["waiting"]})}
            yield {
                "event": "state",
                "data": json.dumps(
                    await run_in_threadpool(_page_state, request, caller.conversation_id, state),
                    ensure_ascii=False,
                ),
            }

    return EventSourceResponse(fragments(), ping=15)


def _page_state(request: Request, conversation_id: str, state: dict[str, Any]) -> dict[str, Any]:
    presentation = _presentation(request)
    database: Database = request.app.state.database
    with database.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        signed = (
            agreement_in_force(session, conversation.person_id)
            if conversation.identified_at is not None
            else None
        )
        banner = _banner(session, conversation, request.app.state.clock.today())
        number = signed.number if signed else None
        locale = conversation.locale
    return {
        "stage": state["stage"],
        "floor": state["floor"],
        "case": state["case"],
        "locale": locale,
        "progress_html": presentation.render_progress(state["stage"], locale, number),
        "banner_html": presentation.render_banner(locale, banner),
    }


@router.post("/chat/messages")
async def say(
    request: Request,
    caller: Cardholder,
    database: TheDatabase,
    clock: TheClock,
    text: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Send a message from a browser without scripts and show the page again."""
    message = NewMessage(text=text, client_message_id=f"form-{secrets.token_urlsafe(12)}")
    try:
        accepted = await run_in_threadpool(
            send_message, database, clock, request.app.state.policy, caller.conversation_id, message
        )
    except Problem as problem:
        with database.transaction() as session:
            locale = session.get_one(Conversation, caller.conversation_id).locale
        return HTMLResponse(
            _presentation(request).render_error(problem.code, locale), problem.status
        )
    inbox: Inbox = request.app.state.inbox
    if not accepted.duplicate:
        await inbox.answered(caller.conversation_id, accepted.item_id, PATIENCE_SECONDS)
    return _see_other("/chat")


@router.post("/chat/locale")
def change_locale(
    request: Request,
    caller: Cardholder,
    database: TheDatabase,
    clock: TheClock,
    locale: Annotated[Locale, Form()],
) -> Response:
    """Go on in another language."""
    with database.transaction() as session:
        conversation = locked_conversation(session, caller.conversation_id)
        switch_locale(session, conversation, locale, clock.now())
    live: Live = request.app.state.live
    live.changed(caller.conversation_id)
    return _see_other("/chat")


@router.post("/chat/leave")
def leave() -> Response:
    """Forget the credential in this browser; the conversation itself is kept."""
    response = _see_other("/chat")
    clear_cookie(response)
    return response


@router.get("/notice")
def notice(
    request: Request,
    clock: TheClock,
    accept_language: Annotated[str | None, Header()] = None,
) -> HTMLResponse:
    """Show the privacy notice in the conversation's language, or the browser's."""
    caller = find_credential(request)
    locale = preferred_locale(accept_language)
    database: Database = request.app.state.database
    if caller is not None:
        with database.transaction() as session:
            locale = session.get_one(Conversation, caller.conversation_id).locale
    policy: PolicyView = request.app.state.policy.on(clock.today())
    return HTMLResponse(
        _presentation(request).render_notice(
            locale,
            retention=getattr(policy.value("bank.notice.retention"), locale),
            contact=getattr(policy.value("bank.verify_us"), locale),
            version=policy.value("bank.notice.version"),
        )
    )
