"""Texts coming in from Twilio: signature checked, taken in once, acknowledged at once.

What a text wishes of the channel itself (stop, start, help) is done here, before anything else hears
it. Everything else goes the way of every message: intake, inbox, assistant. A number that is nobody's
is told once a day where to turn (``strangers.py``), and nothing of it is kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from api.accounts.challenges import ChallengeRules, fit_second_proof
from api.accounts.hashes import telephone_hash
from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.channels.inbox import Inbox
from api.channels.strangers import word_to_stranger
from api.channels.texting import choices_texted
from api.channels.twilio import FINAL_STATUSES, number_news
from api.contact.delivery import note_delivery
from api.contact.holds import holds_of
from api.contact.ledger import note_heard
from api.contact.models import ContactAttempt, InboundText
from api.contact.outbox import enqueue
from api.contact.wishes import Wish, tells_more, wish_in
from api.conversations.distress import signals_distress
from api.conversations.intake import accept_message
from api.conversations.models import Conversation
from api.conversations.sentences import text_of
from api.conversations.service import begin_conversation
from api.conversations.text_wishes import set_texts
from api.conversations.transcript import locked_conversation
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import Problem
from api.policy.lookup import Policy, PolicyView

__all__ = ["ComingText", "router", "take_in"]

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/v1/sms", tags=["sms"])

EMPTY_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""TwiML that says nothing: answers go through the outbox, the only sender."""

A_PERSON = {"zh": "找人工", "en": "I want a person"}
DIGITS = {**dict(zip("一二三四", "1234", strict=True)), **dict(zip("①②③④", "1234", strict=True))}


@dataclass(frozen=True)
class ComingText:
    """One text as a provider brings it: its own id, an E.164 number, and what was written."""

    sid: str
    sender: str
    body: str


@router.post("/inbound")
async def inbound(request: Request) -> Response:
    """Take in one text: 200 once it is stored, whatever it says; 403 when it is not Twilio's."""
    fields = await _signed_fields(request)
    text = ComingText(fields.get("MessageSid", ""), fields.get("From", ""), fields.get("Body", ""))
    if not text.sid:
        raise Problem("invalid_request", 422, "MessageSid is missing.")
    state = request.app.state
    conversation_id = await run_in_threadpool(
        take_in, state.database, state.clock, state.policy, text, state.answer_reminder
    )
    if conversation_id:
        inbox: Inbox = state.inbox
        inbox.soon(conversation_id)
        return Response(EMPTY_ANSWER, media_type="application/xml")
    word = await run_in_threadpool(
        word_to_stranger, state.database, state.clock, state.policy, sender=text.sender,
        body=text.body,
    )  # fmt: skip
    answer = MessagingResponse()
    if word is not None:
        answer.message(word)
    return Response(str(answer), media_type="application/xml")


@router.post("/status")
async def status(request: Request) -> Response:
    """Note what became of one of our texts; a number that cannot be reached is marked as such."""
    fields = await _signed_fields(request)
    state = request.app.state
    outcome = FINAL_STATUSES.get(fields.get("MessageStatus", ""))
    if outcome is not None:
        await run_in_threadpool(
            note_delivery, state.database, state.clock, provider_id=fields.get("MessageSid", ""),
            outcome=outcome, number=number_news(fields.get("ErrorCode", "")),
        )  # fmt: skip
    return Response(status_code=204)


async def _signed_fields(request: Request) -> dict[str, str]:
    """Return the form's fields if Twilio signed them for our public address.

    Raises:
        Problem: ``signature_invalid`` (403).
    """
    settings = request.app.state.settings
    token = settings.twilio_auth_token.get_secret_value()
    form = {name: str(value) for name, value in (await request.form()).items()}
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{settings.address}{request.url.path}{query}"
    given = request.headers.get("x-twilio-signature", "")
    if not token or not RequestValidator(token).validate(address, form, given):
        log.warning("sms_signature_invalid")
        raise Problem("signature_invalid", 403, "This request is not signed by the provider.")
    return form


class AnswerReminder(Protocol):
    """Answers a text that answers a reminder, and says whether it was one (see ``api.followup``)."""

    def __call__(
        self, session: Session, person: Person, *, text: str, sid: str, now: datetime,
        policy: PolicyView,
    ) -> bool: ...  # fmt: skip


def take_in(
    database: Database, clock: Clock, policy: Policy, text: ComingText, answer: AnswerReminder
) -> str | None:
    """Store a text once and do what it wishes; returns the conversation in which it is to be answered."""
    try:
        return _stored(database, clock, policy, text, answer)
    except IntegrityError:  # brought twice at the same moment: a second look finds it
        return _stored(database, clock, policy, text, answer)


