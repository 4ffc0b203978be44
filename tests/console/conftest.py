"""Quick passwords, and databases that figures are counted on: SQLite always, PostgreSQL where it is."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from fastapi import FastAPI
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

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


def _program(name: str) -> str | None:
    """Find one of PostgreSQL's programs; Debian keeps them off the path."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(beside[0]) if beside else shutil.which(name)


def _somebody() -> tuple[int, int]:
    """Return whom PostgreSQL may run as: it refuses to be root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = names.get("postgres") or names["nobody"]
    return found.pw_uid, found.pw_gid


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL of our own, on a socket in a folder of its own."""
    initdb, server = _program("initdb"), _program("postgres")
    if initdb is None or server is None:
        pytest.skip("no PostgreSQL on this machine")
    uid, gid = _somebody()
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        data = Path(folder) / "data"
        data.mkdir()
        os.chown(data, uid, gid)
        os.chown(folder, uid, gid)
        subprocess.run(
            [initdb, "-D", str(data), "-U", "anhuan", "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, user=uid, group=gid, extra_groups=[], cwd=folder,
        )  # fmt: skip
        started = subprocess.Popen(
            [server, "-D", str(data), "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=uid, group=gid,
            extra_groups=[], cwd=folder,
        )  # fmt: skip
        address = f"postgresql+psycopg://anhuan@/postgres?host={folder}"
        try:
            _wait_for(address)
            yield address
        finally:
            started.terminate()
            started.wait(20)


def _wait_for(address: str) -> None:
    engine = create_engine(address)
    deadline = time.monotonic() + 30
    while True:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            break
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    engine.dispose()


@pytest.fixture
def keys() -> None:
    """Keys, where no application is made."""
    use_keyring(Keyring([Fernet.generate_key().decode()], "a key for hashes"))


@pytest.fixture(params=["sqlite", "postgresql"])
def counted(request: pytest.FixtureRequest, tmp_path: Path, keys: None) -> Iterator[Database]:
    """A database with every table, on each of the two servers."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'figures.db'}")
    else:
        database = Database(request.getfixturevalue("postgresql"))
    database.create_all()
    yield database
    with database.engine.begin() as connection:
        if request.param == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    database.close()


@pytest.fixture
def desk_address(app: FastAPI) -> Iterator[str]:
    """Where the real application is served for a browser."""
    with serving(app) as where:
        yield where
