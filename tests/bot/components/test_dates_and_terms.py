"""Dates, days of the month, terms and choices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import is_bare, read_values

TODAY = date(2026, 11, 24)  # a Tuesday


def found(text: str, entity: str, today: date = TODAY) -> list[object]:
    return [value.value for value in read_values(text, today) if value.entity == entity]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下个月15号", "2026-12-15"),
        ("这个月25号", "2026-11-25"),
        ("上个月15号还的", "2026-10-15"),
        ("12月15号", "2026-12-15"),
        ("十二月十五号", "2026-12-15"),
        ("明年1月5号", "2027-01-05"),
        ("2026年12月31日", "2026-12-31"),
        ("2026-12-31", "2026-12-31"),
        ("end of next month", "2026-12-31"),
        ("下个月底", "2026-12-31"),
        ("明天", "2026-11-25"),
        ("三天后", "2026-11-27"),
        ("两周后", "2026-12-08"),
        ("下周三", "2026-12-02"),
        ("下下周三", "2026-12-09"),
        ("周五", "2026-11-27"),
        ("next Friday", "2026-12-04"),
        ("on Friday", "2026-11-27"),
        ("Dec 15", "2026-12-15"),
        ("15 December", "2026-12-15"),
        ("Dec 15th, 2027", "2027-12-15"),
        ("in two weeks", "2026-12-08"),
        ("the 10th of next month", "2026-12-10"),
        ("yesterday", "2026-11-23"),
        ("2月10号", "2027-02-10"),
        ("10月20号我还了", "2026-10-20"),
        ("年底", "2026-12-31"),
    ],
)
def test_a_day_with_its_month_is_a_date(text: str, day: str) -> None:
    assert found(text, "date") == [day]
    assert found(text, "day_of_month") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25号", 25),
        ("每月10号", 10),
        ("二十五号左右", 25),
        ("月底", 31),
        ("每个月月初", 1),
        ("我28日发工资", 28),
        ("the 15th", 15),
        ("25th of every month", 25),
        ("the first of each month", 1),
        ("end of the month", 31),
        ("I get paid on the 5th", 5),
    ],
)
def test_a_day_without_its_month_is_a_day_of_the_month(text: str, day: int) -> None:
    assert found(text, "day_of_month") == [day]
    assert found(text, "date") == []


@pytest.mark.parametrize(
    "text", ["32号", "四十号", "2月30号", "今天几号", "发工资那天", "13号线", "the first payment"]
)
def test_what_names_no_day_gives_none(text: str) -> None:
    assert found(text, "date") == found(text, "day_of_month") == []


def test_the_last_day_of_a_short_month_stands_for_one_it_lacks() -> None:
    assert found("下个月31号", "date", date(2027, 1, 15)) == ["2027-02-28"]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_weekday_words_land_on_that_weekday_within_two_weeks(today: date) -> None:
    for text, weekday in (("下周三", 2), ("next Friday", 4), ("周日", 6)):
        (said,) = found(text, "date", today)
        day = date.fromisoformat(str(said))
        assert day.weekday() == weekday
        assert today < day <= today + timedelta(days=14)


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_iso_dates_read_as_themselves(day: date) -> None:
    assert found(f"我{day.isoformat()}还", "date") == [day.isoformat()]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("36期", 36),
        ("三十六期", 36),
        ("三年", 36),
        ("分三年还", 36),
        ("一年半", 18),
        ("半年", 6),
        ("18个月", 18),
        ("half a year", 6),
        ("one and a half years", 18),
        ("24 months", 24),
        ("3 years", 36),
        ("thirty-six months", 36),
    ],
)
def test_terms_are_months(text: str, months: int) -> None:
    assert found(text, "term_months") == [months]


@pytest.mark.parametrize(
    "text",
    [
        "失业半年了",
        "欠了三年",
        "三个月前",
        "for the past 6 months",
        "two years ago",
        "征信记录5年",
        "第3期",
        "去年",
        "200年",
    ],
)
def test_a_stretch_of_time_that_lies_behind_is_no_term(text: str) -> None:
    assert found(text, "term_months") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第二个", 2),
        ("选1", 1),
        ("１", 1),
        ("一", 1),
        ("①", 1),
        ("方案三", 3),
        ("我要第2个方案", 2),
        ("option 2", 2),
        ("the first one", 1),
        ("I'll take the third option", 3),
        ("plan two please", 2),
        ("3.", 3),
        ("選第一個", 1),
    ],
)
def test_choices_by_number(text: str, number: int) -> None:
    assert found(text, "option") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "第一期",
        "第二次",
        "我第三天就还了",
        "一下",
        "2000",
        "the first payment",
        "4",
        "第十个",
        "选1000的",
        "一万",
    ],
)
def test_what_is_no_choice(text: str) -> None:
    assert found(text, "option") == []


def test_a_lone_small_figure_is_offered_in_every_sense_the_slot_may_want() -> None:
    assert [(v.entity, v.value) for v in read_values("2", TODAY)] == [
        ("option", 2),
        ("day_of_month", 2),
    ]
    assert [(v.entity, v.value) for v in read_values("15", TODAY)] == [
        ("day_of_month", 15),
        ("amount", "15.00"),
    ]


@pytest.mark.parametrize(
    "text", ["800", "大概4200吧", "36期", "25号", "about 4k", "第二个", "每月10号左右"]
)
def test_a_message_of_nothing_but_a_value_is_bare(text: str) -> None:
    assert is_bare(text, read_values(text, TODAY))


@pytest.mark.parametrize(
    "text", ["我到手4000", "能还800吗", "没有", "rent is 1500", "选第二个要多还多少"]
)
def test_a_message_that_says_more_is_not_bare(text: str) -> None:
    assert not is_bare(text, read_values(text, TODAY))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今早还的", "2026-11-24"),
        ("can send it tonight", "2026-11-24"),
        ("eleven calls today", "2026-11-24"),
        ("tomorrow week", "2026-12-02"),
        ("a week on Friday", "2026-12-04"),
        ("yesterday我转了", "2026-11-23"),
        ("下个月头", "2026-12-01"),
        ("下个月最后一天", "2026-12-31"),
        ("12月4号周五", "2026-12-04"),
        ("Friday 4 December", "2026-12-04"),
        ("12/20", "2026-12-20"),
        ("the twenty-first of December", "2026-12-21"),
        ("周一我转了", "2026-11-23"),
        ("it was settled on October 9th", "2026-10-09"),
        ("元旦前给", "2027-01-01"),
        ("in ten days", "2026-12-04"),
    ],
)
def test_more_words_for_one_day(text: str, day: str) -> None:
    assert found(text, "date") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "逢双周的礼拜五发",
        "每周五",
        "隔周五",
        "every other Thursday",
        "each Friday",
        "今天几号",
        "1/2",
        "24/7",
    ],
)
def test_days_again_and_again_are_no_day(text: str) -> None:
    assert found(text, "date") == found(text, "day_of_month") == []


@pytest.mark.parametrize("text", ["年底", "year end", "周末", "三个月后"])
def test_a_vague_time_is_marked(text: str) -> None:
    (value,) = [v for v in read_values(text, TODAY) if v.entity == "date"]
    assert value.extra == {"vague": True}


@pytest.mark.parametrize(
    ("text", "day"),
    [("每月最后一天发", 31), ("twenty second", 22), ("last day of the month", 31), ("月头", 1)],
)
def test_more_words_for_a_day_of_every_month(text: str, day: int) -> None:
    assert found(text, "day_of_month") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "一年两万", "一年也就挣六万来块", "种地一年到头落个两万", "学费一年一万二", "两万一年", "once a year",
        "seventy thousand a year", "twice a year we pay half",
    ],
)  # fmt: skip
def test_a_year_beside_a_sum_or_an_event_is_no_term(text: str) -> None:
    assert found(text, "term_months") == []


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("split my 21k into 36 bits", 36),
        ("spread it over 24 months", 24),
        ("split it into 36", 36),
        ("拆成36", 36),
        ("分一年，每月两千", 12),
        ("每月还五百三年还清", 36),
        ("twelve期", 12),
    ],
)
def test_more_words_for_a_term(text: str, months: int) -> None:
    assert found(text, "term_months") == [months]


def days_of(text: str, intent: str) -> list[object]:
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    return [value.value for value in values if value.entity in ("date", "day_of_month")]


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        ("3号下午打给我", "ask_call_back", ["2026-12-03"]),
        ("15号有人用我的卡刷了三千", "suspected_fraud", ["2026-11-15"]),
        ("your guy rang my mum on the 18th", "complain_harassment", ["2026-11-18"]),
        ("I already paid on the 20th", "nlu_fallback", ["2026-11-20"]),
        ("9號要供嗰筆", "nlu_fallback", ["2026-12-09"]),
        ("25号发工资就还", "willing_to_pay", [25]),
        ("还款日明明是23号，你们18号就收滞纳金", "dispute_debt", [23, "2026-11-18"]),
        ("could the due day be the 18th", "state_pay_date", [18]),
    ],
)
def test_a_day_without_its_month_is_one_day_where_the_message_tells_of_one(
    text: str, intent: str, days: list[object]
) -> None:
    assert days_of(text, intent) == days


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        ("签完了 第一笔是12月15号还吗", "ask_after_signing", ["2026-12-15"]),
        ("从8月1号起的利息能不能停了", "ask_interest_relief", ["2026-08-01"]),
        ("i cant make it on 28 nov", "report_hardship", ["2026-11-28"]),
        ("3月8号公司倒闭了", "reason_job_loss", ["2026-03-08"]),
        ("8月底就失业了", "reason_job_loss", ["2026-08-31"]),
        ("打个五折我周五就结清", "ask_settlement_discount", ["2026-11-27"]),
        ("laid off on monday", "report_hardship", ["2026-11-23"]),
        ("周一给我发短信 啥事", "ask_why_contacted", ["2026-11-23"]),
    ],
)
def test_a_date_without_its_year_is_the_nearest_unless_words_say_otherwise(
    text: str, intent: str, days: list[object]
) -> None:
    assert days_of(text, intent) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("前天礼拜天还打", ["2026-11-22"]),
        ("27号周五", ["2026-11-27"]),
        ("the 27th, a Friday", ["2026-11-27"]),
        ("要到12月底，31号最晚", ["2026-12-31"]),
        ("12月3号或者5号", ["2026-12-03", "2026-12-05"]),
        ("Dec 3 or the 5th", ["2026-12-03", "2026-12-05"]),
        ("元旦前一天发", ["2026-12-31"]),
        ("寬限到聖誕節", ["2026-12-25"]),
    ],
)
def test_what_stands_beside_a_day_says_it_once_more_or_goes_on(text: str, days: list[str]) -> None:
    assert days_of(text, "state_expected_income") == days


@pytest.mark.parametrize("text", ["碰到周末咋办", "赶上周六顺延", "if it falls on a Sunday"])
def test_a_weekday_that_may_come_is_no_day(text: str) -> None:
    assert found(text, "date") == []


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        ("我工资14才到，还款日能从6号挪到16吗", "state_pay_date", {6, 14, 16}),
        ("扣款改成25，15发钱", "state_pay_date", {15, 25}),
        ("发薪日从15变成9号了", "correct_fact", {9, 15}),
        ("退休金是15号到，我说成16了", "correct_fact", {15, 16}),
        ("不是5号，是每月15", "correct_fact", {5, 15}),
        ("17或者18号都行", "inform_value", {17, 18}),
        ("change pay day to 22 please", "correct_fact", {22}),
        ("1st", "choose_option", {1}),
        # what is none
        ("分36期改成24，每月15号还", "change_term", {15}),
        ("改成300，15号还", "state_offer_amount", {15}),
        ("还款日才过，打了15个电话", "complain_harassment", set()),
        ("每月28块利息，15号还", "ask_why_amount", {15}),
        ("家里改成3，15号发工资", "correct_fact", {15}),
    ],
)
def test_a_day_without_its_word_is_one_where_a_day_or_the_payday_is_named(
    text: str, intent: str, days: set[int]
) -> None:
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    assert {v.value for v in values if v.entity == "day_of_month"} == days


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        # of one day only, whatever is understood
        ("22号那条短信真是银行发的?", "ask_verify_bank", ["2026-11-22"]),
        ("27号我休班，那天白天都能接", "state_pay_date", ["2026-11-27"]),
        ("my day off is the 29th, call then", "state_pay_date", ["2026-11-29"]),
        ("26号之前都别给我发短信了", "opt_out", ["2026-11-26"]),
        ("push the due date to the 30th?", "ask_extension", ["2026-11-30"]),
        ("haven't slept since the 14th, every time the phone rings", "weary", ["2026-11-14"]),
        ("9号自动扣走我1126你们当没看见？", "already_paid", ["2026-11-09"]),
        ("原来说26号回我电话，换到30号", "state_pay_date", ["2026-11-26", "2026-11-30"]),
        # told as past or as to come
        ("10月20号以后的罚息别算了行不", "ask_interest_relief", ["2026-10-20"]),
        ("厂子10月31号关门了 人都不要了", "reason_job_loss", ["2026-10-31"]),
        ("9月15号之后就没上班了", "reason_job_loss", ["2026-09-15"]),
        ("礼拜五取了钱就能还", "state_pay_date", ["2026-11-27"]),
        ("星期一才講好的事", "ask_human", ["2026-11-23"]),
        ("打给我 礼拜天儿子在家", "complain_harassment", ["2026-11-29"]),
        # beside a date
        ("我11月5号逾期的，20号还上", "ask_credit_record", ["2026-11-05", "2026-11-20"]),
        ("第一回12月10号,后面都照着10号来", "ask_after_signing", ["2026-12-10", 10]),
        ("i get paid mid month, the 16th", "state_pay_date", [16]),
        ("我是10号入职的 还没发工资", "state_income", ["2026-11-10"]),
        ("不是说好28号吗 怎么就催", "complain_harassment", ["2026-11-28"]),
        # where a payday goes that falls on a weekend
        ("一般8号发，要是双休就提前到礼拜五", "state_pay_date", [8]),
        ("发工资是三号星期天就往后推一天", "state_pay_date", [3]),
        ("payday's the last Friday of the month", "state_pay_date", []),
    ],
)
def test_a_day_is_one_day_or_every_months_by_the_words_around_it(
    text: str, intent: str, days: list[object]
) -> None:
    assert days_of(text, intent) == days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("元月十号", "2027-01-10"),
        ("27年3月1号", "2027-03-01"),
        ("十二月十五到账", "2026-12-15"),
        ("12.15", "2026-12-15"),
        ("12-05到账", "2026-12-05"),
        ("01/15/2027", "2027-01-15"),
        ("11月最后一天", "2026-11-30"),
        ("下个月10能还", "2026-12-10"),
        ("双十一那天就还了", "2026-11-11"),
        ("我噚日入咗數", "2026-11-23"),
        ("上個禮拜五", "2026-11-20"),
        ("再过五天", "2026-11-29"),
        ("三日后", "2026-11-27"),
        ("Friday next week", "2026-12-04"),
        ("three weeks from today", "2026-12-15"),
        ("下周 Friday", "2026-12-04"),
        ("下个月 10th", "2026-12-10"),
        ("15号 next month", "2026-12-15"),
    ],
)
def test_figures_and_mixed_words_for_one_day(text: str, day: str) -> None:
    assert found(text, "date") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "双十一买疯了",
        "一日打十几个电话",
        "三日内",
        "多两日",
        "一二号线",
        "15号房",
        "my 18th birthday",
    ],
)
def test_sales_and_stretches_are_no_day(text: str) -> None:
    assert found(text, "date") == found(text, "day_of_month") == []


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        ("28 发钱 29 还你们", "state_pay_date", {28, 29}),
        ("扣款日放到十六行不行 我十五才拿钱", "state_pay_date", {15, 16}),
        ("镇上厂里发工钱是二十八", "nlu_fallback", {28}),
        ("固定每月十七就成", "state_offer_amount", {17}),
        ("每月3跟18各发一半", "state_pay_date", {3, 18}),
        ("十五六号吧", "inform_value", {15, 16}),
        ("要是哪个月15号我忘了交", "nlu_fallback", {15}),
        ("最后一天,每个月最后那天", "state_pay_date", {31}),
        ("salary on 15, is wrong, company now give on 20", "correct_fact", {15, 20}),
        ("I get paid on the 7th, the seventeenth was my old job", "correct_fact", {7, 17}),
        ("twenty seventh i think", "hesitate", {27}),
        ("on 30 each month", "ask_for_plan", {30}),
        ("last day of month", "state_pay_date", {31}),
        ("每个月 first day 扣吧", "reason_forgot", {1}),
        ("twenty-second of 每月", "state_pay_date", {22}),
        ("twenty 号", "inform_value", {20}),
        ("27 hao, 谢谢", "thanks", {27}),
        # what is none
        ("会员费每月25", "state_expense", set()),
        ("我跟对象还没领证，但是日子一起过的，所以填2吧", "state_pay_date", set()),
        ("the fifth call this week, and my third child is ill", "complain_harassment", set()),
    ],
)
def test_days_in_other_words(text: str, intent: str, days: set[int]) -> None:
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    assert {v.value for v in values if v.entity == "day_of_month"} == days


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        # told as past
        ("morning! we wrote on the 18th", "distress_self_harm", ["2026-11-18"]),
        ("我20号传的低保证看到没得", "ask_evidence", ["2026-11-20"]),
        ("21号跟你们聊过一次", "greet", ["2026-11-21"]),
        ("pay you 500 on the first? by then I won't be here", "distress_self_harm", ["2026-12-01"]),
        # put off to a date: the last such day before it
        (
            "it's due on the 28th, can it wait till Dec 5?",
            "ask_extension",
            ["2026-11-28", "2026-12-05"],
        ),
        ("本来28号还的，想延到12月6号", "ask_extension", ["2026-11-28", "2026-12-06"]),
        ("我28号发工资，能拖到12月5号吗", "ask_extension", [28, "2026-12-05"]),
        # in the month of the date beside
        ("he now says 28 January and not the 15th", "state_expense", ["2027-01-28", "2027-01-15"]),
        ("不是15号，是1月28号", "state_expense", ["2027-01-15", "2027-01-28"]),
        ("12月6号，哦不对，是8号", "state_expected_income", ["2026-12-06", "2026-12-08"]),
        ("回电改 27号 ok? 26 我上 night shift", "ask_call_back", ["2026-11-27", "2026-11-26"]),
        # no building
        ("1月20号店面转让费到手", "state_expected_income", ["2027-01-20"]),
        # a weekday that a day may turn out to be, a name, a stretch
        ("每月20号，如果撞正星期日點計", "ask_terms_question", [20]),
        ("要是20号正好是礼拜天，算逾期吗", "ask_terms_question", [20]),
        ("Double 11. say no more", "reason_overspending", []),
        ("black friday killed me", "reason_overspending", []),
        ("I paid on double 11", "already_paid", ["2026-11-11"]),
        ("連續做咗26日冇停過", "reason_forgot", []),
    ],
)
def test_a_day_is_read_by_its_tense_and_by_the_date_beside_it(
    text: str, intent: str, days: list[object]
) -> None:
    assert days_of(text, intent) == days


@pytest.mark.parametrize(
    ("text", "intent", "days"),
    [
        ("别定15，15要还房贷，放到22", "state_expense", {15, 22}),
        ("15不行，22吧", "state_pay_date", {15, 22}),
        ("put it on 22 not 15", "state_pay_date", {15, 22}),
        ("15 clashes with rent, 22 works", "state_pay_date", {15, 22}),
        ("别定1号，1号我要交房租，放到……就9号吧", "state_pay_date", {1, 9}),
        ("工资20发了不是15", "correct_fact", {15, 20}),
        ("300 or 500", "state_pay_date", set()),
        ("选2号", "state_pay_date", set()),
    ],
)
def test_figures_between_which_a_day_is_moved_are_days(
    text: str, intent: str, days: set[int]
) -> None:
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    assert {v.value for v in values if v.entity == "day_of_month"} == days
