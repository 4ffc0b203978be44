"""Why somebody fell behind, in events: countable, and readable with this installation's key only.

An event holds no personal data in the clear, and that somebody is ill is the most personal of all. So
an event carries a keyed mark: equal reasons have equal marks, and only who has the key can name them.
"""

from __future__ import annotations

from typing import get_args

from api.kit.secrecy import keyring
from api.plans.situation import Reason

__all__ = ["REASONS", "mark_of", "marks"]

REASONS: tuple[str, ...] = get_args(Reason)
LENGTH = 16
"""Hexadecimal digits kept of a mark: far more than tell a dozen reasons apart."""


def mark_of(reason: str) -> str:
    """Return the mark that stands for a reason in events."""
    return keyring().keyed_hash("reason", reason)[:LENGTH]


def marks() -> dict[str, str]:
    """Return every reason by its mark."""
    return {mark_of(reason): reason for reason in REASONS}
