"""The assistant never speaks while a colleague has the floor: 500 messages raced against take and hand-back.

The assistant is a real HTTP server in Rasa's place that takes its time; people write as fast as they are
answered, colleagues take and hand back whenever chance has it. What was said afterwards is held against
the changes of the floor on record.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.conversations import floor
from api.conversations.colleagues import Colleague
from api.conversations.models import Case, InboxItem, Message
from api.kit.audit import Event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.main import create_app
from api.settings import Settings
from tests.cases.conftest import QIN, TAO
from tests.channels.test_kills import echoing
from tests.conftest import BANK, BOT, import_rows, portfolio_row

PEOPLE = 5
MESSAGES = 100
"""For each of them: 500 in all."""
SEED = 20261127
EXPECTED = {"case_taken", "case_closed", "floor_lost"}
"""What a colleague may be told who comes second."""


@pytest.fixture
def racing(settings: Settings) -> Iterator[FastAPI]:
    """The application with the machine's own clock and an assistant that takes its time."""
    with echoing(SEED) as echo:
        made = create_app(settings.model_copy(update={"rasa_url": echo.url}))
        if not settings.database_url:
            made.state.database.create_all()
        yield made
        made.state.database.close()


class Writer(threading.Thread):
    """A person who writes numbered lines, two at a time."""

    def __init__(self, client: TestClient, conversation_id: str, token: str) -> None:
        super().__init__(daemon=True)
        self.conversation_id = conversation_id
        self.failed: list[str] = []
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def run(self) -> None:
        """Write all lines."""
        halves = [
            threading.Thread(target=self._write, args=(range(start, MESSAGES, 2),))
            for start in (0, 1)
        ]
        for half in halves:
            half.start()
        for half in halves:
            half.join()

    def _write(self, numbers: range) -> None:
        url = f"/v1/chat/conversations/{self.conversation_id}/messages"
        for number in numbers:
            body = {"text": f"line {number}.", "client_message_id": f"m{number}"}
            for _ in range(50):
                answer = self._client.post(url, json=body, headers=self._headers)
                if answer.status_code != 503:
                    break
            if answer.status_code not in (200, 202):
                self.failed.append(answer.text)


class Taker(threading.Thread):
    """A colleague who takes and hands back at chance moments, until the writing is over."""

    def __init__(self, app: FastAPI, client: TestClient, writer: Writer, by: Colleague) -> None:
        super().__init__(daemon=True)
        self.takes = 0
        self.surprises: list[str] = []
        self._app, self._client, self._writer, self._by = app, client, writer, by
        self._chance = random.Random(f"{SEED}{writer.conversation_id[-2:]}{by.id}")

    def run(self) -> None:
        """Take, say a word, hand back or give up, again and again."""
        while self._writer.is_alive():
            time.sleep(self._chance.uniform(0, 0.15))
            case_id = self._case()
            if case_id is None:
                self._client.post(
                    f"/v1/bot/conversations/{self._writer.conversation_id}/handoff",
                    json={"reason": "ask_human"}, headers=BOT,
                )  # fmt: skip
                continue
            try:
                self._hold(case_id)
            except Problem as problem:
                self.surprises += [problem.code] * (problem.code not in EXPECTED)

    def _case(self) -> int | None:
        with self._app.state.database.reading() as session:
            found: int | None = session.scalar(
                select(Case.id).where(
                    Case.conversation_id == self._writer.conversation_id, Case.state != "closed"
                )
            )
            return found

    def _hold(self, case_id: int) -> None:
        state = self._app.state
        now = state.clock.now()
        policy = state.policy.on(local_date(now))
        with state.database.transaction() as session:
            floor.take(session, case_id, self._by, now, policy)
        self.takes += 1
        time.sleep(self._chance.uniform(0, 0.1))
        if self._chance.random() < 0.5:
            with state.database.transaction() as session:
                floor.say(
                    session, case_id, self._by, "我在看。", now=now, policy=policy,
                    client_message_id=f"{self._by.id}{self.takes}",
                )  # fmt: skip
        end = floor.hand_back if self._chance.random() < 0.7 else floor.give_up
        with state.database.transaction() as session:
            end(session, case_id, self._by, now, policy)


def start(client: TestClient) -> list[Writer]:
    """Open the conversations."""
    import_rows(client, portfolio_row())
    account = client.get("/v1/accounts", headers=BANK).json()["items"][0]["id"]
    writers = []
    for _ in range(PEOPLE):
        code = client.post(f"/v1/accounts/{account}/invites", headers=BANK).json()["code"]
        opened = client.post("/v1/chat/conversations", json={"invite": code}).json()
        writers.append(Writer(client, opened["conversation_id"], opened["token"]))
    return writers


def test_500_messages_raced_against_take_and_hand_back(racing: FastAPI) -> None:
    race(racing)


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_same_race_on_postgresql(racing: FastAPI) -> None:
    race(racing)


def race(racing: FastAPI) -> None:
    """Let people write and colleagues take, and look at what came of it."""
    # From the machine itself, whose callers are not counted: nobody else writes as fast.
    with TestClient(racing, client=("127.0.0.1", 50_000)) as client:
        _race(racing, client)


def _race(racing: FastAPI, client: TestClient) -> None:
    writers = start(client)
    takers = [Taker(racing, client, writer, by) for writer in writers for by in (TAO, QIN)]
    for thread in (*writers, *takers):
        thread.start()
    for thread in (*writers, *takers):
        thread.join(150)
    assert [failed for writer in writers for failed in writer.failed] == []
    assert [code for taker in takers for code in taker.surprises] == []
    settle(racing)
    assert sum(taker.takes for taker in takers) >= 2 * PEOPLE
    for writer in writers:
        check(racing, writer.conversation_id)


def settle(app: FastAPI) -> None:
    """Wait until nothing waits for the assistant."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with app.state.database.reading() as session:
            if session.scalar(select(InboxItem.id).where(InboxItem.handled_at.is_(None))) is None:
                return
        time.sleep(0.1)
    raise AssertionError("messages were never handled")


def check(app: FastAPI, conversation_id: str) -> None:
    """Hold what was said against the changes of the floor."""
    with app.state.database.reading() as session:
        records = session.scalars(
            select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
        ).all()
        changes = session.scalars(
            select(Event)
            .where(Event.subject_id == conversation_id, Event.kind == "floor_changed")
            .order_by(Event.id)
        ).all()
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    spans = [(0, "assistant"), *((event.data["seq"], event.data["floor"]) for event in changes)]
    assert [event.data["epoch"] for event in changes] == list(range(1, len(changes) + 1))

    def floor_at(seq: int) -> int:
        return max(place for place, (begin, _) in enumerate(spans) if begin < seq)

    for record in records:
        if record.speaker == "assistant":
            assert spans[floor_at(record.seq)][1] == "assistant", record.seq
        if record.speaker == "collector":
            assert spans[floor_at(record.seq)][1] == "collector", record.seq
    written = [record for record in records if record.speaker == "person"]
    assert sorted(record.text for record in written) == sorted(
        f"line {number}." for number in range(MESSAGES)
    )
    answers = Counter(record.text for record in records if record.speaker == "assistant")
    for record in written:
        count = answers[f"echo of {record.text}"]
        last_word = spans[-1][1] == "assistant" and floor_at(record.seq) == len(spans) - 1
        assert count <= 1, "answered twice"
        if last_word:
            assert count == 1, "nobody took the floor after it, and it was not answered"
        if spans[floor_at(record.seq)][1] == "collector":
            assert count == 0, "answered by the assistant although a colleague had the floor"
