"""Two processes of the API on one PostgreSQL: whatever both see, one of them does, and once.

The applications here share nothing but the database, as two processes do; what tells processes apart from
threads (that they die) is in ``test_kills``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from api.accounts.models import Person
from api.agreements.ledger.chain import GENESIS
from api.agreements.models import LedgerEntry
from api.channels.assistant import Answer
from api.contact.models import ContactAttempt, InboundText, OutboxMessage
from api.contact.outbox import enqueue
from api.contact.sending import deliver_due
from api.conversations.models import Conversation, InboxItem, Message
from api.conversations.signing import complete_signatures
from api.followup.models import FollowupStep, Payment
from api.followup.tick import follow_up
from api.kit.clock import SetClock
from api.main import create_app
from api.settings import Settings
from tests.conftest import BANK, Telephone, Visit, import_rows, invite_link, portfolio_row

pytestmark = pytest.mark.postgresql

TOKEN = "the provider's token"
INBOUND = "http://testserver/v1/sms/inbound"
PERSONS = 6


class Slow(Telephone):
    """A provider that takes its time, so that two processes meet there."""

    def send(self, recipient: str, body: str) -> str:
        """Keep one text."""
        time.sleep(0.01)
        return super().send(recipient, body)


class Echo:
    """Stands where the assistant stands, for both; remembers what it heard and of whom at once."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.at_work: set[str] = set()
        self.met: list[str] = []

    async def say(
        self, conversation_id: str, _: str, text: str, __: dict[str, Any]
    ) -> list[Answer]:
        if conversation_id in self.at_work:
            self.met.append(conversation_id)
        self.at_work.add(conversation_id)
        await asyncio.sleep(0.03)
        self.heard[conversation_id].append(text)
        self.at_work.discard(conversation_id)
        return [Answer(f"echo of {text}")]

    async def already_said(self, _: str, __: str) -> None:
        return None

    async def ready(self) -> bool:
        return True

    async def close(self) -> None:
        return None


@dataclass
class Two:
    """Two running applications on one database."""

    apps: tuple[FastAPI, FastAPI]
    clients: tuple[TestClient, TestClient]
    telephone: Slow
    echo: Echo

    def both(self, work: Callable[[FastAPI], Any], times: int = 1) -> list[Any]:
        """Let both do a work at the same moment, as often as told; returns what they returned."""
        ready = threading.Barrier(2 * times)

        def together(app: FastAPI) -> Any:
            ready.wait(10)
            return work(app)

        with ThreadPoolExecutor(2 * times) as pool:
            return list(pool.map(together, self.apps * times))

    def rows(self, table: type[Any]) -> int:
        """Return how many rows a table has."""
        with self.apps[0].state.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL of the test's own."""
    server = request.getfixturevalue("postgresql")
    url = server.database(like=request.getfixturevalue("postgresql_tables"))
    yield url
    server.drop(url)


@pytest.fixture
def two(settings: Settings, clock: SetClock) -> Iterator[Two]:
    """Two applications, a provider and an assistant, and six people of the portfolio."""
    settings.twilio_auth_token = SecretStr(TOKEN)
    apps = (create_app(settings, clock), create_app(settings, clock))
    telephone, echo = Slow(), Echo()
    for app in apps:
        app.state.transports["sms"] = telephone
        app.state.inbox._assistant = app.state.assistant = echo
    with (
        TestClient(apps[0], follow_redirects=False) as first,
        TestClient(apps[1], follow_redirects=False) as second,
    ):
        import_rows(
            first,
            *(
                portfolio_row(
                    account_ref=f"A-{n}", person_ref=f"P-{n}", telephone=f"+861990000000{n}"
                )
                for n in range(1, PERSONS + 1)
            ),
        )
        yield Two(apps, (first, second), telephone, echo)


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what loops of the applications do by themselves."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def text_in(client: TestClient, number: int, sid: str, body: str) -> int:
    """Bring one text of a person, as the provider does; returns the status."""
    fields = {
        "MessageSid": sid, "From": f"+861990000000{number}", "To": "+8610000000", "Body": body,
    }  # fmt: skip
    signature = RequestValidator(TOKEN).compute_signature(INBOUND, fields)
    headers = {"X-Twilio-Signature": signature}
    return client.post("/v1/sms/inbound", data=fields, headers=headers).status_code


