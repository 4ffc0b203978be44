"""One person for the planner's tests: the voice sample, laid off with one child."""

from datetime import date
from decimal import Decimal
from typing import Any

from api.plans.debt import Debt
from api.plans.offers import Offered, plan_offers
from api.plans.situation import Situation
from api.policy.lookup import Policy, PolicyView

TODAY = date(2026, 11, 24)
DEBT = Debt("card", Decimal("33000.00"), Decimal("3900.00"), Decimal("1700.00"), days_past_due=75)
FACTS: dict[str, Any] = {
    "reason": "job_loss",
    "monthly_income": {"from": "6000.00", "to": "7000.00"},
    "essential_spending": "3900.00",
    "other_debt_payments": "1000.00",
}


def view() -> PolicyView:
    return Policy.shipped().on(TODAY)


def offered(debt: Debt = DEBT, **changes: Any) -> Offered:
    result = plan_offers([debt], Situation.from_facts({**FACTS, **changes}), view())
    assert isinstance(result, Offered), result
    return result
