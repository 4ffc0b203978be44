"""What a figure means once it is known what a message is about."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)  # a Tuesday


def read(text: str, intent: str, stage: str | None = None) -> list[tuple[str, object]]:
    """Kinds and values of a text, as its intent settles them."""
    return [
        (v.entity, v.value) for v in settled(text, read_values(text, TODAY), intent, TODAY, stage)
    ]


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


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("我3号就交过了", "already_paid", "2026-11-03"),
        ("周一我老公替我还了", "already_paid", "2026-11-23"),
        ("cleared the lot on the 20th", "already_paid", "2026-11-20"),
        ("money left my account Friday", "already_paid", "2026-11-20"),
        ("18号交的材料有结果没", "ask_progress", "2026-11-18"),
        ("宽限到30号", "ask_extension", "2026-11-30"),
        ("can you hold it until the 5th", "ask_extension", "2026-12-05"),
        ("我哥15号打给我五千", "state_expected_income", "2026-12-15"),
        ("11月3号就结掉了", "already_paid", "2026-11-03"),
        ("三万二元旦前给", "state_expected_income", "2027-01-01"),
    ],
)
def test_a_day_is_the_last_or_the_next_one_where_the_intent_tells(
    text: str, intent: str, day: str
) -> None:
    found = read(text, intent)
    assert ("date", day) in found
    assert not [one for one in found if one[0] == "day_of_month"]


def test_a_day_of_every_month_stays_one() -> None:
    assert read("每月15号发工资，能等到15号吗", "ask_extension") == [("day_of_month", 15)]
    assert read("25号吧", "state_pay_date") == [("day_of_month", 25)]


@pytest.mark.parametrize(
    ("text", "intent", "found"),
    [
        ("停两个月行不行", "ask_extension", [("months_ahead", 2)]),
        ("any chance of a 3 month payment holiday", "ask_for_plan", [("months_ahead", 3)]),
        ("缓三个月，之后分24期", "ask_extension", [("months_ahead", 3), ("term_months", 24)]),
        ("失业三个月了，能分36期吗", "reason_job_loss", [("term_months", 36)]),
        ("征信要五年才消吗", "ask_credit_record", []),
        ("欠钱不还会判三年吗", "legal_question", []),
        ("骚扰了我半年", "complain_harassment", []),
    ],
)
def test_a_pause_or_a_stretch_of_time_is_no_term(
    text: str, intent: str, found: list[tuple[str, object]]
) -> None:
    assert [(kind, v) for kind, v in read(text, intent) if "month" in kind] == found


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("two years is too short, make it five", [24, 60]),
        ("in a year, not three", [12, 36]),
        ("从三年改成五年", [36, 60]),
        ("twelve期太少 要二十四", [12, 24]),
        ("make it 5 years instead of 3", [60, 36]),
        ("二十四不够，三十六", [24, 36]),
        ("一年太短，三年吧", [12, 36]),
    ],
)
def test_the_second_of_two_terms_goes_by_the_first(text: str, terms: list[int]) -> None:
    assert [value for kind, value in read(text, "change_term") if kind == "term_months"] == terms


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("最后那个", 3), ("the last one", 3), ("中间的", 2), ("丙案", 3), ("乙方案", 2), ("选甲", 1), ("A, I guess", 1),
        ("plan B那个吧", 2), ("opt 2", 2), ("2号，别的不看了", 2), ("从上往下数第二条", 2), ("选first one", 1),
        ("the top one please", 1), ("选 2 谢谢", 2),
    ],
)  # fmt: skip
def test_a_place_a_letter_or_a_number_names_an_offer(text: str, option: int) -> None:
    assert ("option", option) in read(text, "choose_option")
    assert ("date", "2026-12-02") not in read(text, "choose_option")


def test_where_offers_are_shown_a_message_may_begin_with_one() -> None:
    assert read("2号，别的不看了", "ask_other_offers", "offers") == [("option", 2)]
    assert ("option", 2) not in read("2号，别的不看了", "state_pay_date")


@pytest.mark.parametrize("text", ["最后一次问你", "a longer one", "the third-party app", "第三方"])
def test_what_names_no_offer(text: str) -> None:
    assert not [one for one in read(text, "choose_option") if one[0] == "option"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("爸妈跟我，再加个上高中的妹妹", [4]),
        ("我们仨，我、媳妇、闺女", [3]),
        ("家里就剩我一个老头子", [1]),
        ("俩孩子一个八岁一个十三，跟着我过，他爸不管", [3]),
        ("me plus both my parents", [3]),
        ("my husband, my mother-in-law, our son and me", [4]),
        ("me and a four year old, nobody else", [2]),
        ("my two brothers and I share everything", [3]),
        ("me, the wife and two little ones", [4]),
        ("single mum, one toddler", [2]),
        ("两口子加公公婆婆 一共四个", [4]),
        ("我一个人带俩孩子", [3]),
        ("离异，带一儿一女", [3]),
        ("家里老小五个", [5]),
        ("孩子们都还小", []),
        ("me and my kids", []),
        ("爷爷奶奶也跟着我们，一大家子人", []),
    ],
)
def test_every_head_is_counted_and_what_cannot_be_counted_is_not(
    text: str, sizes: list[int]
) -> None:
    found = read(text, "state_household")
    assert [value for kind, value in found if kind == "household_size"] == sizes


@pytest.mark.parametrize(
    "text", ["家里是五个人不是四个", "five of us at home not four", "不是四口人，家里五口"]
)
def test_a_size_that_is_taken_back_has_a_name_of_its_own(text: str) -> None:
    assert sorted(read(text, "correct_fact")) == [
        ("household_size", 5),
        ("household_size_taken_back", 4),
    ]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("886", "goodbye"),
        ("二百五，滚", "insult"),
        ("123456不对", "resend_code"),
        ("哈喽 520", "greet"),
    ],
)
def test_where_nothing_is_said_of_money_a_figure_is_no_sum(text: str, intent: str) -> None:
    assert read(text, intent) == []


def test_a_sum_beside_abuse_or_thanks_stays_one() -> None:
    assert ("amount", "3000.00") in read("谢谢，先还三千", "thanks")
    assert ("amount", "500.00") in read("500块你也要，滚", "insult")
