"""What a person can pay each month: what is left after living, other debts, and a little room.

Cautious throughout: income counts at its lower end, spending and other debts at their upper; living
costs are never taken below the bank's living floor, even where the person says they spend less.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from api.kit.exact import from_fen, to_fen
from api.plans.situation import Situation, SituationInvalid
from api.plans.terms import PlanningTerms

__all__ = ["Affordability", "assess", "most_helpful_question"]

QUESTIONS = ("monthly_income", "essential_spending", "other_debt_payments", "pay_day")
"""In the order in which an answer changes the plan most: the first missing one helps most."""


@dataclass(frozen=True, slots=True)
class Affordability:
    """The sum, line by line, in yuan a month. ``surplus`` may be negative; ``affordable`` never is."""

    income: Decimal
    living: Decimal
    living_from: Literal["stated", "floor"]
    floor: Decimal
    other_debts: Decimal
    agreed: Decimal
    surplus: Decimal
    buffer: Decimal
    affordable: Decimal
    assumed: tuple[str, ...]
    """Facts that were not given and for which a policy figure or nothing was taken."""


def assess(situation: Situation, terms: PlanningTerms) -> Affordability | None:
    """Work out what is affordable; ``None`` while the income is not known or was not given.

    Raises:
        SituationInvalid: policy has no living floor for the region.
    """
    if situation.monthly_income is None:
        return None
    floor = _living_floor(situation, terms)
    stated = situation.essential_spending
    living = floor if stated is None else max(floor, to_fen(stated.high))
    other = situation.other_debt_payments
    other_debts = 0 if other is None else to_fen(other.high)
    income = to_fen(situation.monthly_income.low)
    agreed = to_fen(situation.agreed_payments)
    surplus = income - living - other_debts - agreed
    buffer = _buffer(surplus, situation, terms)
    return Affordability(
        income=from_fen(income),
        living=from_fen(living),
        living_from="stated" if stated is not None and living > floor else "floor",
        floor=from_fen(floor),
        other_debts=from_fen(other_debts),
        agreed=from_fen(agreed),
        surplus=from_fen(surplus),
        buffer=from_fen(buffer),
        affordable=from_fen(max(0, surplus - buffer)),
        assumed=tuple(
            name
            for name, value in (("essential_spending", stated), ("other_debt_payments", other))
            if value is None
        ),
    )


def most_helpful_question(situation: Situation) -> str | None:
    """Return the one unanswered question whose answer would change the plan most, if any.

    A question that the person skipped is not asked again.
    """
    for question in QUESTIONS:
        if getattr(situation, question) is None and question not in situation.skipped:
            return question
    return None


def _living_floor(situation: Situation, terms: PlanningTerms) -> int:
    row = terms.living_floor.get(situation.region)
    if row is None:
        raise SituationInvalid("unknown_region", "region")
    further = max(0, (situation.household_size or 1) - 1)
    return to_fen(row.first_person) + further * to_fen(row.each_further_person)


def _buffer(surplus: int, situation: Situation, terms: PlanningTerms) -> int:
    """Share of the surplus, at least a fixed sum; nothing where there is no surplus to keep it from."""
    if surplus <= 0:
        return 0
    irregular = situation.income_steady is False
    percent = terms.buffer_percent_irregular if irregular else terms.buffer_percent
    share = (Decimal(surplus) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return min(surplus, max(terms.buffer_least, int(share)))
