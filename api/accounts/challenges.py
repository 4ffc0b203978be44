"""One-time codes and document digits: asked once, compared in constant time, never stored in the clear.

A person has a few tries for a purpose; asking again does not give them back. When they are spent,
a pause begins, longer each time as long as earlier ones are remembered, after which a fresh start is
possible. The same wrong
answer again (a second tab, a page that was reloaded) is the same try. What of a message is an answer
stands in ``answers.py``, what comes too late in ``late_answers.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from api.accounts.hashes import document_hash
from api.accounts.models import Challenge, Person
from api.kit.asked_once import asked_once
from api.kit.audit import Event, append_event
from api.kit.errors import Problem
from api.kit.secrecy import keyring, matches, new_id
from api.policy.lookup import PolicyView

__all__ = [
    "STANDING",
    "ChallengeRules",
    "Purpose",
    "Verdict",
    "answers",
    "ask_code",
    "ask_document",
    "asked_in",
    "compares",
    "fit_second_proof",
    "forgive",
    "latest_challenge",
    "paused_until",
    "satisfied_signature",
    "sends_resume",
    "try_answer",
]

Purpose = Literal["identity", "document", "signature"]
"""``document`` is the second proof: the last four of the identity document, or by text message of a card,
since documents are never asked for by text. Both spend the same tries."""

CARD_TAIL = "card_tail"
"""Stands in the place of an answer's hash where any of the person's cards answers."""

HOUR = timedelta(hours=1)

STANDING = ("open", "wrong")
"""States of a challenge that an answer is still compared with: open, or with its tries spent."""
Outcome = Literal["passed", "wrong", "paused", "expired"]


@dataclass(frozen=True)
class ChallengeRules:
    """Policy figures for challenges."""

    code_minutes: int
    code_digits: int
    tries: int
    pauses_minutes: tuple[int, ...]
    sends_an_hour: int
    remembered: timedelta

    @classmethod
    def of(cls, policy: PolicyView) -> ChallengeRules:
        """Read the figures in force."""
        return cls(
            code_minutes=policy.value("bank.code.minutes"),
            code_digits=policy.value("bank.code.digits"),
            tries=policy.value("bank.code.tries"),
            pauses_minutes=tuple(policy.value("bank.code.pause_minutes")),
            sends_an_hour=policy.value("bank.code.sends_an_hour"),
            remembered=timedelta(hours=policy.value("bank.code.remembered_hours")),
        )


_LATELY = select(Challenge).where(
    Challenge.person_id == bindparam("person"),
    or_(Challenge.created_at > bindparam("since"), Challenge.closed_at > bindparam("since")),
)
_ASKED = select(Challenge).where(Challenge.conversation_id == bindparam("conversation"))


@dataclass(frozen=True)
class Verdict:
    """What came of an answer."""

    outcome: Outcome
    purpose: Purpose
    tries_left: int
    digest: str


def _code_hash(challenge_id: str, code: str) -> str:
    return keyring().keyed_hash("code", challenge_id, code)


def paused_until(
    session: Session, person_id: str, purpose: str, now: datetime, rules: ChallengeRules
) -> datetime | None:
    """Return until when a person must wait after spending their tries, or ``None``."""
    since = now - rules.remembered
    spent = [
        (challenge.closed_at, challenge.state)
        for challenge in _lately(session, person_id, since)
        if challenge.purpose == purpose
        and challenge.state in ("wrong", "forgiven")
        and challenge.closed_at is not None
        and challenge.closed_at > since
    ]
    newest, state = max(spent, default=(now, "forgiven"))
    if state == "forgiven":
        return None
    minutes = rules.pauses_minutes[min(len(spent), len(rules.pauses_minutes)) - 1]
    until = newest + timedelta(minutes=minutes)
    return until if until > now else None


@asked_once
def _lately(session: Session, person_id: str, since: datetime) -> Sequence[Challenge]:
    """Return what was asked of a person, or came to its end, after ``since``."""
    return session.scalars(_LATELY, {"person": person_id, "since": since}).all()


def forgive(session: Session, person_id: str, purpose: str) -> None:
    """End the newest pause of a person's for a purpose; those before it are remembered all the same."""
    newest = session.scalar(
        select(Challenge)
        .where(
            Challenge.person_id == person_id, Challenge.purpose == purpose,
            Challenge.state == "wrong",
        )
        .order_by(Challenge.closed_at.desc())
        .limit(1)
    )  # fmt: skip
    if newest is not None:
        newest.state = "forgiven"


