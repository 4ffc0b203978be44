"""The one gate before every message: may this purpose reach a person under these holds? Pure.

The full table (hours, caps, budgets) arrives with SMS; what stands here already binds every
sender. ``care`` may always answer, and a person who opted out gets one confirmation.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Literal

__all__ = ["Purpose", "bar"]

Purpose = Literal[
    "reply", "security_code", "service_notice", "reminder", "receipt", "care",
    "opt_out_confirmation", "outreach", "collection",
]  # fmt: skip

EVERYTHING_BUT_CARE = frozenset(
    {"reply", "security_code", "service_notice", "reminder", "receipt", "outreach", "collection"}
)
UNASKED = frozenset({"reminder", "outreach", "collection"})
PRESSING = frozenset({"outreach", "collection"})

BARRED: dict[str, frozenset[str]] = {
    "deceased": EVERYTHING_BUT_CARE | {"opt_out_confirmation"},
    "wrong_number": EVERYTHING_BUT_CARE | {"opt_out_confirmation", "care"},
    "opt_out": UNASKED | {"service_notice", "receipt"},
    "agreement_in_force": PRESSING,
    "dispute": PRESSING,
    "fraud": PRESSING,
    "complaint": PRESSING,
    "distress": UNASKED,
}


def bar(purpose: Purpose, holds: AbstractSet[str]) -> str:
    """Return the hold that bars a purpose, or the empty string when the message may go."""
    for hold in sorted(holds):
        if purpose in BARRED.get(hold, frozenset()):
            return hold
    return ""
