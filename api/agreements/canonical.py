"""The exact bytes of an agreement's terms, and the digest that names them.

Two programs that hold the same terms must arrive at the same bytes, years apart: JSON in the form
of RFC 8785 (JSON Canonicalization Scheme), hashed with SHA-256: the form and the writer of a proof.
"""

from __future__ import annotations

import hashlib

from api.plans.canonical import NotCanonical, canonical_bytes, digest

__all__ = ["NotCanonical", "canonical_bytes", "digest", "fingerprint"]

FINGERPRINT_DIGITS = 8
"""Hexadecimal digits that a person compares by eye; a program compares all 64."""


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
