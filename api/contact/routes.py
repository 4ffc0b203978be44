"""Contact for the bank's other senders: ask the gate first, tell of each attempt, stop and resume.

A colleague's call and an agency's letter spend the same budget as a message of ours, and meet the same
rules. None of these calls shows more of a person than what the bank named.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import CardAccount, Person
from api.contact.gate import Decision
from api.contact.holds import HoldKind, holds_of, lift_hold, place_hold
from api.contact.ledger import budget_of, grounds, may_reach, note_heard, record_attempt
from api.kit.auth import bank_caller
from api.kit.dates import iso_utc, local_date
from api.kit.db import one_at_a_time
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import Policy, PolicyView

__all__ = ["router"]

router = APIRouter(prefix="/v1/contacts", tags=["contact"], dependencies=[Depends(bank_caller)])

AccountRef = Annotated[str, Field(min_length=1, max_length=64)]
Channel = Literal["sms", "call", "letter", "email"]
FUTURE = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours."""


def _policy(request: Request) -> Policy:
    policy: Policy = request.app.state.policy
    return policy


ThePolicy = Annotated[Policy, Depends(_policy)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContactWanted(_Body):
    """Whom somebody would like to reach, and what for."""

    account_ref: AccountRef
    purpose: Literal["service_notice", "reminder", "receipt", "care", "outreach", "collection"]


class ContactMade(_Body):
    """One attempt that was made. ``reference`` is the sender's own; told twice, it is entered once."""

    account_ref: AccountRef
    reference: Annotated[str, Field(min_length=1, max_length=120)]
    at: AwareDatetime
    by: Literal["colleague", "agency"]
    channel: Channel
    purpose: Literal["service_notice", "reminder", "receipt", "care", "outreach", "collection"]
    outcome: Literal["sent", "failed", "unanswered", "connected"]


class HoldWanted(_Body):
    """A hold that a colleague places or lifts, such as an opt-out told to the hotline."""

    account_ref: AccountRef
    hold: Literal["opt_out", "breathing_space", "wrong_number", "deceased", "dispute", "fraud",
                  "complaint", "distress", "vulnerable"]  # fmt: skip
    source: Annotated[str, Field(min_length=1, max_length=80)]


@router.post("/permission")
def permission(
    body: ContactWanted, database: TheDatabase, clock: TheClock, policy: ThePolicy
) -> dict[str, Any]:
    """Say whether a person may be reached now, by which rule not, from when, and what is left today."""
    now = clock.now()
    view = policy.on(local_date(now))
    with database.reading() as session:
        person = _holder(session, body.account_ref)
        decision = may_reach(session, person, body.purpose, now=now, policy=view)
        budget = budget_of(session, person, now=now, policy=view)
    return {**_as_json(decision, view), "left_today": budget.left_today}


@router.post("", status_code=201)
def made(
    body: ContactMade, database: TheDatabase, clock: TheClock, policy: ThePolicy
) -> dict[str, Any]:
    """Enter an attempt by a colleague or an agency; one that broke a rule is entered as what it was."""
    now = clock.now()
    if body.at > now + FUTURE:
        raise Problem("contact_in_the_future", 422, "An attempt lies in the past.")
    at = min(
        body.at, now
    )  # whatever their clock says, it was before anything that comes from now on
    view = policy.on(local_date(at))
    with database.transaction() as session:
        person = _holder(session, body.account_ref)
        one_at_a_time(session, f"attempt {body.by}:{body.reference}")
        decision = may_reach(session, person, body.purpose, now=at, policy=view)
        why = grounds(session, person, body.purpose, now=at, policy=view, answering=False)
        new = record_attempt(
            session, person_id=person.id, at=at, by=body.by, channel=body.channel,
            purpose=body.purpose, outcome=body.outcome, reference=f"{body.by}:{body.reference}",
            why=why if decision.verdict == "send" else {"ground": "barred", "rule": decision.rule},
        )  # fmt: skip
        if new and body.outcome == "connected":
            note_heard(session, person.id, at)
    return {"recorded": new, **_as_json(decision, view)}


@router.post("/holds", status_code=201)
def hold(body: HoldWanted, database: TheDatabase, clock: TheClock) -> dict[str, Any]:
    """Stop messages to a person for a reason, at once and for every sender; again: the same."""
    with database.transaction() as session:
        person = _holder(session, body.account_ref)
        kind: HoldKind = body.hold
        place_hold(
            session, person_id=person.id, kind=kind, source=f"bank:{body.source}", now=clock.now()
        )
        session.flush()
        return {"holds": sorted(holds_of(session, person.id))}


@router.post("/holds/lift")
def lift(body: HoldWanted, database: TheDatabase, clock: TheClock) -> dict[str, Any]:
    """Lift a hold whose reason is gone; where there is none, nothing changes."""
    with database.transaction() as session:
        person = _holder(session, body.account_ref)
        lifted = lift_hold(
            session, person_id=person.id, kind=body.hold, source=f"bank:{body.source}",
            now=clock.now(),
        )  # fmt: skip
        session.flush()
        return {"lifted": lifted, "holds": sorted(holds_of(session, person.id))}


def _holder(session: Session, account_ref: str) -> Person:
    found = session.scalar(
        select(Person).join(CardAccount).where(CardAccount.account_ref == account_ref)
    )
    if found is None:
        raise Problem("account_unknown", 404, "There is no account with this reference.")
    return found


def _as_json(decision: Decision, view: PolicyView) -> dict[str, Any]:
    until: datetime | None = decision.until
    rule = view.parameter(decision.rule) if decision.rule else None
    return {
        "verdict": decision.verdict,
        "rule": decision.rule or None,
        "title": rule.title if rule else None,
        "citation": rule.citation.text if rule else None,
        "until": iso_utc(until) if until else None,
    }
