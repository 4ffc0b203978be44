"""In a sandbox, days can be made to pass: the clock goes forward, and on each day what is due then happens.

Never in production: there the clock cannot be moved, and these calls do not exist.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select

from api.accounts.hashes import telephone_hash
from api.accounts.models import Person
from api.agreements.records import agreement_in_force
from api.contact.models import OutboxMessage
from api.contact.sending import deliver_due
from api.followup.plan import at_the_hour
from api.followup.standing import stands
from api.followup.tick import follow_up
from api.kit.auth import bank_caller
from api.kit.clock import MovableClock
from api.kit.dates import iso_utc, local_date
from api.kit.db import Database, hold_still
from api.kit.errors import Problem
from api.kit.wiring import TheDatabase

__all__ = ["router"]

router = APIRouter(
    prefix="/v1/sandbox/clock", tags=["sandbox"], dependencies=[Depends(bank_caller)]
)

FURTHEST = timedelta(days=366)
"""How far one call goes at most."""
PATIENCE_SECONDS = 10.0
"""How long what is on its way just now is waited for, before time goes on."""
LOOK_SECONDS = 0.1

_one_at_a_time = Lock()


class Passing(BaseModel):
    """How much time is to pass: some hours, some days, or until a person's next payment day."""

    model_config = ConfigDict(extra="forbid")

    hours: Annotated[int, Field(ge=0, le=24)] = 0
    days: Annotated[int, Field(ge=0, le=366)] = 0
    payment_day_of: Annotated[str, Field(pattern=r"^(\+[1-9]\d{6,14})?$")] = ""
    """A telephone number; the day is reached at the hour at which its words are sent."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Passing:
        if bool(self.payment_day_of) == bool(self.hours or self.days):
            msg = "either some hours or days, or a person's payment day"
            raise ValueError(msg)
        return self


@router.get("")
def told(request: Request) -> dict[str, Any]:
    """Tell the time of this sandbox."""
    return _as_json(request.app.state.clock)


@router.post("")
def passing(request: Request, body: Passing, database: TheDatabase) -> dict[str, Any]:
    """Let time pass, day by day; what is due on each of these days happens on it.

    Raises:
        Problem: ``no_payment_day`` (409), the person has no agreement with a payment day ahead.
    """
    clock: MovableClock = request.app.state.clock
    with _one_at_a_time:
        if body.payment_day_of:
            until = _payment_day(request, database, body.payment_day_of)
        else:
            until = clock.now() + timedelta(days=body.days, hours=body.hours)
        _walk(request, database, clock, until)
        return _as_json(clock)


def _as_json(clock: MovableClock) -> dict[str, Any]:
    return {"now": iso_utc(clock.now()), "today": clock.today().isoformat()}


def _payment_day(request: Request, database: Database, telephone: str) -> datetime:
    state = request.app.state
    now, today = state.clock.now(), state.clock.today()
    with database.reading() as session:
        holders = session.scalars(
            select(Person.id).where(Person.telephone_hash == telephone_hash(telephone))
        )
        agreements = [agreement_in_force(session, holder) for holder in holders]
        days = [
            at_the_hour(one.due, state.policy.on(today))
            for agreement in agreements
            if agreement is not None
            for one in stands(session, agreement, today).open
        ]
    ahead = [day for day in days if now < day <= now + FURTHEST]
    if not ahead:
        raise Problem("no_payment_day", 409, "There is no payment day ahead for this person.")
    return min(ahead)


def _walk(request: Request, database: Database, clock: MovableClock, until: datetime) -> None:
    """Go forward by steps that end each day at the hour of its words, and do what is due."""
    state = request.app.state
    _what_is_due(request)
    while (now := clock.now()) < until:
        today = local_date(now)
        hours = (
            at_the_hour(today + timedelta(days=days), state.policy.on(today)) for days in (0, 1)
        )
        _forward(database, clock, min(until, *(hour for hour in hours if hour > now)) - now)
        _what_is_due(request)


def _what_is_due(request: Request) -> None:
    state = request.app.state
    for _ in range(2):  # what is new is planned for first
        while follow_up(state.database, state.clock, state.policy, state.settings.address):
            pass
    while deliver_due(state.database, state.clock, state.policy, state.transports):
        pass


def _forward(database: Database, clock: MovableClock, step: timedelta) -> None:
    """Set the clock forward when nothing is on its way, as somebody would who lets days pass.

    What is on its way is waited for, for a while. None can be taken for sending between the look and
    the step: whoever took it before the step would still be sending when its lease ran out, and another
    would send it again.
    """
    sending = select(OutboxMessage.id).where(
        OutboxMessage.state == "queued", OutboxMessage.attempts > 0,
        OutboxMessage.reason.not_like("gate.%"),
    )  # fmt: skip
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        with database.transaction() as session:
            hold_still(session, OutboxMessage)
            if session.scalar(sending.limit(1)) is None or time.monotonic() > patience:
                clock.forward(step)
                return
        time.sleep(LOOK_SECONDS)
