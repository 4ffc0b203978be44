"""The first administrator is made by a command; nothing has a default password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

import sandbox.authenticator
import sandbox.colleagues
from api.console import staff_command
from api.console.models import StaffMember
from api.console.passwords import password_matches
from api.console.second_factor import accept_first_code, new_secret
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation's database, in an environment such as an operator has."""
    key = Fernet.generate_key().decode()
    for name, value in {
        "ANHUAN_ENVIRONMENT": "sandbox", "ANHUAN_DATA_DIR": str(tmp_path), "DATABASE_URL": "",
        "ANHUAN_BOT_TOKEN": "b", "ANHUAN_SERVICE_TOKEN": "s", "ANHUAN_RASA_TOKEN": "r",
        "ANHUAN_DATA_KEYS": key, "ANHUAN_HASH_KEY": "h", "ANHUAN_PUBLIC_URL": "https://bank.example",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    use_keyring(Keyring([key], "h"))
    return Database(f"sqlite:///{tmp_path / 'anhuan.db'}")


def member(database: Database, login: str) -> StaffMember:
    with database.reading() as session:
        found: StaffMember = session.scalars(
            select(StaffMember).where(StaffMember.login == login)
        ).one()
        return found


def one_time(said: str) -> str:
    found = re.search(r"one-time password +(\S+)", said)
    assert found is not None
    return found.group(1)


def test_before_there_are_tables_it_says_so(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        staff_command.main(["--login", "luocheng", "--name", "罗成", "--role", "administrator"])
        == 2
    )
    assert "no tables yet" in capsys.readouterr().out
    database.close()


def test_the_first_administrator(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    database.create_all()
    asked = ["--login", "LuoCheng", "--name", "罗成", "--role", "administrator, supervisor"]
    assert staff_command.main(asked) == 0
    said = capsys.readouterr().out
    made = member(database, "luocheng")
    assert made.roles == ["supervisor", "administrator"]
    assert made.password_expires_at is not None
    assert password_matches(one_time(said), made.password_hash)
    assert "https://bank.example/console" in said
    assert staff_command.main(asked) == 2
    assert "has this login already" in capsys.readouterr().out

    assert staff_command.main(["--login", "luocheng", "--reset"]) == 0
    renewed = one_time(capsys.readouterr().out)
    assert password_matches(renewed, member(database, "luocheng").password_hash)
    assert staff_command.main(["--login", "nobody", "--reset"]) == 2
    assert staff_command.main(["--login", "x1", "--name", "x", "--role", "root"]) == 2
    database.close()


def test_the_samples_colleagues_are_made_once_and_their_passwords_shown_once(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.create_all()
    assert sandbox.colleagues.main() == 0
    said = capsys.readouterr().out
    for one in sandbox.colleagues.COLLEAGUES:
        found = re.search(rf"{one.login} +((?:[2-9A-Z]{{4}}-){{3}}[2-9A-Z]{{4}})", said)
        assert found is not None
        assert password_matches(found.group(1), member(database, one.login).password_hash)
    assert "https://bank.example/console" in said
    assert sandbox.colleagues.main() == 0
    again = capsys.readouterr().out
    assert not re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", again)
    assert "RESET=1" in again
    database.close()


def test_the_sandboxs_authenticator_shows_the_code_of_a_login(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.create_all()
    sandbox.colleagues.main()
    assert sandbox.authenticator.main(["taoning"]) == 2
    assert sandbox.authenticator.main(["nobody"]) == 2
    with database.transaction() as session:
        found = session.scalars(select(StaffMember).where(StaffMember.login == "taoning")).one()
        found.totp_next = new_secret()
    capsys.readouterr()
    assert sandbox.authenticator.main(["TaoNing"]) == 0
    code = capsys.readouterr().out.split()[0]
    assert accept_first_code(member(database, "taoning"), code, SystemClock().now())
    database.close()


def test_outside_the_sandbox_there_are_no_sample_colleagues_and_no_codes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.create_all()
    monkeypatch.setenv("ANHUAN_ENVIRONMENT", "production")
    assert sandbox.colleagues.main() == 2
    assert sandbox.authenticator.main(["taoning"]) == 2
    with database.reading() as session:
        assert session.scalars(select(StaffMember)).all() == []
    database.close()
