"""The outbox: a code leaves at once, and one bad text keeps nobody else's from leaving."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api import main
from api.accounts.models import Person
from api.contact.models import OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import DeliveryFailed, deliver_due
from api.kit.clock import SetClock
from tests.conftest import Telephone, Visit

pytestmark = pytest.mark.each_database


def test_a_code_leaves_at_once_and_not_at_the_next_tick(
    visit: Visit, telephone: Telephone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "TICK_SECONDS", 30)
    time.sleep(0.6)  # the tick that was running is over
    before = len(telephone.texts)
    visit.bot("challenge", {"purpose": "identity"})
    begun = time.monotonic()
    while len(telephone.texts) == before and time.monotonic() < begun + 5:
        time.sleep(0.01)
    assert len(telephone.texts) == before + 1
    assert time.monotonic() - begun < 2


class Moody(Telephone):
    """A transport that fails as it is told to."""

    mood: Exception | None = None

    def send(self, recipient: str, body: str) -> str:
        """Fail, or keep the text."""
        if self.mood is not None:
            raise self.mood
        return super().send(recipient, body)


def state_of(app: FastAPI) -> tuple[str, str, bool]:
    """Return the only message's state, its reason, and whether its words are still kept."""
    with app.state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        return row.state, row.reason, row.body is not None


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        (TypeError("+8619900000001"), "unexpected"),
        (DeliveryFailed("twilio_30001", retryable=True), "twilio_30001"),
    ],
)
def test_a_text_that_could_not_be_sent_is_tried_again(
    visit: Visit, app: FastAPI, clock: SetClock, mood: Exception, reason: str,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    app.state.transports["sms"] = telephone = Moody()
    telephone.mood = mood
    visit.bot("challenge", {"purpose": "identity"})
    deadline = time.monotonic() + 5
    while not state_of(app)[1] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert state_of(app) == ("queued", reason, True)
    telephone.mood = None
    clock.forward(timedelta(minutes=1))
    while not telephone.texts and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(telephone.texts) == 1
    assert "19900000001" not in "".join(capfd.readouterr())


def test_a_code_that_is_too_old_is_not_sent_any_more(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    app.state.transports["sms"] = telephone = Moody()
    telephone.mood = DeliveryFailed("down", retryable=True)
    visit.bot("challenge", {"purpose": "identity"})
    deadline = time.monotonic() + 5
    while not state_of(app)[1] and time.monotonic() < deadline:
        time.sleep(0.02)
    telephone.mood = None
    clock.forward(timedelta(minutes=11))
    deliver_due(app.state.database, clock, app.state.policy, app.state.transports)
    while state_of(app)[0] == "queued" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert state_of(app) == ("dropped", "stale", False)
    assert telephone.texts == []


class Lossy(Telephone):
    """A provider whose first answers are lost: it has taken the text, and we do not know."""

    lost = 1

    def send(self, recipient: str, body: str) -> str:
        """Keep the text, and then be silent while answers are lost."""
        taken = super().send(recipient, body)
        if self.lost:
            self.lost -= 1
            raise DeliveryFailed("twilio_unreachable", retryable=True)
        return taken


def test_a_text_whose_answer_was_lost_is_found_at_the_provider_and_not_sent_again(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    app.state.transports["sms"] = telephone = Lossy()
    visit.bot("challenge", {"purpose": "identity"})
    until_sent(app, clock)
    assert len(telephone.texts) == 1
    with app.state.database.reading() as session:
        row = session.scalars(select(OutboxMessage)).one()
        assert (row.provider_id, row.attempts) == ("SM1", 2)


def until_sent(app: FastAPI, clock: SetClock) -> None:
    """Let time pass until everything is sent."""
    deadline = time.monotonic() + 10
    while any(state != "sent" for state in states(app)):
        assert time.monotonic() < deadline
        clock.forward(timedelta(seconds=5))
        time.sleep(0.05)


def states(app: FastAPI) -> list[str]:
    """Return the state of every message, the oldest first."""
    with app.state.database.reading() as session:
        return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.created_at)))


def test_two_texts_of_the_same_words_are_two_and_the_second_waits_for_the_first(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    """Of each the answer is lost: neither takes the other's place, and none leaves before its turn."""
    app.state.transports["sms"] = telephone = Lossy()
    telephone.lost = 2
    with app.state.database.transaction() as session:
        person = session.scalars(select(Person)).one()
        for number, body in enumerate(("在吗", "在吗", "还有一句")):
            enqueue(
                session, key=f"t{number}", purpose="reply", person=person, body=body,
                answering=True, now=clock.now() + timedelta(microseconds=number),
                policy=app.state.policy.on(clock.today()),
            )  # fmt: skip
    until_sent(app, clock)
    assert [body for _, body in telephone.texts] == ["在吗", "在吗", "还有一句"]
    with app.state.database.reading() as session:
        ids = session.scalars(select(OutboxMessage.provider_id).order_by(OutboxMessage.created_at))
        assert list(ids) == ["SM1", "SM2", "SM3"]