def test_a_text_leaves_once_and_each_persons_in_their_order(two: Two, clock: SetClock) -> None:
    each = 5
    state = two.apps[0].state
    with state.database.transaction() as session:
        persons = session.scalars(select(Person)).all()
        for number in range(each):
            for person in persons:
                enqueue(
                    session, key=f"{person.id}:{number}", purpose="reply", person=person,
                    body=f"text {number}", answering=True, policy=state.policy.on(clock.today()),
                    now=clock.now() + timedelta(microseconds=number),
                )  # fmt: skip
    clock.forward(timedelta(seconds=1))

    def deliver(app: FastAPI) -> None:
        while any_queued(app):
            deliver_due(app.state.database, clock, app.state.policy, app.state.transports)

    two.both(deliver, times=2)
    arrived: dict[str, list[str]] = defaultdict(list)
    for recipient, body in two.telephone.texts:
        arrived[recipient].append(body)
    assert len(arrived) == PERSONS
    assert all(texts == [f"text {n}" for n in range(each)] for texts in arrived.values())
    assert two.rows(ContactAttempt) == PERSONS * each


def any_queued(app: FastAPI) -> bool:
    """Return whether anything waits in the outbox."""
    with app.state.database.reading() as session:
        waiting = select(OutboxMessage.id).where(OutboxMessage.state == "queued").limit(1)
        return session.scalar(waiting) is not None


def test_the_last_of_a_budget_is_spent_once(two: Two, clock: SetClock) -> None:
    state = two.apps[0].state
    for number in range(4):
        with state.database.transaction() as session:
            for person in session.scalars(select(Person)):
                enqueue(
                    session, key=f"{person.id}:{number}", purpose="collection", person=person,
                    body="a word", now=clock.now(), policy=state.policy.on(clock.today()),
                )  # fmt: skip
    two.both(
        lambda app: deliver_due(app.state.database, clock, app.state.policy, app.state.transports),
        times=8,
    )
    for _ in range(4):  # what each found taken by the other, as the next ticks do
        deliver_due(two.apps[0].state.database, clock, state.policy, two.apps[0].state.transports)
    recipients = [recipient for recipient, _ in two.telephone.texts]
    assert len(recipients) == len(set(recipients)) == PERSONS


def test_what_both_see_waiting_is_asked_of_the_assistant_once_and_in_order(two: Two) -> None:
    lines = 4

    def write(number: int) -> None:
        for line in range(lines):
            client = two.clients[(number + line) % 2]
            assert text_in(client, number, f"SM-{number}-{line}", f"line {line}") == 200

    with ThreadPoolExecutor(PERSONS) as pool:
        list(pool.map(write, range(1, PERSONS + 1)))
    until(lambda: len(two.telephone.texts) >= PERSONS and not waiting(two.apps[0]))
    assert two.echo.met == []
    assert len(two.echo.heard) == PERSONS
    for heard in two.echo.heard.values():
        assert heard == [f"line {line}" for line in range(lines)]


def waiting(app: FastAPI) -> bool:
    """Return whether a message is not handled yet."""
    with app.state.database.reading() as session:
        unhandled = select(InboxItem.id).where(InboxItem.handled_at.is_(None)).limit(1)
        return session.scalar(unhandled) is not None


def test_a_text_brought_to_both_at_once_is_taken_in_once(two: Two) -> None:
    for number in (1, 9):  # somebody, and a number that is nobody's
        for attempt in range(5):
            sid = f"SM-{number}-{attempt}"
            clients = iter(two.clients)
            statuses = two.both(
                lambda _, n=number, s=sid, c=clients: text_in(next(c), n, s, "在吗")  # type: ignore[misc]
            )
            assert statuses == [200, 200]
    assert (two.rows(InboundText), two.rows(InboxItem), two.rows(Conversation)) == (10, 5, 1)


