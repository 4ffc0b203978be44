"""Annual rates solved in decimals of fifty digits, with nothing but Python.

The conventions are those of ``api.plans.rates``. Both equations are polynomials in a discount factor
with one sign change, convex above zero, so Newton's method from the right of the root comes down to it
and cannot miss. Slower than a compiled solver and free of its last bit: it decides where a rate lies on
the edge between two hundredths, and everything where only Python is installed (``api.plans.check``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

__all__ = ["PaidAfter", "rate_by_days", "rate_by_months", "rate_by_periods"]

DIGITS = 50
CLOSE = Decimal(10) ** -40
MOST = Decimal(10) ** 6
"""A discount factor beyond this means that next to everything was lost: no rate of a plan."""
MOST_ROUNDS = 1000
DAYS_A_YEAR = 365
MONTHS_A_YEAR = 12


class PaidAfter(NamedTuple):
    """A payment so many whole months and a part of a month after the amount."""

    months: int
    part: Fraction
    amount: Decimal


def rate_by_months(
    amount: Decimal, payments: Sequence[Decimal], whole_months: int, part: Fraction
) -> Decimal | None:
    """Return the nominal rate a year (not percent): twelve times the monthly rate; ``None`` if none.

    With v = 1 / (1 + i), Appendix J (b)(8) times v is
    sum of payment k * v ** (whole + k) = amount * ((1 - part) * v + part).
    """
    with localcontext() as context:
        context.prec = DIGITS
        odd = Decimal(part.numerator) / Decimal(part.denominator)

        def value_and_slope(v: Decimal) -> tuple[Decimal, Decimal]:
            value, slope = -amount * ((1 - odd) * v + odd), -amount * (1 - odd)
            power = v**whole_months  # v ** (whole + k - 1)
            for k, payment in enumerate(payments, start=1):
                slope += payment * (whole_months + k) * power
                power *= v
                value += payment * power
            return value, slope

        root = _root(value_and_slope)
        return None if root is None else (1 / root - 1) * MONTHS_A_YEAR


def rate_by_days(amount: Decimal, payments: Sequence[tuple[int, Decimal]]) -> Decimal | None:
    """Return the effective rate a year (not percent) of payments after so many days; ``None`` if none.

    With v the discount of one day: sum of payment * v ** days = amount, and 1 + rate = v ** -365.
    """
    with localcontext() as context:
        context.prec = DIGITS

        def value_and_slope(v: Decimal) -> tuple[Decimal, Decimal]:
            value, slope = -amount, Decimal(0)
            for days, payment in payments:
                before = v ** (days - 1)
                slope += payment * days * before
                value += payment * before * v
            return value, slope

        root = _root(value_and_slope)
        return None if root is None else root**-DAYS_A_YEAR - 1


def rate_by_periods(amount: Decimal, payments: Sequence[PaidAfter]) -> Decimal | None:
    """Return the nominal rate a year (not percent) of payments at any times; ``None`` below zero.

    The sum of payment / ((1 + part * i) * (1 + i) ** months) falls and is convex in i from zero on, so
    Newton's method from zero comes up to the root and cannot pass it.
    """
    with localcontext() as context:
        context.prec = DIGITS
        odd = [Decimal(p.part.numerator) / Decimal(p.part.denominator) for p in payments]
        if sum(payment.amount for payment in payments) < amount:
            return None
        i = Decimal(0)
        for _ in range(MOST_ROUNDS):
            value, slope = -amount, Decimal(0)
            for part, payment in zip(odd, payments, strict=True):
                simple, grown = 1 + part * i, 1 + i
                now = payment.amount / (simple * grown**payment.months)
                value += now
                slope -= now * (part / simple + payment.months / grown)
            step = value / slope
            i -= step
            if abs(step) < CLOSE:
                break
        return i * MONTHS_A_YEAR


def _root(value_and_slope: Callable[[Decimal], tuple[Decimal, Decimal]]) -> Decimal | None:
    v = Decimal(1)
    while value_and_slope(v)[0] < 0:  # less is paid than the amount: the rate is below zero
        v *= 2
        if v > MOST:
            return None
    for _ in range(MOST_ROUNDS):
        value, slope = value_and_slope(v)
        step = value / slope
        v -= step
        if abs(step) < CLOSE:
            break
    return v
