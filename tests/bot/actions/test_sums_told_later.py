"""A sum told after its question was answered: on top, instead of a part, instead of all; or not enough to know."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.facts import read_facts
from bot.components.grammar.reading import read_values
from bot.components.values import _as_entity

TODAY = date(2026, 11, 24)


def read(
    intent: str, text: str, requested: str | None = None, **known: object
) -> dict[str, object]:
    entities = [_as_entity(value) for value in read_values(text, TODAY)]
    return read_facts(intent, text, entities, requested, known, TODAY)


@pytest.mark.parametrize(
    ("intent", "text", "spending"),
    [
        ("state_expense", "还有药费500", "4800.00"),
        ("state_expense", "还有话费100", "4400.00"),
        ("correct_fact", "忘了说 每月药费500", "4800.00"),
        ("state_expense", "I forgot the rent, 900", "5200.00"),
        ("correct_fact", "房租不是1500，是1800", "4600.00"),
        ("correct_fact", "我老人药费是1800", None),  # of 4,300 which part was it?
        ("state_expense", "rent is 900", None),
        ("correct_fact", "一共花5000", "5000.00"),
        ("correct_fact", "过日子要5000", "5000.00"),
        ("correct_fact", "生活费不是4300，是5000", "5000.00"),
        ("state_expense", "房租6000", "6000.00"),  # more than was told: at least that
    ],
)
def test_what_becomes_of_the_spending_told_before(intent, text, spending):
    facts = read(intent, text, essential_spending="4300.00")
    assert facts.get("essential_spending") == spending


def test_the_answer_to_the_question_itself_is_never_added_to_anything():
    asked = read("state_expense", "房租900", "essential_spending", essential_spending="4300.00")
    assert asked == {"essential_spending": "900.00"}
    assert read("state_expense", "还有房租900", essential_spending="skipped") == {
        "essential_spending": "900.00"
    }


@pytest.mark.parametrize("text", ["扣掉房租能还600", "除去药费每月还600"])
def test_what_is_paid_after_the_costs_stays_an_offer(text):
    entities = [
        {
            "entity": "amount",
            "value": "600.00",
            "role": "offer",
            "start": len(text) - 3,
            "end": len(text),
        }
    ]
    assert read_facts("state_offer_amount", text, entities, None, {}, TODAY) == {
        "proposed_payment": "600.00"
    }


def test_parts_told_before_the_question_is_asked_add_up():
    told = {"essential_spending": "1400.00"}
    assert read("state_expense", "吃饭什么的一千二吧", "monthly_income", **told) == {
        "essential_spending": "2600.00"
    }
    assert read("state_expense", "房租一千四", "monthly_income", **told) == told  # said twice
    assert (
        read("state_expense", "吃饭什么的一千二吧", "proposed_payment", **told) == {}
    )  # which part?


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_what_comes_on_top_is_added_to_the_fen(before: int, more: int) -> None:
    held = Decimal(before) / 100
    facts = read_facts(
        "state_expense", "还有药费", [{"entity": "amount", "role": "spending", "value": f"{Decimal(more) / 100:.2f}"}],
        None, {"essential_spending": f"{held:.2f}"}, TODAY,
    )  # fmt: skip
    assert Decimal(str(facts["essential_spending"])) * 100 == before + more


@pytest.mark.parametrize(
    ("text", "spending"),
    [
        ("租屋1200食飯1500", "2700.00"), ("lodging 1200 eats 1500 clothes 300", "3000.00"),
        ("1200 或者 1500", "1500.00"), ("大概1200左右 1500吧", "1200.00"), ("1200", "1200.00"),
    ],
)  # fmt: skip
def test_a_list_of_costs_without_known_names_is_added_up(text, spending):
    entities = [_as_entity(value) for value in read_values(text, TODAY)]
    entities = [{**entity, "role": None} for entity in entities]
    facts = read_facts("state_expense", text, entities, "essential_spending", {}, TODAY)
    assert facts == {"essential_spending": spending}


def test_what_a_sum_is_spent_on_gives_it_its_name():
    facts = read(
        "state_lump_sum",
        "no the meds are 1100 now",
        "proposed_payment",
        essential_spending="900.00",
    )
    assert facts == {"essential_spending": "1100.00"}


@pytest.mark.parametrize("passed_over", [None, "skipped", "0.00"])
def test_a_payment_told_to_the_next_question_is_the_payment(passed_over):
    facts = read("inform_value", "五百啦", "pay_day", proposed_payment=passed_over)
    assert facts == {"proposed_payment": "500.00"}


@pytest.mark.parametrize("text", ["33", "every 37 of the month", "每月100号", "32nd"])
def test_a_day_that_no_month_has_is_no_payment(text):
    assert "proposed_payment" not in read("inform_value", text, "pay_day")


def test_a_payment_told_before_is_not_changed_by_a_day_that_no_month_has():
    assert (
        read("inform_value", "32", "pay_day", proposed_payment="900.00").get("proposed_payment")
        is None
    )


def test_no_income_now_is_not_the_income_that_comes():
    facts = read(
        "state_expected_income", "nothing coming in now, new job starts in jan", "monthly_income"
    )
    assert facts == {"monthly_income": {"from": "0.00", "to": "0.00"}, "income_from": "2027-01-01"}
