"""Intake: every message, before the assistant hears it.

In the very transaction that stores a message: an open challenge takes its answer (which is stored
as ``••••`` and goes nowhere else), an answer that comes too late is masked as well and told what is
wanted now, signs of distress are answered with care first, numbers of documents and cards are masked,
and a typed leading ``/`` is taken away, since the assistant would take it for an intent of the
sender's choice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.answers import answer_in, without_answer
from api.accounts.challenges import (
    ChallengeRules,
    Verdict,
    answers,
    ask_document,
    latest_challenge,
    paused_until,
    try_answer,
)
from api.accounts.late_answers import late_answer
from api.accounts.models import Person
from api.contact.ledger import note_heard
from api.conversations.care import answer_distress
from api.conversations.distress import signals_distress
from api.conversations.language import language_of
from api.conversations.late_codes import tell_of_late_code
from api.conversations.models import Conversation, InboxItem, Message
from api.conversations.stages import resume_stage, set_stage
from api.conversations.transcript import append_message
from api.kit.audit import append_event
from api.kit.errors import Problem
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView

__all__ = ["Accepted", "accept_message", "accept_system_message", "switch_locale"]

MASK = "••••"
LONGEST = 8_000
"""Characters stored of one message; a longer one is refused with a word on how to go on."""
LONGEST_HEARD = 1_000
"""Characters of one message that the assistant is given; people say what matters first."""

LONGEST_CODE_SENTENCE = 40
"""Characters of a message that can be all about a code; of a longer one only the code is masked."""
LONG_OVER = timedelta(hours=1)
"""After a code ran out: how long six digits are still taken for it."""

LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){15,18}[\dXx](?![0-9A-Za-z])")
MARKUP = re.compile(r"https?://\S+|<[^<>]*>|\{[^{}]*\}|^\s*[/／]\w+")
"""Latin words that are no sign of a person writing English."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


@dataclass(frozen=True)
class Accepted:
    """A stored message: its inbox item and its number; ``duplicate`` when it was there already."""

    item_id: str
    seq: int
    duplicate: bool


def accept_message(
    session: Session,
    conversation: Conversation,
    *,
    source: str,
    external_id: str,
    text: str,
    now: datetime,
    policy: PolicyView,
) -> Accepted:
    """Store one message of a person, once. ``conversation`` is locked by the caller's transaction.

    Raises:
        Problem: ``empty_message`` (422) or ``message_too_long`` (413); nothing is stored then.
    """
    known = _known(session, conversation.id, source, external_id)
    if known is not None:
        return Accepted(known.id, known.seq, duplicate=True)
    text = _printable(text)
    if not text:
        raise Problem("empty_message", 422, "The message is empty. Write a few words.")
    if len(text) > LONGEST:
        raise Problem(
            "message_too_long", 413, f"Please send at most {LONGEST} characters at a time."
        )
    rules = ChallengeRules.of(policy)
    late = late_answer(
        session, conversation.id, text, now, rules, repeating=_repeating(session, conversation)
    )
    distressed = signals_distress(text)
    holds_code = late is not None or (
        distressed and latest_challenge(session, conversation.id) is not None
    )
    verdict = None
    if late is None and not distressed:  # a code beside such words proves and signs nothing
        verdict = _answer_challenge(session, conversation, text, now, rules)
    if verdict is not None:
        shown, heard = MASK, _outcome(conversation, verdict)
    elif late is not None and not distressed and len(text) <= LONGEST_CODE_SENTENCE:
        shown, heard = MASK, ""
    else:
        switch_locale(session, conversation, language_of(MARKUP.sub(" ", text)), now)
        hidden = without_answer(text, rules.code_digits, MASK) if holds_code else text
        shown = LONG_NUMBER.sub(MASK, hidden)
        heard = shown.lstrip("/／ ")[:LONGEST_HEARD]
    message = append_message(
        session, conversation, speaker="person", text=shown, now=now, client_message_id=external_id
    )
    item = _store(session, conversation, source, external_id, heard or "?", message.seq, now)
    note_heard(session, conversation.person_id, now)
    if distressed:
        answer_distress(session, conversation, now=now, policy=policy)
        item.handled_at, item.answered_to_seq = now, conversation.last_seq
    elif late is not None and shown == MASK:
        tell_of_late_code(session, conversation, late, now=now, policy=policy)
        item.handled_at, item.answered_to_seq = now, conversation.last_seq
    return Accepted(item.id, item.seq, duplicate=False)


