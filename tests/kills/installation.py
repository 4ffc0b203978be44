"""The settings of an installation that the tests of kills build upon, on the database that a fixture names."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from api.settings import Settings
from tests.postgresql import PostgresServer

__all__ = ["DATABASES", "installation"]

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, name: str
) -> Settings:
    """Return settings on an empty database of the kind that ``request.param`` says."""
    url = ""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        url = server.database(like=request.getfixturevalue("postgresql_tables"))
    return Settings.model_validate(
        {
            "environment": "sandbox", "data_dir": tmp_path_factory.mktemp(name),
            "database_url": url, "rasa_url": "http://127.0.0.1:9", "rasa_token": "rasa-token",
            "bot_token": "bot-token", "service_token": "bank-token",
            "data_keys": Fernet.generate_key().decode(), "hash_key": "a key for hashes",
        }
    )  # fmt: skip
