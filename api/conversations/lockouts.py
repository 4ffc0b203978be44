"""Pauses of a person's proofs as colleagues see them: which, why, until when; and ending them with a reason.

Ending a pause gives the tries of one pause back and no more: earlier ones are remembered all the same, so
that the next pause is as long as it would have been. How often a day it may be done is policy, because each
time it is a few guesses more for whoever is guessing. A pause of an internet address ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.challenges import ChallengeRules, forgive, paused_until
from api.accounts.locking import lock_persons
from api.conversations.guessing import answers_paused, end_pause
from api.conversations.models import Conversation
from api.kit.audit import Event, append_event
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["Pause", "end_pauses", "may_end", "running_pauses", "wrong_lately"]

What = Literal["identity", "document", "signature", "visit", "origin"]
PURPOSES: tuple[Literal["identity", "document", "signature"], ...] = (
    "identity", "document", "signature",
)  # fmt: skip


@dataclass(frozen=True)
class Pause:
    """One pause that is running: of a proof of the person's, of a link (``visit``) or of an address."""

    what: What
    until: datetime
    reference: str = ""
    """Of a pause of a link or an address: the reference by which the conversation is known."""


def running_pauses(
    session: Session, person_id: str, *, now: datetime, policy: PolicyView
) -> list[Pause]:
    """Return the pauses that keep a person from proving themselves just now, the longest first."""
    rules = ChallengeRules.of(policy)
    found = []
    for purpose in PURPOSES:
        until = paused_until(session, person_id, purpose, now, rules)
        if until is not None:
            found.append(Pause(purpose, until))
    links: dict[tuple[str, str], Pause] = {}
    for conversation in _conversations(session, person_id, now):
        until = answers_paused(session, conversation, now, policy)
        if until is not None:
            what: What = "origin" if conversation.answers_paused_by == "origin" else "visit"
            links[what, conversation.reference] = Pause(what, until, conversation.reference)
    return sorted([*found, *links.values()], key=lambda pause: pause.until, reverse=True)


def wrong_lately(session: Session, person_id: str, *, now: datetime, policy: PolicyView) -> int:
    """Return how many answers of a person's were wrong in the time that is remembered."""
    since = now - ChallengeRules.of(policy).remembered
    answered = session.scalars(
        select(Event.data).where(
            Event.person_id == person_id, Event.kind == "challenge_answered", Event.at >= since
        )
    )
    return sum(data.get("outcome") in ("wrong", "paused") for data in answered)


def may_end(session: Session, person_id: str, *, now: datetime, policy: PolicyView) -> bool:
    """Return whether pauses of a person may be ended once more today."""
    ended = session.scalar(
        select(func.count())
        .select_from(Event)
        .where(
            Event.person_id == person_id, Event.kind == "pause_ended",
            Event.at > now - timedelta(days=1),
        )
    )  # fmt: skip
    most: int = policy.value("bank.code.pauses_ended_a_day")
    return (ended or 0) < most


def end_pauses(
    session: Session, person_id: str, *, now: datetime, policy: PolicyView, actor: str, source: str
) -> bool:
    """End what pauses a person's proofs; returns whether anything did. Doing it again changes nothing.

    Raises:
        Problem: ``pauses_ended_enough`` (409), policy lets no more be ended today.
    """
    lock_persons(session, [person_id])
    ending = [
        pause
        for pause in running_pauses(session, person_id, now=now, policy=policy)
        if pause.what != "origin"
    ]
    if not ending:
        return False
    if not may_end(session, person_id, now=now, policy=policy):
        raise Problem(
            "pauses_ended_enough", 409, "Pauses of this person were ended often enough today."
        )
    for pause in ending:
        if pause.what in PURPOSES:
            forgive(session, person_id, pause.what)
    for conversation in _conversations(session, person_id, now):
        end_pause(session, conversation, policy)
    append_event(
        session, at=now, actor=actor, subject=("person", person_id), kind="pause_ended",
        source=source, of=sorted({pause.what for pause in ending}),
    )  # fmt: skip
    session.flush()
    return True


def _conversations(session: Session, person_id: str, now: datetime) -> list[Conversation]:
    return list(
        session.scalars(
            select(Conversation).where(
                Conversation.person_id == person_id, Conversation.expires_at > now
            )
        )
    )
