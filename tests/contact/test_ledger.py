"""One budget for every sender: through the real application, its outbox and its database."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact import sending
from api.contact.gate import Decision, Purpose
from api.contact.ledger import attempts_of, record_attempt
from api.contact.models import OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import DeliveryFailed, deliver_due
from api.kit.clock import SetClock
from tests.conftest import BANK, NOON, Telephone, Visit, import_rows, portfolio_row

pytestmark = pytest.mark.each_database

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def bank(app: FastAPI, settings: Any, telephone: Telephone) -> TestClient:
    """The bank's client of an application whose loops are still: a test sends by hand."""
    client = TestClient(app)
    import_rows(client, portfolio_row())
    return client


def write(app: FastAPI, clock: SetClock, key: str, purpose: Purpose) -> Decision | None:
    """Write one message for the person."""
    with app.state.database.transaction() as session:
        return enqueue(
            session, key=key, purpose=purpose, person=session.scalars(select(Person)).one(),
            body=key, now=clock.now(), policy=app.state.policy.on(clock.today()),
        )  # fmt: skip


def send(app: FastAPI, clock: SetClock) -> int:
    """Send what is due."""
    state, sent = app.state, 0
    while now := deliver_due(state.database, clock, state.policy, state.transports):
        sent += now
    return sent


def said(telephone: Telephone) -> list[str]:
    """Return what reached the telephone."""
    return [body for _, body in telephone.texts]


