"""What every test of the API stands on: keys, a clock that stands still, the real app on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.kit.clock import SetClock
from api.main import create_app
from api.settings import Settings

BOT = {"Authorization": "Bearer bot-token"}
BANK = {"Authorization": "Bearer bank-token"}
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Noon in Shanghai on a Tuesday."""


@pytest.fixture
def clock() -> SetClock:
    """A clock at noon, Shanghai time, Tuesday 24 November 2026."""
    return SetClock(NOON)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a sandbox installation with nothing listening behind it."""
    return Settings.model_validate(
        {
            "environment": "sandbox",
            "data_dir": tmp_path,
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
def app(settings: Settings, clock: SetClock) -> FastAPI:
    """The real application on a fresh SQLite."""
    made = create_app(settings, clock)
    made.state.database.create_all()
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the running application."""
    with TestClient(app, follow_redirects=False) as running:
        yield running
