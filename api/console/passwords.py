"""Passwords of colleagues: argon2id hashes, one-time passwords, and what is too weak.

An unknown login costs the same work as a known one. At most two passwords are looked at at a time: each
takes 64 MiB, and a flood of them must not take the machine's memory.
"""

from __future__ import annotations

import secrets
import unicodedata
from decimal import Decimal
from functools import cache
from threading import BoundedSemaphore
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from api.kit.secrecy import READABLE, keyring

__all__ = ["Weakness", "hash_password", "new_one_time_password", "password_matches", "weakness"]

Weakness = Literal["short", "long", "own_name", "repeated", "common"]

LONGEST = 256
GROUPS, OF = 4, 4
"""A one-time password is four groups of four: 79 bits, easily read out and typed."""
FEWEST_CHARACTERS = 5
"""Different characters that a password has at least."""
FEWEST_GUESSES = Decimal(10) ** 8
"""What a password has to withstand from somebody who knows the lists and the people (zxcvbn, D. Wheeler,
USENIX Security 2016: below this not even online guessing is kept away)."""
OUR_WORDS = (
    "anhuan",
    "安还",
    "bank",
    "银行",
    "collector",
    "催收",
    "supervisor",
    "xinyongka",
    "creditcard",
)
"""Words of this place, which whoever guesses tries first (OWASP ASVS 5, 6.2.11)."""
_LOOKED_AT = 72
"""The first characters alone decide how easily a password is guessed; more make the search slow."""

_hasher = PasswordHasher()  # argon2id with the second set of RFC 9106: 64 MiB, 3 passes, 4 lanes
_at_work = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its own salt."""
    with _at_work:
        return _hasher.hash(_plain(password))


def password_matches(password: str, stored: str | None) -> bool:
    """Compare a password with its hash; ``None`` (nobody has this login) costs the same and is false."""
    with _at_work:
        try:
            _hasher.verify(stored or _nobodys(), _plain(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _plain(password: str) -> str:
    """Return a password as it is hashed: the same however a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password)


def new_one_time_password(once: str = "") -> str:
    """Return a fresh one-time password, such as ``7K2M-X9DP-…``.

    ``once``: a secret mark of a page's; with the same mark the same password comes back, so that a form
    sent twice makes one password. It cannot be found from the mark without the installation's key.
    """
    if once:
        number = int(keyring().keyed_hash("one-time password", once), 16)
        places = range(GROUPS * OF)
        drawn = [READABLE[number // len(READABLE) ** place % len(READABLE)] for place in places]
    else:
        drawn = [secrets.choice(READABLE) for _ in range(GROUPS * OF)]
    return "-".join("".join(drawn[at : at + OF]) for at in range(0, GROUPS * OF, OF))


def weakness(password: str, *, login: str, name: str, shortest: int) -> Weakness | None:
    """Return why a password cannot be taken, or ``None`` when it can.

    Length is what counts (NIST SP 800-63B, 5.1.1.2), and that no list has it; no mixture of kinds of
    characters is asked for.
    """
    plain = _plain(password)
    if len(plain) < shortest:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    if login.casefold() in plain.casefold() or (
        len(name) > 1 and name.casefold() in plain.casefold()
    ):
        return "own_name"
    if len(set(plain)) < FEWEST_CHARACTERS:
        return "repeated"
    found = zxcvbn(plain[:_LOOKED_AT], user_inputs=[login, name, *OUR_WORDS])
    return "common" if found["guesses"] < FEWEST_GUESSES else None
