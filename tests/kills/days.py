"""Some days in the town, with an API that dies again and again: what everybody does meanwhile.

Whoever sends anything sends it again, under the same id, until it is taken: so do people's pages, Twilio,
and banks.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from api.accounts.models import Challenge
from api.agreements.models import Agreement
from api.contact.models import OutboxMessage
from api.conversations.models import Conversation, InboxItem
from api.followup.models import FollowupStep
from api.followup.outreach import outreach
from api.kit.clock import SANDBOX_CLOCK, SandboxClock
from api.kit.db import Database
from api.policy.lookup import Policy
from api.settings import Settings
from tests.conftest import BANK
from tests.kills.town import (
    BANK_NUMBER,
    CALLED,
    DUE_AFTER,
    FORGETS,
    KEEPS,
    PROVIDER_TOKEN,
    SIGNS,
    TEXTS,
    Town,
    number_of,
)  # fmt: skip

PATIENCE_SECONDS = 90
STUCK_SECONDS = 0.4
"""How long something may wait without a change before the clock goes past its lease or its pause."""
PAST_A_LEASE = timedelta(seconds=31)


@dataclass
class Days:
    """One run: the town's own copy of the record, and how to reach the API that serves it."""

    town: Town
    settings: Settings
    address: str
    seed: int
    accepted: dict[int, list[str]] = field(default_factory=dict)
    """What each person has written, as far as it was taken, in their order."""

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database)
        self.clock = SandboxClock(self.settings.data_dir / SANDBOX_CLOCK)
        self.policy = Policy.shipped()
        self._chance = random.Random(self.seed)

    def pass_by(self) -> None:
        """Live through all of it: a morning, the days up to the first payment day, and some after it."""
        self._at_once(
            lambda: self.text(TEXTS, *(f"line {n} of {TEXTS}" for n in range(1, 5))),
            lambda: self.text(CALLED, *(f"line {n} of {CALLED}" for n in range(1, 4))),
            lambda: self.text(SIGNS, self.town.signing_code),
            lambda: self.write(*(f"line {n} of 6" for n in range(1, 4))),
            self.called_by_an_agency,
            self.invite,
        )
        self.settle()
        self.on_to(DUE_AFTER)
        self._at_once(
            lambda: self.pay(KEEPS),
            lambda: self.pay(KEEPS),
            lambda: self.text(FORGETS, "3"),
            self.invite,
        )
        self.settle()
        self._at_once(lambda: self.text(FORGETS, "1"), self.called_by_an_agency)
        self.on_to(DUE_AFTER + 3)

    def _at_once(self, *works: Callable[[], None]) -> None:
        """Do some things at the same time; each begins a moment of its own."""

        def do(work: Callable[[], None], pause: float) -> None:
            time.sleep(pause)
            work()

        with ThreadPoolExecutor(len(works)) as pool:
            pauses = [self._chance.uniform(0, 0.3) for _ in works]
            list(pool.map(do, works, pauses))

    def _call(self, path: str, **request: Any) -> httpx2.Response:
        """Send something until it is taken; returns the answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx2.post(f"{self.address}{path}", timeout=15, **request)
            except httpx2.HTTPError:
                time.sleep(0.03)
                continue
            if answer.status_code < 500:
                return answer
            time.sleep(0.1)
        raise AssertionError(path)

    def text(self, person: int, *bodies: str) -> None:
        """Bring a person's texts as the provider does, one after another."""
        for body in bodies:
            fields = {
                "MessageSid": f"SM-{person}-{len(self.accepted.get(person, []))}",
                "From": number_of(person), "To": BANK_NUMBER, "Body": body,
            }  # fmt: skip
            path = "/v1/sms/inbound"
            signature = RequestValidator(PROVIDER_TOKEN).compute_signature(
                self.address + path, fields
            )
            headers = {"X-Twilio-Signature": signature}
            assert self._call(path, data=fields, headers=headers).status_code == 200
            self.accepted.setdefault(person, []).append(body)

    def write(self, *texts: str) -> None:
        """Write on the page, each message under an id of its own."""
        conversation_id, token = self.town.page
        for number, text in enumerate(texts, start=1):
            answer = self._call(
                f"/v1/chat/conversations/{conversation_id}/messages",
                json={"text": text, "client_message_id": f"m{number}"},
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code in (200, 202), answer.text
            self.accepted.setdefault(6, []).append(text)

    def called_by_an_agency(self) -> None:
        """Let an agency ask whether it may write, and tell that it did where it may."""
        asked = {"account_ref": f"A-{CALLED}", "purpose": "collection"}
        answer = self._call("/v1/contacts/permission", json=asked, headers=BANK).json()
        if answer["verdict"] == "send":
            told = {
                **asked, "reference": f"L-{self.clock.today()}", "at": self.clock.now().isoformat(),
                "by": "agency", "channel": "letter", "outcome": "sent",
            }  # fmt: skip
            assert self._call("/v1/contacts", json=told, headers=BANK).status_code in (201, 409)

    def invite(self) -> None:
        """Run the day's outreach, as the bank's command does beside the API."""
        for _ in outreach(self.database, self.clock, self.policy, address=self.address):
            pass

    def pay(self, person: int) -> None:
        """Let the bank tell of the first instalment's payment, twice."""
        with self.database.reading() as session:
            schedule = session.scalars(
                select(Agreement.terms).where(Agreement.in_force_for.is_not(None))
            ).first()
        assert schedule is not None
        told = {
            "reference": "T-1", "account_ref": f"A-{person}", "paid_on": str(self.clock.today()),
            "amount": schedule["repayment"]["schedule"][0]["payment"],
        }  # fmt: skip
        statuses = [
            self._call("/v1/payments", json=told, headers=BANK).status_code for _ in range(2)
        ]
        assert set(statuses) <= {200, 201}

    def on_to(self, after: int) -> None:
        """Let days pass until so many have, each with all that is due on it, whoever dies on the way."""
        target = self.town.begins + timedelta(days=after)
        while (left := target - self.clock.now()) > timedelta():
            self.settle()
            how = {"days": left.days, "hours": -(-left.seconds // 3600)}
            try:
                httpx2.post(f"{self.address}/v1/sandbox/clock", json=how, headers=BANK, timeout=60)
            except httpx2.HTTPError:
                time.sleep(0.05)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is on its way any more, past whatever the dead have left taken."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        before, since = self._unsettled(), time.monotonic()
        while before:
            assert time.monotonic() < deadline, before
            time.sleep(0.05)
            now = self._unsettled()
            if now != before:
                before, since = now, time.monotonic()
            elif time.monotonic() > since + STUCK_SECONDS:
                self.clock.forward(PAST_A_LEASE)
                since = time.monotonic()

    def _unsettled(self) -> list[str]:
        """Return what is still to happen today."""
        now = self.clock.now()
        with self.database.reading() as session:
            found: list[Sequence[str]] = [
                session.scalars(select(InboxItem.id).where(InboxItem.handled_at.is_(None))).all(),
                session.scalars(
                    select(OutboxMessage.id).where(
                        OutboxMessage.state == "queued",
                        (OutboxMessage.due_at <= now) | (OutboxMessage.attempts > 0),
                        ~OutboxMessage.reason.like("gate.%") | (OutboxMessage.due_at <= now),
                    )
                ).all(),
                session.scalars(
                    select(Conversation.id).where(
                        Conversation.channel == "sms",
                        Conversation.texted_seq < Conversation.last_seq,
                    )
                ).all(),
                session.scalars(
                    select(FollowupStep.key).where(
                        FollowupStep.done_at.is_(None), FollowupStep.due_at <= now
                    )
                ).all(),
                session.scalars(
                    select(Challenge.id).where(
                        Challenge.purpose == "signature", Challenge.state == "satisfied"
                    )
                ).all(),
            ]
        return [one for some in found for one in some]