def _tries(
    session: Session, person_id: str, purpose: str, now: datetime, rules: ChallengeRules
) -> int:
    """Return the tries for a new challenge: what the last unanswered one left."""
    last = session.scalar(
        select(Challenge)
        .where(
            Challenge.person_id == person_id,
            Challenge.purpose == purpose,
            Challenge.created_at > now - rules.remembered,
        )
        .order_by(Challenge.created_at.desc(), Challenge.id)
        .limit(1)
    )
    if last is None or last.state not in ("open", "replaced") or last.tries_left <= 0:
        return rules.tries
    return last.tries_left


def sends_resume(
    session: Session, person_id: str, purpose: str, now: datetime, rules: ChallengeRules
) -> datetime | None:
    """Return when another code can be sent, where policy's number of them went out within an hour."""
    sent = sorted(
        challenge.created_at
        for challenge in _lately(session, person_id, now - max(rules.remembered, HOUR))
        if challenge.purpose == purpose and challenge.created_at > now - HOUR
    )[-rules.sends_an_hour :]
    return sent[0] + HOUR if len(sent) >= rules.sends_an_hour else None


def _ask(
    session: Session,
    *,
    conversation_id: str,
    person: Person,
    purpose: Purpose,
    challenge_id: str,
    answer_hash: str,
    digest: str,
    now: datetime,
    rules: ChallengeRules,
) -> Challenge:
    until = paused_until(session, person.id, purpose, now, rules)
    if until is not None:
        raise Problem(
            "challenge_paused",
            429,
            "Too many tries; a pause is running.",
            paused_until=until.isoformat(),
        )
    resume = sends_resume(session, person.id, purpose, now, rules)
    if resume is not None:
        raise Problem(
            "codes_enough", 429, "Too many codes within an hour.", paused_until=resume.isoformat()
        )
    tries = _tries(session, person.id, purpose, now, rules)
    for older in session.scalars(
        select(Challenge).where(
            Challenge.person_id == person.id,
            Challenge.purpose == purpose,
            Challenge.state == "open",
        )
    ):
        older.state, older.closed_at = "replaced", now
    asked = Challenge(
        id=challenge_id,
        conversation_id=conversation_id,
        person_id=person.id,
        purpose=purpose,
        digest=digest,
        answer_hash=answer_hash,
        created_at=now,
        expires_at=now + timedelta(minutes=rules.code_minutes),
        tries_left=tries,
        state="open",
    )
    session.add(asked)
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation_id),
        kind="challenge_asked", person=person.id, purpose=purpose, digest=digest,
    )  # fmt: skip
    return asked


def ask_code(
    session: Session,
    *,
    conversation_id: str,
    person: Person,
    purpose: Literal["identity", "signature"],
    code: str,
    digest: str = "",
    now: datetime,
    rules: ChallengeRules,
) -> Challenge:
    """Open a challenge that ``code`` answers; any earlier one of the purpose is replaced.

    Raises:
        Problem: ``challenge_paused`` (429) while a pause is running; ``codes_enough`` (429), as many
            as policy sends went out within an hour.
    """
    challenge_id = new_id("ch")
    return _ask(
        session, conversation_id=conversation_id, person=person, purpose=purpose,
        challenge_id=challenge_id, answer_hash=_code_hash(challenge_id, code), digest=digest,
        now=now, rules=rules,
    )  # fmt: skip


def ask_document(
    session: Session, *, conversation_id: str, person: Person, now: datetime, rules: ChallengeRules,
    by_text: bool = False,
) -> Challenge:  # fmt: skip
    """Open a challenge for the second proof (see ``Purpose``); raises as ``ask_code``."""
    return _ask(
        session, conversation_id=conversation_id, person=person, purpose="document",
        challenge_id=new_id("ch"), answer_hash=CARD_TAIL if by_text else person.id_last4_hash,
        digest="", now=now, rules=rules,
    )  # fmt: skip