def _printable(text: str) -> str:
    """Return a text without control characters and halves of characters, which no database keeps."""
    return CONTROL.sub("", text.encode(errors="ignore").decode()).strip()


def accept_system_message(
    session: Session, conversation: Conversation, *, external_id: str, text: str, now: datetime
) -> Accepted:
    """Store a message of our own to the assistant (such as ``/open``), once; no record shows it."""
    known = _known(session, conversation.id, "system", external_id)
    if known is not None:
        return Accepted(known.id, known.seq, duplicate=True)
    item = _store(session, conversation, "system", external_id, text, conversation.last_seq, now)
    return Accepted(item.id, item.seq, duplicate=False)


def switch_locale(
    session: Session, conversation: Conversation, locale: str | None, now: datetime
) -> None:
    """Go on in the language the person wrote in; ``None`` (mixed or bare) changes nothing."""
    if locale is None or locale == conversation.locale:
        return
    conversation.locale = locale
    append_event(
        session, at=now, actor="person", subject=("conversation", conversation.id),
        kind="locale_changed", locale=locale,
    )  # fmt: skip


def _known(
    session: Session, conversation_id: str, source: str, external_id: str
) -> InboxItem | None:
    return session.scalar(
        select(InboxItem).where(
            InboxItem.conversation_id == conversation_id,
            InboxItem.source == source,
            InboxItem.external_id == external_id,
        )
    )


def _store(
    session: Session,
    conversation: Conversation,
    source: str,
    external_id: str,
    text: str,
    seq: int,
    now: datetime,
) -> InboxItem:
    item = InboxItem(
        id=new_id("n"),
        conversation_id=conversation.id,
        seq=seq,
        source=source,
        external_id=external_id,
        text=text,
        received_at=now,
        next_try_at=now,
    )
    session.add(item)
    return item


def _repeating(session: Session, conversation: Conversation) -> bool:
    """Return whether the last thing the person sent was an answer to a challenge."""
    last = session.scalar(
        select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.speaker == "person")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return last == MASK


def _answer_challenge(
    session: Session, conversation: Conversation, text: str, now: datetime, rules: ChallengeRules
) -> Verdict | None:
    challenge = latest_challenge(session, conversation.id)
    if challenge is None:
        return None
    answer = answer_in(text, challenge.purpose, rules.code_digits)
    if answer is None:
        return None
    long_over = challenge.expires_at + LONG_OVER < now and conversation.identified_at is not None
    if long_over and not answers(session, challenge, answer):
        return None  # of somebody known, days later: a figure like any other
    verdict = try_answer(session, challenge, answer, now)
    paused = paused_until(session, conversation.person_id, verdict.purpose, now, rules)
    if verdict.outcome == "paused" and paused is None:  # the pause is over; a fresh start is due
        return replace(verdict, outcome="expired")
    if verdict.outcome == "passed" and verdict.purpose == "identity":
        person = session.get_one(Person, conversation.person_id)
        try:
            ask_document(
                session, conversation_id=conversation.id, person=person, now=now, rules=rules,
                by_text=conversation.channel == "sms",
            )  # fmt: skip
        except Problem:
            return Verdict("paused", "document", 0, "")
    if verdict.outcome == "passed" and verdict.purpose == "document":
        conversation.identified_at = now
        append_event(
            session, at=now, actor="person", subject=("conversation", conversation.id),
            kind="identified",
        )  # fmt: skip
        set_stage(session, conversation, resume_stage(session, conversation, now), now)
    return verdict


def _outcome(conversation: Conversation, verdict: Verdict) -> str:
    entities: dict[str, Any] = {
        "purpose": verdict.purpose,
        "stage": conversation.stage,
        "locale": conversation.locale,
    }
    if verdict.outcome == "passed":
        return "/challenge_passed" + json.dumps(entities)
    return "/challenge_failed" + json.dumps({**entities, "outcome": verdict.outcome})
