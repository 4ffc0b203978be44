"""In a sandbox days pass when they are asked to, and each with what is due on it."""

from __future__ import annotations

import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.accounts.models import Person
from api.contact.models import OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import deliver_due
from api.kit.clock import SetClock
from api.kit.dates import LOCAL_ZONE
from api.main import create_app
from api.settings import Settings
from tests.conftest import BANK, Telephone
from tests.followup.conftest import EACH, Months

NUMBER = "+8619900000001"


def let_pass(months: Months, **how: object) -> dict[str, Any]:
    """Ask for time to pass; returns the answer with its ``status_code``."""
    answer = months.client.post("/v1/sandbox/clock", headers=BANK, json=how)
    return {"status_code": answer.status_code, **answer.json()}


def test_on_the_way_to_a_payment_day_each_days_words_are_said_on_that_day(months: Months) -> None:
    due = months.due(1)
    told = let_pass(months, payment_day_of=NUMBER)
    assert (told["status_code"], told["today"]) == (200, due.isoformat())
    texts = [text for _, text in months.telephone.texts]
    assert ["今天，" in text for text in texts] == [False, True]
    days = [at.astimezone(LOCAL_ZONE) for at in sent_at(months)]
    assert [(at.date(), at.hour) for at in days] == [(due - timedelta(days=3), 10), (due, 10)]
    # Pressed again, it is the next one's; nothing that was left unpaid is passed over meanwhile.
    assert let_pass(months, payment_day_of=NUMBER)["today"] == months.due(2).isoformat()
    assert "不算没做到" in months.telephone.texts[2][1]


def sent_at(months: Months) -> list[datetime]:
    """When each text left, as our record has it."""
    with months.app.state.database.reading() as session:
        at = select(OutboxMessage.sent_at).where(OutboxMessage.purpose == "reminder")
        return list(session.scalars(at.order_by(OutboxMessage.sent_at)))


def test_three_months_are_kept_by_pressing_one_button(months: Months) -> None:
    for _ in range(8):
        let_pass(months, payment_day_of=NUMBER)
        months.pay(EACH)
    assert months.progress()["state"] == "fulfilled"
    again = let_pass(months, payment_day_of=NUMBER)
    assert (again["status_code"], again["code"]) == (409, "no_payment_day")


def test_hours_and_days_pass_to_the_second(months: Months, clock: SetClock) -> None:
    before = clock.now()
    let_pass(months, hours=1)
    assert clock.now() == before + timedelta(hours=1)
    let_pass(months, days=2, hours=3)
    assert clock.now() == before + timedelta(days=2, hours=4)
    told = months.client.get("/v1/sandbox/clock", headers=BANK).json()
    assert told == {"now": "2026-11-26T08:00:00Z", "today": "2026-11-26"}


@pytest.mark.parametrize(
    "how",
    [{}, {"hours": 0}, {"hours": -1}, {"days": 367}, {"days": 1, "payment_day_of": NUMBER},
     {"payment_day_of": "13800138000"}, {"years": 1}],
)  # fmt: skip
def test_what_cannot_pass_is_refused_and_nothing_moves(
    months: Months, clock: SetClock, how: dict[str, object]
) -> None:
    before = clock.now()
    assert let_pass(months, **how)["code"] == "invalid_request"
    assert clock.now() == before


def test_only_the_bank_may_move_it_and_nobody_in_production(
    months: Months, in_production: Settings
) -> None:
    assert months.client.post("/v1/sandbox/clock", json={"days": 1}).status_code == 401
    assert months.client.get("/v1/sandbox/clock").status_code == 401
    unknown = let_pass(months, payment_day_of="+8619900000099")
    assert unknown["code"] == "no_payment_day"
    production = create_app(in_production)
    with TestClient(production) as client:
        answer = client.post("/v1/sandbox/clock", headers=BANK, json={"days": 1})
    assert answer.status_code == 404
    production.state.database.close()


def answered(app: FastAPI, clock: SetClock, due: datetime) -> None:
    """Let an answer to the person wait for its time."""
    with app.state.database.transaction() as session:
        enqueue(
            session, key="one", purpose="reply", person=session.scalars(select(Person)).one(),
            body="在", now=clock.now(), policy=app.state.policy.on(clock.today()), answering=True,
        )  # fmt: skip
        session.scalars(select(OutboxMessage).where(OutboxMessage.key == "one")).one().due_at = due


def test_what_is_being_sent_arrives_before_time_goes_on(
    months: Months, app: FastAPI, clock: SetClock
) -> None:
    """A provider that is slow just now gets the text once, on the day on which it was written."""

    class Slow(Telephone):
        begun = False

        def send(self, recipient: str, body: str) -> str:
            self.begun = True
            time.sleep(0.6)
            return super().send(recipient, body)

    app.state.transports["sms"] = telephone = Slow()
    answered(app, clock, clock.now())
    state = app.state
    sending = threading.Thread(
        target=deliver_due, args=(state.database, clock, state.policy, state.transports)
    )
    sending.start()
    while not telephone.begun:
        time.sleep(0.01)
    let_pass(months, days=1)
    sending.join()
    assert [text for _, text in telephone.texts].count("在") == 1


def test_nothing_is_taken_for_sending_in_the_instant_in_which_time_goes_on(
    months: Months, app: FastAPI, clock: SetClock
) -> None:
    """Else its lease would run out while it is being sent, and the new day would send it again."""
    state = app.state
    begun: list[threading.Thread] = []

    class Ahead:
        """The clock of whoever sends: a little later than the walk's own look at it, by less than a lease."""

        def now(self) -> datetime:
            return clock.now() + timedelta(seconds=20)

        def today(self) -> date:
            return clock.today()

    class Slow(Telephone):
        def send(self, recipient: str, body: str) -> str:
            time.sleep(1)
            return super().send(recipient, body)

    class Stepping(SetClock):
        """Somebody wants to send just when this clock is being set."""

        def forward(self, step: timedelta) -> None:
            sending = threading.Thread(
                target=deliver_due, args=(state.database, Ahead(), state.policy, state.transports)
            )
            sending.start()
            begun.append(sending)
            sending.join(0.4)
            clock.forward(step)

        def now(self) -> datetime:
            return clock.now()

    state.transports["sms"] = telephone = Slow()
    answered(app, clock, clock.now() + timedelta(seconds=10))
    state.clock = Stepping()
    let_pass(months, hours=1)
    for sending in begun:
        sending.join()
    while deliver_due(state.database, clock, state.policy, state.transports):
        pass
    assert [text for _, text in telephone.texts].count("在") == 1
