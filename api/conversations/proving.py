"""Proving identity: a code is sent, and while a colleague has the floor the product itself says what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from api.accounts.challenges import ChallengeRules, Verdict, ask_code
from api.accounts.models import Challenge, Person
from api.contact.outbox import enqueue
from api.conversations.cards import build_card
from api.conversations.guessing import answers_paused
from api.conversations.models import Conversation
from api.conversations.sentences import sentence, text_of
from api.conversations.stages import set_stage
from api.conversations.transcript import append_message
from api.kit.errors import Problem
from api.kit.secrecy import new_code
from api.policy.lookup import PolicyView

__all__ = ["send_code", "tell_outcome"]


def send_code(
    session: Session, conversation: Conversation, purpose: Literal["identity", "signature"], *,
    digest: str = "", now: datetime, policy: PolicyView,
) -> Challenge:  # fmt: skip
    """Send a fresh code to the number on file, for identity or for one digest.

    Raises:
        Problem: as ``ask_code`` (paused, too many).
    """
    rules = ChallengeRules.of(policy)
    if purpose == "identity" and conversation.stage == "welcome":
        set_stage(session, conversation, "identify", now)
    person = session.get_one(Person, conversation.person_id)
    paused = answers_paused(session, conversation, now, policy)
    if paused is not None:
        raise Problem(
            "challenge_paused", 429, "Too many wrong answers; a pause is running.",
            paused_until=paused.isoformat(),
        )  # fmt: skip
    code = new_code(rules.code_digits)
    asked = ask_code(
        session, conversation_id=conversation.id, person=person, purpose=purpose, code=code,
        digest=digest, now=now, rules=rules,
    )  # fmt: skip
    enqueue(
        session, key=f"code:{asked.id}", purpose="security_code", person=person, now=now,
        policy=policy, answering=True,
        body=text_of(
            f"code_{purpose}", conversation.locale, policy, code=code,
            code_minutes=str(rules.code_minutes),
        ),
    )  # fmt: skip
    return asked


def tell_outcome(
    session: Session, conversation: Conversation, verdict: Verdict, *, now: datetime,
    policy: PolicyView,
) -> None:  # fmt: skip
    """Say what became of a code or of the second proof while the assistant is silent."""
    passed = verdict.outcome == "passed"
    if passed and verdict.purpose == "signature":
        return  # its record is what is said (``api.conversations.signing``)
    card = None
    if passed and verdict.purpose == "document":
        key = "proved"
    elif passed:
        by_text = conversation.channel == "sms"
        key, card = "proving_second_by_text" if by_text else "proving_second", "document"
    else:
        key, card = "proving_failed", "document" if verdict.purpose == "document" else "code"
    append_message(
        session, conversation, speaker="system", now=now,
        text=sentence(key, conversation.locale, policy),
        card=None if card is None else build_card(session, conversation, card, now, policy),
    )  # fmt: skip
