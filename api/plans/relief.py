"""The least relief that makes a plan affordable, found on the bank's ladder.

Relief is decided once, by debt and affordability alone, before any offer is looked at: a proposal, an
insisting tone or the choice of a longer plan changes nothing in it. Evidence (rules.md): write-downs
of interest help people finish, a longer term alone does not, so the ladder is climbed before the plan
becomes longer than the bank's preferred longest term.

Every step is at least the one before in every part (rate, penalty, interest, fees), so a lower
affordable sum never brings less relief, and a higher one never more. Steps that waive charges waive
only what is needed, to the fen. A first larger payment is means like any other: what it clears needs no
relief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from api.plans.debt import PooledDebt
from api.plans.fitting import Fit, Relief
from api.plans.spreading import spread
from api.plans.terms import PlanningTerms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.values import LadderStep

__all__ = ["base_relief", "least_relief"]


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
    debt: PooledDebt, base: Relief, frame: Fit, ladder: Sequence[LadderStep]
) -> tuple[Relief, bool]:
    """Climb the ladder until the plan fits into ``frame`` (the preferred longest term).

    Returns the relief and whether it was enough. When even the whole ladder is not, all of it is granted
    and only then may the plan become longer.
    """
    relief = base
    for step in ladder:
        if frame.fits(relief):
            return relief, True
        relief = _take(step, debt, relief, frame)
    return relief, frame.fits(relief)


def _take(step: LadderStep, debt: PooledDebt, relief: Relief, frame: Fit) -> Relief:
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


def _keep_most(relief: Relief, part: str, most: int, frame: Fit) -> Relief:
    """Waive no fen more than needed: what can be paid in all, less what must be paid otherwise."""
    shape = frame.shape
    least: int = getattr(relief, part)
    if shape.down or shape.days_before:
        return _keep_most_by_halving(relief, part, most, frame)
    core = spread(shape.principal, relief.annual_rate, frame.months, "annuity", shape.part)
    room = frame.affordable * frame.months - core.total - (relief.charges - least)
    exact = _keeping(relief, part, max(least, min(most, room)), relief.steps)
    return exact if frame.fits(exact) else relief


def _keep_most_by_halving(relief: Relief, part: str, most: int, frame: Fit) -> Relief:
    """The same where what is kept also moves what a first larger payment leaves of the principal."""
    fits, beyond = getattr(relief, part), most + 1
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        if frame.fits(_keeping(relief, part, middle, relief.steps)):
            fits = middle
        else:
            beyond = middle
    return _keeping(relief, part, fits, relief.steps)


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
