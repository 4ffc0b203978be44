"""The data keys are changed while the product runs, and nothing encrypted is forgotten."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from fastapi import FastAPI
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, type_coerce

from api.conversations.models import Message
from api.custody import keys_command, rotation
from api.custody.rotation import encrypted_columns, keys_in_use, reencrypt, unfinished
from api.custody.tables import TABLES
from api.kit.db import Database
from api.kit.keys_file import KeysFile
from api.kit.secrecy import Encrypted, EncryptedText, Keyring, use_keyring
from api.settings import Settings
from tests.conftest import NOON, Visit
from tests.postgresql import PostgresServer

ROOT = Path(__file__).parents[2]


def test_every_column_of_bytes_is_encrypted() -> None:
    plain = {
        f"{table.name}.{column.name}"
        for table in TABLES.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not isinstance(column.type, Encrypted)
    }
    assert plain == {
        "ledger_heads.statement",
        "ledger_heads.seal",
    }  # what is published of the chain
    walked = {f"{t.name}.{c.name}" for t, columns in encrypted_columns().items() for c in columns}
    assert {"persons.name", "persons.telephone", "messages.text", "staff.totp_secret"} <= walked
    assert {"evidence_files.content", "ledger.document"} <= walked


def test_an_encrypted_column_of_a_new_table_is_found_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = MetaData()
    new = Table(
        "new", tables, Column("id", Integer, primary_key=True), Column("word", EncryptedText)
    )
    monkeypatch.setattr(rotation, "TABLES", tables)
    assert encrypted_columns() == {new: [new.c.word]}


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of an operator on the machine of the running application."""
    monkeypatch.setattr(keys_command, "STALE_SECONDS", 0.05)
    ours = {
        "ANHUAN_ENVIRONMENT": "sandbox", "ANHUAN_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url, "ANHUAN_BOT_TOKEN": "b", "ANHUAN_RASA_TOKEN": "r",
        "ANHUAN_SERVICE_TOKEN": "s", "ANHUAN_HASH_KEY": settings.hash_key.get_secret_value(),
        "ANHUAN_DATA_KEYS": settings.data_keys.get_secret_value(),
    }  # fmt: skip
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    yield ours
    use_keyring(settings.keyring())


def tokens(app: FastAPI) -> list[bytes]:
    """Return every encrypted value as it lies in the database."""
    found = []
    with app.state.database.reading() as session:
        for columns in encrypted_columns().values():
            for column in columns:
                found += session.scalars(
                    select(type_coerce(column, LargeBinary)).where(column.is_not(None))
                )
    return [bytes(token) for token in found]


def opened_by(key: str, values: list[bytes]) -> int:
    """Return how many values a key opens."""
    count = 0
    for value in values:
        try:
            Fernet(key).decrypt(value)
        except InvalidToken:
            continue
        count += 1
    return count


@pytest.mark.each_database
def test_keys_are_changed_by_another_process_while_people_go_on_writing(
    visit: Visit, app: FastAPI, settings: Settings, environment: dict[str, str]
) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    old = settings.data_keys.get_secret_value()
    assert opened_by(old, before := tokens(app)) == len(before)
    stop = threading.Event()
    answered: list[int] = []

    def talk() -> None:
        while not stop.is_set():
            answered.append(visit.say("我下个月想还800")["status_code"])
            stop.wait(0.3)

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "api.custody.keys_command"], check=False, capture_output=True,
            text=True, cwd=ROOT, env={**os.environ, **environment},
        )  # fmt: skip
    finally:
        stop.set()
        talking.join()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "messages:" in done.stdout, "progress is told"
    assert set(answered) <= {200, 202}
    assert answered
    after = tokens(app)
    newest = KeysFile(settings.data_dir / "data-keys", []).in_file()[0]
    assert newest != old
    assert opened_by(newest, after) == len(after)
    assert opened_by(old, after) == 0
    assert newest not in done.stdout + done.stderr
    assert visit.bot("context")["situation"]["reason"] == "job_loss"
    assert visit.say("你好")["status_code"] in (200, 202)


