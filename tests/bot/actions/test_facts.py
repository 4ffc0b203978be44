"""What one message says, put under the API's names."""

from datetime import date

import pytest

from bot.actions.facts import in_so_many_words, read_facts

TODAY = date(2026, 11, 24)


def amount(value, role=None):
    return {"entity": "amount", "value": value, "role": role}


def value(entity, what):
    return {"entity": entity, "value": what}


RANGE = {"from": "4000.00", "to": "5000.00"}


@pytest.mark.parametrize(
    ("intent", "text", "entities", "requested", "facts"),
    [
        ("reason_job_loss", "被裁了", [], "reason", {"reason": "job_loss"}),
        ("skip", "跳过", [], "reason", {"reason": "skipped"}),
        ("choose_option", "2", [value("option", 2)], "reason", {"reason": "illness"}),
        ("nlu_fallback", "孩子他爸跑了半年没消息", [], "reason", {"reason": "other"}),
        ("nlu_fallback", "嗯", [], "reason", {}),
        ("inform_value", "四五千", [amount(RANGE)], "monthly_income", {"monthly_income": RANGE}),
        (
            "inform_value", "4200", [amount("4200.00")], "monthly_income",
            {"monthly_income": {"from": "4200.00", "to": "4200.00"}},
        ),
        (
            "state_income", "没有收入", [], "monthly_income",
            {"monthly_income": {"from": "0.00", "to": "0.00"}},
        ),
        ("deny", "没有", [], "other_debt_payments", {"other_debt_payments": "0.00"}),
        ("deny", "不用", [], "other_debt_payments", {"other_debt_payments": "0.00"}),
        ("deny", "nope", [], "other_debt_payments", {"other_debt_payments": "0.00"}),
        ("deny", "y not", [], "essential_spending", {}),
        ("deny", "不是这个意思", [], "monthly_income", {}),
        ("cannot_pay_anything", "一分也拿不出", [], "proposed_payment", {"proposed_payment": "0.00"}),
        ("inform_value", "4-5千", [amount(RANGE)], "essential_spending", {"essential_spending": "5000.00"}),
        ("inform_value", "4-5千", [amount(RANGE)], "proposed_payment", {"proposed_payment": "4000.00"}),
        ("inform_value", "25", [amount("25.00")], "pay_day", {"pay_day": 25}),
        ("number_changed", "32号", [], "pay_day", {"pay_day": 32}),
        ("state_pay_date", "下月5号", [value("date", "2026-12-05")], "pay_day", {"pay_day": 5}),
        ("deny", "都不方便", [], "pay_day", {"pay_day": "skipped"}),
        (
            "state_expense", "房租1500，吃饭1000",
            [amount("1500.00", "spending"), amount("1000.00", "spending")],
            "essential_spending", {"essential_spending": "2500.00"},
        ),
        (  # what has no name of its own belongs to what was asked
            "state_expense", "rent is 6000, food 3000, the baby stuff 1500",
            [amount("6000.00", "spending"), amount("3000.00", "spending"), amount("1500.00")],
            "essential_spending", {"essential_spending": "10500.00"},
        ),
        (  # unless a total is named
            "state_expense", "房租1500，别的500，一共2000",
            [amount("1500.00", "part"), amount("500.00"), amount("2000.00", "spending")],
            "essential_spending", {"essential_spending": "2000.00"},
        ),
        (
            "state_expense", "到手4000，房租1500，最多还800",
            [amount("4000.00", "income"), amount("1500.00", "spending"), amount("800.00", "offer")],
            "reason",
            {
                "monthly_income": {"from": "4000.00", "to": "4000.00"},
                "essential_spending": "1500.00",
                "proposed_payment": "800.00",
            },
        ),
        ("state_offer_amount", "800吧", [amount("800.00")], None, {"proposed_payment": "800.00"}),
        ("inform_value", "800", [amount("800.00")], None, {}),
        ("inform_value", "欠两万", [amount("20000.00", "debt")], "monthly_income", {}),
        ("state_household", "三口人", [value("household_size", 3)], "reason", {"household_size": 3}),
    ],
)  # fmt: skip
def test_a_message_becomes_facts(intent, text, entities, requested, facts):
    assert read_facts(intent, text, entities, requested, {}, TODAY) == facts