def fit_second_proof(
    session: Session, *, conversation_id: str, person: Person, now: datetime, rules: ChallengeRules,
    by_text: bool,
) -> None:  # fmt: skip
    """Ask for the second proof that fits the channel, where the other one is being asked for."""
    open_now = latest_challenge(session, conversation_id)
    if (
        open_now is not None
        and open_now.purpose == "document"
        and open_now.state == "open"
        and (open_now.answer_hash == CARD_TAIL) != by_text
    ):
        with suppress(Problem):  # within a pause the one that stands says so
            ask_document(
                session, conversation_id=conversation_id, person=person, now=now, rules=rules,
                by_text=by_text,
            )  # fmt: skip


@asked_once
def asked_in(session: Session, conversation_id: str) -> Sequence[Challenge]:
    """Return everything that was asked in a conversation, newest first; of one moment, what still stands."""
    asked = session.scalars(_ASKED, {"conversation": conversation_id})
    return sorted(asked, key=lambda one: (one.created_at, one.state in STANDING), reverse=True)


def latest_challenge(session: Session, conversation_id: str) -> Challenge | None:
    """Return the conversation's newest challenge that still stands (open, or with its tries spent).

    One with its tries spent stands no longer once another of its purpose was asked.
    """
    newest: dict[str, Challenge] = {}
    for challenge in asked_in(session, conversation_id):
        newest.setdefault(challenge.purpose, challenge)
    return next((one for one in newest.values() if one.state in STANDING), None)


def answers(session: Session, challenge: Challenge, answer: str) -> bool:
    """Return whether this is the answer that was asked for, whatever has become of the challenge."""
    if challenge.answer_hash == CARD_TAIL:
        person = session.get_one(Person, challenge.person_id)
        return sum(matches(answer, account.card_tail) for account in person.accounts) > 0
    return matches(_hash_of(session, challenge, answer), challenge.answer_hash)


def _hash_of(session: Session, challenge: Challenge, answer: str) -> str:
    if challenge.purpose == "document":
        person = session.get_one(Person, challenge.person_id)
        return document_hash(person.person_ref, answer)
    return _code_hash(challenge.id, answer)


def compares(challenge: Challenge, now: datetime) -> bool:
    """Return whether an answer to a challenge is looked at at all: it is open, and in time."""
    return challenge.state != "wrong" and challenge.expires_at > now


def try_answer(
    session: Session, challenge: Challenge, answer: str, now: datetime, **how: str
) -> Verdict:
    """Compare an answer with an open challenge and record what came of it, and ``how`` it was given."""
    purpose: Purpose = challenge.purpose  # type: ignore[assignment]  # written from Purpose
    if challenge.state == "wrong":
        return Verdict("paused", purpose, 0, challenge.digest)
    if challenge.expires_at <= now:
        return Verdict("expired", purpose, challenge.tries_left, challenge.digest)
    outcome: Outcome
    given = ""
    if answers(session, challenge, answer):
        challenge.state, challenge.closed_at, outcome = "satisfied", now, "passed"
    else:
        # Hashed once more: of document digits the very hash is on file with the person.
        given = keyring().keyed_hash("wrong", challenge.id, answer)
        if given in _wrong_before(session, challenge):
            return Verdict("wrong", purpose, challenge.tries_left, challenge.digest)
        challenge.tries_left -= 1
        outcome = "wrong"
        if challenge.tries_left <= 0:
            challenge.state, challenge.closed_at, outcome = "wrong", now, "paused"
    append_event(
        session, at=now, actor="person", subject=("conversation", challenge.conversation_id),
        kind="challenge_answered", person=challenge.person_id, purpose=purpose, outcome=outcome,
        digest=challenge.digest, given=given, **how,
    )  # fmt: skip
    return Verdict(outcome, purpose, max(0, challenge.tries_left), challenge.digest)


def _wrong_before(session: Session, challenge: Challenge) -> set[str]:
    """Return the hashes of what was answered wrongly since a challenge was asked."""
    answered = session.scalars(
        select(Event.data).where(
            Event.subject_kind == "conversation",
            Event.subject_id == challenge.conversation_id,
            Event.kind == "challenge_answered",
            Event.at >= challenge.created_at,
        )
    )
    return {str(data["given"]) for data in answered if data.get("given")}


def satisfied_signature(session: Session, conversation_id: str, digest: str) -> Challenge | None:
    """Return the conversation's satisfied, unconsumed signing challenge for a digest, or ``None``."""
    return session.scalar(
        select(Challenge).where(
            Challenge.conversation_id == conversation_id,
            Challenge.purpose == "signature",
            Challenge.digest == digest,
            Challenge.state == "satisfied",
        )
    )
