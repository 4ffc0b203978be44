"""Twilio's own client against a real server in Twilio's place that refuses as Twilio publishes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.accounts.models import Person
from api.channels.twilio import TwilioTransport, number_news
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import MOST_ATTEMPTS, deliver_due
from api.kit.clock import SetClock
from tests.channels.provider_server import Provider, provider
from tests.conftest import import_rows, portfolio_row


@pytest.fixture
def twilio() -> Iterator[Provider]:
    """A server where Twilio's would be."""
    with provider() as found:
        yield found


@pytest.fixture
def bank(app: FastAPI, clock: SetClock, twilio: Provider) -> FastAPI:
    """An application with one text waiting to go by it; its loops are still."""
    app.state.transports["sms"] = TwilioTransport(
        account_sid="AC1", auth_token="token", sender="+8610000000", api_url=twilio.address
    )
    import_rows(TestClient(app), portfolio_row())
    with app.state.database.transaction() as session:
        enqueue(
            session, key="one", purpose="reminder", person=session.scalars(select(Person)).one(),
            body="您好", now=clock.now(), policy=app.state.policy.on(clock.today()),
        )  # fmt: skip
    return app


def refuse(twilio: Provider, status: int, code: int) -> None:
    """Answer as Twilio's errors are published."""
    twilio.status = status
    twilio.answer = {
        "code": code, "message": "no", "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }  # fmt: skip


def deliver(bank: FastAPI) -> None:
    """Send what is due."""
    state = bank.state
    deliver_due(state.database, state.clock, state.policy, state.transports)


def state_of(bank: FastAPI) -> tuple[str, str, set[str]]:
    """The text's state and reason, and the person's holds."""
    with bank.state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        return row.state, row.reason, holds_of(session, row.person_id)


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (400, 21611), (503, 20503), (500, 0)])
def test_what_is_of_the_moment_is_tried_again_with_growing_pauses_and_not_for_ever(
    bank: FastAPI, twilio: Provider, clock: SetClock, status: int, code: int
) -> None:
    refuse(twilio, status, code)
    for tried in range(1, MOST_ATTEMPTS + 1):
        deliver(bank)
        deliver(bank)  # not before its pause is over
        assert len(twilio.came) == tried
        clock.forward(timedelta(seconds=2**tried))
    assert state_of(bank)[0] == "failed"
    deliver(bank)
    assert len(twilio.came) == MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("code", "holds"),
    [(21211, {"undeliverable"}), (21614, {"undeliverable"}), (21610, {"opt_out"}), (21408, set()),
     (30007, set())],
)  # fmt: skip
def test_what_is_for_good_is_tried_once_and_says_what_it_says_of_the_number(
    bank: FastAPI, twilio: Provider, clock: SetClock, code: int, holds: set[str]
) -> None:
    refuse(twilio, 400, code)
    deliver(bank)
    clock.forward(timedelta(hours=1))
    deliver(bank)
    assert len(twilio.came) == 1
    assert state_of(bank) == ("failed", f"twilio_{code}", holds)


def test_the_request_is_the_one_that_twilio_takes(bank: FastAPI, twilio: Provider) -> None:
    twilio.status, twilio.answer = 201, {"sid": "SM1", "status": "queued"}
    deliver(bank)
    [came] = twilio.came
    assert came.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert b"To=%2B8619900000001" in came.body
    assert state_of(bank)[0] == "sent"


@pytest.mark.parametrize("error", ["", "abc", "30008", "30003x"])
def test_other_codes_say_nothing_of_the_number(error: str) -> None:
    assert number_news(error) == ""
