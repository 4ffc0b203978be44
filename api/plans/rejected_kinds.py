"""Why a lump sum settles nothing, and why nothing is put off until an income comes. Pure.

Only for who named a lump sum or an expected income: nobody else asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.kit.exact import from_fen, to_fen
from api.plans.basis import Basis
from api.plans.debt import PooledDebt
from api.plans.deferral import NotYet, later
from api.plans.fitting import Fit, Shape, highest_payment
from api.plans.rejected_plan import Rejected, too_much, whose
from api.plans.relief import base_relief, least_relief
from api.plans.saying import days_en, payments_en, yuan_en, yuan_zh
from api.plans.settlement import settle
from api.plans.situation import Situation
from api.plans.start import longest_from
from api.plans.terms import PlanningTerms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = [
    "income_not_enough",
    "lump_sum_not_enough",
    "of_expected_income",
    "of_lump_sum",
    "settlement_beyond",
]

LADDER = "bank.settlement.ladder"


def of_lump_sum(basis: Basis) -> Iterator[Rejected]:
    """Say what else the lump sum could have been, where something is offered."""
    lump = to_fen(basis.situation.lump_sum or from_fen(0))
    if not lump or lump >= basis.pooled.total or basis.kind == "settlement":
        return
    if basis.beside is not None:
        yield Rejected(
            "down_payment", "not_needed", None, from_fen(lump), None, LADDER,
            "先还这笔再按月还：这笔钱已经够一次结清，不用再按月还。",
            "This sum first and the rest monthly: the same sum already settles everything.",
        )  # fmt: skip
        return
    if lump < basis.terms.down_payment_least:
        least = from_fen(basis.terms.down_payment_least)
        yield Rejected(
            "down_payment", "below_smallest", None, from_fen(lump), least, "bank.down_payment.least",
            f"先还一笔再按月还：这笔至少要{yuan_zh(least)}。",
            f"A first payment before monthly ones: it would have to be at least {yuan_en(least)}.",
        )  # fmt: skip
    if basis.kind == "catch_up":
        yield Rejected(
            "settlement", "within_means", None, None, None, LADDER,
            f"少还一些一次结清：{basis.soonest}次就能还完，用不上减免。",
            "Settling for less: this can be paid off in "
            f"{payments_en(basis.soonest)}, so nothing needs to be waived.",
        )  # fmt: skip
    elif basis.affordability is not None:
        yield from lump_sum_not_enough(basis.pooled, basis.situation, basis.terms, basis.role)


def lump_sum_not_enough(
    pooled: PooledDebt, situation: Situation, terms: PlanningTerms, role: str
) -> Iterator[Rejected]:
    """Say why the lump sum settles nothing."""
    lump = to_fen(situation.lump_sum or from_fen(0))
    if not lump or lump >= pooled.total:
        return
    found = settle(pooled, lump, terms, role)
    if found.why_not == "not_on":
        yield Rejected(
            "settlement", "not_on", None, None, None, "bank.offers.on",
            "少还一些一次结清：现在没有这个办法。",
            "Settling for less: that is not offered at present.",
        )  # fmt: skip
    elif found.why_not == "too_early":
        days = min((band.from_days_past_due for band in terms.settlement_ladder), default=0)
        yield Rejected(
            "settlement", "too_early", None, None, None, LADDER,
            f"少还一些一次结清：晚了{days}天以上的才有。",
            f"Settling for less: only from {days_en(days)} past due on.",
        )  # fmt: skip
    elif found.why_not == "too_small" and found.least is not None:
        least = from_fen(found.least)
        yield Rejected(
            "settlement", "too_small", None, from_fen(lump), least, LADDER,
            f"少还一些一次结清：至少要{yuan_zh(least)}，您说的是{yuan_zh(from_fen(lump))}。",
            f"Settling for less: it takes at least {yuan_en(least)}, and you named "
            f"{yuan_en(from_fen(lump))}.",
        )  # fmt: skip
    elif found.why_not == "beyond_authority":
        yield settlement_beyond(terms, role)


def settlement_beyond(terms: PlanningTerms, role: str) -> Rejected:
    """Say that the settlement goes beyond what this role may decide."""
    return Rejected(
        "settlement", "beyond_authority", None, None, terms.authority[role].largest_waiver,
        "bank.authority",
        "少还一些一次结清：要减的超过这里能定的，得请主管定。",
        "Settling for less: what would be waived goes beyond what can be decided here; a supervisor decides.",
    )  # fmt: skip


def of_expected_income(basis: Basis) -> Iterator[Rejected]:
    """Say why nothing is put off, where something is affordable now."""
    if basis.situation.expected_income is None or basis.deferred:
        return
    yield Rejected(
        "deferral", "within_means", None, None, None, "bank.deferral.longest_days",
        "等收入来了再还：按现在的情况已经有还得起的办法，不用等。",
        "Waiting for the income to come: there is something you can afford already, so there is no need.",
    )  # fmt: skip


def income_not_enough(
    pooled: PooledDebt, situation: Situation, view: PolicyView, terms: PlanningTerms
) -> Iterator[Rejected]:
    """Say why an expected income does not help."""
    if situation.expected_income is None:
        return
    then = later(situation, view.date, terms)
    if isinstance(then, NotYet):
        if then.why == "not_on":
            yield Rejected(
                "deferral", "not_on", None, None, None, "bank.offers.on",
                "等收入来了再还：现在没有这个办法。",
                "Waiting for the income to come: that is not offered at present.",
            )  # fmt: skip
        elif then.why == "too_far":
            days = terms.deferral_longest_days
            yield Rejected(
                "deferral", "too_far", None, None, None, "bank.deferral.longest_days",
                f"等收入来了再还：最多能等{days}天。",
                f"Waiting for the income to come: at most {days_en(days)} ahead.",
            )  # fmt: skip
        return
    affordable = to_fen(then.affordability.affordable)
    shape = Shape.of(pooled, then.start, 0, terms)
    months = longest_from(then.start, view.date, terms)
    base = base_relief(pooled, situation.reason, terms)
    frame = Fit(shape, min(months, terms.preferred_longest), affordable)
    ladder = terms.ladder_for(pooled.days_past_due, situation.reason)
    payment = highest_payment(shape, least_relief(pooled, base, frame, ladder)[0], months)
    if payment > affordable:
        yield too_much(
            "deferral", months, payment, affordable, whose(then.affordability),
            f"等收入来了再还，能减的都减了，分{months}期",
            "Waiting for the income, with everything waived that can be, "
            f"{payments_en(months)}",
        )  # fmt: skip
