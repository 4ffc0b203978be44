"""What the monthly payments of a plan must clear, and whether a payment is enough for it. Integer fen.

A plan starts from principal and the charges that relief leaves. A first larger payment clears a part of
that before the monthly ones; interest that arises before they begin adds to it, without interest on it.

A first larger payment goes where 信用卡办法 art. 57 sends a repayment (policy holds the number of days):
up to so many days past due to interest and charges first, later to principal first. Within charges the
order is that of the schedule: the plan's own interest, accrued interest, fees, penalty.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from api.plans.debt import PooledDebt
from api.plans.schedule import DAYS_A_YEAR, Cleared
from api.plans.spreading import even_level, spread, spread_evenly
from api.plans.start import Start
from api.plans.terms import PlanningTerms

__all__ = ["Fit", "Parted", "Relief", "Shape", "highest_payment", "parted", "shortest_term"]


@dataclass(frozen=True, slots=True)
class Relief:
    """What the plan carries after relief (fen), at which annual rate, and how far up the ladder."""

    annual_rate: Decimal
    interest: int
    penalty: int
    fees: int
    steps: tuple[str, ...] = ()
    """Ids of the ladder steps taken, in order; empty when nothing is conceded."""
    goodwill: bool = False
    """The penalty was dropped because the person simply forgot, whatever their means."""
    principal: int = 0
    """How much of the principal is waived: only in a settlement, and only where policy says so."""

    @property
    def charges(self) -> int:
        """Charges that remain to be paid, in fen."""
        return self.interest + self.penalty + self.fees


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a plan does not depend on its relief or its length."""

    principal: int
    part: Fraction
    """The first period as a part of a month."""
    days_before: int = 0
    """Days of interest on all of the principal before the first period begins."""
    down: int = 0
    """A first larger payment."""
    principal_first: bool = False
    """Where that payment goes first."""

    @classmethod
    def of(cls, debt: PooledDebt, start: Start, down: int, terms: PlanningTerms) -> Shape:
        """Return the shape of a plan for ``debt`` that starts so, with a first payment ``down``."""
        late = debt.days_past_due > terms.charges_first_until
        return cls(debt.principal, start.part, start.days_before, down, late)


class Parted(NamedTuple):
    """What is owed in all, parted into what a first larger payment and what the monthly ones clear."""

    down: Cleared
    monthly: Cleared


class Fit(NamedTuple):
    """What a plan must fit into: so many payments, none above what is affordable (fen)."""

    shape: Shape
    months: int
    affordable: int

    def fits(self, relief: Relief) -> bool:
        """Whether the plan with this relief asks for no more than is affordable."""
        least = self.shape.principal + relief.charges - self.shape.down
        if least > self.affordable * self.months:
            return False  # cannot, and need not be worked out
        return highest_payment(self.shape, relief, self.months) <= self.affordable


def parted(shape: Shape, relief: Relief) -> Parted:
    """Say what the first larger payment clears, and what is left for the monthly ones."""
    owed = Cleared(
        shape.principal,
        _interest_before(shape, relief.annual_rate),
        relief.interest,
        relief.fees,
        relief.penalty,
    )
    if not shape.down:
        return Parted(Cleared(0), owed)
    turns = owed if shape.principal_first else (*owed[1:], owed.principal)
    left, paid = shape.down, []
    for owing in turns:
        paid.append(min(left, owing))
        left -= paid[-1]
    down = Cleared(*paid) if shape.principal_first else Cleared(paid[-1], *paid[:-1])
    return Parted(down, Cleared(*(one - other for one, other in zip(owed, down, strict=True))))


def _interest_before(shape: Shape, annual_rate: Decimal) -> int:
    """Simple interest of the days before, on the principal, half up to the fen (Actual/365)."""
    if not shape.days_before:
        return 0
    exact = Fraction(annual_rate) * shape.principal * shape.days_before / (100 * DAYS_A_YEAR)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def highest_payment(shape: Shape, relief: Relief, months: int) -> int:
    """Return the largest monthly payment (fen) of an annuity plan with these charges."""
    if shape.down or shape.days_before:
        monthly = parted(shape, relief).monthly
        principal, charges = monthly.principal, monthly.charges
    else:
        principal, charges = shape.principal, relief.charges
    core = spread(principal, relief.annual_rate, months, "annuity", shape.part)
    levelled = even_level(core, charges)
    if levelled is not None:
        return levelled[0]
    parts = spread_evenly(charges, months)
    return max(core.peak + parts[0], core.last + parts[-1])


def shortest_term(shape: Shape, relief: Relief, affordable: int, terms: range) -> int | None:
    """Return the fewest monthly payments in ``terms`` of at most ``affordable`` each, if any."""
    if affordable <= 0:
        return None
    fewest = -(-(shape.principal + relief.charges - shape.down) // affordable)
    for months in range(max(terms.start, fewest), terms.stop):
        if Fit(shape, months, affordable).fits(relief):
            return months
    return None
