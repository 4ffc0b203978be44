"""The picture of an agreement being kept: one slot an instalment, filled as far as it is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = ["SLOT", "Slot", "slots"]

SLOT = 10
"""The width of a slot with the gap behind it, in the picture's own units."""

GAP = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Slot:
    """One instalment's place in the picture."""

    x: int
    width: Decimal
    filled: Decimal
    state: str


def slots(instalments: Sequence[Mapping[str, Any]]) -> list[Slot]:
    """Return the slots of instalments (``amount``, ``received``, ``state``) from left to right."""
    width = SLOT - GAP
    return [
        Slot(
            place * SLOT,
            width,
            (width * Decimal(each["received"]) / Decimal(each["amount"])).quantize(Decimal("0.01")),
            each["state"],
        )
        for place, each in enumerate(instalments)
    ]
