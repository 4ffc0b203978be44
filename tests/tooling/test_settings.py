"""The sandbox's secrets and settings."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tooling.say import CannotGoOn
from tooling.secrets_file import ensure_secrets
from tooling.settings import sandbox_settings


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = ensure_secrets(tmp_path)
    assert ensure_secrets(tmp_path) == first
    assert all(first.values())
    assert len(set(first.values())) == len(first)


def test_the_secrets_file_is_private_even_after_somebody_opened_it(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    path = tmp_path / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    ensure_secrets(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_added_later_leaves_the_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("ANHUAN_DATA_KEYS=kept\n")
    assert ensure_secrets(tmp_path)["ANHUAN_DATA_KEYS"] == "kept"
    assert "ANHUAN_BOT_TOKEN=" in path.read_text()


def test_the_data_key_is_a_fernet_key_and_the_telephone_has_a_name_of_twilios_form(
    tmp_path: Path,
) -> None:
    made = ensure_secrets(tmp_path)
    Fernet(made["ANHUAN_DATA_KEYS"])
    assert made["TWILIO_ACCOUNT_SID"][:2] == "AC"
    assert len(made["TWILIO_ACCOUNT_SID"]) == 34


def test_what_the_environment_gives_wins(tmp_path: Path) -> None:
    given = {"ANHUAN_PORT": "8100", "TWILIO_AUTH_TOKEN": "mine", "ANHUAN_DATA_DIR": str(tmp_path)}
    settings = sandbox_settings(given)
    assert settings["TWILIO_AUTH_TOKEN"] == "mine"
    assert settings["ANHUAN_PUBLIC_URL"] == "http://localhost:8100"
    assert "mine" not in (tmp_path / "secrets.env").read_text()


def test_a_word_for_a_port_and_production_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="ANHUAN_PORT=web is not a port"):
        sandbox_settings({"ANHUAN_PORT": "web"}, tmp_path)
    with pytest.raises(CannotGoOn, match="production"):
        sandbox_settings({"ANHUAN_ENVIRONMENT": "production"}, tmp_path)
