"""How principal, new interest and charges spread over the payments, in integer fen.

The conventions are those of ``api.plans.schedule``; this file knows no dates and no yuan. Integers are
exact, and quick enough to plan a portfolio.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

__all__ = ["MONTHS_A_YEAR", "Method", "Spread", "even_level", "fill_up", "spread", "spread_evenly"]

Method = Literal["annuity", "equal_principal", "interest_free"]

MONTHS_A_YEAR = 12


class Spread(NamedTuple):
    """Principal and new interest of each payment, in fen."""

    principal: tuple[int, ...]
    interest: tuple[int, ...]
    peak: int
    """The highest payment of principal and interest."""
    last: int
    """The last payment of principal and interest."""
    total: int
    """All payments of principal and interest."""

    @classmethod
    def of(cls, principal: Sequence[int], interest: Sequence[int]) -> Spread:
        """Return the spread with its sums."""
        payments = [share + new for share, new in zip(principal, interest, strict=True)]
        return cls(tuple(principal), tuple(interest), max(payments), payments[-1], sum(payments))


@lru_cache(maxsize=8192)
def spread(
    principal: int, annual_rate: Decimal, periods: int, method: Method, part: Fraction = Fraction(1)
) -> Spread:
    """Spread principal (fen) and its new interest over the periods; see the module's conventions."""
    rate = Fraction(annual_rate) / 100 / MONTHS_A_YEAR
    if method == "interest_free" or rate == 0:
        return Spread.of(spread_evenly(principal, periods), [0] * periods)
    if method == "equal_principal":
        return _equal_principal(principal, rate, periods, part)
    return _annuity(principal, rate, periods, part)


def spread_evenly(amount: int, periods: int) -> list[int]:
    """Spread an amount (fen) evenly: half up, the last part absorbs the remainder.

    Where rounding up would leave nothing for the last part, it is rounded down: no part is negative.
    """
    level = (2 * amount + periods) // (2 * periods)
    if level * (periods - 1) >= amount:
        level = amount // periods
    return [level] * (periods - 1) + [amount - level * (periods - 1)]


def even_level(core: Spread, charges: int) -> tuple[int, int] | None:
    """Return the even payment and the last one (fen) that clear core and charges together.

    ``None`` where charges are too small to level the payments, or the payments are not level at all.
    """
    if charges == 0:
        return None
    periods = len(core.principal)
    level = -(-(core.total + charges) // periods)
    last = core.total + charges - level * (periods - 1)
    return (level, last) if level >= core.peak and last >= core.last else None


def fill_up(core: Spread, charges: int) -> list[int]:
    """Return the part of each payment (fen) that goes to charges."""
    levelled = even_level(core, charges)
    if levelled is None:
        return spread_evenly(charges, len(core.principal))
    level, last = levelled
    regular = [
        level - share - interest
        for share, interest in zip(core.principal[:-1], core.interest[:-1], strict=True)
    ]
    return [*regular, last - core.last]


def _equal_principal(principal: int, rate: Fraction, periods: int, part: Fraction) -> Spread:
    principals = spread_evenly(principal, periods)
    interests: list[int] = []
    balance = principal
    for number, share in enumerate(principals):
        interests.append(_half_up(balance * rate * (part if number == 0 else 1)))
        balance -= share
    return Spread.of(principals, interests)


def _annuity(principal: int, rate: Fraction, periods: int, part: Fraction) -> Spread:
    level = _level_payment(principal, rate, periods, part)
    principals, interests = _run_annuity(principal, rate, periods, part, level)
    if principals[-1] == 0:  # rounded up, a tiny debt would be paid off too early
        principals, interests = _run_annuity(principal, rate, periods, part, level - 1)
    return Spread.of(principals, interests)


def _run_annuity(
    principal: int, rate: Fraction, periods: int, part: Fraction, payment: int
) -> tuple[list[int], list[int]]:
    numerator, denominator = rate.numerator, rate.denominator
    principals: list[int] = []
    interests: list[int] = []
    balance = principal
    for number in range(periods):
        if number == 0 and part != 1:
            interest = _half_up(balance * rate * part)
        else:  # half up in integers: floor(x + 1/2)
            interest = (2 * balance * numerator + denominator) // (2 * denominator)
        share = balance if number == periods - 1 else max(0, min(balance, payment - interest))
        principals.append(share)
        interests.append(interest)
        balance -= share
    return principals, interests


def _level_payment(principal: int, rate: Fraction, periods: int, part: Fraction) -> int:
    """The annuity P·i / (1 − (1+i)^−n), for a short first period times (1 + i·part) / (1 + i)."""
    factor = _annuity_factor(rate, periods)
    if part != 1:
        with localcontext() as context:
            context.prec = 40
            adjusted = (1 + rate * part) / (1 + rate)
            factor = factor * adjusted.numerator / adjusted.denominator
    with localcontext() as context:
        context.prec = 40
        return int((principal * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@lru_cache(maxsize=4096)
def _annuity_factor(rate: Fraction, periods: int) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        monthly = Decimal(rate.numerator) / Decimal(rate.denominator)
        return monthly / (1 - (1 + monthly) ** -periods)


def _half_up(amount: Fraction) -> int:
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
