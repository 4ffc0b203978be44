"""What a grammar finds: a value, its name and where it stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FEN = Decimal("0.01")

# A value as it leaves the grammar: a number, a string, or a range {"from": …, "to": …}.
Plain = int | str | dict[str, str]


@dataclass(frozen=True)
class Value:
    """One fact found in a text.

    ``start`` and ``end`` are places in the text as written. ``role`` says which of the person's
    sums an amount is (income, spending, ...). ``extra`` carries marks such as ``corrected``.
    """

    entity: str
    value: Plain
    start: int
    end: int
    role: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def yuan(number: Decimal) -> str:
    """A sum in yuan as the contract writes it: two places, no grouping, ``"3500.00"``."""
    return str(number.quantize(FEN, rounding=ROUND_HALF_UP))


def each_once(values: list[Value]) -> list[Value]:
    """The values without what is said twice of the same thing ("五年六十期" is one term)."""
    kept: list[Value] = []
    for value in values:
        if not any(
            (v.entity, v.value, v.role) == (value.entity, value.value, value.role) for v in kept
        ):
            kept.append(value)
    return kept
