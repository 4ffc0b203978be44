"""What cardholders of a portfolio might tell us: seeded, reproducible, by their reference alone.

The protected columns of a real file (sex, schooling, marriage, age) never come here.
"""

from __future__ import annotations

from random import Random
from typing import Any

from api.plans.situation import Situation

__all__ = ["situation_of"]

_REASONS = (
    "job_loss", "income_drop", "illness", "business_failure", "family", "overspending", "forgot",
    "other",
)  # fmt: skip


def situation_of(person_ref: str, seed: int) -> Situation:
    """Return the facts a person states; some are ranges, some skipped, some not known."""
    draw = Random(f"{seed}/situation/{person_ref}")
    facts: dict[str, Any] = {"reason": draw.choice(_REASONS)}
    income = draw.randrange(2_000, 14_000, 100)
    if draw.random() < 0.92:
        high = income + draw.choice((0, 0, 500, 1_000))
        facts["monthly_income"] = {"from": f"{income}.00", "to": f"{high}.00"}
    elif draw.random() < 0.5:
        facts["monthly_income"] = "skipped"
    if draw.random() < 0.85:
        facts["essential_spending"] = f"{income * draw.randint(35, 80) // 100}.00"
    if draw.random() < 0.7:
        facts["other_debt_payments"] = f"{draw.choice((0, 0, 0, 300, 800, 1_500))}.00"
    if draw.random() < 0.6:
        facts["proposed_payment"] = f"{draw.randrange(200, 3_000, 100)}.00"
    if draw.random() < 0.8:
        facts["pay_day"] = draw.randint(1, 31)
    if draw.random() < 0.5:
        facts["household_size"] = draw.randint(1, 5)
    if draw.random() < 0.4:
        facts["income_steady"] = draw.random() < 0.6
    return Situation.from_facts(facts)
