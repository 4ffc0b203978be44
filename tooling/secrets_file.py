"""The sandbox's secrets: made once at random, kept in the data folder, readable by nobody else."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

_MAKERS: dict[str, Callable[[], str]] = {
    "ANHUAN_BOT_TOKEN": lambda: secrets.token_hex(32),
    "ANHUAN_SERVICE_TOKEN": lambda: secrets.token_hex(32),
    "ANHUAN_RASA_TOKEN": lambda: secrets.token_hex(32),
    # A Fernet key: 32 random bytes in url-safe base64.
    "ANHUAN_DATA_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "ANHUAN_HASH_KEY": lambda: secrets.token_hex(32),
    # The sandbox telephone speaks Twilio's API, so it needs names of Twilio's form.
    "TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
}
NAMES = tuple(_MAKERS)
GIVEN = ("ANHUAN_WEBHOOK_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ANHUAN_ALIYUN_CALLBACK_KEY")
"""Secrets that somebody may give besides, for the api alone."""


def ensure_secrets(data: Path) -> dict[str, str]:
    """Return every secret of a data folder, making those that its file does not hold yet."""
    path = data / "secrets.env"
    held = _read(path)
    missing = {name: make() for name, make in _MAKERS.items() if not held.get(name)}
    if missing:
        held |= missing
        _write(path, held)
    path.chmod(0o600)
    return held


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _write(path: Path, held: dict[str, str]) -> None:
    """Replace the file in one step; it is private from its first byte."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write("# Made by `make run` for the sandbox. Production has its own secrets.\n")
        handle.writelines(f"{name}={value}\n" for name, value in held.items())
    draft.replace(path)
