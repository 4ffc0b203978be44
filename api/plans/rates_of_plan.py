"""The annual rate by months of a plan that may begin with a larger payment, or later.

Each payment lies whole months and a part of a month after the plan's day, counted by the wanted days: a
day that is moved off a holiday changes no amount, and so no rate by months.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from api.plans.payment_days import months_and_days_between
from api.plans.rates import PaidAfter, percent_by_months, percent_by_periods
from api.plans.schedule import DAYS_A_YEAR
from api.plans.spreading import MONTHS_A_YEAR
from api.plans.start import Start

__all__ = ["percent_by_months_of"]


def percent_by_months_of(
    carried: Decimal, payments: Sequence[Decimal], start: Start, today: date
) -> Decimal:
    """Return the nominal annual rate in percent of a plan's payments, on what it carries."""
    if start.down_due is None and start.part == 1:
        return percent_by_months(carried, payments)
    if start.down_due is None and start.part:
        return percent_by_months(carried, payments, whole_months=0, part=start.part)
    timed: list[PaidAfter] = []
    monthly = list(payments)
    if start.down_due is not None:
        timed.append(PaidAfter(*_after(today, start.down_due), monthly.pop(0)))
    months, part = _after(today, start.first_due)
    timed += [PaidAfter(months + k, part, payment) for k, payment in enumerate(monthly)]
    return percent_by_periods(carried, timed)


def _after(today: date, day: date) -> tuple[int, Fraction]:
    months, days = months_and_days_between(today, day)
    return months, Fraction(days * MONTHS_A_YEAR, DAYS_A_YEAR)
