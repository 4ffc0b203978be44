"""The chat over HTTP, for the page and for apps: open, send, listen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from api.accounts.challenges import ChallengeRules, fit_second_proof
from api.accounts.invites import find_invite
from api.accounts.models import Invite, Person
from api.channels.answers import read_answer
from api.channels.error_page import help_lines
from api.channels.inbox import Inbox, Work
from api.channels.limits import limit_invites, limit_messages, origin_of
from api.channels.live import Live
from api.channels.turns import Turn, take_turn
from api.conversations.accepting import Accepted, accept_system_message
from api.conversations.credential import Cardholder, find_credential, set_cookie
from api.conversations.distress import signals_distress
from api.conversations.intake import accept_message
from api.conversations.language import language_of
from api.conversations.models import Conversation, InboxItem
from api.conversations.service import open_conversation
from api.conversations.transcript import as_record, locked_conversation, messages_after
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import Problem, storage_problem, where
from api.kit.secrecy import new_token, token_hash
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import Policy, PolicyView

__all__ = ["follow", "router", "send_message", "start_conversation"]

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/v1/chat", tags=["chat"])

PATIENCE_SECONDS = 8.0
"""How long a sender waits for the answer; after it 202, and the answer follows on the stream."""
LOOK_SECONDS = 1.0
LONGEST_SEQ = 9
VISIBLE = r"^[!-~]*$"
"""What an identifier may hold: visible ASCII, which any database can keep."""


class NewConversation(BaseModel):
    """Opens a conversation from an invite."""

    model_config = ConfigDict(extra="forbid")

    invite: str = Field(max_length=64, pattern=VISIBLE)
    locale: Literal["zh", "en"] | None = None


class NewMessage(BaseModel):
    """One message; the same ``client_message_id`` joins the first sending and acts once."""

    model_config = ConfigDict(extra="forbid")

    text: str
    client_message_id: str = Field(min_length=1, max_length=80, pattern=VISIBLE)
    name_confirmed: Annotated[bool, Field(strict=True)] = False
    """With a signing code: the box that says "I am …" was ticked."""


def start_conversation(
    request: Request, invite_code: str, locale: str | None
) -> tuple[str, str, str]:
    """Redeem an invite: returns conversation id, its credential and the opening item's id.

    Raises:
        Problem: ``invite_unknown`` (404): unknown, expired and revoked are told apart to nobody.
    """
    database: Database = request.app.state.database
    clock: Clock = request.app.state.clock
    policy: Policy = request.app.state.policy
    now = clock.now()
    with database.transaction() as session:
        invite = find_invite(session, invite_code, now)
        if invite is None:
            raise _unknown_invite()
        if invite.conversation_id is not None:
            return _lead_back(
                session, invite, invite.conversation_id, now, policy.on(local_date(now))
            )
        conversation, token = open_conversation(
            session, invite, channel="web", locale=locale, now=now,
            policy=policy.on(local_date(now)),
        )  # fmt: skip
        opening = accept_system_message(
            session,
            conversation,
            external_id="open",
            text="/open" + json.dumps({"stage": "welcome", "locale": conversation.locale}),
            now=now,
        )
        return conversation.id, token, opening.item_id


def _unknown_invite() -> Problem:
    return Problem(
        "invite_unknown", 404, "This link can no longer be used. Call the number on your card."
    )


def _lead_back(
    session: Session, invite: Invite, conversation_id: str, now: datetime, policy: PolicyView
) -> tuple[str, str, str]:
    """Give the page a conversation that went on by text; the link is used up, answers come here now."""
    conversation = locked_conversation(session, conversation_id)
    session.refresh(invite)
    if invite.expires_at <= now:  # somebody else was quicker
        raise _unknown_invite()
    token = new_token()
    conversation.token_hash, conversation.channel = token_hash(token), "web"
    invite.expires_at = now
    fit_second_proof(
        session, conversation_id=conversation.id, now=now, rules=ChallengeRules.of(policy),
        person=session.get_one(Person, conversation.person_id), by_text=False,
    )  # fmt: skip
    item = accept_system_message(
        session, conversation, external_id=f"open:{invite.id}", now=now,
        text="/open" + json.dumps({"stage": conversation.stage, "locale": conversation.locale}),
    )  # fmt: skip
    return conversation.id, token, item.item_id


def send_message(
    database: Database, clock: Clock, policy: Policy, conversation_id: str, message: NewMessage,
    origin: str | None, take: bool = False,
) -> tuple[Accepted, Turn | None]:  # fmt: skip
    """Store a person's message once. ``origin``: the internet address it came from.

    ``take``: the conversation's next turn is taken in the same transaction, and returned with it.

    Raises:
        Problem: as the intake does; or what kept it from being stored, which for a person in
            distress carries the help lines as ``crisis``: they need no database.
    """
    now = clock.now()
    try:
        with database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            conversation.channel = "web"
            accepted = accept_message(
                session,
                conversation,
                source="web",
                external_id=message.client_message_id,
                text=message.text,
                now=now,
                policy=policy.on(local_date(now)),
                origin=origin,
                name_confirmed=message.name_confirmed,
            )
            return accepted, take_turn(session, conversation, clock.now()) if take else None
    except SQLAlchemyError as error:
        problem = storage_problem(error)
        if problem is None:
            raise
        log.warning("storage_trouble", code=problem.code, where=where(error)[:2])
        if signals_distress(message.text):
            problem.extra["crisis"] = help_lines(
                now, language_of(message.text) or "zh", policy.on(local_date(now))
            )
        raise problem from error


@router.post("/conversations", status_code=201, dependencies=[Depends(limit_invites)])
async def open_from_invite(
    request: Request, response: Response, body: NewConversation
) -> dict[str, Any]:
    """Redeem an invite; 201 with the credential and the assistant's first words."""
    conversation_id, token, item_id = await run_in_threadpool(
        start_conversation, request, body.invite, body.locale
    )
    _, answer = await _answer(request, conversation_id, item_id)
    policy = request.app.state.policy.on(request.app.state.clock.today())
    set_cookie(
        response, token, secure=request.app.state.settings.address.startswith("https"),
        seconds=policy.value("bank.conversation.valid_hours") * 3600,
    )  # fmt: skip
    return {"conversation_id": conversation_id, "token": token, **answer}