def test_a_page_that_sends_to_both_is_answered_by_both_with_the_one_answer(two: Two) -> None:
    opened = two.clients[0].post(
        "/v1/chat/conversations", json={"invite": invite_link(two.clients[0])}
    )
    url = f"/v1/chat/conversations/{opened.json()['conversation_id']}/messages"
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    clients = iter(two.clients)
    answers = two.both(
        lambda _: next(clients).post(
            url, json={"text": "你好", "client_message_id": "same"}, headers=headers
        )
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["replies"][-1]["text"] for answer in answers} == {"echo of 你好"}
    with two.apps[0].state.database.reading() as session:
        said = session.scalars(select(Message.text).where(Message.speaker == "person")).all()
        assert list(said) == ["你好"]


def test_a_payment_told_to_both_at_once_counts_once(two: Two) -> None:
    told = {
        "reference": "T-1", "account_ref": "A-1", "amount": "100.00", "paid_on": "2026-11-24",
    }  # fmt: skip
    clients = iter(two.clients)
    statuses = two.both(
        lambda _: next(clients).post("/v1/payments", headers=BANK, json=told).status_code
    )
    assert sorted(statuses) == [200, 201]
    assert two.rows(Payment) == 1


def about_to_sign(two: Two, number: int) -> Visit:
    """Lead a person to their signing code and let them give it, the assistant not noticing."""
    client = two.clients[number % 2]
    opened = client.post(
        "/v1/chat/conversations", json={"invite": invite_link(client, f"A-{number}")}
    )
    visit = Visit(client, two.telephone, opened.json()["conversation_id"])
    visit.identify()
    visit.tell()
    visit.choose()
    visit.say(visit.code("signature"))
    return visit


def test_signatures_given_at_once_stand_in_one_chain_each_once(
    two: Two, clock: SetClock, capfd: pytest.CaptureFixture[str]
) -> None:
    visits = [about_to_sign(two, number) for number in range(1, 5)]
    clock.forward(timedelta(minutes=1))  # the ticks of both complete them too
    left = iter(visits)
    answers = two.both(lambda _: next(left).bot("agreement", {}), times=2)
    assert [answer.get("signed") for answer in answers] == [True] * 4, answers
    two.both(lambda app: complete_signatures(app.state.database, clock, app.state.policy))
    with two.apps[0].state.database.reading() as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.position)).all()
        told = session.scalars(select(Message.text).where(Message.speaker == "assistant")).all()
    assert [entry.position for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous_hash for entry in entries] == [
        GENESIS, *(entry.entry_hash for entry in entries[:-1])
    ]  # fmt: skip
    assert len({entry.agreement_id for entry in entries}) == 4
    assert sum("签好了" in text for text in told) <= 4
    assert "failed" not in capfd.readouterr().out  # they took turns, and nobody had to try again


def test_a_step_that_both_see_due_is_taken_once(two: Two, clock: SetClock) -> None:
    visits = [about_to_sign(two, number) for number in (1, 2)]
    assert [visit.bot("agreement", {})["signed"] for visit in visits] == [True, True]
    address = "https://bank.example"

    def tick(app: FastAPI) -> int:
        return follow_up(app.state.database, clock, app.state.policy, address)

    two.both(tick, times=2)
    two.telephone.texts.clear()
    with two.apps[0].state.database.reading() as session:
        first = session.scalars(select(FollowupStep.due_at).order_by(FollowupStep.due_at)).first()
    assert first is not None
    clock.at = first + timedelta(minutes=5)
    two.both(tick, times=3)
    until(lambda: not any_queued(two.apps[0]))
    reminders = [body for _, body in two.telephone.texts if "约好的日子" in body]
    assert len(reminders) == 2