def test_what_was_interrupted_is_gone_on_with_and_no_further_key_is_made(
    visit: Visit, app: FastAPI, settings: Settings, environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    visit.identify()
    visit.tell()
    monkeypatch.setattr(rotation, "BATCH", 2)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as once:
        once.setattr(keys_command, "_tell", interrupted)
        with pytest.raises(KeyboardInterrupt):
            keys_command.main([])
    file = KeysFile(settings.data_dir / "data-keys", [])
    newest, *older = file.in_file()
    half = tokens(app)
    assert 0 < opened_by(newest, half) < len(half)
    assert visit.bot("context")["identified"] is True, "everything is read meanwhile"
    assert keys_command.main([]) == 0
    assert file.in_file() == (newest, *older)
    assert "not finished" in capsys.readouterr().out
    assert opened_by(newest, after := tokens(app)) == len(after)


def test_old_keys_are_dropped_only_when_nothing_needs_them(
    visit: Visit, app: FastAPI, settings: Settings, environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    visit.identify()
    file = KeysFile(settings.data_dir / "data-keys", [])
    file.write((Fernet.generate_key().decode(), settings.data_keys.get_secret_value()))
    assert keys_command.main(["--drop"]) == 2
    assert len(file.in_file()) == 2
    assert keys_command.main([]) == 0
    assert keys_command.main(["--drop"]) == 0
    assert len(file.in_file()) == 1
    assert "ANHUAN_DATA_KEYS" in capsys.readouterr().out
    environment_without = Keyring([], "h", file)
    assert keys_in_use(app.state.database, environment_without).keys() == {0}
    assert (settings.data_dir / "data-keys").stat().st_mode & 0o777 == 0o600


def test_a_lost_key_stops_the_change_with_a_word_on_what_to_do(
    visit: Visit, settings: Settings, environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("ANHUAN_DATA_KEYS", Fernet.generate_key().decode())
    assert keys_command.main([]) == 2
    assert "A key is missing" in capsys.readouterr().out


def test_a_key_that_the_operator_put_first_is_taken_without_making_another(
    visit: Visit, app: FastAPI, settings: Settings, environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    own = Fernet.generate_key().decode()
    monkeypatch.setenv("ANHUAN_DATA_KEYS", f"{own},{settings.data_keys.get_secret_value()}")
    assert keys_command.main([]) == 0
    assert not (settings.data_dir / "data-keys").exists()
    assert opened_by(own, values := tokens(app)) == len(values)


def test_before_there_are_tables_it_says_so(
    settings: Settings, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert keys_command.main([]) == 2
    assert "no tables yet" in capsys.readouterr().out


@pytest.mark.postgresql
def test_rows_that_somebody_has_just_then_are_taken_by_the_next_pass(
    postgresql: PostgresServer, postgresql_tables: str
) -> None:
    url = postgresql.database(like=postgresql_tables)
    database = Database(url)
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    use_keyring(Keyring([old], "h"))
    assert isinstance(Message.__table__.c.text.type, Encrypted)
    try:
        with database.transaction() as session:
            session.execute(
                TABLES.tables["staff"].insert(),
                [
                    {"id": f"s{n}", "login": f"l{n}", "name": "n", "locale": "zh", "roles": [],
                     "password_hash": "", "totp_secret": f"secret {n}", "totp_step": 0,
                     "created_at": NOON}
                    for n in range(5)
                ],
            )  # fmt: skip
        keys = Keyring([new, old], "h")
        staff = TABLES.tables["staff"]
        with database.transaction() as holding:
            holding.execute(select(staff.c.id).where(staff.c.id == "s4").with_for_update())
            assert reencrypt(database, keys) == 4
            assert unfinished(database, keys)
        assert reencrypt(database, keys) == 1
        assert not unfinished(database, keys)
    finally:
        database.close()
        postgresql.drop(url)


def test_a_running_process_sees_a_new_key_soon_and_at_once_when_it_needs_it(tmp_path: Path) -> None:
    times = [0.0]
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    file = KeysFile(tmp_path / "data-keys", [old], tell_time=lambda: times[0])
    ours = Keyring([old], "h", file)
    token = ours.encrypt(b"word")
    KeysFile(tmp_path / "data-keys", [old]).write((new, old))
    assert ours.keys() == (old,), "not looked at yet"
    assert ours.decrypt(Fernet(new).encrypt(b"newer")) == b"newer"
    assert ours.keys() == (new, old)
    times[0] += 2
    assert Fernet(new).decrypt(ours.encrypt(b"word")) == b"word"
    assert ours.decrypt(token) == b"word"
    with pytest.raises(InvalidToken):
        ours.decrypt(Fernet(Fernet.generate_key()).encrypt(b"foreign"))


def test_documents_from_before_are_encrypted_by_migrating_and_stay_what_they_are(
    tmp_path: Path,
) -> None:
    key, document = Fernet.generate_key().decode(), b"%PDF-1.7 of before"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANHUAN")}

    def migrate(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", *words], cwd=ROOT,
            capture_output=True, text=True, check=False,
            env={**kept, "ANHUAN_DATA_DIR": str(tmp_path), **more},
        )  # fmt: skip

    assert migrate("upgrade", "0012").returncode == 0
    file = sqlite3.connect(tmp_path / "anhuan.db")
    file.execute("PRAGMA foreign_keys=OFF")
    file.execute(
        "INSERT INTO ledger (position, agreement_id, number, terms_digest, document_digest, document,"
        " recorded_at, previous_hash, entry_hash) VALUES (1, 'g', 'n', 't', 'd', ?, '2026-01-01', 'p', 'e')",
        (document,),
    )
    file.commit()
    refused = migrate("upgrade", "0013")
    assert "set ANHUAN_DATA_KEYS" in refused.stderr
    assert migrate("upgrade", "0013", ANHUAN_DATA_KEYS=key).returncode == 0
    (stored,) = file.execute("SELECT document FROM ledger").fetchone()
    assert Fernet(key).decrypt(stored) == document
    assert migrate("downgrade", "0012", ANHUAN_DATA_KEYS=key).returncode == 0
    assert file.execute("SELECT document FROM ledger").fetchone() == (document,)
    file.close()
