"""Sensitive fields: encrypted at rest with rotating keys, found again by keyed hash, masked when shown."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from api.kit.keys_file import KeysFile

__all__ = [
    "READABLE",
    "Encrypted",
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

Value = TypeVar("Value")

READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of codes that people read out and type: none looks like another."""


@dataclass(frozen=True)
class Keyring:
    """The keys of this installation. The first data key encrypts, all of them decrypt.

    ``file``: where keys are that may change while we run; its keys come first (see ``api.kit.keys_file``).
    """

    data_keys: Sequence[str]
    hash_key: str
    file: KeysFile | None = None

    @property
    def fernet(self) -> MultiFernet:
        """The rotating cipher (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return _cipher(self.keys())

    def keys(self, *, now: bool = False) -> tuple[str, ...]:
        """Return the data keys, newest first; ``now``: looks at the file even if it has just done so."""
        return self.file.keys(now=now) if self.file else tuple(self.data_keys)

    def encrypt(self, plain: bytes) -> bytes:
        """Encrypt with the newest key."""
        return self.fernet.encrypt(plain)

    def decrypt(self, token: bytes) -> bytes:
        """Decrypt with whichever key fits; one that was added since is looked for in the file.

        Raises:
            cryptography.fernet.InvalidToken: none fits.
        """
        try:
            return self.fernet.decrypt(token)
        except InvalidToken:
            if self.file is None:
                raise
            return _cipher(self.keys(now=True)).decrypt(token)

    def keyed_hash(self, *parts: str) -> str:
        """Return HMAC-SHA256 of the parts, so that equal values can be found without being read."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self.hash_key.encode(), message, hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


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


class Encrypted(TypeDecorator[Value]):
    """What is encrypted in the database. Keys are changed in every column of this type (``make rotate-keys``)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Value | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        del dialect
        return None if value is None else keyring().encrypt(self.packed(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Value | None:
        """Decrypt."""
        del dialect
        return None if value is None else self.unpacked(keyring().decrypt(bytes(value)))

    def packed(self, value: Value) -> bytes:
        """Return a value as the bytes that are encrypted."""
        raise NotImplementedError

    def unpacked(self, plain: bytes) -> Value:
        """Return the value of decrypted bytes."""
        raise NotImplementedError


class EncryptedText(Encrypted[str]):
    """Text that is encrypted in the database."""

    cache_ok = True

    def packed(self, value: str) -> bytes:
        """UTF-8."""
        return value.encode()

    def unpacked(self, plain: bytes) -> str:
        """UTF-8."""
        return plain.decode()


class EncryptedBytes(Encrypted[bytes]):
    """Bytes, such as a file, that are encrypted in the database."""

    cache_ok = True

    def packed(self, value: bytes) -> bytes:
        """As they are."""
        return value

    def unpacked(self, plain: bytes) -> bytes:
        """As they are."""
        return plain


class EncryptedJson(Encrypted[dict[str, Any]]):
    """A JSON object that is encrypted in the database."""

    cache_ok = True

    def packed(self, value: dict[str, Any]) -> bytes:
        """JSON in UTF-8."""
        return json.dumps(value, ensure_ascii=False).encode()

    def unpacked(self, plain: bytes) -> dict[str, Any]:
        """JSON."""
        loaded: dict[str, Any] = json.loads(plain)
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