KNOWN = {
    "reason": "job_loss",
    "monthly_income": {"from": "6000.00", "to": "6000.00"},
    "essential_spending": "2500.00",
}


@pytest.mark.parametrize(
    ("text", "entities", "facts"),
    [
        (
            "不是6000，只有4200", [amount("6000.00"), amount("4200.00")],
            {"monthly_income": {"from": "4200.00", "to": "4200.00"}},
        ),
        (
            "不是6000，只有4200", [amount("6000.00", "before"), amount("4200.00")],
            {"monthly_income": {"from": "4200.00", "to": "4200.00"}},
        ),
        ("写错了，是3000", [amount("3000.00")], {"essential_spending": "3000.00"}),
        (
            "收入改成4200", [amount("4200.00")],
            {"monthly_income": {"from": "4200.00", "to": "4200.00"}},
        ),
    ],
)  # fmt: skip
def test_a_correction_finds_its_fact(text, entities, facts):
    assert read_facts("correct_fact", text, entities, "other_debt_payments", KNOWN, TODAY) == facts


def test_a_reason_told_once_is_not_overwritten_in_passing():
    assert read_facts("reason_family", "家里也不顺", [], "pay_day", KNOWN, TODAY) == {}


def test_a_new_figure_is_not_taken_for_the_old_one_it_happens_to_equal() -> None:
    known = {
        "monthly_income": {"from": "3000.00", "to": "3000.00"},
        "essential_spending": "6000.00",
    }
    said = read_facts("correct_fact", "actually 6000", [amount("6000.00")], None, known, TODAY)
    assert said == {}, "it is asked which one is meant"
    named = read_facts("correct_fact", "收入是6000", [amount("6000.00")], None, known, TODAY)
    assert named == {"monthly_income": {"from": "6000.00", "to": "6000.00"}}


def test_what_a_line_takes_back_leaves_its_place_to_what_stands():
    entities = [
        amount("600.00", "offer"), {"entity": "amount_taken_back", "value": "600.00"},
        amount("650.00"),
    ]  # fmt: skip
    said = read_facts(
        "state_offer_amount", "能还600吧 不是600 是650", entities, "other_debt_payments", {}, TODAY
    )
    assert said == {"proposed_payment": "650.00"}


@pytest.mark.parametrize("text", ["130违约金免了吧", "the 130 late fee please"])
def test_a_charge_of_ours_is_no_fact_of_theirs(text):
    at = text.index("130")
    charge = {**amount("130.00"), "start": at, "end": at + 3}
    assert read_facts("inform_value", text, [charge], "other_debt_payments", {}, TODAY) == {}
    both = f"{text}，1,200"
    debt = {**amount("1200.00"), "start": both.index("1,200"), "end": len(both)}
    said = read_facts("inform_value", both, [charge, debt], "other_debt_payments", {}, TODAY)
    assert said == {"other_debt_payments": "1200.00"}


@pytest.mark.parametrize(
    ("requested", "text", "value"),
    [
        ("other_debt_payments", "没别的了", "0.00"), ("other_debt_payments", "其他没有", "0.00"),
        ("other_debt_payments", "冇其他", "0.00"), ("other_debt_payments", "就你们一家", "0.00"),
        ("other_debt_payments", "that's all", "0.00"), ("other_debt_payments", "nope", "0.00"),
        ("other_debt_payments", "没有600", None), ("other_debt_payments", "没有人帮我", None),
        ("monthly_income", "没别的了", None), ("essential_spending", "其他没有", None),
        ("proposed_payment", "你说多少就多少", "skipped"), ("proposed_payment", "不知道能还多少", "skipped"),
        ("proposed_payment", "idk what I can manage, you tell me", "skipped"),
        ("monthly_income", "not sure", "skipped"), ("monthly_income", "唔知", "skipped"),
        ("proposed_payment", "I don't know why you ask", None), ("proposed_payment", "不知道怎么活下去", None),
        ("reason", "不知道", None), ("pay_day", "not sure", None),
    ],
)  # fmt: skip
def test_the_open_question_gives_a_short_line_its_meaning(requested, text, value):
    assert in_so_many_words(text, requested) == value
    if value is not None:
        assert read_facts("goodbye", text, [], requested, {}, TODAY) == {requested: value}
