"""Pauses: counted before a try is looked at, growing by policy, the same however tries interleave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from api.accounts.models import FailedTries
from api.accounts.tries import clear, give_back, spend
from api.console.lockout import LockoutRules, counters
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring
from api.policy.lookup import Policy

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
RULES = LockoutRules.of(Policy.shipped().on(NOW.date()))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database, and keys."""
    use_keyring(Keyring([], "a key for hashes"))
    made = Database(f"sqlite:///{tmp_path / 'lockout.db'}")
    made.create_all()
    yield made
    made.close()


def fail(database: Database, now: datetime, login: str = "a", origin: str | None = None) -> bool:
    """Try and fail; returns whether the try was looked at."""
    with database.transaction() as session:
        return spend(session, counters(login, origin, RULES), now).running_until is None


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_never_more_tries_are_looked_at_than_policy_allows(waits: list[int]) -> None:
    """Whatever the times: after the free tries, each look needs the pause before it to be over."""
    use_keyring(Keyring([], "a key for hashes"))
    engine = create_engine("sqlite://")
    FailedTries.metadata.create_all(engine)
    now, looked = NOW, []
    with Session(engine) as session:
        for wait in waits:
            now += timedelta(seconds=wait)
            if spend(session, counters("a", None, RULES), now).running_until is None:
                looked.append(now)
            session.flush()
    engine.dispose()
    for place in range(RULES.login.free, len(looked)):
        if looked[place] - looked[place - 1] >= RULES.login.forgotten_after:
            break
        pause = RULES.login.pauses[min(place - RULES.login.free, len(RULES.login.pauses) - 1)]
        assert looked[place] - looked[place - 1] >= pause


def test_many_tries_at_once_gain_nothing(counted: Database) -> None:
    """On SQLite and on PostgreSQL, where many writers meet on a row that is not there yet."""
    looked: list[bool] = []
    start = threading.Barrier(12)

    def attack() -> None:
        start.wait()
        for _ in range(3):
            looked.append(fail(counted, NOW, origin="198.51.100.7"))

    threads = [threading.Thread(target=attack) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == 36
    assert sum(looked) == RULES.login.free


def test_a_right_try_is_given_back_and_others_stay_counted(database: Database) -> None:
    for _ in range(RULES.login.free - 1):
        assert fail(database, NOW)
    with database.transaction() as session:
        by = counters("a", None, RULES)
        assert spend(session, by, NOW).begins_until
        give_back(session, by)
    assert fail(database, NOW)  # the one that was given back
    assert not fail(database, NOW)


def test_signing_in_forgets_the_login_and_not_the_origin(database: Database) -> None:
    for number in range(RULES.origin.free - 1):
        assert fail(database, NOW, login=f"login {number}", origin="198.51.100.7")
    with database.transaction() as session:
        by = counters("own", "198.51.100.7", RULES)
        spend(session, by, NOW)
        give_back(session, by)
        clear(session, by[0])
    assert fail(database, NOW, login="next", origin="198.51.100.7")
    assert not fail(database, NOW, login="another", origin="198.51.100.7")
    assert fail(database, NOW, login="another", origin="198.51.100.8")


def test_nothing_of_a_login_or_an_address_is_stored(database: Database) -> None:
    fail(database, NOW, login="taoning", origin="198.51.100.7")
    with database.reading() as session:
        keys = [row.key for row in session.query(FailedTries)]
    assert len(keys) == 2
    assert all(len(key) == 64 and "taoning" not in key for key in keys)