def test_the_second_of_a_day_waits_for_the_morning(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    assert write(app, clock, "one", "outreach") == Decision("send")
    assert send(app, clock) == 1
    kept = write(app, clock, "two", "collection")
    assert kept is not None
    assert kept.rule == "gate.messages_a_day"
    clock.forward(timedelta(hours=19))  # 7:00
    assert send(app, clock) == 0
    clock.forward(timedelta(hours=1))
    assert send(app, clock) == 1
    assert said(telephone) == ["one", "two"]


def test_two_written_before_either_is_sent_spend_one_budget(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    """Both may go when they are written; the transaction that takes them decides."""
    write(app, clock, "one", "collection")
    write(app, clock, "two", "collection")
    assert send(app, clock) == 1
    assert said(telephone) == ["one"]
    with app.state.database.reading() as session:
        two = session.scalars(select(OutboxMessage).where(OutboxMessage.key == "two")).one()
        assert (two.state, two.reason) == ("queued", "gate.messages_a_day")


def test_what_failed_and_is_tried_again_is_one_attempt(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    class Busy:
        def send(self, recipient: str, body: str) -> str:
            del recipient, body
            raise DeliveryFailed("twilio_20429", retryable=True)

    app.state.transports["sms"] = Busy()
    write(app, clock, "one", "collection")
    assert send(app, clock) == 0
    app.state.transports["sms"] = telephone
    clock.forward(timedelta(minutes=1))
    assert send(app, clock) == 1
    with app.state.database.reading() as session:
        person = session.scalars(select(Person)).one()
        assert [attempt.outcome for attempt in attempts_of(session, person.id)] == ["sent"]


def test_a_hold_placed_while_a_message_waits_stops_it(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    clock.forward(timedelta(hours=11))  # 23:00
    write(app, clock, "one", "outreach")
    stop = {"account_ref": "A-1", "hold": "opt_out", "source": "hotline"}
    for _ in range(2):
        assert bank.post("/v1/contacts/holds", json=stop, headers=BANK).json() == {
            "holds": ["opt_out"]
        }
    clock.forward(timedelta(hours=10))
    assert send(app, clock) == 0
    with app.state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.state, row.reason, row.body) == ("dropped", "gate.opt_out", None)
    assert bank.post("/v1/contacts/holds/lift", json=stop, headers=BANK).json()["lifted"]
    assert not bank.post("/v1/contacts/holds/lift", json=stop, headers=BANK).json()["lifted"]
    write(app, clock, "two", "outreach")
    assert send(app, clock) == 1


def test_what_waited_goes_to_the_number_that_is_on_file_when_it_goes(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    clock.forward(timedelta(hours=11))  # 23:00
    write(app, clock, "one", "reminder")
    import_rows(bank, portfolio_row(telephone="+8619900000077", as_of="2026-11-24"))
    clock.forward(timedelta(hours=10))
    assert send(app, clock) == 1
    assert [recipient for recipient, _ in telephone.texts] == ["+8619900000077"]


def test_an_attempt_that_was_entered_while_a_sender_waited_for_its_turn_counts(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The instant that the rules look at is that of the turn, not that of joining the queue."""
    write(app, clock, "one", "outreach")
    locks = sending.lock_free_persons

    def slow(session: Session, person_ids: set[str]) -> set[str]:
        clock.forward(timedelta(seconds=2))
        record_attempt(
            session, person_id=next(iter(person_ids)), at=clock.now(), by="agency",
            channel="letter", purpose="collection", outcome="sent", reference="agency:1", why={},
        )  # fmt: skip
        session.flush()
        return locks(session, person_ids)

    monkeypatch.setattr(sending, "lock_free_persons", slow)
    assert send(app, clock) == 0
    assert telephone.texts == []


def test_a_public_holiday_is_left_alone(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    clock.at = datetime(2027, 1, 1, 10, tzinfo=SHANGHAI)
    kept = write(app, clock, "one", "outreach")
    assert kept is not None
    assert kept.rule == "gate.public_holiday"
    assert kept.until == datetime(2027, 1, 2, 8, tzinfo=SHANGHAI)


def test_an_agencys_letter_spends_the_same_budget(
    bank: TestClient, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    ask = {"account_ref": "A-1", "purpose": "collection"}
    before = bank.post("/v1/contacts/permission", json=ask, headers=BANK).json()
    assert before == {
        "verdict": "send", "rule": None, "title": None, "citation": None, "until": None,
        "left_today": 1,
    }  # fmt: skip
    told = {
        **ask, "reference": "L-77", "at": NOON.isoformat(), "by": "agency", "channel": "letter",
        "outcome": "sent",
    }  # fmt: skip
    assert bank.post("/v1/contacts", json=told, headers=BANK).json()["recorded"]
    assert not bank.post("/v1/contacts", json=told, headers=BANK).json()["recorded"]
    clock.forward(timedelta(hours=1))
    after = bank.post("/v1/contacts/permission", json=ask, headers=BANK).json()
    assert (after["verdict"], after["rule"], after["left_today"]) == (
        "wait", "gate.messages_a_day", 0,
    )  # fmt: skip
    assert after["until"] == "2026-11-25T00:00:00Z"
    write(app, clock, "one", "outreach")
    assert send(app, clock) == 0
    with app.state.database.reading() as session:
        person = session.scalars(select(Person)).one()
        [attempt] = attempts_of(session, person.id)
        assert attempt.why == {"ground": "budget", "day": [1, 1], "week": [1, 3]}


def test_an_attempt_that_broke_a_rule_is_entered_as_one(
    bank: TestClient, app: FastAPI, clock: SetClock
) -> None:
    night = datetime(2026, 11, 23, 23, 15, tzinfo=SHANGHAI)
    told = {
        "account_ref": "A-1", "purpose": "collection", "reference": "C-1", "at": night.isoformat(),
        "by": "agency", "channel": "call", "outcome": "connected",
    }  # fmt: skip
    answer = bank.post("/v1/contacts", json=told, headers=BANK).json()
    assert (answer["verdict"], answer["rule"]) == ("wait", "gate.quiet_hours")
    with app.state.database.reading() as session:
        person = session.scalars(select(Person)).one()
        [attempt] = attempts_of(session, person.id)
        assert attempt.why == {"ground": "barred", "rule": "gate.quiet_hours"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"account_ref": "A-9"}, 404, "account_unknown"),
        ({"at": "2026-11-25T04:00:00Z"}, 422, "contact_in_the_future"),
        ({"at": "2026-11-24T04:00:00"}, 422, "invalid_request"),
        ({"by": "assistant"}, 422, "invalid_request"),
        ({"purpose": "security_code"}, 422, "invalid_request"),
        ({"reference": ""}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_an_attempt(
    bank: TestClient, change: dict[str, str], status: int, code: str
) -> None:
    told = {
        "account_ref": "A-1", "purpose": "collection", "reference": "C-1", "at": NOON.isoformat(),
        "by": "agency", "channel": "call", "outcome": "connected", **change,
    }  # fmt: skip
    answer = bank.post("/v1/contacts", json=told, headers=BANK)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_the_bank_may_ask(bank: TestClient) -> None:
    for path in ("", "/permission", "/holds", "/holds/lift"):
        assert bank.post(f"/v1/contacts{path}", json={}).status_code == 401


def test_who_just_wrote_is_answered_at_night_and_after_six_unanswered(
    visit: Visit, app: FastAPI, clock: SetClock, telephone: Telephone
) -> None:
    clock.forward(timedelta(hours=11))  # 23:00
    before = len(telephone.texts)
    assert visit.bot("challenge", {"purpose": "identity"})["status_code"] == 200
    deadline = time.monotonic() + 10
    while len(telephone.texts) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(telephone.texts) == before + 1
