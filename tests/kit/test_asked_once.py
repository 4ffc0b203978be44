"""A transaction asks once, and asks anew after whatever could have changed the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import FailedTries
from api.kit.asked_once import MOST_ANSWERS, asked_once
from api.kit.db import Database
from tests.conftest import NOON


@asked_once
def how_many(session: Session, least: int) -> int:
    """Count rows, so that an answer tells when it was given."""
    return session.scalar(select(func.count()).where(FailedTries.count >= least)) or 0


def tries(key: str) -> FailedTries:
    return FailedTries(key=key, count=1, last_at=NOON, forgotten_at=NOON)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'some.db'}")
    made.create_all()
    yield made
    made.close()


@pytest.fixture
def statements(database: Database) -> list[str]:
    said: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: object, _x: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            said.append(statement)

    return said


def test_the_same_question_is_asked_of_the_database_once_in_a_transaction(
    database: Database, statements: list[str]
) -> None:
    with database.reading() as session:
        assert [how_many(session, 1), how_many(session, 1), how_many(session, least=1)] == [0, 0, 0]
    assert len(statements) == 2  # said in another way it is another question
    with database.transaction() as session:
        how_many(session, 1)
    assert len(statements) == 3


def test_each_question_has_an_answer_of_its_own(database: Database) -> None:
    with database.transaction() as session:
        session.add(tries("one"))
        assert (how_many(session, 1), how_many(session, 2)) == (1, 0)


def test_whatever_the_transaction_changes_is_seen_in_the_next_answer(database: Database) -> None:
    with database.transaction() as session:
        assert how_many(session, 1) == 0
        row = tries("one")
        session.add(row)
        assert how_many(session, 1) == 1  # not even flushed by anybody yet
        row.count = 0
        assert how_many(session, 1) == 0
        session.execute(update(FailedTries).values(count=5))
        assert how_many(session, 1) == 1
        session.execute(delete(FailedTries))
        assert how_many(session, 1) == 0


def test_what_was_taken_back_is_not_remembered(database: Database) -> None:
    with database.transaction() as session:
        inner = session.begin_nested()
        session.add(tries("one"))
        assert how_many(session, 1) == 1
        inner.rollback()
        assert how_many(session, 1) == 0


@pytest.mark.each_database
def test_whoever_waited_for_a_persons_turn_asks_anew(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url or f"sqlite:///{tmp_path / 'some.db'}")
    if not database_url:
        database.create_all()
    with database.transaction() as session:
        assert how_many(session, 1) == 0
        if database.shared:
            with database.transaction() as other:
                other.add(tries("one"))
        assert lock_persons(session, ["p_1"]) == database.shared
        assert how_many(session, 1) == int(database.shared)
    database.close()


def test_going_through_many_keeps_few(database: Database) -> None:
    with database.reading() as session:
        for least in range(2 * MOST_ANSWERS):
            how_many(session, least)
        kept = max(len(value) for value in session.info.values())
    assert 0 < kept <= MOST_ANSWERS
