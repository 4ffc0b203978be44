"""Repayment schedules, exact to the fen.

Conventions:

- A period is one month at a twelfth of the annual rate (等额本息/等额本金 as Chinese banks quote them;
  the "actuarial method with a unit-period of a month" of 12 CFR 1026, Appendix J, (b)(1)–(4)).
- New interest arises from the unpaid principal only. Charges already made (accrued interest, penalty,
  fees) are carried without interest and fill all payments up to one even level, rounded up to the fen,
  so that the last is never the highest; accrued interest is paid first, then fees, penalty last.
- Every other amount is rounded half up to the fen; the last payment absorbs the remainder.
- ``first_period="actual"``: a first period shorter than a month bears interest for its days only
  (Actual/365, never more than a month's); a longer one counts as one month.
- A first larger payment (``Down``) comes before the monthly ones and says itself what it clears; interest
  that arose before the monthly payments begin is carried like a charge, without interest on it, and is
  shown as the new interest that it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from api.kit.exact import FEN, ZERO, from_fen, to_fen
from api.plans.payment_days import Moved, add_months, due_dates, unmoved
from api.plans.spreading import MONTHS_A_YEAR, Method, Spread, fill_up, spread

__all__ = [
    "DAYS_A_YEAR",
    "Charges",
    "Cleared",
    "Down",
    "Instalment",
    "Method",
    "Schedule",
    "ScheduleInvalid",
    "build_schedule",
    "first_part",
    "lay_out",
]

FirstPeriod = Literal["month", "actual"]

DAYS_A_YEAR = 365


class ScheduleInvalid(ValueError):
    """A schedule that cannot be built; ``code`` is stable and crosses HTTP."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Charges:
    """Charges already made that the plan carries, in yuan."""

    interest: Decimal = Decimal("0.00")
    penalty: Decimal = Decimal("0.00")
    fees: Decimal = Decimal("0.00")

    @property
    def total(self) -> Decimal:
        """All of them."""
        return self.interest + self.penalty + self.fees


class Cleared(NamedTuple):
    """What is owed, or what one payment clears, part by part, in fen."""

    principal: int
    new_interest: int = 0
    """Interest of the plan itself, arisen before its monthly payments begin."""
    interest: int = 0
    fees: int = 0
    penalty: int = 0

    @property
    def charges(self) -> int:
        """Everything that is not principal."""
        return self.new_interest + self.interest + self.fees + self.penalty


class Down(NamedTuple):
    """A first larger payment: when it is due, and what it clears."""

    day: date
    clears: Cleared


class Instalment(NamedTuple):
    """One payment and where it goes, in yuan.

    ``payment = principal + interest + charges`` and
    ``charges = accrued_interest + penalty + fees``; ``balance`` is what is still owed after it:
    the principal and the charges that the plan carries, without interest that is yet to arise.
    """

    number: int
    due_date: date
    payment: Decimal
    principal: Decimal
    interest: Decimal
    charges: Decimal
    accrued_interest: Decimal
    penalty: Decimal
    fees: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Schedule:
    """All payments of a plan."""

    instalments: tuple[Instalment, ...]
    total_payment: Decimal
    total_interest: Decimal
    """New interest; charges already made are not in it."""

    @property
    def payments(self) -> tuple[Decimal, ...]:
        """The payments in order."""
        return tuple(instalment.payment for instalment in self.instalments)

    @property
    def highest_payment(self) -> Decimal:
        """The largest single payment: what a person must be able to afford."""
        return max(instalment.payment for instalment in self.instalments)


def build_schedule(
    *,
    principal: Decimal,
    annual_rate: Decimal,
    periods: int,
    method: Method,
    start_date: date,
    first_due_date: date,
    due_day: int | None = None,
    charges: Charges | None = None,
    first_period: FirstPeriod = "month",
) -> Schedule:
    """Build a schedule. ``annual_rate`` is in percent a year, amounts in yuan.

    Raises:
        ScheduleInvalid: ``first_due_not_after_start``, ``due_day_mismatch`` (the first due date is not
            on the due day), ``principal_too_small`` (less than a fen for each payment),
            ``interest_free_with_rate``, ``periods_out_of_range`` or ``negative``.
    """
    due_day = first_due_date.day if due_day is None else due_day
    _check(principal, annual_rate, periods, method, start_date, first_due_date, due_day)
    carried = charges or Charges()
    if to_fen(principal + carried.total) < periods:
        raise ScheduleInvalid("principal_too_small", "principal")
    part = first_part(start_date, first_due_date) if first_period == "actual" else Fraction(1)
    core = spread(to_fen(principal), annual_rate, periods, method, part)
    owed = Cleared(
        principal=to_fen(principal),
        interest=to_fen(carried.interest),
        fees=to_fen(carried.fees),
        penalty=to_fen(carried.penalty),
    )
    return lay_out(core, owed, due_dates(first_due_date, due_day, periods))


