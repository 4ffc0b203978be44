"""An agreement that was signed through the real application, whose months then pass by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from api.agreements.models import Agreement
from api.contact.models import OutboxMessage
from api.contact.sending import deliver_due
from api.conversations.models import Conversation
from api.followup.models import FollowupStep
from api.followup.progress import progress_of
from api.followup.tick import follow_up
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.dates import LOCAL_ZONE
from api.settings import Settings
from tests.conftest import BANK, BOT, Telephone, Visit, import_rows, invite_link, portfolio_row

INBOUND = "http://testserver/v1/sms/inbound"
TOKEN = "the provider's token"
EACH = "359.33"
"""What an instalment of the small agreement asks for."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with a provider's token, so that the person can text."""
    settings.twilio_auth_token = SecretStr(TOKEN)
    return settings


@dataclass
class Months:
    """One person and the months of their agreement; the application's loops are still meanwhile."""

    app: FastAPI
    client: TestClient
    clock: SetClock
    telephone: Telephone
    conversation_id: str
    paid: int = 0
    texted: int = 0

    @property
    def today(self) -> date:
        """The day."""
        return self.clock.today()

    def ticks(self) -> list[str]:
        """Let the loops do what is due now; returns the texts that left."""
        state = self.app.state
        before = len(self.telephone.texts)
        for _ in range(3):  # planning first, then what was planned
            follow_up(state.database, self.clock, state.policy, "https://bank.example")
        while deliver_due(state.database, self.clock, state.policy, state.transports):
            pass
        return [text for _, text in self.telephone.texts[before:]]

    def until(self, day: date, hour: int = 12) -> list[str]:
        """Let the hours pass up to a day, the loops running; returns the texts that left."""
        end = datetime.combine(day, time(hour), LOCAL_ZONE).astimezone(UTC)
        texts = self.ticks()
        while self.clock.at < end:
            self.clock.at = min(self._next(), end)
            texts += self.ticks()
        return texts

    def _next(self) -> datetime:
        """When the loops have something to do next, within a day."""
        with self.app.state.database.reading() as session:
            due = [
                session.scalar(select(func.min(at)).where(at > self.clock.at, waits))
                for at, waits in (
                    (FollowupStep.due_at, FollowupStep.done_at.is_(None)),
                    (OutboxMessage.due_at, OutboxMessage.state == "queued"),
                )
            ]
        return min(filter(None, (*due, self.clock.at + timedelta(days=1))))

    def pay(self, amount: str, paid_on: date | None = None, reference: str = "") -> dict[str, Any]:
        """Let the bank tell of a payment; returns the answer with its ``status_code``."""
        self.paid += 1
        answer = self.client.post(
            "/v1/payments", headers=BANK,
            json={
                "reference": reference or f"T-{self.paid}", "account_ref": "A-1", "amount": amount,
                "paid_on": (paid_on or self.today).isoformat(),
            },
        )  # fmt: skip
        return {"status_code": answer.status_code, **answer.json()}

    def text(self, body: str) -> list[str]:
        """Let the person text us, some minutes later; returns what they get back."""
        self.clock.forward(timedelta(minutes=5))
        self.texted += 1
        fields = {
            "MessageSid": f"SM{self.texted}", "From": "+8619900000001", "To": "+8610000000",
            "Body": body, "AccountSid": "AC1",
        }  # fmt: skip
        signature = RequestValidator(TOKEN).compute_signature(INBOUND, fields)
        answer = self.client.post(
            "/v1/sms/inbound", data=fields, headers={"X-Twilio-Signature": signature}
        )
        assert answer.status_code == 200
        return self.ticks()

    def bot(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the assistant's door."""
        url = f"/v1/bot/conversations/{self.conversation_id}/{path}"
        answer = (
            self.client.get(url, headers=BOT)
            if body is None
            else self.client.post(url, json=body, headers=BOT)
        )
        return {"status_code": answer.status_code, **answer.json()}

    def keep_open(self) -> None:
        """Let the page's credential hold, however many months have passed."""
        with self.app.state.database.transaction() as session:
            conversation = session.get_one(Conversation, self.conversation_id)
            conversation.expires_at = self.clock.now() + timedelta(days=1)

    def progress(self) -> dict[str, Any]:
        """How it goes."""
        with self.app.state.database.reading() as session:
            agreement = session.scalars(select(Agreement)).one()
            policy = self.app.state.policy.on(self.today)
            return progress_of(session, agreement, now=self.clock.now(), policy=policy)

    def due(self, number: int) -> date:
        """The day of an instalment as it holds now."""
        return date.fromisoformat(self.progress()["instalments"][number - 1]["due_date"])

    def states(self) -> list[str]:
        """The state of each instalment."""
        return [each["state"] for each in self.progress()["instalments"]]

    def events(self, *kinds: str) -> list[str]:
        """Which of these things happened, in their order."""
        with self.app.state.database.reading() as session:
            found = session.scalars(
                select(Event.kind).where(Event.kind.in_(kinds)).order_by(Event.id)
            )
            return list(found)

    def outcomes(self, kind: str) -> list[str]:
        """What became of the steps of a kind that are done, in the order of their days."""
        with self.app.state.database.reading() as session:
            found = session.scalars(
                select(FollowupStep.outcome)
                .where(FollowupStep.kind == kind, FollowupStep.done_at.is_not(None))
                .order_by(FollowupStep.day)
            )
            return list(found)


def sign(app: FastAPI, clock: SetClock, telephone: Telephone, **row: str) -> Months:
    """Have a small agreement signed: 2,700 owed, eight months."""
    owed = {"principal": "2700.00", "interest": "0.00", "penalty": "0.00", "fees": "0.00"}
    client = TestClient(app, follow_redirects=False)
    with client:
        import_rows(client, portfolio_row(**{**owed, **row}))
        opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
        visit = Visit(client, telephone, opened.json()["conversation_id"])
        visit.identify()
        visit.tell(proposed_payment="450.00", monthly_income="5400.00")
        visit.choose()
        assert visit.sign()["signed"]
    months = Months(app, client, clock, telephone, visit.conversation_id)
    months.ticks()  # what the signature itself has to say, if the loops have not said it yet
    telephone.texts.clear()
    return months


@pytest.fixture
def months(app: FastAPI, clock: SetClock, telephone: Telephone) -> Months:
    """The months of an agreement that was just signed."""
    return sign(app, clock, telephone)
