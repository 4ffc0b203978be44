"""What a plan costs a year, in percent.

Two conventions, both solved by pyxirr (compiled, maintained, checked against spreadsheets in its own
test suite). Where it is not installed, and where its answer lies so near the edge between two
hundredths that its last bits would decide, ``api.plans.rates_exact`` decides; so a rate does not
depend on what is installed.

- *By months*, nominal: the monthly internal rate of return times 12. This is the actuarial method of
  12 CFR 1026 (Regulation Z), Appendix J, (b)(1): "the nominal annual percentage rate determined by
  multiplying the unit-period rate by the number of unit-periods in a year", and the measure that a
  card contract's annual rate (0.05 % a day × 365) is compared with. A first period that is not a
  month is divided into whole months and a part; for the part interest is simple, (b)(8).
- *By exact dates*, effective: the rate at which the payments, each discounted by days/365, equal the
  amount. This is XIRR as spreadsheets define it (Actual/365, compounding once a year).

A plan's amount is what it carries: principal and the charges that are not waived. Waived charges are
on neither side. Results are rounded half up to two decimals; floats stay inside the solver.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from api.plans.rates_exact import PaidAfter, rate_by_days, rate_by_months, rate_by_periods

try:
    import pyxirr
except ImportError:  # only Python: a proof is being checked
    COMPILED = False
else:
    COMPILED = True

__all__ = [
    "PaidAfter",
    "RateUndefined",
    "percent_by_dates",
    "percent_by_months",
    "percent_by_periods",
]

MONTHS_A_YEAR = 12
MOST_ROUNDS = 500
PRECISION = 1e-12
ABSURD = Decimal(10) ** 12
EDGE = Decimal("0.00001")
"""How near (in percent) to the edge of a rounding the compiled solver is not asked to decide."""


class RateUndefined(ValueError):
    """No rate makes these payments equal to this amount (for example, nothing is paid)."""


def percent_by_months(
    amount: Decimal,
    payments: Sequence[Decimal],
    *,
    whole_months: int = 1,
    part: Fraction = Fraction(0),
) -> Decimal:
    """Return the nominal annual rate in percent of monthly ``payments`` that clear ``amount``.

    The first payment comes ``whole_months`` and a ``part`` of a month after the amount; the equation
    is Appendix J (b)(8): amount = sum of payment k / ((1 + part * i) * (1 + i) ** (whole + k - 1)).

    Raises:
        RateUndefined: no such rate.
    """
    _check(amount, payments)
    if sum(payments) == amount:
        return Decimal("0.00")
    compiled = _monthly(amount, payments, whole_months, part) if COMPILED else None
    if compiled is not None and not _on_edge(compiled):
        return _rounded(compiled)
    return _solved(rate_by_months(amount, payments, whole_months, part))


def _monthly(
    amount: Decimal, payments: Sequence[Decimal], whole_months: int, part: Fraction
) -> Decimal | None:
    flows = [float(payment) for payment in payments]
    fraction = float(part)
    monthly = 0.0
    for _ in range(MOST_ROUNDS):
        # The odd first period is moved to the amount's side, as grown at the last rate found; the
        # regular rest is solved again. It settles because a first period weighs little in the whole.
        grown = float(amount) * (1 + fraction * monthly) * (1 + monthly) ** (whole_months - 1)
        found = pyxirr.irr([-grown, *flows])
        if found is None:
            break
        if abs(found - monthly) < PRECISION or (whole_months == 1 and not part):
            return _percent(found * MONTHS_A_YEAR)
        monthly = found
    return None


def percent_by_periods(amount: Decimal, payments: Sequence[PaidAfter]) -> Decimal:
    """Return the nominal annual rate in percent of payments at any times that clear ``amount``.

    Each payment's own whole months and part of a month count, as in the general equation of Appendix J,
    (b)(8): amount = sum of payment / ((1 + part * i) * (1 + i) ** whole).

    Raises:
        RateUndefined: no such rate of zero or more: a plan never pays less than it carries.
    """
    _check(amount, [payment.amount for payment in payments])
    if sum(payment.amount for payment in payments) == amount:
        return Decimal("0.00")
    return _solved(rate_by_periods(amount, payments))


def percent_by_dates(
    amount: Decimal, start: date, payments: Sequence[tuple[date, Decimal]]
) -> Decimal:
    """Return the effective annual rate in percent (XIRR) of dated ``payments`` that clear ``amount``.

    Raises:
        RateUndefined: no such rate.
    """
    _check(amount, [payment for _, payment in payments])
    if sum(payment for _, payment in payments) == amount:
        return Decimal("0.00")
    compiled = _yearly(amount, start, payments) if COMPILED else None
    if compiled is not None and not _on_edge(compiled):
        return _rounded(compiled)
    after = [((day - start).days, payment) for day, payment in payments]
    return _solved(rate_by_days(amount, after))


def _yearly(
    amount: Decimal, start: date, payments: Sequence[tuple[date, Decimal]]
) -> Decimal | None:
    days = [start, *(day for day, _ in payments)]
    yearly = pyxirr.xirr(days, [-float(amount), *(float(payment) for _, payment in payments)])
    return None if yearly is None else _percent(yearly)


def _check(amount: Decimal, payments: Sequence[Decimal]) -> None:
    if amount <= 0 or not any(payment > 0 for payment in payments):
        msg = "a rate needs an amount and a payment"
        raise RateUndefined(msg)


def _percent(rate: float) -> Decimal:
    return Decimal(repr(rate)) * 100


def _solved(rate: Decimal | None) -> Decimal:
    if rate is None:
        msg = "the payments have no rate"
        raise RateUndefined(msg)
    return _rounded(rate * 100)


def _on_edge(percent: Decimal) -> bool:
    """Whether the percentage is about x.xx5, where half up goes one way or the other."""
    return abs(abs(percent) * 100 % 1 - Decimal("0.5")) < EDGE * 100


def _rounded(percent: Decimal) -> Decimal:
    """Half up to hundredths. Twelve places first: 0.00499…9 of the solver's last digit is 0.005."""
    if abs(percent) >= ABSURD:
        msg = "the rate is beyond any that could be written"
        raise RateUndefined(msg)
    settled = percent.quantize(Decimal("1e-12"))
    return settled.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) + 0  # -0.00 becomes 0.00
