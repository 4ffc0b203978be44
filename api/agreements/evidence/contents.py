"""What a file really is, by its content. What its name or its sender says of it is not asked."""

from __future__ import annotations

import filetype

from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["MEGABYTE", "largest_file", "media_type_of"]

MEGABYTE = 1024 * 1024
SAME = {"image/heif": "image/heic", "image/heic-sequence": "image/heic"}
"""Other names of a type that policy names."""


def largest_file(policy: PolicyView) -> int:
    """Return how many bytes a file may have."""
    megabytes: int = policy.value("bank.evidence.largest")
    return megabytes * MEGABYTE


def media_type_of(content: bytes, policy: PolicyView) -> str:
    """Return the type of a file that is taken.

    Raises:
        Problem: ``file_empty``, ``file_type`` (422) or ``file_too_large`` (413); nothing is kept then.
    """
    if not content:
        raise Problem("file_empty", 422, "The file is empty. Choose it again.")
    if len(content) > largest_file(policy):
        raise Problem("file_too_large", 413, "The file is too large.")
    found = filetype.guess_mime(content)
    named = SAME.get(found, found) if found else None
    if named not in policy.value("bank.evidence.types"):
        raise Problem("file_type", 422, "This kind of file is not taken.")
    return str(named)
