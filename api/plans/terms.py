"""The planner's figures for one day, read once from policy: nothing in this room is a constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from api.kit.exact import to_fen
from api.plans.payment_days import Moved, next_working_day, unmoved
from api.plans.terms_sound import check_terms
from api.policy.holidays import public_holidays

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView
    from api.policy.values import Authority, LadderStep, LivingFloor, SettlementBand

__all__ = ["PlanningTerms", "planning_terms"]


@dataclass(frozen=True, eq=False)
class PlanningTerms:
    """Policy in the planner's units: months, days, fen, percent."""

    contract_rate: Decimal
    ladder: tuple[LadderStep, ...]
    authority: Mapping[str, Authority]
    living_floor: Mapping[str, LivingFloor]
    buffer_least: int
    buffer_percent: Decimal
    buffer_percent_irregular: Decimal
    catch_up_longest: int
    preferred_longest: int
    longest: int
    lawful_longest: int
    choice_further: int
    smallest_instalment: int
    first_payment_earliest: int
    goodwill_days: int
    goodwill_largest: int
    validity_days: int
    on: frozenset[str]
    with_human: frozenset[str]
    settlement_ladder: tuple[SettlementBand, ...]
    settlement_least_percent: Decimal
    lump_sum_days: int
    down_payment_least: int
    charges_first_until: int
    deferral_longest_days: int
    deferral_accrues: bool
    evidence_from: int
    moved: Moved
    """Where a wanted payment day comes to lie."""

    def ladder_for(self, days_past_due: int, reason: str | None) -> tuple[LadderStep, ...]:
        """Return the steps of the ladder that stand open at so many days past due, for that reason.

        A part of a ladder that concedes more with each step is such a ladder itself.
        """
        return tuple(
            step
            for step in self.ladder
            if step.from_days_past_due <= days_past_due
            and (step.only_for is None or reason in step.only_for)
        )


@lru_cache(maxsize=64)
def planning_terms(view: PolicyView) -> PlanningTerms:
    """Read the planner's figures from ``view``.

    Raises:
        PolicyGap: a figure is missing on that day.
        PolicyInvalid: the bank's own figures contradict each other or go beyond the regulator's.
    """
    lawful = min(
        view.value("cn.personalised_instalment.longest_term_months"),
        view.value("cn.instalment.longest_term_months"),
    )
    check_terms(view, lawful)
    return PlanningTerms(
        contract_rate=view.value("bank.contract.annual_rate"),
        ladder=tuple(view.value("bank.relief.ladder")),
        authority=view.value("bank.authority"),
        living_floor=view.value("bank.living_floor"),
        buffer_least=to_fen(view.value("bank.affordability.buffer_least")),
        buffer_percent=view.value("bank.affordability.buffer_percent"),
        buffer_percent_irregular=view.value("bank.affordability.buffer_percent_irregular"),
        catch_up_longest=view.value("bank.terms.catch_up_longest_months"),
        preferred_longest=view.value("bank.terms.preferred_longest_months"),
        longest=view.value("bank.terms.longest_months"),
        lawful_longest=lawful,
        choice_further=view.value("bank.terms.choice_further_months"),
        smallest_instalment=to_fen(view.value("bank.instalment.smallest")),
        first_payment_earliest=view.value("bank.first_payment.earliest_days"),
        goodwill_days=view.value("bank.relief.goodwill_days"),
        goodwill_largest=to_fen(view.value("bank.relief.goodwill_largest")),
        validity_days=view.value("bank.offer.validity_days"),
        with_human=frozenset(view.value("bank.accounts.with_human")),
        on=frozenset(view.value("bank.offers.on")),
        settlement_ladder=tuple(view.value("bank.settlement.ladder")),
        settlement_least_percent=view.value("bank.settlement.least_percent"),
        lump_sum_days=view.value("bank.lump_sum.pay_within_days"),
        down_payment_least=to_fen(view.value("bank.down_payment.least")),
        charges_first_until=view.value("cn.allocation.interest_first_until_days"),
        deferral_longest_days=view.value("bank.deferral.longest_days"),
        deferral_accrues=view.value("bank.deferral.interest_accrues"),
        evidence_from=to_fen(view.value("bank.evidence.wanted_from")),
        moved=_moved(view),
    )


def _moved(view: PolicyView) -> Moved:
    if view.value("bank.due_day.on_holiday") == "unmoved":
        return unmoved
    weekends = view.value("bank.due_day.weekends_move")
    return partial(next_working_day, holidays=public_holidays(view), weekends=weekends)
