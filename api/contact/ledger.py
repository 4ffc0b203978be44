"""The contact ledger: who tried to reach a person, when, how, why, and what is left of the budget.

One ledger for the assistant, for colleagues and for agencies, so that one budget binds all of them.
An attempt is recorded in the very transaction that decides about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.contact.gate import PRESSING, WEEK, Decision, Moment, Purpose, decide
from api.contact.holds import holds_of
from api.contact.models import ContactAttempt, Heard
from api.contact.zones import zones_of
from api.kit.audit import append_event
from api.kit.dates import as_utc, local_date
from api.kit.secrecy import new_id
from api.policy.holidays import public_holidays
from api.policy.lookup import PolicyView

__all__ = [
    "Budget",
    "By",
    "Outcome",
    "attempts_of",
    "budget_of",
    "grounds",
    "heard_lately",
    "may_reach",
    "moment_of",
    "note_heard",
    "note_outcome",
    "record_attempt",
]

By = Literal["assistant", "colleague", "agency"]
Outcome = Literal["sending", "sent", "delivered", "failed", "unanswered", "connected"]

LOOK_BACK = timedelta(days=8)
"""A week's budget and a day for the zones: older attempts bear on no rule."""

UNASKED: frozenset[Purpose] = frozenset(
    {"service_notice", "reminder", "receipt", "outreach", "collection"}
)
"""What the person did not ask for a moment ago: this is what can be an unanswered attempt."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many unasked messages about the debt have gone, and how many policy allows."""

    today: int
    most_a_day: int
    this_week: int
    most_a_week: int

    @property
    def left_today(self) -> int:
        """How many may still go today."""
        return max(0, min(self.most_a_day - self.today, self.most_a_week - self.this_week))


def note_heard(session: Session, person_id: str, now: datetime) -> None:
    """Note that a person wrote or spoke to us just now."""
    heard = session.get(Heard, person_id)
    if heard is None:
        session.add(Heard(person_id=person_id, at=now))
    else:
        heard.at = now


def heard_lately(session: Session, person_id: str, now: datetime, policy: PolicyView) -> bool:
    """Return whether what is written to a person now still answers what they wrote or said."""
    heard = session.get(Heard, person_id)
    within = timedelta(minutes=policy.value("bank.contact.answering_minutes"))
    return heard is not None and now - as_utc(heard.at) <= within


def may_reach(
    session: Session, person: Person, purpose: Purpose, *, now: datetime, policy: PolicyView,
    answering: bool = False, besides: str = "",
) -> Decision:  # fmt: skip
    """Ask the gate about a message to a person now; ``besides``: see ``moment_of``."""
    moment = moment_of(
        session, person, now=now, policy=policy, answering=answering, besides=besides
    )
    return decide(purpose, moment, policy)


def moment_of(
    session: Session, person: Person, *, now: datetime, policy: PolicyView,
    answering: bool = False, besides: str = "",
) -> Moment:  # fmt: skip
    """Gather what the rules look at, besides the attempt of that reference, which is the one asked about.

    It waits for the person's turn, so that two senders cannot both spend the last of a budget.
    """
    lock_persons(session, [person.id])
    attempts = session.execute(
        select(
            ContactAttempt.at,
            ContactAttempt.purpose,
            ContactAttempt.channel,
            ContactAttempt.outcome,
        )
        .where(
            ContactAttempt.person_id == person.id,
            ContactAttempt.at > now - LOOK_BACK,
            ContactAttempt.at <= now,
            ContactAttempt.reference != besides,
        )
        .order_by(ContactAttempt.at)
    ).all()
    heard = session.get(Heard, person.id)
    return Moment(
        at=now,
        zones=zones_of(person.telephone),
        holds=frozenset(holds_of(session, person.id)),
        answering=answering,
        pressing=tuple(one.at for one in attempts if one.purpose in PRESSING),
        unanswered=tuple(
            one.at for one in attempts
            if one.purpose in UNASKED and (heard is None or one.at > as_utc(heard.at))
        ),
        connected=tuple(
            one.at for one in attempts if one.channel == "call" and one.outcome == "connected"
        ),
        holidays=public_holidays(policy),
    )  # fmt: skip


def record_attempt(
    session: Session,
    *,
    person_id: str,
    at: datetime,
    by: By,
    channel: str,
    purpose: Purpose,
    outcome: Outcome,
    why: dict[str, Any],
    reference: str,
) -> bool:
    """Enter an attempt; one of the same reference is entered once. Returns whether it is new."""
    if session.scalar(select(ContactAttempt.id).where(ContactAttempt.reference == reference)):
        return False
    session.add(
        ContactAttempt(
            id=new_id("r"), person_id=person_id, at=at, by=by, channel=channel, purpose=purpose,
            outcome=outcome, why=why, reference=reference,
        )
    )  # fmt: skip
    append_event(
        session, at=at, actor=by, subject=("person", person_id), kind="contact_attempted",
        channel=channel, purpose=purpose,
    )  # fmt: skip
    return True


def grounds(
    session: Session, person: Person, purpose: Purpose, *, now: datetime, policy: PolicyView,
    answering: bool,
) -> dict[str, Any]:  # fmt: skip
    """Say on what ground an attempt is made: ``{"ground", ...}``, without personal data.

    ``answering`` (they wrote first), ``budget`` with the numbers it is within (this one counted), or
    the purpose itself, which the table passes.
    """
    if answering:
        return {"ground": "answering"}
    if purpose in PRESSING:
        budget = budget_of(session, person, now=now, policy=policy)
        return {
            "ground": "budget",
            "day": [budget.today + 1, budget.most_a_day],
            "week": [budget.this_week + 1, budget.most_a_week],
        }
    return {"ground": purpose}


def note_outcome(session: Session, reference: str, outcome: Outcome) -> None:
    """Say how an attempt ended."""
    found = session.scalar(select(ContactAttempt).where(ContactAttempt.reference == reference))
    if found is not None:
        found.outcome = outcome


def attempts_of(session: Session, person_id: str) -> list[ContactAttempt]:
    """Return every attempt to reach a person, the newest first."""
    return list(
        session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.person_id == person_id)
            .order_by(ContactAttempt.at.desc(), ContactAttempt.id)
        )
    )


def budget_of(session: Session, person: Person, *, now: datetime, policy: PolicyView) -> Budget:
    """Return what has been spent of the person's contact budget, counted by Shanghai's days."""
    spent = [
        as_utc(attempt.at)
        for attempt in attempts_of(session, person.id)
        if attempt.purpose in PRESSING
    ]
    today = local_date(now)
    return Budget(
        today=sum(local_date(at) == today and at <= now for at in spent),
        most_a_day=policy.value("bank.contact.collection_sms_a_day"),
        this_week=sum(now - WEEK < at <= now for at in spent),
        most_a_week=policy.value("bank.contact.collection_sms_a_week"),
    )
