"""Which plans were looked at last where nothing could be offered, and the rule that rejected each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.kit.exact import from_fen, to_fen
from api.plans.affordability import Affordability
from api.plans.basis import Refused
from api.plans.debt import PooledDebt
from api.plans.fitting import Fit, Shape, highest_payment
from api.plans.rejected_kinds import income_not_enough, lump_sum_not_enough, settlement_beyond
from api.plans.rejected_plan import Rejected, too_much, whose
from api.plans.relief import base_relief, least_relief
from api.plans.saying import payments_en, yuan_en, yuan_zh
from api.plans.settlement import settle
from api.plans.situation import Situation
from api.plans.start import longest_from, start_of
from api.plans.terms import PlanningTerms, planning_terms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["of_refusal", "unaffordable", "waiver_beyond"]


def of_refusal(result: Refused) -> Iterator[Rejected]:
    """Return the plans that a refusal looked at last, each with the rule that rejected it."""
    pooled, situation = result.pooled, result.situation
    if pooled is None or situation is None:
        return
    terms = planning_terms(result.view)
    if result.reason == "beyond_authority":
        yield _beyond(pooled, situation, terms, result.role)
    if result.reason == "nothing_affordable" and result.affordability is not None:
        known = unaffordable(pooled, situation, result.affordability, result.view, terms)
        if known is not None:
            yield known
        yield from lump_sum_not_enough(pooled, situation, terms, result.role)
        yield from income_not_enough(pooled, situation, result.view, terms)


def _beyond(pooled: PooledDebt, situation: Situation, terms: PlanningTerms, role: str) -> Rejected:
    limits, total = terms.authority[role], from_fen(pooled.total)
    if total > limits.largest_debt:
        return Rejected(
            "instalments", "beyond_authority", None, None, limits.largest_debt, "bank.authority",
            f"一共{yuan_zh(total)}，超过这里能定的{yuan_zh(limits.largest_debt)}。",
            f"{yuan_en(total)} in all is above the {yuan_en(limits.largest_debt)} that can be decided here.",
        )  # fmt: skip
    lump = to_fen(situation.lump_sum) if situation.lump_sum else 0
    if lump and settle(pooled, lump, terms, role).why_not == "beyond_authority":
        return settlement_beyond(terms, role)
    return waiver_beyond(terms, role)


def waiver_beyond(terms: PlanningTerms, role: str) -> Rejected:
    """Say that the relief a monthly plan takes goes beyond what this role may decide."""
    limits = terms.authority[role]
    return Rejected(
        "more_relief", "beyond_authority", None, None, limits.largest_waiver, "bank.authority",
        f"需要的减免超过这里能定的（最多{yuan_zh(limits.largest_waiver)}）。",
        f"The relief it takes goes beyond what can be decided here (at most {yuan_en(limits.largest_waiver)}).",
    )  # fmt: skip


def unaffordable(
    pooled: PooledDebt,
    situation: Situation,
    found: Affordability,
    view: PolicyView,
    terms: PlanningTerms,
) -> Rejected | None:
    """Return why no instalments can be afforded on what is affordable now; ``None`` if they can."""
    affordable = to_fen(found.affordable)
    if affordable == 0:
        return Rejected(
            "instalments", "nothing_left", None, None, found.affordable, whose(found),
            "过日子和别处的债留够以后，没有剩下可以还的。",
            "After living and other debts there is nothing left to pay with.",
        )  # fmt: skip
    smallest = min(terms.smallest_instalment, pooled.total)
    if affordable < smallest:
        least = from_fen(smallest)
        return Rejected(
            "payment", "below_smallest", None, found.affordable, least, "bank.instalment.smallest",
            f"每月最多能还{yuan_zh(found.affordable)}，比最小的一期{yuan_zh(least)}还少。",
            f"{yuan_en(found.affordable)} a month is below the smallest instalment of {yuan_en(least)}.",
        )  # fmt: skip
    if "instalments" not in terms.on:
        return Rejected(
            "instalments", "not_on", None, None, None, "bank.offers.on",
            "按月分期：现在没有这个办法。",
            "Monthly instalments: they are not offered at present.",
        )  # fmt: skip
    start = start_of(situation, view.date, terms, "instalments")
    months = longest_from(start, view.date, terms)
    base = base_relief(pooled, situation.reason, terms)
    shape = Shape.of(pooled, start, 0, terms)
    ladder = terms.ladder_for(pooled.days_past_due, situation.reason)
    frame = Fit(shape, min(terms.preferred_longest, months), affordable)
    relief, _ = least_relief(pooled, base, frame, ladder)
    payment = highest_payment(shape, relief, months)
    if payment <= affordable:
        return None
    return too_much(
        "instalments", months, payment, affordable, whose(found),
        f"能减的都减了，分{months}期",
        f"With everything waived that can be, {payments_en(months)}",
    )  # fmt: skip
