"""Colleagues, as conversations know them, and what each may take and read. Pure.

How somebody signs in is the console's matter; here a colleague is an id, a name and roles.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Colleague", "may_read", "may_take"]

TAKEN_BY = {
    "collector": frozenset({"collector", "supervisor"}),
    "supervisor": frozenset({"supervisor"}),
    "care": frozenset({"care"}),
}
"""Which roles take a case of each role. Distress is nobody's but care's."""

READ_BY = frozenset({"collector", "supervisor"})


@dataclass(frozen=True)
class Colleague:
    """A human of the bank who acts on a case."""

    id: str
    name: str
    """The name that cardholders are told."""
    roles: frozenset[str]

    @property
    def actor(self) -> str:
        """Return the actor of events of theirs."""
        return f"staff:{self.id}"


def may_take(role: str, roles: Collection[str]) -> bool:
    """Return whether somebody with ``roles`` may take a case of ``role``."""
    return not TAKEN_BY[role].isdisjoint(roles)


def may_read(role: str, roles: Collection[str], care_read_by: Collection[str]) -> bool:
    """Return whether somebody may read a case; ``care_read_by`` is ``bank.care.read_by``."""
    readers = frozenset({"care", *care_read_by}) if role == "care" else READ_BY
    return not readers.isdisjoint(roles)
