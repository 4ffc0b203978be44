"""A number in a text, before anybody says what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?"
"""Figures, grouped by thousands or not."""


@dataclass(frozen=True)
class Number:
    """A number in a text: its ends are equal unless a range was written.

    ``unit`` is the largest unit named (1 when none was): it tells 三千 from 3, and lends itself to
    the first number of a range ("3到5千"). ``script`` is ``arabic``, ``chinese`` or ``english``.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: Decimal
    script: str
    is_range: bool = False
