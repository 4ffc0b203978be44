"""Values that stand in the middle of a story: days without a year, figures that are names, half-spelled words."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)  # a Tuesday


def found(text: str, entity: str, intent: str = "nlu_fallback") -> list[object]:
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    return [value.value for value in values if value.entity == entity]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10月8号公司关门我就没活了", "2026-10-08"),
        ("the factory shut on October 12", "2026-10-12"),
        ("11月2号我爸走的", "2026-11-02"),
        ("说好周一打来的", "2026-11-23"),
        ("8月10号再还", "2027-08-10"),
        ("2月3号可以", "2027-02-03"),
        ("上週三我媽幫我還了", "2026-11-18"),
        ("insurance pays out 20/12 they say", "2026-12-20"),
        ("Boxing Day I'll have it", "2026-12-26"),
        ("not today, call me 1 December", "2026-12-01"),
    ],
)
def test_a_day_without_its_year_is_the_one_that_is_meant(text: str, day: str) -> None:
    assert found(text, "date") == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("廿五发薪 每个月都是", 25),
        ("廿二", 22),
        ("每月十五出粮,嗰日扣啦", 15),
        ("毎月２８號可以", 28),
        ("每月 last day 可以吗", 31),
        ("最后一天", 31),
        ("pension arrives on the 3rd monthly", 3),
        ("24th ev month, after the allotment", 24),
        ("wages monthly on the 20 th", 20),
        ("28 lah", 28),
    ],
)
def test_a_day_of_every_month(text: str, day: int) -> None:
    assert found(text, "day_of_month") == [day]


@pytest.mark.parametrize(
    "text",
    ["腊月廿三", "24/7", "炒股 lost it all in one week", "字太小 调到18号字", "the 5th month"],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert found(text, "day_of_month") == [] == found(text, "date")


def test_a_figure_beside_the_payday_is_a_day() -> None:
    assert found("my pay date is 25", "day_of_month", "state_pay_date") == [25]
    assert found("每月13吧", "day_of_month", "state_pay_date") == [13]
    assert found("13块", "day_of_month", "state_pay_date") == []
    assert found("公司2个月没发了", "day_of_month", "state_pay_date") == []
    assert found("30 February", "day_of_month", "state_pay_date") == []
    assert found("on the 5th, 20 latest", "day_of_month", "state_pay_date") == [5]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("4k多点", ["4000.00"]),
        ("rent 2200 goes out on the 1st every month", ["2200.00"]),
        ("每月 800 分 24期", ["800.00"]),
        ("月底给三百 月月给", ["300.00"]),
        ("孩子补课两三百一节", [{"from": "200.00", "to": "300.00"}]),
        ("seven thou flat", ["7000.00"]),
        ("zero la", ["0.00"]),
        ("pay你minus三百", ["-300.00"]),
        ("I owe 2 thousand 900", ["2900.00"]),
    ],
)
def test_a_sum_is_read_beside_words_that_count_other_things(text: str, sums: list[object]) -> None:
    assert found(text, "amount") == sums


@pytest.mark.parametrize(
    "text",
    [
        "白金卡8万积分换啥", "在国外打工一月一千五刀", "2024 开的 studio, now 倒闭", "order 5519-220 was never mine",
        "106短信平台发来的", "it went on in 3 goes",
    ],
)  # fmt: skip
def test_figures_that_are_no_sum_of_yuan(text: str) -> None:
    assert found(text, "amount") == []


@pytest.mark.parametrize(
    ("text", "intent", "months"),
    [
        ("分三年利息咋算", "ask_annual_rate", [36]),
        ("三年利息咋算", "ask_annual_rate", []),
        ("太长了我想早点还完，一年就行", "change_term", [12]),
        ("一年就挣两万", "change_term", []),
        ("分12期手续费多少", "ask_annual_rate", [12]),
        ("一年利息多少", "ask_annual_rate", []),
        ("会坐几年牢 3年还是5年", "change_term", []),
        ("is it really 18.25% a year?", "ask_for_plan", []),
    ],
)
def test_a_term_is_a_plans(text: str, intent: str, months: list[int]) -> None:
    assert found(text, "term_months", intent) == months
