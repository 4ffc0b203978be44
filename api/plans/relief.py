"""The least relief that makes a plan affordable, found on the bank's ladder.

Relief is decided once, by debt and affordability alone, before any offer is looked at: a proposal, an
insisting tone or the choice of a longer plan changes nothing in it. Evidence (rules.md): write-downs
of interest help people finish, a longer term alone does not, so the ladder is climbed before the plan
becomes longer than the bank's preferred longest term.

Every step is at least the one before in every part (rate, penalty, interest, fees), so a lower
affordable sum never brings less relief, and a higher one never more. Steps that waive charges waive
only what is needed, to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from api.plans.debt import PooledDebt
from api.plans.spreading import even_level, spread, spread_evenly
from api.plans.terms import PlanningTerms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.values import LadderStep

__all__ = ["Relief", "base_relief", "highest_payment", "least_relief", "shortest_term"]


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

    @property
    def charges(self) -> int:
        """Charges that remain to be paid, in fen."""
        return self.interest + self.penalty + self.fees


def base_relief(debt: PooledDebt, reason: str | None, terms: PlanningTerms) -> Relief:
    """Return the relief that does not depend on means: none, or goodwill for who simply forgot."""
    none = Relief(terms.contract_rate, debt.interest, debt.penalty, debt.fees)
    forgot = (
        reason == "forgot"
        and debt.days_past_due <= terms.goodwill_days
        and 0 < debt.penalty <= terms.goodwill_largest
    )
    return replace(none, penalty=0, goodwill=True) if forgot else none


def least_relief(
    debt: PooledDebt, base: Relief, affordable: int, part: Fraction, terms: PlanningTerms
) -> tuple[Relief, bool]:
    """Climb the ladder until a plan of the preferred longest term is affordable.

    ``affordable`` is in fen a month, ``part`` the first period as a part of a month. Returns the
    relief and whether it was enough. When even the whole ladder is not, all of it is granted and only
    then may the plan become longer.
    """
    relief = base
    frame = _Frame(debt.principal, part, terms.preferred_longest, affordable)
    for step in terms.ladder:
        if frame.fits(relief):
            return relief, True
        relief = _take(step, debt, relief, frame)
    return relief, frame.fits(relief)


def shortest_term(
    principal: int, relief: Relief, affordable: int, part: Fraction, terms: range
) -> int | None:
    """Return the fewest monthly payments in ``terms`` of at most ``affordable`` each, if any."""
    if affordable <= 0:
        return None
    fewest = -(-(principal + relief.charges) // affordable)
    for months in range(max(terms.start, fewest), terms.stop):
        if _Frame(principal, part, months, affordable).fits(relief):
            return months
    return None


def highest_payment(principal: int, relief: Relief, months: int, part: Fraction) -> int:
    """Return the largest single payment (fen) of an annuity plan with these charges."""
    core = spread(principal, relief.annual_rate, months, "annuity", part)
    levelled = even_level(core, relief.charges)
    if levelled is not None:
        return levelled[0]
    parts = spread_evenly(relief.charges, months)
    return max(core.peak + parts[0], core.last + parts[-1])


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a plan must fit into: so many payments, none above what is affordable (fen)."""

    principal: int
    part: Fraction
    months: int
    affordable: int

    def fits(self, relief: Relief) -> bool:
        if self.principal + relief.charges > self.affordable * self.months:
            return False  # cannot, and need not be worked out
        return highest_payment(self.principal, relief, self.months, self.part) <= self.affordable


def _take(step: LadderStep, debt: PooledDebt, relief: Relief, frame: _Frame) -> Relief:
    if step.to_percent is not None:
        if step.to_percent >= relief.annual_rate:
            return relief
        return replace(relief, annual_rate=step.to_percent, steps=(*relief.steps, step.id))
    part = step.concede
    charged: int = getattr(debt, part)
    kept: int = getattr(relief, part)
    least_kept = charged - _share(charged, step.up_to_percent or Decimal(0))
    if least_kept >= kept:
        return relief
    at_most = _keeping(relief, part, least_kept, (*relief.steps, step.id))
    # Also where waiving all of it does not fit: a few fen more level the payments, and can fit again.
    return _keep_most(at_most, part, kept, frame)


def _keep_most(relief: Relief, part: str, most: int, frame: _Frame) -> Relief:
    """Waive no fen more than needed: what can be paid in all, less what must be paid otherwise."""
    core = spread(frame.principal, relief.annual_rate, frame.months, "annuity", frame.part)
    least: int = getattr(relief, part)
    room = frame.affordable * frame.months - core.total - (relief.charges - least)
    exact = _keeping(relief, part, max(least, min(most, room)), relief.steps)
    return exact if frame.fits(exact) else relief


def _keeping(relief: Relief, part: str, kept: int, steps: tuple[str, ...]) -> Relief:
    return Relief(
        annual_rate=relief.annual_rate,
        interest=kept if part == "interest" else relief.interest,
        penalty=kept if part == "penalty" else relief.penalty,
        fees=kept if part == "fees" else relief.fees,
        steps=steps,
        goodwill=relief.goodwill,
    )


def _share(amount: int, percent: Decimal) -> int:
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
