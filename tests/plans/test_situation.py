"""Facts as the assistant sends them: exact where given, refused with a stable code where impossible."""

from decimal import Decimal
from typing import Any

import pytest

from api.plans.affordability import assess, most_helpful_question
from api.plans.debt import Debt, DebtInvalid
from api.plans.situation import MoneyRange, Situation, SituationInvalid, check_fact
from api.plans.terms import planning_terms
from api.policy.lookup import Policy
from tests.plans.someone import TODAY

TERMS = planning_terms(Policy.shipped().on(TODAY))


def test_facts_become_a_situation_and_skipped_ones_are_remembered() -> None:
    situation = Situation.from_facts(
        {
            "reason": "job_loss",
            "monthly_income": {"from": "5000.00", "to": "6000.00"},
            "essential_spending": "skipped",
            "proposed_payment": "800.00",
            "pay_day": 25,
            "wishes": ["ask_interest_relief"],
            "other_debt_payments": None,
        }
    )
    assert situation.monthly_income == MoneyRange(Decimal("5000.00"), Decimal("6000.00"))
    assert situation.skipped == {"essential_spending"}
    assert situation.proposed_payment == Decimal("800.00")
    assert situation.pay_day == 25
    assert situation.other_debt_payments is None


@pytest.mark.parametrize(
    ("field", "raw", "code"),
    [
        ("monthly_income", "-1", "negative"),
        ("monthly_income", "NaN", "amount_not_a_number"),
        ("monthly_income", "Infinity", "amount_not_a_number"),
        ("monthly_income", "1000000000000", "amount_absurd"),
        ("monthly_income", "9" * 400, "amount_absurd"),
        ("monthly_income", 5000.5, "amount_not_a_number"),
        ("monthly_income", True, "amount_not_a_number"),
        ("monthly_income", "five", "amount_not_a_number"),
        ("monthly_income", "1.005", "amount_too_precise"),
        ("monthly_income", {"from": "6000", "to": "5000"}, "range_reversed"),
        ("monthly_income", {"from": "6000"}, "amount_not_a_number"),
        ("monthly_income", ["6000"], "amount_not_a_number"),
        ("pay_day", 0, "not_a_day"),
        ("pay_day", 32, "not_a_day"),
        ("pay_day", "25", "not_a_day"),
        ("household_size", 0, "not_a_household"),
        ("household_size", 99, "not_a_household"),
        ("reason", "bored", "unknown_reason"),
        ("income_steady", "yes", "not_yes_or_no"),
        ("star_sign", "leo", "unknown_fact"),
    ],
)
def test_an_impossible_fact_is_refused_with_its_code(field: str, raw: Any, code: str) -> None:
    with pytest.raises(SituationInvalid) as raised:
        check_fact(field, raw)
    assert (raised.value.code, raised.value.field) == (code, field)


def test_ranges_count_at_their_cautious_end() -> None:
    found = assess(
        Situation.from_facts(
            {
                "monthly_income": {"from": "5000", "to": "6000"},
                "essential_spending": {"from": "2000", "to": "2500"},
                "other_debt_payments": {"from": "300", "to": "500"},
            }
        ),
        TERMS,
    )
    assert found is not None
    lines = (found.income, found.living, found.other_debts, found.surplus, found.buffer)
    assert [str(line) for line in lines] == ["5000.00", "2500.00", "500.00", "2000.00", "100.00"]
    assert found.affordable == Decimal("1900.00")
    assert found.assumed == ()


def test_what_was_not_said_is_listed_as_assumed() -> None:
    found = assess(Situation.from_facts({"monthly_income": "5000"}), TERMS)
    assert found is not None
    assert found.living_from == "floor"
    assert found.assumed == ("essential_spending", "other_debt_payments")


def test_agreements_already_in_force_count() -> None:
    facts = {"monthly_income": "5000", "agreed_payments": "700"}
    found = assess(Situation.from_facts(facts), TERMS)
    assert found is not None
    assert found.surplus == 5000 - 1500 - 700


def test_a_region_without_a_living_floor_is_refused() -> None:
    with pytest.raises(SituationInvalid, match="unknown_region"):
        assess(Situation.from_facts({"monthly_income": "5000", "region": "moon"}), TERMS)


def test_the_most_helpful_question_is_the_first_not_answered_and_not_skipped() -> None:
    assert most_helpful_question(Situation()) == "monthly_income"
    known = Situation.from_facts({"monthly_income": "5000", "essential_spending": "skipped"})
    assert most_helpful_question(known) == "other_debt_payments"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("-0.01", "negative"),
        ("NaN", "amount_not_a_number"),
        ("1E12", "amount_absurd"),
        ("0.001", "amount_too_precise"),
    ],
)
def test_an_impossible_debt_is_refused_with_its_code(amount: str, code: str) -> None:
    with pytest.raises(DebtInvalid) as raised:
        Debt("card", Decimal("1.00"), penalty=Decimal(amount))
    assert (raised.value.code, raised.value.field) == (code, "penalty")
