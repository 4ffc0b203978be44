"""The signature of a notice, as the Standard Webhooks specification has it. Pure.

Source: Standard Webhooks specification 1.0.0, "Signature scheme": HMAC-SHA256 over
``{id}.{timestamp}.{body}``, base64, prefixed ``v1,``; a secret is ``whsec_`` and base64 of 24 to 64
bytes; while secrets are being changed, one signature each, separated by spaces.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

__all__ = ["secret_key", "signed_headers"]

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


def secret_key(secret: str) -> bytes:
    """Return the bytes of a secret.

    Raises:
        ValueError: it is not ``whsec_`` and base64 of 24 to 64 bytes.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError as error:  # binascii.Error is one
        msg = "a webhook secret is whsec_ and base64"
        raise ValueError(msg) from error
    if not secret.startswith(PREFIX) or not LEAST_BYTES <= len(key) <= MOST_BYTES:
        msg = f"a webhook secret is whsec_ and base64 of {LEAST_BYTES} to {MOST_BYTES} bytes"
        raise ValueError(msg)
    return key


def signed_headers(
    keys: Sequence[bytes], notice_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers of one sending; ``timestamp`` in seconds since 1970, of this very try."""
    content = f"{notice_id}.{timestamp}.".encode() + body
    signatures = [
        base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys
    ]
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
