"""Values in the wordings that real lines had: dialect, per-month tails, named months, what is absurd."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import FR, MO, relativedelta
from hypothesis import given
from hypothesis import strategies as st

from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)  # a Tuesday
DIGITS = "零一二三四五六七八九"


def found(text: str, entity: str, today: date = TODAY) -> list[object]:
    return [value.value for value in read_values(text, today) if value.entity == entity]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("刚找了个保安的活 两千八一个月", "2800.00"),
        ("三千一个月", "3000.00"),
        ("三千一", "3100.00"),
        ("800一个月行吗", "800.00"),
        ("五百一月", "500.00"),
        ("人工萬二左右", "12000.00"),
        ("每個月要還千八", "1800.00"),
        ("万五的工资", "15000.00"),
        ("补贴加一块儿五千出头", "5000.00"),
        ("下月一块给八百", "800.00"),
        ("唔係六千 係五千二先啱", "5200.00"),
        ("廿五蚊", "25.00"),
        ("零下三百", "-300.00"),
        ("minus two hundred", "-200.00"),
        ("negative 50", "-50.00"),
        ("负五百", "-500.00"),
    ],
)
def test_a_sum_in_everyday_words(text: str, value: str) -> None:
    assert found(text, "amount") == [value]


@pytest.mark.parametrize(
    "text", ["万一还不上呢", "千万别打电话", "下月一块给", "百分百", "一块儿还"]
)
def test_words_that_only_sound_like_figures_are_none(text: str) -> None:
    assert found(text, "amount") == []


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("十二月底能发一笔钱", "date", "2026-12-31"),
        ("明年二月初", "date", "2027-02-01"),
        ("一月中", "date", "2027-01-15"),
        ("月尾先有錢", "day_of_month", 31),
        ("我廿號出糧", "day_of_month", 20),
        ("廿五號", "day_of_month", 25),
        ("下下周三", "date", "2026-12-09"),
        ("25号左右", "day_of_month", 25),
        ("每月10号", "day_of_month", 10),
        ("end of next month", "date", "2026-12-31"),
        ("half a year", "term_months", 6),
        ("屋企三個人", "household_size", 3),
        ("我们一家五口", "household_size", 5),
    ],
)
def test_days_terms_and_households_in_everyday_words(text: str, entity: str, value: object) -> None:
    assert found(text, entity) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "31st of february", "30 February", "2月31号", "二月三十号", "每月-5号", "每月0号", "零号", "99号",
        "the 35th", "on the 0th", "13月5号", "四十五号",
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_no_day(text: str) -> None:
    assert found(text, "date") == found(text, "day_of_month") == []


@given(st.integers(1, 9), st.integers(0, 9), st.sampled_from(["", "块", "元", "一个月", "左右"]))
def test_thousands_and_hundreds_are_read_as_they_are_spelled(
    thousands: int, hundreds: int, tail: str
) -> None:
    spelled = f"{DIGITS[thousands]}千" + (f"{DIGITS[hundreds]}" if hundreds else "")
    value = Decimal(1000 * thousands + 100 * hundreds)
    assert found(f"每月{spelled}{tail}", "amount") == [f"{value:.2f}"]


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
def test_weeks_agree_with_dateutil(today: date) -> None:
    next_week = today + relativedelta(weekday=MO(-1)) + timedelta(weeks=1)
    assert found("下周五", "date", today) == [(next_week + relativedelta(weekday=FR)).isoformat()]
    assert found("next Friday", "date", today) == found("下周五", "date", today)
    assert found("下下周五", "date", today) == [
        (next_week + relativedelta(weekday=FR) + timedelta(weeks=1)).isoformat()
    ]


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)), st.integers(1, 28))
def test_months_agree_with_dateutil(today: date, day: int) -> None:
    assert found(f"下个月{day}号", "date", today) == [
        (today + relativedelta(months=1, day=day)).isoformat()
    ]
    assert found("end of next month", "date", today) == [
        (today + relativedelta(months=1, day=31)).isoformat()
    ]


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_without_failing(text: str) -> None:
    for value in read_values(text, TODAY):
        assert 0 <= value.start <= value.end <= len(text)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_figure_alone_keeps_its_sign_and_size(figure: int) -> None:
    for value in found(str(figure), "amount"):
        assert isinstance(value, str)
        read = Decimal(value)
        assert read == figure or (abs(figure) > 10**11 and abs(read) >= 10**11)


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("头一个挺好，就它", "option", 1),
        ("中间那个吧", "option", 2),
        ("方案B", "option", 2),
        ("选A", "option", 1),
        ("揀二", "option", 2),
        ("the first, definitely", "option", 1),
        ("plan c please", "option", 3),
        ("分12次还", "term_months", 12),
        ("36 monthly instalments", "term_months", 36),
        ("spread it over a year", "term_months", 12),
    ],
)
def test_choices_and_terms_in_other_words(text: str, entity: str, value: object) -> None:
    assert found(text, entity) == [value]


@pytest.mark.parametrize(
    "text",
    ["病了三个月", "过了两年", "欠了三个月房租", "3 months pregnant", "拆迁款大概半年后给", "一年到手八万",
     "车贷2100还要还一年", "plan a budget", "头个月", "我有个问题"],
)  # fmt: skip
def test_a_span_that_lies_behind_or_ahead_is_no_term(text: str) -> None:
    assert found(text, "term_months") == []
    assert found(text, "option") == []


@pytest.mark.parametrize(
    ("text", "back", "stands"),
    [
        ("打錯了，不是6000而是9000", "6000.00", "9000.00"),
        ("sorry, I meant 4,200 not 2,400", "2400.00", "4200.00"),
    ],
)
def test_a_sum_that_is_taken_back_is_named_as_such(text: str, back: str, stands: str) -> None:
    assert found(text, "amount_taken_back") == [back]
    assert found(text, "amount") == [stands]


def test_what_is_earned_in_a_year_is_a_months_sum_that_keeps_what_was_said() -> None:
    (income,) = [v for v in read_values("年收入六万", TODAY) if v.entity == "amount"]
    assert (income.value, income.extra["said"]) == ("5000.00", "60000.00")
    (loan,) = [v for v in read_values("车贷2100还要还一年", TODAY) if v.entity == "amount"]
    assert loan.value == "2100.00"


@pytest.mark.parametrize(
    ("text", "months"),
    [("拆迁款大概半年后给", 6), ("再过两个月就有工资了", 2), ("my bonus comes in two months", 2)],
)
def test_a_span_ahead_says_when_and_is_no_term(text: str, months: int) -> None:
    assert found(text, "months_ahead") == [months]
    assert found(text, "term_months") == []


def test_in_so_many_instalments_is_a_term() -> None:
    assert found("can I pay it in 24 instalments", "term_months") == [24]
