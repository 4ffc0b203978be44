"""A small town, as it stands before a run of kills: who lives there, and what each is in the middle of.

It is made once through the real application, and each run gets a copy of its record.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import update

from api.conversations.models import Conversation, InboxItem
from api.followup.tick import follow_up
from api.kit.clock import SANDBOX_CLOCK, SandboxClock, SetClock
from api.kit.dates import LOCAL_ZONE
from api.main import create_app
from api.settings import Settings
from tests.conftest import Telephone, Visit, import_rows, invite_link, portfolio_row
from tests.postgresql import PostgresServer

PROVIDER_SID = "AC" + "0" * 31 + "1"
PROVIDER_TOKEN = "the provider's token"
BANK_NUMBER = "+8610000000"

KEEPS, FORGETS, SIGNS, TEXTS, CALLED, WRITES = range(1, 7)
"""The people: one keeps an agreement, one has a hard month, one is about to sign, one texts, one texts and
is called by an agency besides, one writes on the page."""

DUE_AFTER = 13
"""Days from the first day to the first payment day of every agreement."""


def number_of(person: int) -> str:
    """Return a person's telephone."""
    return f"+861990000000{person}"


@dataclass(frozen=True)
class Town:
    """The record that each run starts from, and what only the people know."""

    settings: Settings
    begins: datetime
    signing_code: str
    page: tuple[str, str]
    """The conversation of who writes on the page, and its credential."""
    record: str
    """A PostgreSQL to copy; empty: the SQLite in the settings' folder."""

    def copied(self, folder: Path, server: Callable[[], PostgresServer]) -> Settings:
        """Return the settings of a copy whose clock is where the town's was left."""
        url = ""
        if self.record:
            url = server().database(like=self.record)
        else:
            shutil.copy(self.settings.data_dir / "anhuan.db", folder / "anhuan.db")
        settings = self.settings.model_copy(update={"data_dir": folder, "database_url": url})
        ahead = self.begins + timedelta(minutes=1) - datetime.now(UTC)
        SandboxClock(folder / SANDBOX_CLOCK).forward(ahead)
        return settings


def first_day() -> datetime:
    """Return ten in the morning of the first Tuesday of next March: ahead of now, and far from holidays."""
    first = date(datetime.now(UTC).year + 1, 3, 1)
    tuesday = first + timedelta(days=(1 - first.weekday()) % 7)
    return datetime.combine(tuesday, time(10), LOCAL_ZONE).astimezone(UTC)


def build(settings: Settings) -> Town:
    """Let the town come to the point at which runs begin, in an empty database of these settings."""
    settings.twilio_auth_token = SecretStr(PROVIDER_TOKEN)
    begins = first_day()
    clock, telephone = SetClock(begins), Telephone()
    app = create_app(settings, clock)
    state = app.state
    if not settings.database_url:
        state.database.create_all()
    state.transports["sms"] = telephone
    with TestClient(app, follow_redirects=False) as client:
        import_rows(client, *(_row(person, begins) for person in range(1, 7)))
        for person in (KEEPS, FORGETS):
            assert _agreeing(client, telephone, person, begins).sign()["signed"]
        visit = _agreeing(client, telephone, SIGNS, begins)
        code = visit.code("signature")
        opened = client.post(
            "/v1/chat/conversations", json={"invite": _link(client, WRITES)}
        ).json()
        for _ in range(2):
            follow_up(state.database, clock, state.policy, settings.address)
    with state.database.transaction() as session:  # the assistant was not there, and is not asked
        session.execute(update(InboxItem).values(handled_at=begins))
        session.execute(update(Conversation).values(texted_seq=Conversation.last_seq))
    state.database.close()
    page = (str(opened["conversation_id"]), str(opened["token"]))
    return Town(settings, begins, code, page, settings.database_url)


def _row(person: int, begins: datetime) -> str:
    today = begins.astimezone(LOCAL_ZONE).date()
    return portfolio_row(
        account_ref=f"A-{person}", person_ref=f"P-{person}", telephone=number_of(person),
        principal="2600.00", interest="60.00", penalty="40.00", card_tail=f"300{person}",
        due_date=str(today - timedelta(days=5)), as_of=str(today),
    )  # fmt: skip


def _link(client: TestClient, person: int) -> str:
    return invite_link(client, f"A-{person}")


def _agreeing(client: TestClient, telephone: Telephone, person: int, begins: datetime) -> Visit:
    opened = client.post("/v1/chat/conversations", json={"invite": _link(client, person)})
    visit = Visit(client, telephone, opened.json()["conversation_id"])
    client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
    visit.identify()
    facts: dict[str, Any] = {
        "proposed_payment": "900.00", "monthly_income": "6000.00", "other_debt_payments": "0.00",
        "pay_day": (begins + timedelta(days=DUE_AFTER)).astimezone(LOCAL_ZONE).day,
    }  # fmt: skip
    visit.tell(**facts)
    visit.choose()
    return visit