@router.post("/conversations/{conversation_id}/messages", dependencies=[Depends(limit_messages)])
async def send(
    request: Request,
    response: Response,
    conversation_id: str,
    body: NewMessage,
    caller: Cardholder,
    database: TheDatabase,
    clock: TheClock,
) -> dict[str, Any]:
    """Send one message: 200 with the answers, or 202 when they follow on the stream."""
    caller.require(conversation_id)
    inbox: Inbox = request.app.state.inbox
    accept = partial(
        send_message, database, clock, request.app.state.policy, conversation_id, body,
        origin_of(request),
    )  # fmt: skip
    accepted, work = await inbox.take_in(conversation_id, accept)
    live: Live = request.app.state.live
    live.changed(conversation_id)
    if accepted.handled:
        handled, answer = await run_in_threadpool(
            read_answer, database, conversation_id, accepted.item_id
        )
    else:
        handled, answer = await _answer(request, conversation_id, accepted.item_id, work)
    response.status_code = 200 if handled else 202
    return answer


async def _answer(
    request: Request, conversation_id: str, item_id: str, work: Work | None = None
) -> tuple[bool, dict[str, Any]]:
    """Wait for the answer to a message; returns whether there is one, and what there is."""
    inbox: Inbox = request.app.state.inbox
    told = await inbox.answered(conversation_id, item_id, PATIENCE_SECONDS, work)
    if told is not None:
        return True, told
    database: Database = request.app.state.database
    return await run_in_threadpool(read_answer, database, conversation_id, item_id)


async def follow(
    request: Request, conversation_id: str, after: int
) -> AsyncIterator[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Yield a conversation's new records and its state whenever either changed, until the reader leaves."""
    database: Database = request.app.state.database
    live: Live = request.app.state.live
    state: dict[str, Any] = {}
    with live.reading(conversation_id) as wait:
        while not await request.is_disconnected():
            if await run_in_threadpool(find_credential, request) is None:
                return
            records, newer = await run_in_threadpool(_look, database, conversation_id, after)
            if records or newer != state:
                after = records[-1]["seq"] if records else after
                state = newer
                yield records, state
            if request.app.state.stopping.is_set():
                return
            await wait(LOOK_SECONDS)


def _look(
    database: Database, conversation_id: str, after: int
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        waiting = session.scalar(
            select(InboxItem.id)
            .where(
                InboxItem.conversation_id == conversation_id,
                InboxItem.handled_at.is_(None),
                InboxItem.attempts <= 1,
            )
            .limit(1)
        )
        return [
            as_record(message) for message in messages_after(session, conversation_id, after)
        ], {
            "stage": conversation.stage,
            "case": conversation.case_state,
            "floor": conversation.floor,
            "locale": conversation.locale,
            "waiting": waiting is not None,
        }


def last_seen(last_event_id: str | None) -> int:
    """Return the number of the last record a reader has, from ``Last-Event-ID``; 0 when unknown."""
    seen = last_event_id or ""
    return int(seen) if seen.isdecimal() and len(seen) <= LONGEST_SEQ else 0


@router.get("/conversations/{conversation_id}/events")
async def events(
    request: Request,
    conversation_id: str,
    caller: Cardholder,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """Stream the conversation's records, by anyone, in order; the reader drops ids it has."""
    caller.require(conversation_id)

    async def stream() -> AsyncIterator[dict[str, str]]:
        async for records, state in follow(request, conversation_id, last_seen(last_event_id)):
            for record in records:
                yield {
                    "event": "record",
                    "id": str(record["seq"]),
                    "data": json.dumps(record, ensure_ascii=False),
                }
            yield {"event": "state", "data": json.dumps(state)}

    return EventSourceResponse(stream(), ping=15)
