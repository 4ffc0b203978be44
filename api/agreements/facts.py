"""What a person tells us about their means: checked value by value, merged, never lost. Pure.

Money is a decimal string in yuan a month, or ``{"from", "to"}`` for a range; ``skipped`` says that
the person was asked and would rather not say. Which value can be one is the planner's knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from api.plans.situation import SKIPPED, MoneyRange, SituationInvalid, check_fact

__all__ = ["ASKED", "Merged", "merge_facts", "next_question"]

ASKED = (
    "reason", "monthly_income", "essential_spending", "other_debt_payments", "proposed_payment",
    "pay_day",
)  # fmt: skip
"""The questions in their order; each may be skipped."""

LONGEST_WISH = 40
MOST_WISHES = 10
FURTHEST_DAY = timedelta(days=366)
"""What lies further ahead is a hope, not a fact to plan with."""


@dataclass(frozen=True)
class Merged:
    """Facts after a turn, and what became of each value given."""

    facts: dict[str, Any]
    accepted: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


def _checked(name: str, value: object, largest: Decimal, today: date) -> Any:
    if name == "wishes":
        if not isinstance(value, list) or not all(isinstance(wish, str) for wish in value):
            raise SituationInvalid("not_a_list", name)
        return [wish[:LONGEST_WISH] for wish in value[:MOST_WISHES]]
    if value == SKIPPED:
        return SKIPPED
    checked = check_fact(name, value)
    if isinstance(checked, date):
        if checked <= today:
            raise SituationInvalid("date_past", name)
        if checked > today + FURTHEST_DAY:
            raise SituationInvalid("date_too_far", name)
        return checked.isoformat()
    if isinstance(checked, MoneyRange):
        if checked.high > largest:
            raise SituationInvalid("amount_absurd", name)
        return {"from": str(checked.low), "to": str(checked.high)}
    if isinstance(checked, Decimal):
        if checked > largest:
            raise SituationInvalid("amount_absurd", name)
        return str(checked)
    return checked


def merge_facts(
    known: Mapping[str, Any], given: Mapping[str, Any], *, largest: Decimal, today: date
) -> Merged:
    """Return ``known`` with every acceptable value of ``given``; the others are named with a code.

    ``largest`` is the largest amount that policy takes for a real one; a day on which money will
    come lies after ``today``.
    """
    merged = Merged(dict(known))
    for name, value in given.items():
        try:
            merged.facts[name] = _checked(name, value, largest, today)
        except SituationInvalid as refusal:
            merged.refused.append({"field": name[:LONGEST_WISH], "code": refusal.code})
        else:
            merged.accepted.append(name)
    return merged


def next_question(facts: Mapping[str, Any]) -> str | None:
    """Return the first question not yet answered or skipped, or ``None``."""
    return next((name for name in ASKED if name not in facts), None)
