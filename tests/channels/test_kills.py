"""A message accepted is never lost and never answered twice, whenever the API is killed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from sqlalchemy import select

from api.conversations.models import InboxItem, Message
from api.kit.db import Database
from api.main import create_app
from api.settings import Settings
from tests.channels.served import Echo
from tests.channels.serving import Serving, environment_of
from tests.conftest import HEADING, portfolio_row
from tooling.ports import free_ports

TALKERS = 3


@contextmanager
def echoing(seed: int) -> Iterator[Echo]:
    """An assistant that echoes."""
    with Echo(seed) as echo:
        thread = threading.Thread(target=echo.serve_forever, daemon=True)
        thread.start()
        yield echo
        echo.shutdown()
        thread.join(5)


class Talker(threading.Thread):
    """Writes numbered messages, each again under its id until the API takes it."""

    def __init__(self, address: str, number: int, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.accepted: list[str] = []
        self.surprises: list[str] = []
        self._address = address
        self._stopping = stopping
        bank = {"Authorization": "Bearer bank-token"}
        with httpx2.Client(base_url=address, timeout=30) as client:
            accounts = client.get("/v1/accounts", headers=bank).json()["items"]
            invite = client.post(f"/v1/accounts/{accounts[0]['id']}/invites", headers=bank).json()
            opened = client.post("/v1/chat/conversations", json={"invite": invite["code"]}).json()
        self.conversation_id = str(opened["conversation_id"])
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def run(self) -> None:
        """Write until told to stop."""
        count = 0
        url = f"{self._address}/v1/chat/conversations/{self.conversation_id}/messages"
        while not self._stopping.is_set():
            count += 1
            message = {"text": f"line {count} of {self.number}", "client_message_id": f"m{count}"}
            while True:
                try:
                    answer = httpx2.post(url, json=message, headers=self._headers, timeout=10)
                except httpx2.HTTPError:
                    time.sleep(0.02)
                    continue
                if answer.status_code in (200, 202):
                    self.accepted.append(message["text"])
                    break
                if answer.status_code != 503:
                    self.surprises.append(answer.text)
                    return


def _kill_while_people_talk(settings: Settings, kills: int, seed: int) -> None:
    made = create_app(settings)
    if not settings.database_url:
        made.state.database.create_all()
    made.state.database.close()
    chance = random.Random(seed)
    with echoing(seed) as echo:
        serving = Serving(
            free_ports(1)[0], environment_of(settings, echo.url), settings.data_dir / "api.log"
        )
        try:
            serving.wait()
            httpx2.post(
                f"{serving.address}/v1/accounts/import", content=(HEADING + portfolio_row()).encode(),
                headers={"Authorization": "Bearer bank-token"}, timeout=30,
            )  # fmt: skip
            stopping = threading.Event()
            talkers = [Talker(serving.address, n, stopping) for n in range(TALKERS)]
            for talker in talkers:
                talker.start()
            for _ in range(kills):
                _wait_for_another(talkers)
                time.sleep(chance.uniform(0, 0.5))
                serving.kill()
                serving.wait()
            time.sleep(0.5)
            stopping.set()
            for talker in talkers:
                talker.join(60)
            _check(settings, talkers, kills)
        finally:
            serving.stop()
        log = (settings.data_dir / "api.log").read_text(encoding="utf-8")
        assert "line 1 of" not in log
        assert "Traceback" not in log, log[-3000:]


def _wait_for_another(talkers: list[Talker]) -> None:
    """Let at least one more message in before the next kill, however slow the machine is."""
    before = sum(len(talker.accepted) for talker in talkers)
    deadline = time.monotonic() + 30
    while sum(len(talker.accepted) for talker in talkers) == before:
        assert time.monotonic() < deadline, "nothing more was accepted"
        time.sleep(0.01)


def _check(settings: Settings, talkers: list[Talker], kills: int) -> None:
    database = Database(settings.database)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.reading() as session:
            if not session.scalars(select(InboxItem).where(InboxItem.handled_at.is_(None))).all():
                break
        time.sleep(0.2)
    assert sum(len(talker.accepted) for talker in talkers) >= kills
    for talker in talkers:
        assert talker.surprises == []
        with database.reading() as session:
            records = session.scalars(
                select(Message)
                .where(Message.conversation_id == talker.conversation_id)
                .order_by(Message.seq)
            ).all()
        assert [record.seq for record in records] == list(range(1, len(records) + 1))
        written = [record.text for record in records if record.speaker == "person"]
        assert written == talker.accepted
        answered = [r.text for r in records if r.text.startswith("echo of line")]
        assert answered == [f"echo of {text}" for text in written]
    database.close()


@pytest.mark.long
@pytest.mark.each_database
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_kills_lose_and_double_nothing(settings: Settings, seed: int) -> None:
    """Fifty kills, from outside and at any time, for each seed; ``tests/kills`` has those from within."""
    _kill_while_people_talk(settings, kills=50, seed=seed)
