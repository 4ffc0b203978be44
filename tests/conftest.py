"""What every test of the API stands on: keys, a clock that stands still, the real app on a real database."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from api.agreements.seal.keys import DEVELOPMENT_FILE, SealFiles, open_key
from api.conversations.cards import build_card
from api.conversations.transcript import append_message, locked_conversation
from api.kit.clock import SetClock
from api.kit.db import Database
from api.main import create_app
from api.settings import Settings
from tests.postgresql import PostgresServer
from tooling.postgresql import VARIABLE, find_postgresql

# A slow machine is no defect: how long a case takes is measured elsewhere.
hypothesis_settings.register_profile(
    "anhuan", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("anhuan")

BOT = {"Authorization": "Bearer bot-token"}
BANK = {"Authorization": "Bearer bank-token"}
NOON = datetime(2026, 11, 24, 4, 0, 0, 123456, tzinfo=UTC)
"""Noon in Shanghai on a Tuesday, to the microsecond as real clocks tell it."""


@pytest.fixture
def clock() -> SetClock:
    """A clock at noon, Shanghai time, Tuesday 24 November 2026."""
    return SetClock(NOON)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked ``each_database`` on SQLite and on PostgreSQL."""
    marked = metafunc.definition.get_closest_marker("each_database")
    if marked and "database_url" in metafunc.fixturenames:
        server = pytest.param("postgresql", marks=pytest.mark.postgresql)
        metafunc.parametrize("database_url", ["sqlite", server], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this worker's own, started when the first test wants it."""
    programs = find_postgresql()
    if programs is None:
        why = f"no PostgreSQL server found; name its folder: {VARIABLE}=/path/to/bin"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    started = PostgresServer(programs)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def postgresql_tables(postgresql: PostgresServer) -> str:
    """A database with every table and no row, of which each test gets a copy."""
    url = postgresql.database()
    database = Database(url)
    database.create_all()
    database.close()
    return url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as an SQLite file."""
    file = tmp_path_factory.mktemp("tables") / "anhuan.db"
    database = Database(f"sqlite:///{file}")
    database.create_all()
    database.close()
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The setting ``DATABASE_URL``: empty (SQLite in the data folder), or a PostgreSQL of the test's own."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    url = server.database(like=request.getfixturevalue("postgresql_tables"))
    yield url
    server.drop(url)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of a sandbox installation with nothing listening behind it."""
    return Settings.model_validate(
        {
            "environment": "sandbox",
            "data_dir": tmp_path,
            "database_url": database_url,
            "public_url": "http://testserver",
            "rasa_url": "http://127.0.0.1:9",
            "rasa_token": "rasa-token",
            "bot_token": "bot-token",
            "service_token": "bank-token",
            "data_keys": Fernet.generate_key().decode(),
            "hash_key": "a key for hashes",
        }
    )


@pytest.fixture
def in_production(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of an installation in production, with a key of the bank's for its seal."""
    files = SealFiles(development_in=tmp_path / "the bank's key")
    open_key(files, bank="云汀银行", now=NOON)
    key = tmp_path / "the bank's key" / DEVELOPMENT_FILE
    return settings.model_copy(
        update={"environment": "production", "seal_key": key, "seal_certificate": key}
    )


@pytest.fixture
def app(settings: Settings, clock: SetClock, sqlite_tables: Path) -> Iterator[FastAPI]:
    """The real application on a fresh database."""
    if not settings.database_url:
        shutil.copyfile(sqlite_tables, settings.data_dir / sqlite_tables.name)
    made = create_app(settings, clock)
    yield made
    made.state.database.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the running application."""
    with TestClient(app, follow_redirects=False) as running:
        yield running


HEADING = (
    "account_ref,person_ref,name,locale,telephone,id_last4,card_tail,currency,principal,interest,"
    "penalty,fees,due_date,last_payment_date,last_payment_amount,status,as_of\n"
)


def portfolio_row(**changes: str) -> str:
    """One row of a portfolio: laid off, 38,600 owed since August; any column can be changed."""
    row = {
        "account_ref": "A-1", "person_ref": "P-1", "name": "沈禾", "locale": "zh",
        "telephone": "+8619900000001", "id_last4": "123X", "card_tail": "3071", "currency": "CNY",
        "principal": "33000.00", "interest": "3900.00", "penalty": "1700.00", "fees": "0.00",
        "due_date": "2026-08-20", "last_payment_date": "", "last_payment_amount": "",
        "status": "open", "as_of": "2026-11-23",
    }  # fmt: skip
    return ",".join({**row, **changes}.values()) + "\n"


@dataclass
class Telephone:
    """A transport that keeps what it was given: the person's telephone, seen from outside."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def send(self, recipient: str, body: str) -> str:
        """Keep one text."""
        self.texts.append((recipient, body))
        return f"SM{len(self.texts)}"

    def sent_before(self, recipient: str, body: str) -> list[str]:
        """Return the ids of texts that are just like this one, the newest first."""
        alike = [n for n, text in enumerate(self.texts, start=1) if text == (recipient, body)]
        return [f"SM{number}" for number in reversed(alike)]


@dataclass
class Visit:
    """One invited person's visit, driven as the page and the assistant drive it."""

    client: TestClient
    telephone: Telephone
    conversation_id: str
    sent: int = 0

    def bot(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the assistant's door; returns the answer with its ``status_code``."""
        url = f"/v1/bot/conversations/{self.conversation_id}/{path}"
        answer = (
            self.client.get(url, headers=BOT)
            if body is None
            else self.client.post(url, json=body, headers=BOT)
        )
        return {"status_code": answer.status_code, **answer.json()}

    def say(self, text: str, message_id: str = "") -> dict[str, Any]:
        """Send a message as the page does."""
        self.sent += 1
        answer = self.client.post(
            f"/v1/chat/conversations/{self.conversation_id}/messages",
            json={"text": text, "client_message_id": message_id or f"c{self.sent}"},
        )
        return {"status_code": answer.status_code, **answer.json()}

    def code(self, purpose: str) -> str:
        """Ask for a code and read it off the telephone; a signature's after the terms were shown."""
        if purpose == "signature":
            self.read_terms()
        before = len(self.telephone.texts)
        assert self.bot("challenge", {"purpose": purpose})["status_code"] == 200
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for _, body in self.telephone.texts[before:]:
                found = re.search(r"(?<!\d)\d{6}(?!\d)", body)
                if found is not None:
                    return found.group()
            time.sleep(0.02)
        raise AssertionError(self.telephone.texts[before:])

    def identify(self) -> None:
        """Prove identity with the code and the document's last four."""
        self.say(self.code("identity"))
        self.say("123x")

    def tell(self, **facts: Any) -> dict[str, Any]:
        """Agree to be asked and tell facts; the laid-off person's by default."""
        self.bot("consent", {"granted": True})
        told = {
            "reason": "job_loss",
            "monthly_income": "6000.00",
            "essential_spending": "3900.00",
            "other_debt_payments": "1000.00",
            "proposed_payment": "1000.00",
            "pay_day": 15,
        }
        return self.bot("situation", {"facts": {**told, **facts}})

    def choose(self, option: int = 1) -> dict[str, Any]:
        """Get offers and choose one."""
        offered = self.bot("offers", {})
        assert offered["outcome"] == "offered", offered
        return self.bot("choice", {"option": option})

    def read_terms(self) -> None:
        """Have the whole terms shown, as the assistant does before it asks about signing."""
        state = self.client.app.state  # type: ignore[attr-defined]  # the application's own
        now = state.clock.now()
        with state.database.transaction() as session:
            conversation = locked_conversation(session, self.conversation_id)
            card = build_card(
                session, conversation, "terms", now, state.policy.on(state.clock.today())
            )
            if card is not None:
                append_message(
                    session, conversation, speaker="assistant", text="", card=card, now=now
                )

    def sign(self) -> dict[str, Any]:
        """Give the signing code and have the agreement recorded."""
        self.say(self.code("signature"))
        return self.bot("agreement", {})


@pytest.fixture
def telephone(app: FastAPI) -> Telephone:
    """The telephone that the application's texts reach."""
    made = Telephone()
    app.state.transports["sms"] = made
    return made


def import_rows(client: TestClient, *rows: str) -> dict[str, Any]:
    """Import a portfolio of rows over HTTP."""
    body = (HEADING + "".join(rows)).encode()
    report: dict[str, Any] = client.post("/v1/accounts/import", content=body, headers=BANK).json()
    return report


def invite_link(client: TestClient, account_ref: str = "A-1") -> str:
    """Make an invite for an account's holder and return its code."""
    items = client.get("/v1/accounts?overdue=true", headers=BANK).json()["items"]
    account = next(item for item in items if item["account_ref"] == account_ref)
    made = client.post(f"/v1/accounts/{account['id']}/invites", headers=BANK).json()
    code: str = made["code"]
    return code


@pytest.fixture
def visit(client: TestClient, telephone: Telephone) -> Visit:
    """A laid-off cardholder who has just opened their invite; the assistant itself is not running."""
    import_rows(client, portfolio_row())
    answer = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    return Visit(client, telephone, answer.json()["conversation_id"])


QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the one `make test` found, or the machine's."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A telephone of 390 by 844."""
    made = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()
