"""The migrations, run one after the other, make the very tables that the code speaks of."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from api.agreements.ledger.chain import GENESIS, entry_hash
from api.agreements.models import LedgerEntry
from api.kit.db import Base, Database
from api.kit.secrecy import Keyring, use_keyring
from api.main import create_app  # noqa: F401 - imported so that every table is known
from tests.postgresql import PostgresServer

ROOT = Path(__file__).parents[2]


def alembic(folder: Path, url: str, *words: str, **settings: str) -> None:
    """Run Alembic as an operator would."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", *words],
        check=True, cwd=ROOT, capture_output=True,
        env={**os.environ, "ANHUAN_DATA_DIR": str(folder), "DATABASE_URL": url, **settings},
    )  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest) -> str:
    """The setting ``DATABASE_URL`` of a database without a table."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgresql")
    return server.database()


def test_up_down_and_up_again(tmp_path: Path, empty: str) -> None:
    alembic(tmp_path, empty, "upgrade", "head")
    alembic(tmp_path, empty, "downgrade", "base")
    alembic(tmp_path, empty, "upgrade", "head")
    database = Database(empty or f"sqlite:///{tmp_path / 'anhuan.db'}")
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def anything_for(table: Table, at: datetime) -> dict[str, Any]:
    """A value for each column that must have one, whatever it is."""
    values = {str: "x", int: 1, bytes: b"x", bool: False, datetime: at, date: at.date()}
    return {
        column.name: values[column.type.python_type]
        for column in table.columns
        if not column.nullable and column.server_default is None
    }


def test_what_was_recorded_before_there_were_seals_stays_in_the_chain_and_cannot_be_changed(
    tmp_path: Path, empty: str
) -> None:
    alembic(tmp_path, empty, "upgrade", "0010")
    database = Database(empty or f"sqlite:///{tmp_path / 'anhuan.db'}")
    document, at = b"%PDF-1.7 of before", datetime(2026, 11, 1, tzinfo=UTC)
    row = {
        "position": 1, "number": "20261101-0001", "agreement_id": "g_1", "terms_digest": "a" * 64,
        "document_digest": hashlib.sha256(document).hexdigest(),
    }  # fmt: skip
    hashed = entry_hash(GENESIS, **row, recorded_at=at)  # type: ignore[arg-type]
    tables = MetaData()
    tables.reflect(database.engine)
    with database.engine.begin() as connection:
        for name, given in (
            ("persons", {"id": "p_1"}),
            ("offer_sets", {"id": 1, "person_id": "p_1"}),
            ("agreements", {"id": "g_1", "person_id": "p_1", "offer_set_id": 1}),
            ("ledger", {**row, "document": document, "recorded_at": at, "previous_hash": GENESIS,
                        "entry_hash": hashed}),
        ):  # fmt: skip
            table = tables.tables[name]
            connection.execute(table.insert(), {**anything_for(table, at), **given})
    database.close()
    keys = Fernet.generate_key().decode()
    alembic(tmp_path, empty, "upgrade", "head", ANHUAN_DATA_KEYS=keys)
    use_keyring(Keyring([keys], "a key for hashes"))
    database = Database(empty or f"sqlite:///{tmp_path / 'anhuan.db'}")
    with database.reading() as session:
        entry = session.get_one(LedgerEntry, 1)
        assert (entry.kind, entry.document, entry.entry_hash) == ("agreement", document, hashed)
    for act in ("UPDATE ledger SET number = 'x'", "DELETE FROM ledger"):
        with pytest.raises(DBAPIError, match="only appended to"), database.transaction() as session:
            session.execute(text(act))
    database.close()


def test_events_of_before_are_told_on_whose_way_they_lie(tmp_path: Path) -> None:
    alembic(tmp_path, "", "upgrade", "0008")
    database = Database(f"sqlite:///{tmp_path / 'anhuan.db'}")
    at = "2026-11-01 00:00:00.000000"
    with database.engine.begin() as connection:
        for row in (
            ("person", "p_1"), ("invite", "i_1"), ("account", "a_1"), ("invite", "i_lost"),
        ):  # fmt: skip
            connection.exec_driver_sql(
                "INSERT INTO events (at, actor, subject_kind, subject_id, kind, data)"
                " VALUES (?, 'bank', ?, ?, 'created', '{}')",
                (at, *row),
            )
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO persons (id, person_ref, name, locale, telephone, telephone_hash,"
            " id_last4_hash, created_at) VALUES ('p_1', 'P', x'00', 'zh', x'00', '', '', ?)",
            (at,),
        )
        connection.exec_driver_sql(
            "INSERT INTO invites (id, person_id, code_hash, reference, created_at, expires_at)"
            " VALUES ('i_1', 'p_1', 'h', 'AAAA', ?, ?)",
            (at, at),
        )
    database.close()
    alembic(tmp_path, "", "upgrade", "head")
    database = Database(f"sqlite:///{tmp_path / 'anhuan.db'}")
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT subject_id, person_id FROM events WHERE kind = 'created' ORDER BY id"
        ).all()
    database.close()
    assert [tuple(row) for row in found] == [
        ("p_1", "p_1"), ("i_1", "p_1"), ("a_1", None), ("i_lost", None),
    ]  # fmt: skip
