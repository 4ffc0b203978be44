"""Payments from the bank: recorded once, counted, answered once."""
from __future__ import annotations

from tests.followup.conftest import Months


def test_probe(months: Months) -> None:
    print(months.progress())
    print(months.pay("100.00"))
    print(months.ticks())
    print(months.until(months.due(1)))
    print(months.outcomes("before"), months.outcomes("day"))
    assert 0
