"""A bank's file that validates can never lead the planner beyond the regulator's limits."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import api.policy
from api.plans.offers import Offered, plan_offers
from api.plans.situation import Situation
from api.plans.terms import planning_terms
from api.policy.errors import PolicyGap, PolicyInvalid
from api.policy.lookup import Policy
from tests.plans.someone import DEBT, FACTS

SHIPPED = Path(api.policy.__file__).parent / "parameters"
TODAY = date(2026, 11, 24)


def edited(folder: Path, before: str, after: str) -> Policy:
    shutil.copytree(SHIPPED, folder / "parameters")
    bank = folder / "parameters" / "bank.yaml"
    text = bank.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    bank.write_text(text.replace(before, after), encoding="utf-8")
    return Policy.load(folder / "parameters")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("longest_months:\n    title: Longest plan the bank agrees to (never beyond the regulator's 60)\n    unit: months\n    values: [{since: 2026-01-01, value: 60}]",
         "longest_months:\n    title: Longest\n    unit: months\n    values: [{since: 2026-01-01, value: 61}]",
         "the regulator's longest is 60"),
        ("value: 36}", "value: 72}", "bank.terms"),
        ("at the least\n    unit: days\n    values: [{since: 2026-01-01, value: 10}]", "at the least\n    unit: days\n    values: [{since: 2026-01-01, value: 0}]", "after the day of its plan"),
        ("value: half_up_to_the_fen", "value: whole_yuan", "half_up_to_the_fen"),
        ('{id: rate_9, concede: rate, to_percent: "9.00"}', '{id: rate_9, concede: rate, to_percent: "13.00"}', "rate_9"),
        ("{id: rate_9,", "{id: rate_6,", "an id stands twice"),
        ("assistant: {largest_debt: \"150000.00\", largest_waiver: \"20000.00\", highest_step: fees}",
         "assistant: {largest_debt: \"150000.00\", largest_waiver: \"20000.00\", highest_step: everything}",
         "not on the ladder"),
        ("          default: {first", "          elsewhere: {first", "default region"),
    ],
)  # fmt: skip
def test_contradictory_or_unlawful_policy_is_refused(
    tmp_path: Path, before: str, after: str, why: str
) -> None:
    policy = edited(tmp_path, before, after)
    with pytest.raises(PolicyInvalid, match=why):
        planning_terms(policy.on(TODAY))


def test_a_rate_step_without_a_rate_is_refused_on_loading(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match="a rate step has to_percent"):
        edited(
            tmp_path,
            '{id: rate_9, concede: rate, to_percent: "9.00"}',
            "{id: rate_9, concede: rate}",
        )


def test_no_plan_can_be_made_of_a_day_before_the_banks_policy() -> None:
    with pytest.raises(PolicyGap, match="in force only from"):
        planning_terms(Policy.shipped().on(date(2025, 12, 31)))


@pytest.mark.parametrize(
    ("bank", "why"),
    [
        ({"bank.accounts.with_human": ["sold"]}, "litigated, sold and written_off"),
        ({"bank.offers.on": ["instalments"]}, "catch_up cannot be off"),
        ({"bank.offers.on": ["catch_up", "balloon"]}, "balloon is no kind of offer"),
        ({"bank.offers.on": ["catch_up", "catch_up"]}, "a kind stands twice"),
        ({"bank.lump_sum.pay_within_days": 0}, "bank.lump_sum.pay_within_days: a payment is due after"),
        ({"bank.deferral.longest_days": 367}, "at most 366"),
        ({"bank.due_day.on_holiday": "day_before"}, "next_working_day or unmoved"),
        ({"bank.relief.ladder": [{"id": "fees", "concede": "fees", "up_to_percent": "100", "only_for": ["bad luck"]}]},
         "fees is kept for bad luck, which is no reason"),
        ({"bank.relief.ladder": [{"id": "fees", "concede": "fees", "up_to_percent": "100", "only_for": []}]},
         "fees is kept for nobody"),
        ({"bank.settlement.ladder": [{"from_days_past_due": 90, "penalty": "100", "interest": "50", "fees": "100", "principal": "5"}]},
         "from 90 days: principal may be waived only where all"),
        ({"bank.settlement.ladder": [{"from_days_past_due": 90, "penalty": "100", "interest": "50", "fees": "0", "principal": "0"},
                                     {"from_days_past_due": 90, "penalty": "100", "interest": "60", "fees": "0", "principal": "0"}]},
         "not in the order of their days"),
        ({"bank.settlement.ladder": [{"from_days_past_due": 90, "penalty": "100", "interest": "50", "fees": "0", "principal": "0"},
                                     {"from_days_past_due": 180, "penalty": "100", "interest": "40", "fees": "0", "principal": "0"}]},
         "from 180 days: concedes less interest"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_in_a_sentence_that_names_the_figure(
    bank: dict[str, object], why: str
) -> None:
    policy = Policy.shipped().amended(bank, TODAY)
    with pytest.raises(PolicyInvalid, match=why):
        planning_terms(policy.on(TODAY))


@pytest.mark.parametrize(
    "bank",
    [
        {"bank.settlement.ladder": [{"from_days_past_due": 90, "penalty": "101", "interest": "0", "fees": "0", "principal": "0"}]},
        {"bank.settlement.ladder": [{"from_days_past_due": 90, "penalty": "100", "interest": "0", "fees": "0", "principal": "0", "decided_by": "director"}]},
        {"bank.relief.ladder": [{"id": "fees", "concede": "fees", "up_to_percent": "100", "from_days_past_due": -1}]},
        {"bank.deferral.interest_accrues": "no"},
        {"cn.holidays.fixed": ["13-01"]},
        {"cn.holidays.by_the_moon_and_sun": ["2027-02-30"]},
    ],
)  # fmt: skip
def test_what_is_not_of_its_unit_is_refused_on_loading(bank: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid, match="amended"):
        Policy.shipped().amended(bank, TODAY)


def test_a_plan_of_an_earlier_day_uses_the_earlier_value() -> None:
    later = date(2026, 12, 1)
    policy = Policy.shipped().amended(
        {"bank.contract.annual_rate": "15.60", "bank.deferral.longest_days": 30}, later
    )
    before, after = (planning_terms(policy.on(day)) for day in (date(2026, 11, 30), later))
    assert (str(before.contract_rate), str(after.contract_rate)) == ("18.25", "15.60")
    facts = {**FACTS, "monthly_income": "9000.00"}
    rates = {}
    for day in (date(2026, 11, 30), later):
        found = plan_offers([DEBT], Situation.from_facts(facts), policy.on(day))
        assert isinstance(found, Offered)
        rates[day] = str(found.offers[0].basis.relief.annual_rate)
    assert list(rates.values()) == ["18.25", "15.60"]
    assert (before.deferral_longest_days, after.deferral_longest_days) == (120, 30)
