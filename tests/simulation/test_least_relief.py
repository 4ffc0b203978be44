"""The search for the least relief, and the planner held against it where rounding bites."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from api.kit.exact import from_fen
from api.plans.debt import Debt, pool
from api.plans.offers import Refused, plan_offers
from api.plans.situation import Situation
from api.policy.lookup import Policy
from simulation.least_relief import Terms, above_floor, highest_of, least_terms, worth
from simulation.life import DAY_ZERO

VIEW = Policy.shipped().on(DAY_ZERO)
RATE = VIEW.value("bank.contract.annual_rate")


def told(income: str, **more: object) -> Situation:
    facts = {"monthly_income": income, "essential_spending": "3900.00", "pay_day": 24, **more}
    return Situation.from_facts(facts)


def test_the_worked_example_of_the_planner_s_page_is_found_by_searching_alone() -> None:
    """docs/planner.md: all of the penalty, the rate to 0 % and 900.00 of 3,900.00 interest."""
    debt = pool([Debt("card", from_fen(3_300_000), from_fen(390_000), from_fen(170_000))])
    least = least_terms(debt, told("6000.00", other_debt_payments="1000.00"), VIEW, Fraction(1))
    assert least.terms == Terms(from_fen(0), 300_000, 0, 0)
    assert least.periods == 36
    one_fen_less = least.terms.keeping("interest", 300_001)
    assert highest_of(debt.principal, least.terms, 36, Fraction(1)) == 100_000
    assert highest_of(debt.principal, one_fen_less, 36, Fraction(1)) > 100_000
    assert worth(debt, least.terms, RATE, 36, Fraction(1)) > 90_000 + 170_000
    nothing = Terms(RATE, debt.interest, debt.penalty, debt.fees)
    assert worth(debt, nothing, RATE, 36, Fraction(1)) == 0


def test_what_a_payment_may_take_is_cautious_and_keeps_the_buffer() -> None:
    ranged = told("6000.00", monthly_income={"from": "6000.00", "to": "9000.00"})
    assert above_floor(ranged, VIEW) == (450_000, 210_000 - 10_500)
    assert above_floor(told("6000.00", income_steady=False), VIEW)[1] == 210_000 - 31_500
    assert above_floor(told("6000.00", essential_spending="10.00"), VIEW)[1] == 450_000 - 22_500
    assert above_floor(told("1000.00"), VIEW) == (-50_000, 0)


def test_nothing_affordable_has_no_term() -> None:
    debt = pool([Debt("card", from_fen(3_300_000))])
    assert least_terms(debt, told("3900.00"), VIEW, Fraction(1)).periods is None


@pytest.mark.parametrize("seed", range(4))
def test_the_planner_grants_the_least_also_where_a_fen_decides(seed: int) -> None:
    draw = Random(f"least/{seed}")
    partly = 0
    for _ in range(120):
        debt, situation = _hard_case(draw)
        result = plan_offers([debt], situation, VIEW, role="supervisor")
        if isinstance(result, Refused):
            continue
        relief, basis = result.basis.relief, result.basis
        least = least_terms(basis.pooled, situation, VIEW, basis.start.part)
        granted = Terms(relief.annual_rate, relief.interest, relief.penalty, relief.fees)
        assert granted == least.terms, (debt, situation)
        assert basis.soonest == least.periods
        partly += 0 < granted.charges < basis.pooled.charges
    assert partly > 10  # charges waived in part are where a fen decides


@pytest.mark.parametrize(
    ("parts", "income", "pay_day", "steady", "kept"),
    [
        ((639_871, 98_932, 7_152, 111), "1777.81", 2, False, (134, 111)),
        ((334_355, 77_731, 70_946, 171), "1693.05", 29, True, (454, 171)),
        ((857_673, 52_463, 13_047, 92), "1838.52", 20, True, (907, 92)),
    ],
)
def test_no_charge_is_waived_whole_because_the_remainder_of_a_rounding_does_not_fit(
    parts: tuple[int, ...], income: str, pay_day: int, steady: bool, kept: tuple[int, int]
) -> None:
    """Found by the search: without any charge the last payment holds a remainder that does not fit,

    with a few fen of charges all payments are level and do.
    """
    debt = Debt("card", *map(from_fen, parts), days_past_due=75)
    situation = told(income, essential_spending="100.00", pay_day=pay_day, income_steady=steady)
    result = plan_offers([debt], situation, VIEW)
    assert not isinstance(result, Refused)
    assert (result.basis.relief.interest, result.basis.relief.fees) == kept
    least = least_terms(result.basis.pooled, situation, VIEW, result.basis.start.part)
    assert (least.terms.interest, least.terms.fees) == kept


def _hard_case(draw: Random) -> tuple[Debt, Situation]:
    """A debt, and an income that just about affords it over the preferred longest term."""
    scale = draw.choice((10_000, 1_000_000, 8_000_000))
    principal, interest = draw.randrange(1, scale), draw.randrange(scale // 8)
    penalty, fees = draw.randrange(scale // 10), draw.randrange(scale // 50)
    debt = Debt("card", *(from_fen(sum_) for sum_ in (principal, interest, penalty, fees)))
    total = principal + interest + penalty + fees
    near = draw.choice((principal // 36, total // 36, total // 45, draw.randrange(400_000)))
    income = from_fen(150_000 + near + 10_000 + draw.randrange(50))
    return debt, told(str(income), essential_spending="100.00", pay_day=draw.randint(1, 31))
