"""A cardholder who only texts: writes on the sandbox telephone and reads what arrives there."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

import httpx2

from tests.journeys.cardholder import CODE
from tests.journeys.casebook import TROUBLE, someone_like, told_of_a_debt
from tests.journeys.stack import SamplePerson, Stack

MOST_SECONDS = 60
LONGEST_TEXT, LONGEST_TURN = 3, 6
"""Segments."""

SETTLED = """
    SELECT count(*) FROM conversations c WHERE c.person_id = p.id AND (
        (c.channel = 'sms' AND c.texted_seq < c.last_seq)
        OR EXISTS (SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.handled_at IS NULL))
"""


class Texter:
    """Somebody like a person of the sample, with a telephone of their own.

    After every turn it holds what is true of all: few segments, no system trouble, and before identity
    not a word that tells of a debt.
    """

    def __init__(self, stack: Stack, like: str, *, again: str | None = None) -> None:
        self.stack = stack
        self.person: SamplePerson = stack.person(again or someone_like(stack, like))
        self.transcript: list[str] = []
        self._seen = {text["sid"] for text in stack.texts(self.person)}
        self._new: list[str] = []

    def text(self, *bodies: str) -> str:
        """Write texts one after another; returns all that arrived after the last."""
        for body in bodies:
            self.transcript.append(f"> {body}")
            httpx2.post(
                f"{self.stack.telephone}/phone/{self.person.telephone}/texts", data={"body": body}
            )
            self._wait()
        return "\n".join(self._new)

    def code(self) -> str:
        """Return the code that has just arrived."""
        found = [match.group() for text in self._new if (match := CODE.search(text))]
        assert found, self.story()
        return found[0]

    def card_tail(self) -> str:
        """Return the last four of the card, as they are printed on it."""
        listed = self.stack.bank.get(
            "/v1/accounts", params={"overdue": "true", "limit": 1000}
        ).json()["items"]
        return next(
            str(item["card_tail"])
            for item in listed
            if item["account_ref"] == self.person.account_ref
        )

    def identify(self, start: str) -> str:
        """Prove identity by text; returns what was said after it."""
        self.text(start)
        self.text(self.code())
        return self.text(self.card_tail())

    @property
    def stage(self) -> str:
        """Where the newest conversation stands."""
        return str(
            self._one(
                "SELECT stage FROM conversations WHERE person_id = p.id"
                " ORDER BY created_at DESC LIMIT 1"
            )
        )

    def holds(self) -> set[str]:
        """The holds in force."""
        found = self._one(
            "SELECT group_concat(kind) FROM holds WHERE person_id = p.id AND ended_at IS NULL"
        )
        return set(str(found).split(",")) if found else set()

    def _one(self, query: str) -> object:
        path = f"file:{self.stack.folder / 'anhuan.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=10)) as record:
            row = record.execute(
                f"SELECT ({query}) FROM persons p WHERE p.person_ref = ?", (self.person.person_ref,)
            ).fetchone()
        return row[0]

    def _wait(self) -> None:
        """Wait until the turn is over: everything heard, everything texted, everything delivered."""
        deadline = time.monotonic() + MOST_SECONDS
        waiting = "SELECT count(*) FROM outbox o WHERE o.person_id = p.id AND o.state = 'queued'"
        while self._one(SETTLED) or self._one(waiting):
            assert time.monotonic() < deadline, self.story()
            time.sleep(0.1)
        fresh = [
            text
            for text in reversed(self.stack.texts(self.person))
            if text["sid"] not in self._seen and text["direction"] != "inbound"
        ]
        self._seen |= {text["sid"] for text in fresh}
        self._new = [text["body"] for text in fresh]
        self.transcript += self._new
        assert all(text["num_segments"] <= LONGEST_TEXT for text in fresh), self.story()
        assert sum(text["num_segments"] for text in fresh) <= LONGEST_TURN, self.story()
        said = "\n".join(self._new)
        assert not any(words in said for words in TROUBLE), self.story()
        if self.stage in ("welcome", "identify"):
            assert told_of_a_debt(re.sub(r"“[^”]*”", "", said)) == [], self.story()

    def story(self) -> str:
        """Return the whole exchange for a message in a failing test."""
        return "\n".join(self.transcript)