def _stored(
    database: Database, clock: Clock, policy: Policy, text: ComingText, answer: AnswerReminder
) -> str | None:
    now = clock.now()
    view = policy.on(local_date(now))
    with database.transaction() as session:
        person = _sender(session, text.sender)
        lock_persons(session, [person.id] if person else [])
        if session.get(InboundText, text.sid) is not None:
            return None
        outcome: Literal["unknown", "heard", "stopped", "started", "helped"] = "unknown"
        conversation_id = None
        if person is not None:
            note_heard(session, person.id, now)
            wish = wish_in(text.body)
            distressed = signals_distress(text.body)
            if distressed and wish == "stop":  # care answers, and nothing is confirmed beside it
                _set_number(session, person, wanted=False, now=now)
            if wish is not None and not distressed:
                outcome = _grant(session, person, wish, text.sid, now, view)
                if wish == "stop" and tells_more(text.body):
                    conversation_id = _hear(session, person, text, now, view)
            elif answer(session, person, text=text.body, sid=text.sid, now=now, policy=view):
                outcome = "heard"
            else:
                conversation_id, outcome = _hear(session, person, text, now, view), "heard"
        session.add(
            InboundText(
                sid=text.sid, person_id=person.id if person else None, at=now, outcome=outcome
            )
        )
        return conversation_id


def _sender(session: Session, number: str) -> Person | None:
    """Return whose number it is; of several persons with one number, whom we wrote to last."""
    return session.scalar(
        select(Person)
        .outerjoin(ContactAttempt, ContactAttempt.person_id == Person.id)
        .where(Person.telephone_hash == telephone_hash(number))
        .order_by(ContactAttempt.at.desc().nulls_last(), Person.created_at)
        .limit(1)
    )


def _grant(
    session: Session, person: Person, wish: Wish, sid: str, now: datetime, view: PolicyView
) -> Literal["stopped", "started", "helped"]:
    """Stop (confirmed once), start again, or say who we are."""
    if wish == "stop":
        if _set_number(session, person, wanted=False, now=now):
            _say(session, person, "sms_stopped", "opt_out_confirmation", sid, now, view)
        return "stopped"
    if wish == "start":
        _set_number(session, person, wanted=True, now=now)
        _say(session, person, "sms_started", "reply", sid, now, view)
        return "started"
    _say(session, person, "sms_help", "reply", sid, now, view)
    return "helped"


def _set_number(session: Session, person: Person, *, wanted: bool, now: datetime) -> bool:
    """Stop texts to a number for everybody who has it, or bring them back; returns whether any changed."""
    changed = False
    for person_id in session.scalars(
        select(Person.id).where(Person.telephone_hash == person.telephone_hash)
    ).all():
        if ("opt_out" in holds_of(session, person_id)) is wanted:
            set_texts(session, person_id, wanted=wanted, source="sms", now=now)
            changed = True
    return changed


def _say(
    session: Session, person: Person, key: str, purpose: Literal["reply", "opt_out_confirmation"],
    sid: str, now: datetime, view: PolicyView,
) -> None:  # fmt: skip
    enqueue(
        session, key=f"{key}:{sid}", purpose=purpose, person=person, now=now, policy=view,
        body=text_of(key, person.locale, view), answering=True,
    )  # fmt: skip


def _hear(
    session: Session, person: Person, text: ComingText, now: datetime, view: PolicyView
) -> str | None:
    """Go on with the person's conversation, or begin one; returns its id."""
    known = session.scalar(
        select(Conversation.id)
        .where(Conversation.person_id == person.id, Conversation.expires_at > now)
        .order_by(Conversation.created_at.desc())
        .limit(1)
    )
    if known is None:
        conversation = begin_conversation(session, person, channel="sms", now=now, policy=view)
    else:
        conversation = locked_conversation(session, known)
    if conversation.channel != "sms":  # what was said elsewhere has been read there
        conversation.channel, conversation.texted_seq = "sms", conversation.last_seq
        fit_second_proof(
            session, conversation_id=conversation.id, person=person, now=now,
            rules=ChallengeRules.of(view), by_text=True,
        )  # fmt: skip
    try:
        accept_message(
            session, conversation, source="sms", external_id=text.sid,
            text=_meant(session, conversation, text.body), now=now, policy=view,
        )  # fmt: skip
    except Problem as problem:
        if problem.code not in ("empty_message", "message_too_long"):
            raise
        _say(session, person, f"sms_{problem.code}", "reply", text.sid, now, view)
        return None
    return conversation.id


def _meant(session: Session, conversation: Conversation, body: str) -> str:
    """Return what a lone digit stands for: a choice of the last text, or ``0``, a person."""
    plain = unicodedata.normalize("NFKC", body).strip().rstrip(".。、)）")
    digit = DIGITS.get(body.strip(), DIGITS.get(plain, plain))
    if digit == "0":
        return A_PERSON[conversation.locale]
    if digit in ("1", "2", "3", "4"):
        choices = choices_texted(session, conversation)
        if int(digit) <= len(choices):
            return choices[int(digit) - 1]["text"]
    return body
