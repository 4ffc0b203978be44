"""What a figure means once it is known what a message is about."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)  # a Tuesday


def read(text: str, intent: str) -> list[tuple[str, object]]:
    """Kinds and values of a text, as its intent settles them."""
    return [(v.entity, v.value) for v in settled(text, read_values(text, TODAY), intent)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("could we stretch it to 48", [48]),
        ("36期太短，60吧", [36, 60]),
        ("24 is too short", [24]),
        ("I'd rather get it over with in 12 months", [12]),
        ("年利率18%太高", []),
        ("每月少还50", []),
    ],
)
def test_where_a_term_is_spoken_of_a_usual_figure_is_one(text: str, terms: list[int]) -> None:
    assert [value for kind, value in read(text, "change_term") if kind == "term_months"] == terms


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("考虑过了，二", [2]),
        ("3吧，长是长点", [3]),
        ("take the first la", [1]),
        ("we'll have the 2nd then", [2]),
        ("between 1 and 3", [1, 3]),
        ("月供800的那个", []),
    ],
)
def test_where_one_chooses_a_lone_figure_is_a_choice(text: str, options: list[int]) -> None:
    assert [value for kind, value in read(text, "choose_option") if kind == "option"] == options


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("我和我老婆还有一个娃", 3),
        ("两口子，没孩子", 2),
        ("四个人，爸妈我和妹妹", 4),
        ("爷爷奶奶爸妈加我", 5),
        ("俩娃一个老娘我跟媳妇", 5),
        ("就我老头子一个", 1),
        ("My wife, our twins and my mother-in-law", 5),
        ("husband and I plus a newborn", 3),
        ("we are 4", 4),
        ("single, nobody depends on me", 1),
        ("I bring up two kids on my own", 3),
    ],
)
def test_where_it_is_about_who_lives_on_the_money_everybody_counts(text: str, size: int) -> None:
    assert ("household_size", size) in read(text, "state_household")
    assert ("household_size", size) not in read("我们商量一下", "state_household")


def test_in_two_months_is_a_day_unless_a_term_is_wished() -> None:
    assert read("my bonus comes in two months", "state_expected_income") == [("date", "2027-01-24")]
    assert ("term_months", 2) in read("let me pay it off in two months", "change_term")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("我11月20号就还完了", "2026-11-20"),
        ("12月20", "2026-12-20"),
        ("元旦还", "2027-01-01"),
        ("next month 15号", "2026-12-15"),
        ("昨晚还了3400", "2026-11-23"),
        ("1999年1月1日给", "1999-01-01"),
    ],
)
def test_days_in_more_words(text: str, day: str) -> None:
    assert ("date", day) in read(text, "affirm")


@pytest.mark.parametrize("text", ["每周三发", "一周三次", "30 calls in one day", "一日使過萬"])
def test_what_names_no_one_day(text: str) -> None:
    assert not [one for one in read(text, "affirm") if one[0] in ("date", "day_of_month")]


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("八千一把结了", ["8000.00"]),
        ("千把块", ["1000.00"]),
        ("一天就过万", ["10000.00"]),
        ("six k, give or take", ["6000.00"]),
        ("900封顶", ["900.00"]),
        ("能还-300", ["-300.00"]),
        ("你们每月倒贴我一千", []),
        ("138那个号停机了", []),
        ("现在能还八百，以后还不动八百了", ["800.00"]),
        ("之前说没别的贷款，其实还有个车贷一个月一千九", ["1900.00"]),
    ],
)
def test_sums_in_more_words(text: str, sums: list[str]) -> None:
    found = [value for kind, value in read(text, "affirm") if kind.startswith("amount")]
    assert found == sums
