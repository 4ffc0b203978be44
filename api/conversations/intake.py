"""Intake: every message, before the assistant hears it.

In the very transaction that stores a message: an open challenge takes its answer (which is stored
as ``••••`` and goes nowhere else), an answer that comes too late is masked as well and told what is
wanted now, signs of distress are answered with care first, a wish for no more texts is done at once,
numbers of documents and cards are masked, and a typed leading ``/`` is taken away, since the assistant would take it for an intent of the
sender's choice.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
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
)
from api.accounts.late_answers import late_answer
from api.accounts.models import Person
from api.contact.ledger import note_heard
from api.contact.wishes import tells_more, wish_on_page
from api.conversations.accepting import Accepted, known_item, printable, store_item
from api.conversations.call_backs import choose
from api.conversations.care import answer_distress, notice_vulnerability
from api.conversations.distress import signals_distress
from api.conversations.following import cases_follow
from api.conversations.guessing import answers_paused, try_counted
from api.conversations.language import language_of
from api.conversations.late_codes import tell_of_late_code
from api.conversations.models import Conversation, Message
from api.conversations.proving import tell_outcome
from api.conversations.signing_words import says_more, tell_of_unsure_code
from api.conversations.stages import resume_stage, set_stage
from api.conversations.text_wishes import answer_wish, set_texts
from api.conversations.transcript import append_message
from api.kit.audit import append_event
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["accept_message", "switch_locale"]

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


def accept_message(
    session: Session,
    conversation: Conversation,
    *,
    source: str,
    external_id: str,
    text: str,
    now: datetime,
    policy: PolicyView,
    origin: str | None = None,
    name_confirmed: bool = False,
) -> Accepted:
    """Store one message of a person, once. ``conversation`` is locked by the caller's transaction.

    ``origin``: the internet address it came from, where there is one; only a keyed hash of it is kept.
    ``name_confirmed``: with a signing code, the person ticked that they are who is to sign.

    Raises:
        Problem: ``empty_message`` (422) or ``message_too_long`` (413); nothing is stored then.
    """
    known = known_item(session, conversation.id, source, external_id)
    if known is not None:
        return Accepted.of(known, duplicate=True)
    text = printable(text)
    if not text:
        raise Problem("empty_message", 422, "The message is empty. Write a few words.")
    if len(text) > LONGEST:
        raise Problem(
            "message_too_long", 413, f"Please send at most {LONGEST} characters at a time."
        )
    rules = ChallengeRules.of(policy)
    late = late_answer(
        session, conversation.id, text, now, rules,
        repeating=partial(_repeating, session, conversation),
    )  # fmt: skip
    distressed = signals_distress(text)
    holds_code = late is not None or (
        distressed and latest_challenge(session, conversation.id) is not None
    )
    verdict, unsure = None, False
    if late is None and not distressed:  # a code beside such words proves and signs nothing
        unsure = says_more(session, conversation, text, rules, now)
        if not unsure:
            verdict = _answer_challenge(
                session, conversation, text, now, policy, origin, name_confirmed
            )
    if verdict is not None:
        shown, heard = MASK, _outcome(conversation, verdict)
    elif late is not None and not distressed and len(text) <= LONGEST_CODE_SENTENCE:
        shown, heard = MASK, ""
    else:
        switch_locale(session, conversation, language_of(MARKUP.sub(" ", text)), now)
        masked = holds_code or unsure
        hidden = without_answer(text, rules.code_digits, MASK) if masked else text
        shown = LONG_NUMBER.sub(MASK, hidden)
        heard = shown.lstrip("/／ ")[:LONGEST_HEARD]
        if not distressed and conversation.floor == "assistant":
            heard = _call_chosen(session, conversation, text, now, policy) or heard
    # It asks the database, so it comes before there is anything to write.
    note_heard(session, conversation.person_id, now)
    message = append_message(
        session, conversation, speaker="person", text=shown, now=now, client_message_id=external_id
    )
    if verdict is not None and (verdict.outcome, verdict.purpose) == ("passed", "document"):
        cases_follow(session, conversation, now=now, policy=policy)
    item = store_item(session, conversation, source, external_id, heard or "?", message.seq, now)
    if verdict is not None and conversation.floor == "collector":
        tell_outcome(session, conversation, verdict, now=now, policy=policy)
    if verdict is None and late is None and not distressed:
        notice_vulnerability(session, conversation, text, now=now, policy=policy)
    wish = wish_on_page(text) if source == "web" and shown != MASK else None
    if distressed:
        if wish == "stop":
            set_texts(session, conversation.person_id, wanted=False, source="chat", now=now)
        answer_distress(session, conversation, now=now, policy=policy)
        item.handled_at, item.answered_to_seq = now, conversation.last_seq
    elif wish is not None:
        answer_wish(session, conversation, wish, now=now, policy=policy)
        if not tells_more(text):
            item.handled_at, item.answered_to_seq = now, conversation.last_seq
    elif unsure and conversation.floor == "assistant":
        tell_of_unsure_code(session, conversation, now=now, policy=policy)
        item.handled_at, item.answered_to_seq = now, conversation.last_seq
    elif late is not None and shown == MASK:
        tell_of_late_code(session, conversation, late, now=now, policy=policy)
        item.handled_at, item.answered_to_seq = now, conversation.last_seq
    return Accepted.of(item)


def _call_chosen(
    session: Session, conversation: Conversation, text: str, now: datetime, policy: PolicyView
) -> str | None:
    """Arrange the call that a message chooses, if it does; returns what the assistant is told of it."""
    if choose(session, conversation, text, now=now, policy=policy) is None:
        return None
    return "/call_back_chosen" + json.dumps(
        {"stage": conversation.stage, "locale": conversation.locale}
    )


def switch_locale(
    session: Session, conversation: Conversation, locale: str | None, now: datetime
) -> None:
    """Go on in the language the person wrote in; ``None`` (mixed or bare) changes nothing."""
    if locale is None or locale == conversation.locale:
        return
    conversation.locale = locale
    append_event(
        session, at=now, actor="person", subject=("conversation", conversation.id),
        kind="locale_changed", person=conversation.person_id, locale=locale,
    )  # fmt: skip


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
    session: Session, conversation: Conversation, text: str, now: datetime, policy: PolicyView,
    origin: str | None, name_confirmed: bool,
) -> Verdict | None:  # fmt: skip
    rules = ChallengeRules.of(policy)
    challenge = latest_challenge(session, conversation.id)
    if challenge is None:
        return None
    answer = answer_in(text, challenge.purpose, rules.code_digits)
    if answer is None:
        return None
    long_over = challenge.expires_at + LONG_OVER < now and conversation.identified_at is not None
    if long_over and not answers(session, challenge, answer):
        return None  # of somebody known, days later: a figure like any other
    how = {"name": "ticked" if name_confirmed else "told"} if challenge.digest else {}
    verdict = try_counted(
        session, conversation, challenge, answer, origin=origin, now=now, policy=policy, **how
    )
    paused = paused_until(
        session, conversation.person_id, verdict.purpose, now, rules
    ) or answers_paused(session, conversation, now, policy)
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
            kind="identified", person=conversation.person_id,
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