def lay_out(
    core: Spread,
    owed: Cleared,
    days: Sequence[date],
    *,
    down: Down | None = None,
    moved: Moved = unmoved,
) -> Schedule:
    """Write out a spread as dated payments, in yuan.

    ``owed`` is what the monthly payments clear (``down`` comes before them and clears the rest); ``days``
    are the wanted days of the monthly payments, which lie where ``moved`` puts them.
    """
    turns = (owed.new_interest, owed.interest, owed.fees, owed.penalty)
    charged = _in_turn(fill_up(core, owed.charges), turns)
    # What is still owed counts what the plan starts from, not the interest that the plan itself brings.
    balance = owed.principal + owed.interest + owed.fees + owed.penalty
    rows: list[Instalment] = []
    total = new_interest = 0
    if down is not None:
        clears = down.clears
        total, new_interest = sum(clears), clears.new_interest
        rows.append(_row(1, moved(down.day), clears, balance))
    for index, day in enumerate(days):
        before, accrued, fees, penalty = charged[index]
        share, interest = core.principal[index], core.interest[index] + before
        balance -= share + accrued + fees + penalty
        row = Cleared(share, interest, accrued, fees, penalty)
        total += share + interest + accrued + fees + penalty
        new_interest += interest
        rows.append(_row(len(rows) + 1, moved(day), row, balance))
    return Schedule(tuple(rows), from_fen(total), from_fen(new_interest))


def first_part(start: date, first_due: date) -> Fraction:
    """Return the first period as a part of a month: its days at Actual/365, at most one month."""
    if first_due >= add_months(start.year, start.month, 1, start.day):
        return Fraction(1)
    return min(Fraction(1), Fraction((first_due - start).days * MONTHS_A_YEAR, DAYS_A_YEAR))


def _in_turn(filled: Sequence[int], owed: Sequence[int]) -> list[tuple[int, ...]]:
    """Split what goes to charges among the kinds of charges, each cleared before the next begins."""
    left = list(owed)
    nothing = (0,) * len(left)
    rows: list[tuple[int, ...]] = []
    for amount in filled:
        if not amount:
            rows.append(nothing)
            continue
        row: list[int] = []
        for kind, owing in enumerate(left):
            paid = min(amount, owing)
            left[kind] -= paid
            amount -= paid
            row.append(paid)
        rows.append(tuple(row))
    return rows


def _row(number: int, day: date, cleared: Cleared, balance: int) -> Instalment:
    share, interest, accrued, fees, penalty = cleared
    charges = accrued + fees + penalty
    amounts = (
        share + interest + charges,
        share,
        interest,
        charges,
        accrued,
        penalty,
        fees,
        balance,
    )
    return Instalment(number, day, *(_yuan(fen) for fen in amounts))


def _yuan(fen: int) -> Decimal:
    """``from_fen`` without its rounding, which whole fen do not need: this is the innermost loop."""
    return FEN * fen if fen else ZERO


def _check(
    principal: Decimal,
    annual_rate: Decimal,
    periods: int,
    method: Method,
    start_date: date,
    first_due_date: date,
    due_day: int,
) -> None:
    if periods < 1:
        raise ScheduleInvalid("periods_out_of_range", "periods")
    if principal < 0:
        raise ScheduleInvalid("negative", "principal")
    if annual_rate < 0:
        raise ScheduleInvalid("negative", "annual_rate")
    if method == "interest_free" and annual_rate != 0:
        raise ScheduleInvalid("interest_free_with_rate", "annual_rate")
    if first_due_date <= start_date:
        raise ScheduleInvalid("first_due_not_after_start", "first_due_date")
    if not 1 <= due_day <= 31:
        raise ScheduleInvalid("not_a_day", "due_day")
    if first_due_date != add_months(first_due_date.year, first_due_date.month, 0, due_day):
        raise ScheduleInvalid("due_day_mismatch", "due_day")
