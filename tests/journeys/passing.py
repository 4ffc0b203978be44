"""Months that pass in a running installation, and the bank in them: invitations, payments, days."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import httpx2

from api.kit.dates import LOCAL_ZONE
from tests.journeys.stack import ROOT, SamplePerson, Stack

WORDS_HOUR = 10
"""The hour at which the installation says what is due on a day."""


class Passing:
    """The clock of an installation that nobody else shares, and what the bank does meanwhile."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._paid = 0

    @property
    def now(self) -> datetime:
        """The installation's time, in Asia/Shanghai."""
        told = self.stack.bank.get("/v1/sandbox/clock").json()["now"]
        return datetime.fromisoformat(told).astimezone(LOCAL_ZONE)

    @property
    def today(self) -> date:
        """The installation's day."""
        return self.now.date()

    def let_pass(self, **how: object) -> date:
        """Let hours or days pass, or all until a payment day; returns the day that it is then."""
        answer = self.stack.bank.post("/v1/sandbox/clock", json=how, timeout=120)
        assert answer.status_code == 200, answer.text
        return date.fromisoformat(answer.json()["today"])

    def to_a_morning(self) -> None:
        """Go on to an hour at which words may be said, if it is none."""
        hour = self.now.hour
        if hour != WORDS_HOUR:
            self.let_pass(hours=(WORDS_HOUR - hour) % 24)

    def invite_by_text(self) -> None:
        """Run the day's outreach as the bank does, by its own command."""
        done = subprocess.run(
            [sys.executable, "-m", "tooling.settings", "api.followup.outreach_command"],
            cwd=ROOT, env={**os.environ, **self.stack.environment, **self.settings},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def settings(self) -> dict[str, str]:
        """The installation's settings, for a command beside it."""
        return {name: str(value) for name, value in self.stack.settings.items()}

    def pay(self, person: SamplePerson, amount: str) -> dict[str, Any]:
        """Let the bank tell of a payment made today; twice, as banks do."""
        self._paid += 1
        told = {
            "reference": f"{person.person_ref}-{self._paid}", "account_ref": person.account_ref,
            "amount": amount, "paid_on": self.today.isoformat(),
        }  # fmt: skip
        answers = [self.stack.bank.post("/v1/payments", json=told) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 200], answers[0].text
        recorded: dict[str, Any] = answers[0].json()
        return recorded

    def agreement(self, person: SamplePerson) -> dict[str, Any]:
        """Return a person's agreement as the bank's systems see it."""
        [found] = self.stack.asked(
            "SELECT a.id FROM agreements a JOIN persons p ON a.person_id = p.id"
            " WHERE p.person_ref = :ref AND a.signed_at IS NOT NULL",
            ref=person.person_ref,
        )
        record: dict[str, Any] = self.stack.bank.get(f"/v1/agreements/{found}").json()
        return record

    def page_behind(self, link_code: str, *answers: Callable[[], str]) -> str:
        """Open a link from a text, prove by these answers who one is; returns the page that it leads to."""
        with httpx2.Client(base_url=self.stack.address, timeout=60) as browser:
            opened = browser.post("/v1/chat/conversations", json={"invite": link_code})
            assert opened.status_code == 201, opened.text
            url = f"/v1/chat/conversations/{opened.json()['conversation_id']}/messages"
            for number, answer in enumerate(answers):
                sent = browser.post(
                    url, json={"text": answer(), "client_message_id": f"page-{number}"}
                )
                assert sent.status_code == 200, sent.text
            return browser.get("/progress").text
