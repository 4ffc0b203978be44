"""What a bad day needs: a process killed, the database held, a person who sends again until heard."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from typing import Any

import httpx2

from tests.journeys.cardholder import Cardholder
from tests.journeys.casebook import someone_like
from tests.journeys.stack import Stack

MARKS = {
    "api": ("api.main:create_app", "ANHUAN_PORT"),
    "rasa": ("rasa run", "ANHUAN_RASA_PORT"),
}
PATIENCE_SECONDS = 240

TOLD = {
    "reason": "我七月份被裁了，现在打零工",
    "income": "一个月到手六千左右",
    "spending": "房租吃饭加孩子差不多三千九",
    "others": "一千",
    "proposed": "每月能还一千",
    "day": "15号",
}
"""What the laid-off mother of the sample tells, in the order of asking."""


def pid_of(stack: Stack, name: str) -> int:
    """Return the process id of one of an installation's processes, known by its port."""
    mark, port = MARKS[name]
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True
    ).stdout
    for line in listed.splitlines():
        pid, _, command = line.strip().partition(" ")
        if mark in command and re.search(rf"\b{stack.settings[port]}\b", command):
            return int(pid)
    msg = f"{name} is not running"
    raise AssertionError(msg)


def kill(stack: Stack, name: str) -> None:
    """Kill a process of an installation as the kernel would, and see it gone; its supervisor starts it again."""
    pid = pid_of(stack, name)
    os.kill(pid, signal.SIGKILL)
    while _runs(pid):
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """Tell whether a process is there; its supervisor collects a dead one at once."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def killed_after(stack: Stack, name: str, seconds: float) -> Iterator[None]:
    """Kill a process so long after now; at the end of the story that has happened in any case."""
    timer = threading.Timer(seconds, kill, [stack, name])
    timer.start()
    try:
        yield
    finally:
        timer.join()


def all_back(stack: Stack) -> None:
    """Wait until the API says that everything it needs answers: the next story begins on a good day."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx2.HTTPError):
            if httpx2.get(f"{stack.address}/readyz", timeout=5).status_code == 200:
                return
        time.sleep(0.2)
    msg = "something that was killed did not come back"
    raise AssertionError(msg)


@contextmanager
def database_held(stack: Stack) -> Iterator[None]:
    """Hold the one writer's place in the database, as a stuck program would."""
    with closing(sqlite3.connect(stack.folder / "anhuan.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


class Patient(Cardholder):
    """A cardholder of their own whose page sends a message again, under the same id, until it is answered."""

    def __init__(self, stack: Stack, like: str = "P-1002", locale: str | None = None) -> None:
        """Open the conversation of somebody like a person of the sample, to whom nothing has happened."""
        super().__init__(stack, someone_like(stack, like), locale)
        self.codes: list[str] = []

    def code(self) -> str:
        """Read the newest code that this visit has not used yet off the telephone, and remember it."""
        self.codes.append(super().code())
        return self.codes[-1]

    @property
    def next_id(self) -> str:
        """The id under which ``insist`` will send its next message."""
        return f"m{self._sent + 1}"

    def known(self) -> Patient:
        """Prove identity, agree to be asked and tell the reason; the income is asked next."""
        self.identify()
        self.say("同意", TOLD["reason"])
        return self

    def read_back(self) -> Patient:
        """Tell everything; what was understood is read back."""
        self.known()
        self.say(*list(TOLD.values())[1:])
        return self

    def post(self, text: str, message_id: str) -> httpx2.Response:
        """Send a message once, whatever comes of it."""
        return self._client.post(
            f"/v1/chat/conversations/{self.conversation_id}/messages",
            json={"text": text, "client_message_id": message_id},
        )

    def insist(self, text: str) -> str:
        """Send until it is answered; returns all that was said to it, the honest word included."""
        self._sent += 1
        message_id = f"m{self._sent}"
        self.transcript.append(("person", text))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self.post(text, message_id)
            except httpx2.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code == 200:
                self.answer = answer.json()
                self._note()
                return self.words
            assert answer.status_code in (202, 503), answer.text
            time.sleep(0.3)
        raise AssertionError(self.text())

    def survived(self) -> None:
        """Every message stands once, the numbers have no gap, no answer stands twice, and no log names them."""
        all_back(self.stack)  # what was killed may only just be starting again
        records = self.records()
        assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
        ids = [r["client_message_id"] for r in records if r["speaker"] == "person"]
        assert len(ids) == len(set(ids)), self.text()
        for before, record in pairwise(records):
            if record["speaker"] == "assistant":
                assert record["text"] != before["text"], self.text()
        logs = self.stack.logs()
        telephone = self.person.telephone
        for secret in (telephone, telephone[3:], "周敏", *TOLD.values(), *self.codes):
            assert secret not in logs, secret
        api = (self.stack.folder / "log/api.log").read_text(encoding="utf-8")
        assert "Traceback" not in api, api[api.index("Traceback") - 500 :][:2500]

    def records(self) -> list[dict[str, Any]]:
        """Read the whole conversation off its stream, as a page that opens it afresh."""
        found: list[dict[str, Any]] = []
        url = f"/v1/chat/conversations/{self.conversation_id}/events"
        with self._client.stream("GET", url, timeout=10) as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:") and kind == "record":
                    found.append(json.loads(line[5:]))
                elif line.startswith("data:") and kind == "state":
                    return found
        return found
