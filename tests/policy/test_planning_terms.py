"""A bank's file that validates can never lead the planner beyond the regulator's limits."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import api.policy
from api.plans.terms import planning_terms
from api.policy.errors import PolicyGap, PolicyInvalid
from api.policy.lookup import Policy

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
