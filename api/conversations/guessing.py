"""How many wrong codes and digits one visit and one internet address may give, whoever they are about.

A person's own tries and pauses are ``api.accounts.challenges``. Beside them wrong answers are counted by
the visit (a conversation, with all others that the same link opened) and by the origin (an internet
address, as a keyed hash that is soon deleted), so that neither many links nor many people give more guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.accounts.challenges import Verdict, compares, try_answer
from api.accounts.models import Challenge, FailedTries
from api.accounts.tries import Counted, PauseRule, clear, give_back, spend
from api.conversations.models import Conversation
from api.kit.asked_once import asked_once
from api.kit.audit import append_event
from api.kit.secrecy import keyring
from api.policy.lookup import PolicyView

__all__ = ["answers_paused", "by_visit", "end_pause", "try_counted"]


@dataclass(frozen=True)
class _Rules:
    visit: PauseRule
    origin: PauseRule

    @classmethod
    def of(cls, policy: PolicyView) -> _Rules:
        return cls(
            visit=PauseRule(
                policy.value("bank.code.visit_tries"),
                _minutes(policy.value("bank.code.visit_pause_minutes")),
                timedelta(hours=policy.value("bank.code.remembered_hours")),
            ),
            origin=PauseRule(
                policy.value("bank.code.origin_tries"),
                _minutes(policy.value("bank.code.origin_pause_minutes")),
                timedelta(hours=policy.value("bank.code.origin_forgotten_hours")),
            ),
        )


def _minutes(values: list[int]) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=value) for value in values)


def by_visit(conversation: Conversation, policy: PolicyView) -> Counted:
    """Return what wrong answers of a conversation, and of all others of the same link, are counted by."""
    key = keyring().keyed_hash("answers visit", conversation.person_id, conversation.reference)
    return Counted("visit", key, _Rules.of(policy).visit)


def _counted_by(
    conversation: Conversation, origin: str | None, policy: PolicyView
) -> list[Counted]:
    found = [by_visit(conversation, policy)]
    if origin is not None:
        key = keyring().keyed_hash("answers origin", origin)
        found.append(Counted("origin", key, _Rules.of(policy).origin))
    return found


def try_counted(
    session: Session, conversation: Conversation, challenge: Challenge, answer: str, *,
    origin: str | None, now: datetime, policy: PolicyView, **how: str,
) -> Verdict:  # fmt: skip
    """Compare an answer as ``try_answer`` does, unless too many were wrong here or from there.

    While such a pause runs nothing is compared, and a right answer is told from a wrong one to nobody. ``how``
    it was given is noted with it.
    """
    if not compares(challenge, now):
        return try_answer(session, challenge, answer, now, **how)
    by = _counted_by(conversation, origin, policy)
    spent = spend(session, by, now)
    if spent.running_until is not None:
        _pause(session, conversation, spent.running_until, spent.by, now)
        return Verdict("paused", challenge.purpose, challenge.tries_left, challenge.digest)  # type: ignore[arg-type]  # written from Purpose
    left = challenge.tries_left
    verdict = try_answer(session, challenge, answer, now, **how)
    if challenge.tries_left == left:  # right, or the same wrong one again
        give_back(session, by)
        if verdict.outcome == "passed" and verdict.purpose == "document":
            clear(session, by[0])
        return verdict
    if spent.begins_until is None:
        return verdict
    _pause(session, conversation, spent.begins_until, spent.by, now)
    return Verdict("paused", verdict.purpose, verdict.tries_left, verdict.digest)


@asked_once
def answers_paused(
    session: Session, conversation: Conversation, now: datetime, policy: PolicyView
) -> datetime | None:
    """Return until when no answer is looked at in a conversation, or in others of its link, or ``None``."""
    row = session.get(FailedTries, by_visit(conversation, policy).key)
    until = (conversation.answers_paused_until, row.paused_until if row else None)
    return max((each for each in until if each is not None and each > now), default=None)


def end_pause(session: Session, conversation: Conversation, policy: PolicyView) -> None:
    """End a pause of a visit and forget its wrong answers. That of an address ends by itself."""
    if conversation.answers_paused_by == "visit":
        conversation.answers_paused_until = conversation.answers_paused_by = None
    clear(session, by_visit(conversation, policy))


def _pause(
    session: Session, conversation: Conversation, until: datetime, by: str | None, now: datetime
) -> None:
    if (conversation.answers_paused_until, conversation.answers_paused_by) == (until, by):
        return
    conversation.answers_paused_until, conversation.answers_paused_by = until, by
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="answers_paused", person=conversation.person_id, by=by,
        minutes=int((until - now).total_seconds() // 60),
    )  # fmt: skip
