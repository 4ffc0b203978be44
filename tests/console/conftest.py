"""Quick passwords, a database to count on, and the application served for a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from fastapi import FastAPI
from playwright.sync_api import expect

from api.console import passwords
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring
from tests.sandbox.running import serving

expect.set_options(timeout=20_000)  # on a busy machine a page takes its time; no test measures it


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2id with the least work; ``test_passwords`` holds the real parameters."""
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys.cache_clear()


@pytest.fixture
def keys() -> None:
    """Keys, where no application is made."""
    use_keyring(Keyring([Fernet.generate_key().decode()], "a key for hashes"))


@pytest.fixture
def counted(tmp_path: Path, keys: None, database_url: str) -> Iterator[Database]:
    """A database with every table; of what is marked ``each_database``, on each of the two servers."""
    database = Database(database_url or f"sqlite:///{tmp_path / 'figures.db'}")
    database.create_all()
    yield database
    database.close()


@pytest.fixture
def desk_address(app: FastAPI) -> Iterator[str]:
    """Where the real application is served for a browser."""
    with serving(app) as where:
        yield where
