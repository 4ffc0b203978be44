"""JSON whose bytes are decided by its content: RFC 8785, with nothing but Python's own library.

Only what a proof holds is allowed: text, whole numbers within ±(2^53 - 1), true, false, null, lists and
objects. A float is refused although the RFC has a form for it: no sum of ours may ever be one. That is
also why Python's own writer suffices; keys are sorted by UTF-16 code units, as section 3.2.3 asks.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

__all__ = ["NotCanonical", "canonical_bytes", "digest", "read_json"]

LARGEST_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value or the text has no canonical form."""


def canonical_bytes(value: Any) -> bytes:
    """Return the canonical JSON of ``value`` in UTF-8; raises ``NotCanonical``."""
    try:
        text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (UnicodeEncodeError, RecursionError) as error:
        msg = f"no canonical form: {type(error).__name__}"
        raise NotCanonical(msg) from error


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def read_json(raw: bytes) -> Any:
    """Read JSON strictly; raises ``NotCanonical`` on a repeated key, a float, NaN or no JSON at all."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once_only,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        msg = f"not JSON: {error}" if isinstance(error, ValueError) else "not JSON: nested too deep"
        raise NotCanonical(msg) from error


def _ordered(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            msg = "a whole number is beyond 2^53 - 1"
            raise NotCanonical(msg)
        return value
    if isinstance(value, list | tuple):
        return [_ordered(part) for part in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        in_order = sorted(value, key=_utf16)
        return {key: _ordered(value[key]) for key in in_order}
    msg = f"no canonical form: {type(value).__name__}"
    raise NotCanonical(msg)


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _once_only(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a key stands twice in one object"
        raise NotCanonical(msg)
    return found


def _no_float(text: str) -> NoReturn:
    msg = f"{text}: not a whole number"
    raise NotCanonical(msg)
