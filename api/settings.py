"""Settings: from the environment only. ``docs/operations.md`` lists them for people.

In ``production`` a missing secret stops the start. In ``sandbox``, ``make run`` makes secrets of
its own and keeps them in the data folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """What can be set, by environment variable; the alias is the variable's name."""

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    environment: Literal["sandbox", "production"] = Field(
        "production", alias="ANHUAN_ENVIRONMENT", description="sandbox shows practice pages"
    )
    port: int = Field(8000, alias="ANHUAN_PORT", description="where the API listens")
    data_dir: Path = Field(Path("var"), alias="ANHUAN_DATA_DIR", description="files of record")
    database_url: str = Field(
        "", alias="DATABASE_URL", description="SQLAlchemy URL; empty: SQLite in the data folder"
    )
    public_url: str = Field(
        "", alias="ANHUAN_PUBLIC_URL", description="the address people and Twilio reach us at"
    )
    rasa_url: str = Field("http://127.0.0.1:5005", alias="ANHUAN_RASA_URL")
    rasa_token: SecretStr = Field(SecretStr(""), alias="ANHUAN_RASA_TOKEN", validate_default=True)
    bot_token: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_BOT_TOKEN",
        validate_default=True,
        description="what the assistant's actions show us",
    )
    service_token: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_SERVICE_TOKEN",
        validate_default=True,
        description="what the bank's own systems show us",
    )
    data_keys: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_DATA_KEYS",
        validate_default=True,
        description="Fernet keys, newest first, separated by commas",
    )
    hash_key: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_HASH_KEY",
        validate_default=True,
        description="key of the hashes by which encrypted fields are found",
    )
    twilio_account_sid: str = Field("", alias="TWILIO_ACCOUNT_SID", description="empty: no SMS")
    twilio_auth_token: SecretStr = Field(SecretStr(""), alias="TWILIO_AUTH_TOKEN")
    twilio_from: str = Field("", alias="TWILIO_FROM", description="our number or sender")
    twilio_api_url: str = Field(
        "", alias="ANHUAN_TWILIO_API_URL", description="empty: Twilio itself; else the sandbox"
    )
    telephone_url: str = Field(
        "", alias="ANHUAN_TELEPHONE_URL", description="sandbox telephone's page, shown in sandbox"
    )

    @field_validator("bot_token", "service_token", "data_keys", "hash_key", "rasa_token")
    @classmethod
    def _secret_is_set(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if not value.get_secret_value():
            name = f"ANHUAN_{(info.field_name or '').upper()}"
            msg = f"{name} is not set; no start without it (see docs/operations.md)"
            raise ValueError(msg)
        return value

    @property
    def sandbox(self) -> bool:
        """Whether this is a practice installation."""
        return self.environment == "sandbox"

    @property
    def database(self) -> str:
        """The database's URL, with the embedded SQLite as default."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'anhuan.db'}"

    @property
    def address(self) -> str:
        """The public address without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")
