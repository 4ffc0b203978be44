"""Sensitive fields: encrypted at rest with rotating keys, found again by keyed hash, masked when shown."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

__all__ = [
    "READABLE",
    "EncryptedBytes",
    "EncryptedJson",
    "EncryptedText",
    "Keyring",
    "keyring",
    "matches",
    "new_code",
    "new_id",
    "new_token",
    "token_hash",
    "use_keyring",
]

READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of codes that people read out and type: none looks like another."""


@dataclass(frozen=True)
class Keyring:
    """The keys of this installation. The first data key encrypts, all of them decrypt."""

    data_keys: Sequence[str]
    hash_key: str

    @property
    def fernet(self) -> MultiFernet:
        """The rotating cipher (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return MultiFernet([Fernet(key) for key in self.data_keys])

    def keyed_hash(self, *parts: str) -> str:
        """Return HMAC-SHA256 of the parts, so that equal values can be found without being read."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self.hash_key.encode(), message, hashlib.sha256).hexdigest()


_current: list[Keyring] = []


def use_keyring(keys: Keyring) -> None:
    """Set the keys that encrypted columns use (once, when the application is wired)."""
    _current[:] = [keys]


def keyring() -> Keyring:
    """Return the keys in use; raises ``RuntimeError`` before the application is wired."""
    if not _current:
        msg = "no keys are set"
        raise RuntimeError(msg)
    return _current[0]


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        del dialect
        return None if value is None else keyring().fernet.encrypt(value.encode())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        del dialect
        return None if value is None else keyring().fernet.decrypt(bytes(value)).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes, such as a file, that are encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        del dialect
        return None if value is None else keyring().fernet.encrypt(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bytes | None:
        """Decrypt."""
        del dialect
        return None if value is None else keyring().fernet.decrypt(bytes(value))


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object that is encrypted in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        del dialect
        if value is None:
            return None
        return keyring().fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dict[str, Any] | None:
        """Decrypt."""
        del dialect
        if value is None:
            return None
        loaded: dict[str, Any] = json.loads(keyring().fernet.decrypt(bytes(value)))
        return loaded


def new_id(prefix: str) -> str:
    """Return a fresh identifier that cannot be guessed, such as ``c_Vq…`` (128 bits)."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def new_token() -> str:
    """Return a fresh bearer token (256 bits)."""
    return secrets.token_urlsafe(32)


def new_code(digits: int) -> str:
    """Return a fresh numeric one-time code."""
    return "".join(secrets.choice("0123456789") for _ in range(digits))


def token_hash(token: str) -> str:
    """Return SHA-256 of a high-entropy token, for storage; never used for codes or digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(left: str, right: str) -> bool:
    """Compare two strings in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
