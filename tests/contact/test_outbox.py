"""The outbox: a code leaves at once, and one bad text keeps nobody else's from leaving."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api import main
from api.contact.models import OutboxMessage
from api.contact.outbox import DeliveryFailed, deliver_due
from api.kit.clock import SetClock
from tests.conftest import Telephone, Visit


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
