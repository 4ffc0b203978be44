"""The planner's figures for one day, read once from policy: nothing in this room is a constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from api.kit.exact import to_fen
from api.policy.errors import PolicyInvalid

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView
    from api.policy.values import Authority, LadderStep, LivingFloor

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
    choice_further: int
    smallest_instalment: int
    first_payment_earliest: int
    goodwill_days: int
    goodwill_largest: int
    validity_days: int


@lru_cache(maxsize=64)
def planning_terms(view: PolicyView) -> PlanningTerms:
    """Read the planner's figures from ``view``.

    Raises:
        PolicyGap: a figure is missing on that day.
        PolicyInvalid: the bank's own figures contradict each other or go beyond the regulator's.
    """
    longest = view.value("bank.terms.longest_months")
    lawful = min(
        view.value("cn.personalised_instalment.longest_term_months"),
        view.value("cn.instalment.longest_term_months"),
    )
    catch_up = view.value("bank.terms.catch_up_longest_months")
    preferred = view.value("bank.terms.preferred_longest_months")
    if longest > lawful:
        msg = f"bank.terms.longest_months is {longest}, the regulator's longest is {lawful}"
        raise PolicyInvalid(msg)
    if not 1 <= catch_up < preferred <= longest:
        msg = "bank.terms: the catch-up term is shorter than the preferred, that no longer than the longest"
        raise PolicyInvalid(msg)
    if view.value("bank.rounding") != "half_up_to_the_fen":
        msg = "bank.rounding: only half_up_to_the_fen is implemented"
        raise PolicyInvalid(msg)
    if view.value("bank.first_payment.earliest_days") < 1:
        msg = "bank.first_payment.earliest_days: a payment is due after the day of its plan"
        raise PolicyInvalid(msg)
    ladder = tuple(view.value("bank.relief.ladder"))
    contract_rate = view.value("bank.contract.annual_rate")
    _check_ladder(ladder, contract_rate)
    authority = view.value("bank.authority")
    known_steps = {step.id for step in ladder}
    if any(limits.highest_step not in known_steps for limits in authority.values()):
        msg = "bank.authority: a highest_step is not on the ladder"
        raise PolicyInvalid(msg)
    living_floor = view.value("bank.living_floor")
    if "default" not in living_floor:
        msg = "bank.living_floor: a default region is needed"
        raise PolicyInvalid(msg)
    return PlanningTerms(
        contract_rate=contract_rate,
        ladder=ladder,
        authority=authority,
        living_floor=living_floor,
        buffer_least=to_fen(view.value("bank.affordability.buffer_least")),
        buffer_percent=view.value("bank.affordability.buffer_percent"),
        buffer_percent_irregular=view.value("bank.affordability.buffer_percent_irregular"),
        catch_up_longest=catch_up,
        preferred_longest=preferred,
        longest=longest,
        choice_further=view.value("bank.terms.choice_further_months"),
        smallest_instalment=to_fen(view.value("bank.instalment.smallest")),
        first_payment_earliest=view.value("bank.first_payment.earliest_days"),
        goodwill_days=view.value("bank.relief.goodwill_days"),
        goodwill_largest=to_fen(view.value("bank.relief.goodwill_largest")),
        validity_days=view.value("bank.offer.validity_days"),
    )


def _check_ladder(ladder: tuple[LadderStep, ...], contract_rate: Decimal) -> None:
    """Each step gives more than the one before: otherwise relief would not be monotone."""
    rate = contract_rate
    conceded: dict[str, Decimal] = {}
    for step in ladder:
        if step.to_percent is not None:
            if step.to_percent >= rate:
                msg = f"bank.relief.ladder: {step.id} does not lower the rate"
                raise PolicyInvalid(msg)
            rate = step.to_percent
        elif step.up_to_percent is not None:
            if step.up_to_percent <= conceded.get(step.concede, Decimal(0)):
                msg = f"bank.relief.ladder: {step.id} does not concede more than before"
                raise PolicyInvalid(msg)
            conceded[step.concede] = step.up_to_percent
    if len({step.id for step in ladder}) != len(ladder):
        msg = "bank.relief.ladder: an id stands twice"
        raise PolicyInvalid(msg)
