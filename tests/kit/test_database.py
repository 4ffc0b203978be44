"""The database: readers wait for nobody, listeners hear of commits only, errors name no values."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

import api.kit.db as kit_db
from api.kit.db import Database, after_commit, one_at_a_time, only_reads
from api.kit.errors import storage_problem, where
from api.kit.money import to_fen
from tests.postgresql import PostgresServer


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database with one table and little patience."""
    monkeypatch.setattr(kit_db, "BUSY_SECONDS", 0.2)
    made = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with made.transaction() as session:
        session.execute(text("CREATE TABLE t (v TEXT UNIQUE)"))
        session.execute(text("INSERT INTO t VALUES ('first')"))
    return made


def test_who_reads_waits_for_no_writer(database: Database, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with database.reading() as session:
            assert session.scalar(text("SELECT v FROM t")) == "first"
        with pytest.raises(OperationalError) as caught, database.transaction() as session:
            session.execute(text("SELECT 1"))
        problem = storage_problem(caught.value)
        assert problem is not None
        assert (problem.code, problem.status) == ("busy", 503)
        other.execute("ROLLBACK")
    database.close()


def test_what_a_reader_changes_is_dropped(database: Database) -> None:
    with database.reading() as session:
        session.execute(text("INSERT INTO t VALUES ('second')"))
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM t")) == 1
    database.close()


def test_listeners_hear_of_a_commit_once_and_of_a_rollback_never(database: Database) -> None:
    told: list[str] = []
    database.listen("post", told.append)
    with database.transaction() as session:
        after_commit(session, "post", "one")
        after_commit(session, "post", "one")
        assert told == []
    assert told == ["one"]

    def fail() -> None:
        with database.transaction() as session:
            after_commit(session, "post")
            session.execute(text("INSERT INTO t VALUES ('first')"))

    with pytest.raises(IntegrityError):
        fail()
    with database.transaction():
        pass
    assert told == ["one"]
    database.close()


def test_an_error_of_the_database_names_no_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.execute(text("INSERT INTO t VALUES (:v)"), {"v": "first"})
    assert "first" not in str(caught.value)
    assert storage_problem(caught.value) is None
    database.close()


def test_where_names_lines_of_ours_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="fraction") as caught:
        to_fen(Decimal("0.001"))
    assert where(caught.value)
    assert all(line.startswith("kit/exact.py:") for line in where(caught.value))


def test_a_disk_that_takes_no_more_is_told_apart_from_other_failures() -> None:
    full = storage_problem(OSError(28, "No space left on device"))
    assert full is not None
    assert full.code == "storage_full"
    assert storage_problem(OSError(2, "No such file")) is None
    assert storage_problem(ValueError("x")) is None


def test_writers_of_one_process_take_turns_and_none_is_lost(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE n (v INTEGER)"))
        session.execute(text("INSERT INTO n VALUES (0)"))

    def add(_: int) -> None:
        with database.transaction() as session:
            known = session.scalar(text("SELECT v FROM n"))
            session.execute(text("UPDATE n SET v = :v"), {"v": known + 1})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add, range(200)))
    with database.reading() as session:
        assert session.scalar(text("SELECT v FROM n")) == 200
    database.close()


def test_a_writer_that_fails_lets_the_next_one_in(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(text("INSERT INTO t VALUES ('first')"))
    with database.transaction() as session:
        session.execute(text("INSERT INTO t VALUES ('second')"))
    database.close()


def test_a_server_that_cannot_be_reached_is_said_to_be_away(tmp_path: Path) -> None:
    database = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with pytest.raises(OperationalError) as caught, database.reading() as session:
        session.execute(text("SELECT 1"))
    problem = storage_problem(caught.value)
    assert problem is not None
    assert (problem.code, problem.status) == ("unavailable", 503)
    database.close()


@pytest.mark.postgresql
def test_after_a_restart_of_the_server_everything_goes_on(postgresql: PostgresServer) -> None:
    url = postgresql.database()
    one, other = Database(url), Database(url)
    assert one.take("a name")
    assert not other.take("a name")

    def broken_off() -> None:
        with one.transaction() as session:
            session.execute(text("SELECT 1"))
            postgresql.disconnect(url)
            session.execute(text("SELECT 1"))

    with pytest.raises(OperationalError) as caught:
        broken_off()
    problem = storage_problem(caught.value)
    assert problem is not None
    assert problem.code == "unavailable"
    assert other.take("a name")  # who held it lost it with the connection
    assert not one.take("a name")
    other.give_back("a name")
    with one.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1
    assert one.take("a name")
    one.close()
    other.close()


@pytest.mark.postgresql
def test_a_lock_that_another_process_holds_is_busy_in_the_end(
    postgresql: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit_db, "BUSY_SECONDS", 0.2)
    one = Database(postgresql.database())
    with one.transaction() as holding:
        one_at_a_time(holding, "the ledger")
        with one.transaction() as session:
            one_at_a_time(session, "another")
        with pytest.raises(OperationalError) as caught, one.transaction() as session:
            one_at_a_time(session, "the ledger")
    problem = storage_problem(caught.value)
    assert problem is not None
    assert problem.code == "busy"
    one.close()


@pytest.mark.postgresql
def test_who_only_reads_takes_nobodys_turn(postgresql: PostgresServer) -> None:
    one = Database(postgresql.database())
    with one.reading() as reader, one.transaction() as writer:
        assert (only_reads(reader), only_reads(writer)) == (True, False)
    one.close()
