"""A cardholder who only texts: writes on the sandbox telephone and reads what arrives there."""

from __future__ import annotations

import re
import time

import httpx2

from api.contact.segments import segments
from tests.journeys.cardholder import CODE, newest_code
from tests.journeys.casebook import TROUBLE, someone_like, told_of_a_debt
from tests.journeys.stack import SamplePerson, Stack

MOST_SECONDS = 60
LONGEST_TEXT, LONGEST_TURN = 3, 6
"""Segments."""

UNSETTLED = (
    """
    SELECT c.id FROM conversations c JOIN persons p ON c.person_id = p.id
    WHERE p.person_ref = :ref AND (
        (c.channel = 'sms' AND c.texted_seq < c.last_seq)
        OR EXISTS (SELECT 1 FROM inbox i WHERE i.conversation_id = c.id AND i.handled_at IS NULL))
    """,
    """
    SELECT o.id FROM outbox o JOIN persons p ON o.person_id = p.id
    WHERE p.person_ref = :ref AND o.state = 'queued'
    """,
)


class Texter:
    """Somebody like a person of the sample, with a telephone of their own.

    After every turn it holds what is true of all: few segments, no system trouble, and before identity
    not a word that tells of a debt.
    """

    def __init__(
        self, stack: Stack, like: str, *, again: str | None = None, **figures: str
    ) -> None:
        self.stack = stack
        self.person: SamplePerson = stack.person(again or someone_like(stack, like, **figures))
        self.transcript: list[str] = []
        self._seen = {text["sid"] for text in stack.texts(self.person)}
        self._new: list[str] = []

    def text(self, *bodies: str) -> str:
        """Write texts one after another; returns all that arrived after the last."""
        said = ""
        for body in bodies:
            self.transcript.append(f"> {body}")
            httpx2.post(
                f"{self.stack.telephone}/phone/{self.person.telephone}/texts", data={"body": body}
            )
            said = self.arrived()
            sums = [segments(text) for text in self._new]
            assert sum(sums) <= LONGEST_TURN, self.story()
        return said

    def code(self) -> str:
        """Return the code that has just arrived."""
        found = [match.group() for text in self._new if (match := CODE.search(text))]
        assert found, self.story()
        return found[0]

    def fresh_code(self) -> str:
        """Wait for a code that was asked for elsewhere, as on the page, and return it."""
        return newest_code(self.stack, self.person, self._seen)

    def texts_arrived(self) -> list[str]:
        """Return each text that is new here."""
        self.arrived()
        return self._new

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
        """Where the newest conversation stands; empty where there is none."""
        found = self._asked(
            "SELECT c.stage FROM conversations c JOIN persons p ON c.person_id = p.id"
            " WHERE p.person_ref = :ref ORDER BY c.created_at DESC LIMIT 1"
        )
        return str(found[0]) if found else ""

    def holds(self) -> set[str]:
        """The holds in force."""
        return set(
            self._asked(
                "SELECT h.kind FROM holds h JOIN persons p ON h.person_id = p.id"
                " WHERE p.person_ref = :ref AND h.ended_at IS NULL"
            )
        )

    def _asked(self, query: str) -> list[object]:
        return self.stack.asked(query, ref=self.person.person_ref)

    def arrived(self) -> str:
        """Wait until the turn is over (everything heard, texted, delivered); returns what is new here."""
        deadline = time.monotonic() + MOST_SECONDS
        while any(self._asked(query) for query in UNSETTLED):
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
        said = "\n".join(self._new)
        assert not any(words in said for words in TROUBLE), self.story()
        assert all(text["num_segments"] <= LONGEST_TEXT for text in fresh), self.story()
        if self.stage in ("", "welcome", "identify"):
            assert told_of_a_debt(re.sub(r"“[^”]*”", "", said)) == [], self.story()
        return said

    def story(self) -> str:
        """Return the whole exchange for a message in a failing test."""
        return "\n".join(self.transcript)
