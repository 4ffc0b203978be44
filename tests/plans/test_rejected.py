"""The plans that were not offered: which rule rejected each, in words that may be said."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.plans.debt import Debt
from api.plans.documents import result_document
from api.plans.offers import plan_offers
from api.plans.rejected import Rejected, rejected
from api.plans.situation import Situation
from api.policy.lookup import Policy
from tests.plans.someone import DEBT, FACTS, TODAY, offered, view
from tests.plans.test_explanation import FORBIDDEN_EN, FORBIDDEN_ZH, LATER, PEOPLE

OVERDUE = replace(DEBT, days_past_due=200)
POOR = {"monthly_income": "3000.00", "expected_income": "skipped"}
LATE = Debt("card", Decimal("2580.00"), penalty=Decimal("40.00"), days_past_due=12)


def of(debt: Debt = DEBT, **changes: Any) -> tuple[Rejected, ...]:
    facts = Situation.from_facts({**FACTS, **changes})
    return rejected(plan_offers([debt], facts, view()))


def one(found: tuple[Rejected, ...], alternative: str, periods: int | None = None) -> Rejected:
    return next(r for r in found if r.alternative == alternative and r.periods in {periods, None})


def test_fewer_payments_are_above_what_is_affordable_and_the_figures_say_so() -> None:
    twelve = one(of(), "term", 12)
    # 33,000 + 3,000 of interest that stays, over twelve months
    assert (twelve.monthly, twelve.limit) == (Decimal("3000.00"), Decimal("1000.00"))
    assert twelve.rule == "bank.affordability.buffer_least"
    assert twelve.words_en == "12 payments: ¥3,000.00 a month is above the affordable ¥1,000.00."
    assert twelve.words_zh == "分12期：每月3,000.00\u00a0元，超过每月还得起的1,000.00\u00a0元。"


def test_where_the_floor_was_taken_for_living_it_is_the_rule() -> None:
    assert one(of(essential_spending="skipped"), "term", 12).rule == "bank.living_floor"


def test_the_last_term_before_the_soonest_is_named_so_that_soonest_can_be_seen() -> None:
    result = offered()
    before = one(rejected(result), "term", result.basis.soonest - 1)
    assert before.monthly is not None
    assert before.monthly > Decimal("1000.00")


def test_less_relief_is_named_with_what_it_would_ask_and_more_is_not_needed() -> None:
    less = [r for r in of() if r.alternative == "less_relief"]
    assert [r.monthly for r in less] == [Decimal("1352.73"), Decimal("1025.00")]
    assert {r.rule for r in less} == {"bank.relief.ladder"}
    assert one(of(), "more_relief").because == "not_needed"


def test_who_can_afford_it_without_relief_is_told_that_relief_is_not_needed() -> None:
    found = of(monthly_income="9000.00")
    assert not [r for r in found if r.alternative == "less_relief"]
    assert one(found, "more_relief").because == "not_needed"


def test_when_the_whole_ladder_was_granted_nobody_says_more_was_not_needed() -> None:
    found = of(monthly_income="5700.00")  # 800 less 100: 33,000 takes 48 months of 700
    assert not [r for r in found if r.alternative == "more_relief"]


def test_a_longer_plan_is_not_needed_and_beyond_sixty_not_lawful() -> None:
    assert one(of(), "term", 60).rule == "bank.terms.choice_further_months"
    longest = of(Debt("card", Decimal("30000.00")), monthly_income="3200.00",
                 essential_spending="2600.00", other_debt_payments="0.00")  # fmt: skip
    beyond = one(longest, "term", 61)
    assert beyond.because == "longer_than_allowed"
    assert beyond.rule == "cn.personalised_instalment.longest_term_months"


def test_an_instalment_below_the_banks_smallest_is_named() -> None:
    found = of(Debt("card", Decimal("1000.00")), monthly_income="5200.00")
    assert one(found, "term", 48).rule == "bank.instalment.smallest"


def test_a_debt_within_reach_is_not_put_into_a_personalised_agreement() -> None:
    found = of(LATE, monthly_income="9000.00")
    assert found[0].alternative == "instalments"
    assert found[0].rule == "cn.personalised_instalment.conditions"


def test_what_was_proposed_but_cannot_be_kept_is_named() -> None:
    above = one(of(proposed_payment="1500.00"), "payment")
    assert (above.because, above.monthly) == ("above_affordable", Decimal("1500.00"))
    below = one(of(proposed_payment="200.00"), "payment", 48)
    assert (below.because, below.limit) == ("longer_than_allowed", Decimal("750.00"))
    assert not [r for r in of(proposed_payment="850.00") if r.alternative == "payment"]


@pytest.mark.parametrize(
    ("debt", "facts", "because", "rule"),
    [
        (Debt("c", Decimal("200000.00")), {}, "beyond_authority", "bank.authority"),
        (DEBT, {"monthly_income": "3000.00"}, "nothing_left", "bank.affordability.buffer_least"),
        (DEBT, {"monthly_income": "5000.00"}, "nothing_left", "bank.affordability.buffer_least"),
        (DEBT, {"monthly_income": "5300.00"}, "above_affordable", "bank.affordability.buffer_least"),
        (DEBT, {"monthly_income": "5040.00"}, "below_smallest", "bank.instalment.smallest"),
    ],
)  # fmt: skip
def test_a_refusal_says_which_plan_was_looked_at_last(
    debt: Debt, facts: dict[str, Any], because: str, rule: str
) -> None:
    (found,) = of(debt, **facts, expected_income="skipped")
    assert (found.because, found.rule) == (because, rule)


def test_a_waiver_beyond_the_assistants_authority_is_named() -> None:
    debt = Debt("c", Decimal("60000.00"), interest=Decimal("40000.00"))
    (found,) = of(debt, monthly_income="6600.00")
    assert (found.alternative, found.rule) == ("more_relief", "bank.authority")


def test_an_account_with_a_human_has_no_plan_to_reject() -> None:
    assert of(replace(DEBT, status="sold")) == ()


@pytest.mark.parametrize(("debt", "facts"), PEOPLE)
def test_every_sentence_may_be_said(debt: Debt, facts: dict[str, Any]) -> None:
    for found in of(debt, **facts):
        assert not [word for word in FORBIDDEN_ZH if word in found.words_zh]
        assert not [word for word in FORBIDDEN_EN if word in found.words_en.lower()]
        assert not found.words_en[0].islower()


def test_without_being_asked_for_an_explanation_the_document_is_as_it_was() -> None:
    plain, explained = (result_document(offered(), explain=asked) for asked in (False, True))
    assert "rejected" not in plain
    del explained["rejected"]
    for offer in explained["offers"]:
        del offer["stress"]
    assert plain == explained


@pytest.mark.parametrize(
    ("debt", "facts", "alternative", "because", "limit", "rule"),
    [
        (OVERDUE, {"lump_sum": "34000.00"}, "down_payment", "not_needed", None, "bank.settlement.ladder"),
        (DEBT, {"lump_sum": "50.00"}, "down_payment", "below_smallest", "100.00", "bank.down_payment.least"),
        (DEBT, {"lump_sum": "5000.00"}, "settlement", "too_early", None, "bank.settlement.ladder"),
        (OVERDUE, {"lump_sum": "5000.00"}, "settlement", "too_small", "33000.00", "bank.settlement.ladder"),
        (OVERDUE, {"lump_sum": "37000.00"}, "settlement", "within_means", None, "bank.settlement.ladder"),
        (OVERDUE, {**POOR, "lump_sum": "20000.00"}, "settlement", "too_small", "33000.00", "bank.settlement.ladder"),
        (replace(OVERDUE, days_past_due=400), {**POOR, "lump_sum": "30000.00"}, "settlement", "beyond_authority", "20000.00", "bank.authority"),
        (OVERDUE, {"expected_income": "9000.00"}, "deferral", "within_means", None, "bank.deferral.longest_days"),
        (OVERDUE, {**LATER, "income_from": "2027-04-01"}, "deferral", "too_far", None, "bank.deferral.longest_days"),
        (OVERDUE, {**LATER, "expected_income": "5300.00"}, "deferral", "above_affordable", "300.00", "bank.affordability.buffer_least"),
        (OVERDUE, LATER, "instalments", "nothing_left", "0.00", "bank.affordability.buffer_least"),
        (OVERDUE, LATER, "catch_up", "above_affordable", "1785.00", "bank.affordability.buffer_least"),
    ],
)  # fmt: skip
def test_what_else_a_lump_sum_or_an_income_to_come_could_have_been(
    debt: Debt, facts: dict[str, Any], alternative: str, because: str, limit: str | None, rule: str
) -> None:
    found = next(item for item in of(debt, **facts) if item.alternative == alternative)
    assert (found.because, found.rule) == (because, rule)
    assert found.limit == (None if limit is None else Decimal(limit))


def test_nobody_who_named_no_lump_sum_and_no_income_to_come_is_told_about_them() -> None:
    asked = {"settlement", "down_payment", "deferral"}
    assert not [found for found in of() if found.alternative in asked]


def test_a_kind_that_the_bank_has_turned_off_is_named() -> None:
    bank = (
        Policy.shipped().amended({"bank.offers.on": ["catch_up", "instalments"]}, TODAY).on(TODAY)
    )
    facts = Situation.from_facts({**FACTS, **LATER, "lump_sum": "20000.00"})
    found = rejected(plan_offers([OVERDUE], facts, bank))
    off = {item.alternative for item in found if item.rule == "bank.offers.on"}
    assert off == {"settlement", "deferral"}
