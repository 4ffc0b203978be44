"""The chat page: the way in, the conversation, its live stream, and a form for browsers without scripts."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Depends, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.accounts.invites import find_invite
from api.accounts.models import Person
from api.agreements.models import Agreement
from api.agreements.records import agreement_in_force
from api.channels.chat_api import (
    PATIENCE_SECONDS,
    NewMessage,
    follow,
    last_seen,
    send_message,
    start_conversation,
)
from api.channels.error_page import page_locale, preferred_locale
from api.channels.inbox import Inbox
from api.channels.limits import limit_invites, limit_messages, origin_of
from api.channels.live import Live
from api.conversations.cards import as_things_stand
from api.conversations.cases import latest_case
from api.conversations.credential import (
    Cardholder,
    clear_cookie,
    end_credential,
    find_credential,
    set_cookie,
)
from api.conversations.holding import floor_of
from api.conversations.intake import switch_locale
from api.conversations.models import Conversation
from api.conversations.transcript import as_record, locked_conversation, messages_after
from api.kit.dates import iso_utc
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import PolicyView
from api.web.presentation import Presentation
from api.web.views import Banner, ChatView, Record

__all__ = ["router"]

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False)

Locale = Literal["zh", "en"]


def _presentation(request: Request) -> Presentation:
    presentation: Presentation = request.app.state.presentation
    return presentation


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
    with database.reading() as session:
        invite = find_invite(session, code, clock.now())
        if invite is None:
            locale = preferred_locale(accept_language)
            return HTMLResponse(presentation.render_no_invite(locale, expired=True), 404)
        reference = invite.reference
        locale = session.get_one(Person, invite.person_id).locale
    return HTMLResponse(
        presentation.render_invite(locale, action=f"/i/{code}", reference=reference)
    )


@router.post("/i/{code}", dependencies=[Depends(limit_invites)])
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
    except Problem as problem:
        if problem.code != "invite_unknown":
            raise
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
    with database.reading() as session:
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
            "banner": _banner(session, conversation),
            "records": [
                _now(session, as_record(record), conversation.person_id)
                for record in messages_after(session, conversation.id, 0)
            ],
            "links": {"notice": "/notice"}
            | ({"contacts": "/contacts"} if identified else {})
            | (
                {"progress": "/progress"}
                if identified and _ever_signed(session, conversation)
                else {}
            ),
        }
    return HTMLResponse(presentation.render_chat(view), headers={"Cache-Control": "no-store"})


def _now(session: Session, record: Record, person_id: str) -> Record:
    card = record["card"]
    return {**record, "card": as_things_stand(session, card, person_id)} if card else record


def _ever_signed(session: Session, conversation: Conversation) -> bool:
    signed = exists().where(
        Agreement.person_id == conversation.person_id, Agreement.signed_at.is_not(None)
    )
    return bool(session.scalar(select(signed)))


def _banner(session: Session, conversation: Conversation) -> Banner:
    case = latest_case(session, conversation.id)
    if case is None:
        return {"case": "none"}
    having = floor_of(session, conversation.id)
    return {
        "case": conversation.case_state,
        "name": having[0].holder_name if having else None,
        "reply_by": iso_utc(case.promised_by),
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
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        signed = (
            agreement_in_force(session, conversation.person_id)
            if conversation.identified_at is not None
            else None
        )
        banner = _banner(session, conversation)
        number = signed.number if signed else None
        locale = conversation.locale
    return {
        "stage": state["stage"],
        "floor": state["floor"],
        "case": state["case"],
        "locale": locale,
        "progress_html": presentation.render_progress(state["stage"], locale, number),
        "banner_html": presentation.render_banner(locale, banner),
        "who": presentation.who_is_here(locale, banner).unescape(),
    }


@router.post("/chat/messages", dependencies=[Depends(limit_messages)])
async def say(
    request: Request,
    caller: Cardholder,
    database: TheDatabase,
    clock: TheClock,
    text: Annotated[str, Form()] = "",
    name_confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Send a message from a browser without scripts and show the page again."""
    message = NewMessage(
        text=text, client_message_id=f"form-{secrets.token_urlsafe(12)}",
        name_confirmed=name_confirmed,
    )  # fmt: skip
    accepted, _ = await run_in_threadpool(
        send_message,
        database,
        clock,
        request.app.state.policy,
        caller.conversation_id,
        message,
        origin_of(request),
    )
    inbox: Inbox = request.app.state.inbox
    if not accepted.duplicate:
        await inbox.answered(caller.conversation_id, accepted.item_id, PATIENCE_SECONDS)
    return _see_other("/chat")


@router.post("/chat/locale")
async def change_locale(
    request: Request,
    caller: Cardholder,
    database: TheDatabase,
    clock: TheClock,
    locale: Annotated[Locale, Form()],
) -> Response:
    """Go on in another language."""

    def change() -> None:
        with database.transaction() as session:
            conversation = locked_conversation(session, caller.conversation_id)
            switch_locale(session, conversation, locale, clock.now())

    await run_in_threadpool(change)
    live: Live = request.app.state.live
    live.changed(caller.conversation_id)
    return _see_other("/chat")


@router.post("/chat/leave")
async def leave(request: Request) -> Response:
    """Forget the conversation in this browser, and let nobody go on with its credential elsewhere.

    What was said is kept; the bank's link opens it again. Nothing stands in the way of leaving.
    """
    try:
        caller = await run_in_threadpool(find_credential, request)
        if caller is not None:
            await run_in_threadpool(end_credential, request, caller)
            live: Live = request.app.state.live
            live.changed(caller.conversation_id)
    except SQLAlchemyError as error:
        log.warning("left_without_ending", kind=type(error).__name__)
    response = _see_other("/chat")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Clear-Site-Data"] = '"cache"'
    clear_cookie(response)
    return response


@router.get("/notice")
def notice(
    request: Request,
    clock: TheClock,
) -> HTMLResponse:
    """Show the privacy notice in the conversation's language, or the browser's."""
    locale = page_locale(request)
    policy: PolicyView = request.app.state.policy.on(clock.today())
    return HTMLResponse(
        _presentation(request).render_notice(
            locale,
            retention=getattr(policy.value("bank.notice.retention"), locale),
            contact=getattr(policy.value("bank.verify_us"), locale),
            version=policy.value("bank.notice.version"),
        )
    )
