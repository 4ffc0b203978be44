"""The exact bytes of an agreement's terms, and the digest that names them.

Two programs that hold the same terms must arrive at the same bytes, years apart: JSON in the form
of RFC 8785 (JSON Canonicalization Scheme), hashed with SHA-256.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

__all__ = ["NotCanonical", "canonical_json", "digest", "fingerprint"]

FINGERPRINT_DIGITS = 8
"""Hexadecimal digits that a person compares by eye; a program compares all 64."""


class NotCanonical(ValueError):
    """The value has no exact form: a float, a ``Decimal``, a key that is not text, broken text."""


def canonical_json(value: Any) -> bytes:
    """Return ``value`` as RFC 8785 JSON in UTF-8.

    Allowed are text, whole numbers within ±(2^53 - 1), true, false, null, lists and objects.
    Money and rates are decimal text: a float is refused although the RFC allows it, because no
    sum of ours may ever be one.

    Raises:
        NotCanonical: something in ``value`` is not of these.
    """
    _refuse_floats(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        # The error is not quoted: it may repeat the value, which is personal.
        msg = f"no canonical form: {type(error).__name__}"
        raise NotCanonical(msg) from error


def digest(terms: Any) -> str:
    """Return the SHA-256 of the terms' canonical JSON, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_json(terms)).hexdigest()


def fingerprint(full_digest: str) -> str:
    """Return the short form of a digest that a person can compare: ``A31F 09C2``.

    Raises:
        ValueError: ``full_digest`` is not 64 hexadecimal digits.
    """
    if len(full_digest) != hashlib.sha256().digest_size * 2:
        msg = "not a SHA-256 digest"
        raise ValueError(msg)
    int(full_digest, 16)
    short = full_digest[:FINGERPRINT_DIGITS].upper()
    return f"{short[:4]} {short[4:]}"


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        msg = "a float has no place in an agreement"
        raise NotCanonical(msg)
    if isinstance(value, dict):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
