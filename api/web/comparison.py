"""The rows of the comparison: one measure each, with the best figure marked when there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = ["Row", "comparison_rows"]


@dataclass(frozen=True)
class Cell:
    """One offer's figure in a row."""

    value: Any
    best: bool


@dataclass(frozen=True)
class Row:
    """One measure across the offers."""

    key: str
    cells: list[Cell]
    money: bool
    superlative: str
    """``least`` or ``most``: what makes a figure the best here."""


def comparison_rows(
    offers: Sequence[Mapping[str, Any]], same_rate: bool, same_waived: bool
) -> list[Row]:
    """Return the rows to show; what is the same for all offers has no row of its own."""
    monthly = [None if _once(o) else o["monthly"] for o in offers]
    first = [o["monthly"] if _once(o) else _down(o) for o in offers]
    rows = [
        *([_row("first", first, "least", best=False)] if any(first) else []),
        _row("monthly", monthly, "least"),
        _row("periods", [o["periods"] for o in offers], "least", money=False),
        _row("total", [o["total"] for o in offers], "least"),
        _row("interest", [o["interest"] for o in offers], "least"),
    ]
    if not same_rate:
        rates = [o["annual_rate"] for o in offers]
        rows.append(_row("rate", rates, "least", money=False))
    if not same_waived:
        rows.append(_row("waived_each", [o["waived"]["total"] for o in offers], "most"))
    left = [o["left_after"] for o in offers]
    return [*rows, _row("left", left, "most")] if any(left) else rows


def _once(offer: Mapping[str, Any]) -> bool:
    """Whether one payment is all there is."""
    return int(offer["periods"]) == 1 and not _down(offer)


def _down(offer: Mapping[str, Any]) -> str | None:
    """What is paid first, before the monthly payments."""
    down = offer.get("down_payment")
    return None if not down else str(down["amount"])


def _row(
    key: str, values: Sequence[Any], superlative: str, *, money: bool = True, best: bool = True
) -> Row:
    """Mark the best figure, unless two share it or there is nothing to compare it with."""
    numbers = [None if value is None else Decimal(str(value)) for value in values]
    there = [number for number in numbers if number is not None]
    found = (min(there) if superlative == "least" else max(there)) if there else Decimal(0)
    alone = best and len(there) > 1 and there.count(found) == 1
    cells = [
        Cell(value, alone and number == found)
        for value, number in zip(values, numbers, strict=True)
    ]
    return Row(key, cells, money, superlative)
