"""Settings: from the environment only. ``docs/operations.md`` lists them for people.

In ``production`` a missing secret stops the start. In ``sandbox``, ``make run`` makes secrets of
its own and keeps them in the data folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.agreements.seal.keys import SealFiles
from api.kit.clock import SANDBOX_CLOCK, Clock, SandboxClock, SystemClock
from api.kit.keys_file import KeysFile
from api.kit.secrecy import Keyring
from api.webhooks.signature import secret_key

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
    data_keys_file: Path | None = Field(
        None,
        alias="ANHUAN_DATA_KEYS_FILE",
        description="data keys that change while we run, before those above; unset: data-keys in the data folder",
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
    clamav: str = Field(
        "", alias="ANHUAN_CLAMAV",
        description="ClamAV's daemon: unix:/path or tcp://host:port; empty: files are not checked",
    )  # fmt: skip
    aliyun_key_id: str = Field(
        "", alias="ALIBABA_CLOUD_ACCESS_KEY_ID", description="empty: no texts by that gateway"
    )
    aliyun_key_secret: SecretStr = Field(SecretStr(""), alias="ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    aliyun_sign_name: str = Field(
        "",
        alias="ANHUAN_ALIYUN_SIGN_NAME",
        description="the registered signature, such as the bank",
    )
    aliyun_api_url: str = Field(
        "https://dysmsapi.aliyuncs.com", alias="ANHUAN_ALIYUN_API_URL", description="the gateway"
    )
    aliyun_callback_key: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_ALIYUN_CALLBACK_KEY",
        description="what the address of its callbacks holds, since they are not signed",
    )
    daily_outreach: bool | None = Field(
        None, alias="ANHUAN_DAILY_OUTREACH", description="unset: on in production, off in a sandbox"
    )
    telephone_url: str = Field(
        "", alias="ANHUAN_TELEPHONE_URL", description="sandbox telephone's page, shown in sandbox"
    )

    webhook_url: str = Field(
        "",
        alias="ANHUAN_WEBHOOK_URL",
        description="where the bank is told of events; empty: nowhere",
    )
    webhook_secrets: SecretStr = Field(
        SecretStr(""),
        alias="ANHUAN_WEBHOOK_SECRET",
        description="whsec_ and base64; several while it is being changed, separated by spaces",
    )

    seal_key: Path | None = Field(
        None, alias="ANHUAN_SEAL_KEY", description="the bank's private key for documents, PEM"
    )
    seal_certificate: Path | None = Field(
        None,
        alias="ANHUAN_SEAL_CERTIFICATE",
        description="its certificate, then those that issued it, PEM",
    )
    seal_passphrase: SecretStr = Field(SecretStr(""), alias="ANHUAN_SEAL_PASSPHRASE")
    seal_past_certificates: Path | None = Field(
        None,
        alias="ANHUAN_SEAL_PAST_CERTIFICATES",
        description="certificates that documents were sealed with before, PEM",
    )
    seal_time_stamps: str = Field(
        "", alias="ANHUAN_SEAL_TIME_STAMPS", description="an RFC 3161 authority; empty: none"
    )

    @field_validator("seal_key", "seal_certificate", "seal_past_certificates", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("bot_token", "service_token", "data_keys", "hash_key", "rasa_token")
    @classmethod
    def _secret_is_set(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if not value.get_secret_value():
            name = f"ANHUAN_{(info.field_name or '').upper()}"
            msg = f"{name} is not set; no start without it (see docs/operations.md)"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _webhook_is_safe(self) -> Settings:
        if not self.webhook_url:
            return self
        if not self.webhook_keys:
            msg = "ANHUAN_WEBHOOK_URL needs ANHUAN_WEBHOOK_SECRET (see docs/operations.md)"
            raise ValueError(msg)
        if not self.sandbox and not self.webhook_url.startswith("https://"):
            msg = "ANHUAN_WEBHOOK_URL must be https in production"
            raise ValueError(msg)
        return self

    @property
    def webhook_keys(self) -> list[bytes]:
        """The keys that sign notices to the bank, newest first; raises ``ValueError`` for a bad secret."""
        return [secret_key(secret) for secret in self.webhook_secrets.get_secret_value().split()]

    @property
    def seal_files(self) -> SealFiles:
        """What the bank's seal is made with; only a sandbox does without files of the bank's."""
        return SealFiles(
            key=self.seal_key,
            certificate=self.seal_certificate,
            passphrase=self.seal_passphrase.get_secret_value().encode() or None,
            past=self.seal_past_certificates,
            development_in=self.data_dir if self.sandbox else None,
            time_stamps=self.seal_time_stamps,
        )

    @property
    def sandbox(self) -> bool:
        """Whether this is a practice installation."""
        return self.environment == "sandbox"

    @property
    def outreach_runs_daily(self) -> bool:
        """Whether the outreach runs by itself each day; in a sandbox only when it is asked for."""
        return not self.sandbox if self.daily_outreach is None else self.daily_outreach

    @property
    def database(self) -> str:
        """The database's URL, with the embedded SQLite as default."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'anhuan.db'}"

    def keyring(self) -> Keyring:
        """Return the keys of this installation: those of the file, then those of the environment."""
        given = self.data_keys.get_secret_value().split(",")
        file = KeysFile(self.data_keys_file or self.data_dir / "data-keys", given)
        return Keyring(given, self.hash_key.get_secret_value(), file)

    def clock(self) -> Clock:
        """Return the clock of this installation: in a sandbox one that can be moved ahead.

        Raises:
            ValueError: the data folder's clock was moved, and this is no sandbox: its days are not real.
        """
        file = self.data_dir / SANDBOX_CLOCK
        if self.sandbox:
            return SandboxClock(file)
        if file.exists():
            msg = f"{file}: days were made to pass here in a sandbox; production needs a folder of its own"
            raise ValueError(msg)
        return SystemClock()

    @property
    def address(self) -> str:
        """The public address without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")
