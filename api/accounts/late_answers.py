"""Answers that come too late: to a challenge that has passed, or that became void meanwhile.

They are secrets all the same, since people type them again and again, so they are known here before
they are stored. A right code is told by its hash, at any time of the day. What merely looks like a
code is taken for one only where a code was made void within its minutes and nothing has followed it:
after distress, after a correction of the facts the code was to sign, or when another visit asked for one.

The digits of a document stay the same, so a comparison here would be a try that costs nothing: they are
compared only where this very conversation was given them rightly before. Otherwise whatever looks like
them is answered alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.accounts.answers import answer_in
from api.accounts.challenges import STANDING, ChallengeRules, Purpose, answers, asked_in
from api.accounts.models import Challenge

__all__ = ["LateAnswer", "late_answer"]

REMEMBERED = timedelta(days=1)
PASSED = ("satisfied", "consumed")


@dataclass(frozen=True)
class LateAnswer:
    """An answer to what is no longer asked: it had passed before, or its challenge was made void."""

    purpose: Purpose
    passed: bool


def late_answer(
    session: Session,
    conversation_id: str,
    text: str,
    now: datetime,
    rules: ChallengeRules,
    *,
    repeating: Callable[[], bool],
) -> LateAnswer | None:
    """Return what a message answers too late, or ``None``.

    ``repeating``: whether the person's message just before was an answer. Only then are four digits taken for
    those of the document once more; later they may be any figure.
    """
    asked = [
        challenge
        for challenge in asked_in(session, conversation_id)
        if challenge.created_at > now - REMEMBERED
    ]
    standing = [challenge for challenge in asked if challenge.state in STANDING]
    if standing and standing[0].state == "wrong":
        return None  # a pause is running: the same is said to everything
    for challenge in asked:
        if challenge in standing:
            continue
        digits = challenge.purpose == "document"
        if digits and challenge.state not in PASSED:
            continue
        if answer_in(text, challenge.purpose, rules.code_digits) is None:
            continue
        if digits and not repeating():
            continue
        if _answered(session, challenge, text, rules):
            return _late(challenge)
    if standing:
        return None
    newest = {challenge.purpose: challenge for challenge in reversed(asked)}
    for challenge in newest.values():
        void = challenge.state == "replaced" and challenge.expires_at > now
        looks_so = answer_in(text, challenge.purpose, rules.code_digits) is not None
        if void and looks_so and (challenge.purpose != "document" or repeating()):
            return _late(challenge)
    return None


def _answered(session: Session, challenge: Challenge, text: str, rules: ChallengeRules) -> bool:
    answer = answer_in(text, challenge.purpose, rules.code_digits)
    return answer is not None and answers(session, challenge, answer)


def _late(challenge: Challenge) -> LateAnswer:
    purpose: Purpose = challenge.purpose  # type: ignore[assignment]  # written from Purpose
    return LateAnswer(purpose, passed=challenge.state in PASSED)
