"""Sums as people write them become exact decimal strings."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import read_values
from bot.components.grammar.spans import never_a_sum
from bot.components.grammar.value import Value

TODAY = date(2026, 11, 24)


def amounts(text: str) -> list[Value]:
    return [value for value in read_values(text, TODAY) if value.entity == "amount"]


def sums(text: str) -> list[object]:
    return [value.value for value in amounts(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三千五", "3500.00"),
        ("一万二", "12000.00"),
        ("1万2", "12000.00"),
        ("1.2万", "12000.00"),
        ("2w", "20000.00"),
        ("1w2", "12000.00"),
        ("两千多", "2000.00"),
        ("八百五十块五毛", "850.50"),
        ("三块五", "3.50"),
        ("12块5毛", "12.50"),
        ("3.5k", "3500.00"),
        ("RMB 1,200", "1200.00"),
        ("¥1200", "1200.00"),
        ("￥１，２００".replace("，", ","), "1200.00"),
        ("８００", "800.00"),
        ("about 4k", "4000.00"),
        ("eight hundred", "800.00"),
        ("twelve hundred", "1200.00"),
        ("one thousand two hundred", "1200.00"),
        ("3 thousand five hundred", "3500.00"),
        ("three and a half thousand", "3500.00"),
        ("a couple of thousand", "2000.00"),
        ("1 grand", "1000.00"),
        ("三千零五", "3005.00"),
        ("两百五", "250.00"),
        ("2千5", "2500.00"),
        ("二十一万", "210000.00"),
        ("一万零五百", "10500.00"),
        ("壹仟贰佰元", "1200.00"),
        ("八百蚊", "800.00"),
        ("大概4200吧", "4200.00"),
        ("800", "800.00"),
        ("0", "0.00"),
        ("一分没有", "0.00"),
        ("-500", "-500.00"),
    ],
)
def test_one_sum_is_read(text: str, value: str) -> None:
    assert sums(text) == [value]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("五六千", "5000.00", "6000.00"),
        ("四五千吧", "4000.00", "5000.00"),
        ("一两千", "1000.00", "2000.00"),
        ("三五百", "300.00", "500.00"),
        ("三到五千", "3000.00", "5000.00"),
        ("3-5千", "3000.00", "5000.00"),
        ("3、4千", "3000.00", "4000.00"),
        ("1000-1500", "1000.00", "1500.00"),
        ("一千到一千五", "1000.00", "1500.00"),
        ("1000块到1500块", "1000.00", "1500.00"),
        ("4 to 5 thousand", "4000.00", "5000.00"),
        ("between 4 and 5 thousand", "4000.00", "5000.00"),
        ("500 or 600", "500.00", "600.00"),
    ],
)
def test_a_range_keeps_both_ends(text: str, low: str, high: str) -> None:
    assert sums(text) == [{"from": low, "to": high}]


@pytest.mark.parametrize(
    "text",
    [
        "发工资那天",
        "没有",
        "一天打十几个电话",
        "一天打了20个电话给我",
        "36期",
        "12个月",
        "打12356",
        "尾号1234那张卡",
        "我电话13800138000",
        "利率18.25%",
        "百分之五",
        "中介收6个点",
        "上午10:30",
        "几千块",
        "千千万万",
        "$500",
        "5000港币",
        "twenty calls a day",
        "2 kids at home",
        "第一期什么时候还",
        "一下子",
        "the first one",
        "http://ht.example/k7Qm2x1200",
        "编号A20714",
    ],
)
def test_what_is_no_sum_of_yuan_is_left_alone(text: str) -> None:
    assert sums(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "我到手4000，房租1500，最多能还800",
            [("4000.00", "income"), ("1500.00", "spending"), ("800.00", "offer")],
        ),
        (
            "I make about 4k, rent 1500, can pay 500",
            [("4000.00", "income"), ("1500.00", "spending"), ("500.00", "offer")],
        ),
        ("我失业了，能不能分期，一个月最多八百", [("800.00", "offer")]),
        ("网贷每月要还两千，房贷3500", [("2000.00", "other_debts"), ("3500.00", "other_debts")]),
        ("每月还2000房贷", [("2000.00", "other_debts")]),
        ("除了网贷我每月能还你们800", [("800.00", "offer")]),
        ("工资嘛，大概五千", [("5000.00", "income")]),
        ("手头只有2000，先还1000", [("2000.00", "lump_sum"), ("1000.00", "lump_sum")]),
        ("欠你们38600", [("38600.00", "debt")]),
        ("没有收入", [("0.00", "income")]),
        ("no income", [("0.00", "income")]),
        ("没有别的贷款", [("0.00", "other_debts")]),
        ("no other loans", [("0.00", "other_debts")]),
        ("以前工资8000，现在4000", [("8000.00", "before"), ("4000.00", None)]),
        ("工资从6000降到4200", [("6000.00", "before"), ("4200.00", "income")]),
        ("每月2000太多了", [("2000.00", "too_much")]),
        ("I can't pay 2000", [("2000.00", "too_much")]),
        ("还不起1500", [("1500.00", "too_much")]),
        ("明天还1000", [("1000.00", "lump_sum")]),
        ("月薪3000，老婆2500", [("3000.00", "income"), ("2500.00", "income")]),
        ("年薪12万", [("10000.00", "income")]),
        ("那笔860我没花过", [("860.00", None)]),
    ],
)
def test_words_nearby_tell_which_sum_it_is(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert [(value.value, value.role) for value in amounts(text)] == expected


def test_parts_of_a_named_total_lose_their_role() -> None:
    found = amounts("水电200、吃饭800、房租1500，加起来2500")
    assert [value.role for value in found] == ["part", "part", "part", "spending"]


@pytest.mark.parametrize(
    "text",
    [
        "不是6000，只有4200",
        "it's 4200 not 6000",
        "6000 no sorry 4200",
        "是4200不是6000",
        "not 6000, only 4200",
    ],
)
def test_a_correction_keeps_only_what_stands(text: str) -> None:
    found = amounts(text)
    assert [value.value for value in found] == ["4200.00"]
    assert found[0].extra == {"corrected": True}


def test_a_daily_wage_is_not_taken_for_a_monthly_one() -> None:
    (found,) = read_values("一天挣两百", TODAY)
    assert (found.entity, found.value, found.role) == ("amount_per_day", "200.00", "income")


def _said(number: int) -> str:
    """An independent, textbook way of saying a number below a hundred million in Chinese."""
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]

    def section(part: int) -> str:
        out, zero = "", False
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit:
                out += ("零" if zero and out else "") + digits[digit] + units[place]
                zero = False
            else:
                zero = True
        return out

    high, low = divmod(number, 10_000)
    if not high:
        return section(low)
    gap = "零" if low and low < 1000 else ""
    return section(high) + "万" + gap + section(low)


@given(st.integers(100, 9_999_999))
def test_every_number_said_in_full_reads_back(number: int) -> None:
    assert sums(_said(number) + "元") == [f"{number}.00"]


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999.99"), places=2))
def test_every_figure_with_a_currency_reads_back(number: Decimal) -> None:
    assert sums(f"¥{number}") == [str(number)]
    assert sums(f"{number:,}元") == [str(number)]


@given(st.integers(100, 9_999_999))
def test_full_width_figures_read_like_half_width_ones(number: int) -> None:
    assume(not never_a_sum(str(number)))  # 233 laughs, 12378 is a hotline
    wide = str(number).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    assert sums(wide) == sums(str(number)) == [f"{number}.00"]


@given(st.text(max_size=80))
def test_no_text_breaks_the_grammar_and_places_lie_inside_it(text: str) -> None:
    for value in read_values(text, TODAY):
        assert 0 <= value.start < value.end <= len(text)


@given(
    st.text(
        alphabet="我每月收入还一二三四五千百万块元0123456789,.，。 不是到多k-~rentpay号期",
        max_size=40,
    )
)
def test_dense_talk_of_money_never_breaks_and_ranges_rise(text: str) -> None:
    for value in amounts(text):
        if isinstance(value.value, dict):
            assert Decimal(value.value["from"]) < Decimal(value.value["to"])
        else:
            assert Decimal(str(value.value)) == Decimal(str(value.value)).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一个亿", "100000000.00"), ("每月能还一个亿", "100000000.00"), ("三千个万", "30000000.00"),
        ("10^6", "1000000.00"), ("1e4", "10000.00"), ("1.5e4", "15000.00"), ("3*10^3", "3000.00"),
        ("10的3次方", "1000.00"), ("10^999", "999999999999.00"), ("9**99元", "999999999999.00"),
        ("a billion", "1000000000.00"), ("500a month", "500.00"), ("6000yuan", "6000.00"),
    ],
)  # fmt: skip
def test_figures_beyond_anybodys_are_read(text: str, value: str) -> None:
    assert [found.value for found in read_values(text, TODAY)] == [value]


@pytest.mark.parametrize(
    "text",
    ["123abc", "1a2b3c4d", "v123456", "13800138000", "6222020200112233445", "一个人", "两个月"],
)
def test_figures_that_are_no_sums(text: str) -> None:
    assert [v for v in read_values(text, TODAY) if v.entity == "amount"] == []


@pytest.mark.parametrize(
    "text",
    [
        "what is the account number of user 12345",
        "用户12345是谁",
        "账号是88812",
        "my client id 4410",
        "case 3021",
    ],
)
def test_the_number_of_a_person_or_an_account_is_no_sum(text: str) -> None:
    assert sums(text) == []


def test_money_beside_such_a_word_still_is() -> None:
    assert sums("账号里有5000元") == ["5000.00"]
    assert sums("my account 5000 yuan") == ["5000.00"]


def _sums(text: str) -> list[object]:
    return [v.value for v in read_values(text, date(2026, 11, 24)) if v.entity.startswith("amount")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("时薪十八", "18.00"),
        ("一小时25", "25.00"),
        ("吃饭一天三四十", {"from": "30.00", "to": "40.00"}),
        ("一天还二十可以不", "20.00"),
        ("fifty a week", "50.00"),
        ("could spare maybe forty", "40.00"),
        ("三十我都掏不出", "30.00"),
        ("百来块", "100.00"),
        ("百八十块一个月", {"from": "80.00", "to": "100.00"}),
        ("千儿八百", {"from": "800.00", "to": "1000.00"}),
        ("万八千的", {"from": "8000.00", "to": "10000.00"}),
        ("先两百两百地还着", "200.00"),
        ("三两百", {"from": "200.00", "to": "300.00"}),
        ("我能出一千二一期", "1200.00"),
        ("每月还五百三年还清", "500.00"),
        ("2个w", "20000.00"),
        ("5 k a month", "5000.00"),
        ("2，600元", "2600.00"),
        ("car loan two thousand two", "2200.00"),
        ("my income is 0 at the moment", "0.00"),
        ("三千分36期", "3000.00"),
        ("两千年底给", "2000.00"),
        ("收我三千代协商", "3000.00"),
        ("salary四千二", "4200.00"),
        ("欠95588", "95588.00"),
        ("每月还666", "666.00"),
    ],
)
def test_small_rough_and_run_on_sums(text: str, value: object) -> None:
    assert _sums(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "had this card since 2016", "cancelled it in 2022", "2019办的卡", "12378说了", "10086都没你们打得勤",
        "is 95588 really your number", "验证码483920不对", "code 771204 says expired", "flat 1204", "住302",
        "room 305", "日息万五", "万分之五", "月息两分", "233333", "hahaha 666 nice", "哈哈哈888", "五百字的检讨",
        "一天打我三十个电话", "送了五十单", "一周做四天", "在家照顾八十岁的妈", "twenty calls a day",
    ],
)  # fmt: skip
def test_numbers_that_are_names_rates_or_counts_are_no_sums(text: str) -> None:
    assert _sums(text) == []


@pytest.mark.parametrize(
    "text", ["1a" * 1000, "一" * 2000, "20号" * 600, " " * 2000, "两百" * 1000]
)
def test_a_long_text_is_read_in_no_time(text: str) -> None:
    start = time.process_time()
    read_values(text, date(2026, 11, 24))
    assert time.process_time() - start < 0.5  # about 0.05 on a quiet machine


def _settled(text: str, intent: str, entity: str, stage: str | None = None) -> list[object]:
    found = settled(text, read_values(text, TODAY), intent, TODAY, stage)
    return [value.value for value in found if value.entity == entity]


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("方案一二都太贵了", "ask_other_offers", [1, 2]),
        ("1 2 3 all too high for me leh", "ask_other_offers", [1, 2, 3]),
        ("options 1 and 2 are both too much", "ask_other_offers", [1, 2]),
        ("1同2之間諗緊", "chitchat_oos", [1, 2]),
        ("torn between A and C", "nlu_fallback", [1, 3]),
        ("A，啊不是，我说第2种", "choose_option", [1, 2]),
        ("1 no sorry 3", "choose_option", [1, 3]),
        ("不是1是2", "choose_option", [1, 2]),
        ("三吧三吧", "nlu_fallback", [3]),
        ("the middle one suits, number two", "choose_option", [2]),
        ("还是头一个好钱少一点就头一个", "choose_option", [1]),
        ("第一份工资得再等等", "state_expected_income", []),
        ("so first one is 5 Dec right?", "ask_progress", []),
        ("工资一到我头一个还你们", "willing_to_pay", []),
        ("给我选一个", "ask_for_plan", []),
    ],
)
def test_offers_named_together_taken_back_or_said_twice(
    text: str, intent: str, values: list[object]
) -> None:
    assert sorted(_settled(text, intent, "option"), key=str) == values


def test_where_offers_are_shown_a_lone_figure_is_no_day() -> None:
    assert _settled("2", "choose_option", "day_of_month", "offers") == []
    assert _settled("2", "choose_option", "option", "offers") == [2]


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("签了36个月的，中途提前清掉罚不罚钱", "ask_terms_question", [36]),
        ("谢谢姑娘给我分了两年", "thanks", [24]),
        ("签了两年劳动合同", "chitchat_oos", []),
        ("这24个月的还能改不", "ask_if_worse", [24]),
        ("这两年生意不好", "ask_if_worse", []),
        ("半年能弄完吗", "ask_service", [6]),
        ("半年内还完行吗", "change_term", [6]),
        ("can split into 12 or not", "ask_for_plan", [12]),
        ("how many out of the 18 have i done already", "ask_progress", [18]),
        ("I choose 24 months then my credit record is bad?", "ask_credit_record", [24]),
        ("我要的是24期，前头打成14了", "change_term", [24, 14]),
        ("not sixty months! forty's enough", "change_term", [60, 40]),
        ("工资条要近三个月的还是半年的", "ask_evidence", []),
        ("bank statements for three months ok?", "ask_service", []),
        ("分两次行不", "state_offer_amount", []),
        ("分12次还", "ask_for_plan", [12]),
    ],
)
def test_terms_agreed_asked_about_and_corrected(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "term_months") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("三个女的挤一块", []),
        ("我跟媳妇一块下岗", []),
        ("两口子加一块5000", ["5000.00"]),
        ("只剩一块钱", ["1.00"]),
        ("一块五", ["1.50"]),
        ("每月16号我给你们转五百成不成", ["500.00"]),
        ("三百成吗", ["300.00"]),
        ("先打2000过来", ["2000.00"]),
        ("打12378投诉", []),
        ("btw 3 and 4 thousand", [{"from": "3000.00", "to": "4000.00"}]),
        ("btw my rent is 300 and food 400", ["300.00", "400.00"]),
        ("3000和4000之间", [{"from": "3000.00", "to": "4000.00"}]),
        ("四万一口价", ["40000.00"]),
        ("这期还差430块 凑不到了55", ["430.00"]),
        ("没钱了555", []),
        ("66666你们真会催", []),
        ("每月还555", ["555.00"]),
        ("还欠我2300工资没给", ["2300.00"]),
        ("divorced in 2024, ex pay nothing", []),
        ("收入眼下是0", ["0.00"]),
        ("0，真係冇", ["0.00"]),
    ],
)
def test_sums_without_a_currency_and_what_only_looks_like_one(
    text: str, values: list[object]
) -> None:
    assert _sums(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("一蚊都冇", []),
        ("一块钱都拿不出来", []),
        ("not even 1 yuan left", []),
        ("只剩一块钱", ["1.00"]),
        ("卡里还剩十一块三你要不要", ["11.30"]),
        ("欠五十六块七毛八", ["56.78"]),
        ("九块九包邮", ["9.90"]),
        ("五块一双", ["5.00"]),
        ("账单里有三百六年费", ["360.00"]),
        ("余额只有60", ["60.00"]),
        ("balance only 60", ["60.00"]),
        ("三笔不认识的 每笔99", ["99.00"]),
        ("minus one, 现在 7 people", []),
        ("01/15/2027", []),
        ("please, on 30 each month, not more often", []),
        ("循环利息日万五太狠了", []),
        ("按万五收利息", []),
        ("给你们每个月1500成不成", ["1500.00"]),
        ("工资只发7成", []),
        ("996的厂子", []),
        ("血压180", []),
        ("应付不了，叫了120", []),
        ("the cow should bring 8000", ["8000.00"]),
        ("卖了200股", []),
        ("a million thanks", []),
    ],
)
def test_small_sums_and_figures_of_other_things(text: str, values: list[object]) -> None:
    assert _sums(text) == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("How about a thousand two each month", "1200.00"),
        ("two grand five", "2500.00"),
        ("3 thousand five", "3500.00"),
        ("three fifty a month", "350.00"),
        ("I can pay two twenty", "220.00"),
        ("brings home 3,2k", "3200.00"),
        ("3 千 a month", "3000.00"),
        ("五百六百的都行", {"from": "500.00", "to": "600.00"}),
    ],
)
def test_sums_said_in_half_or_in_one_breath(text: str, value: object) -> None:
    assert _sums(text) == [value]


@pytest.mark.parametrize("text", ["a few hundred", "several thousand yuan", "hundreds of calls"])
def test_what_names_no_figure_is_no_sum(text: str) -> None:
    assert _sums(text) == []


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("月入0", ["income"]),
        ("my income went to zero", ["income"]),
        ("收入直接清零了", ["income"]),
        ("I have other debt 0", ["other_debts"]),
        ("rent 0, I live with mom", ["spending"]),
        ("I got 0 to give", ["offer"]),
        ("能还的是0", ["offer"]),
        ("存款0", [None]),
        ("没有，0", [None]),
        ("0利息行不行", []),
        ("0点以后打给我", []),
        ("zero chance", []),
        ("set my balance to zero", []),
    ],
)
def test_a_nil_is_of_what_is_named_beside_it(text: str, roles: list[str | None]) -> None:
    assert [value.role for value in amounts(text) if value.value == "0.00"] == roles


def test_a_nil_that_is_taken_back_does_not_stand() -> None:
    assert sums("I wrote other debt 0, that is wrong, it's 280") == ["280.00"]


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("landlord will return my deposit of 4400 on dec 10", "chitchat_oos", ["4400.00"]),
        ("my refund 1250 has not come", "chitchat_oos", ["1250.00"]),
        ("谢谢 那就每月600", "thanks", ["600.00"]),
        ("拜拜886", "goodbye", []),
        ("520爱你", "chitchat_oos", []),
        ("你们二百五吧", "insult", []),
        ("验证码 4821 过期了", "resend_code", []),
    ],
)
def test_money_that_is_named_is_a_sum_whatever_is_understood(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "amount") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("我一日只有一百蚊", "state_income", []),
        ("一日还唔清都瞓唔着", "weary", []),
        ("每月一日还500", "state_offer_amount", [1]),
    ],
)
def test_a_day_long_is_no_first_of_the_month(text: str, intent: str, values: list[object]) -> None:
    assert _settled(text, intent, "day_of_month") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("缩短成半年可以吗", "change_term", [6]),
        ("减成一年可以不", "change_term", [12]),
        ("我要的是20期 你听成12期了", "change_term", [20, 12]),
        ("I said 10期 but want 20期 now", "change_term", [10, 20]),
        ("已经还了12期了", "ask_progress", []),
        ("seventy-two months pls", "state_household", [72]),
        ("拉到 forty 期", "change_term", [40]),
        ("分 24 个 month 可以吗", "ask_for_plan", [24]),
        ("can you make that 12 into 20", "ask_why_amount", [12, 20]),
        ("24 times 512 is more than I owe", "ask_why_amount", [24]),
        ("800x24", "ask_for_plan", [24]),
        ("yesterday 3 payments I don't know", "change_term", []),
        ("24 payments of 500", "ask_for_plan", [24]),
        ("还到三年后?", "distress_self_harm", [36]),
        ("三年后再说", "ask_later", []),
        ("她一个月两千一,不是一年", "correct_fact", []),
        ("five years of paying for one winter", "reason_overspending", [60]),
        ("I mean twelve months, I said ten by mistake", "correct_fact", [12, 10]),
        ("12期说错了，是18", "correct_fact", [12, 18]),
        ("24期，还款日是15", "correct_fact", [24]),
        ("24 months is fine but it's 5 people not 3", "correct_fact", [24]),
        ("12, 24 or 36 months?", "ask_other_offers", [12, 24, 36]),
        ("36期还是24好", "ask_other_offers", [36, 24]),
        ("肺癌三期", "reason_illness", []),
        ("用了你们卡八年", "chitchat_oos", []),
        ("下半年再还", "ask_later", []),
    ],
)
def test_terms_changed_listed_multiplied_and_corrected(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "term_months") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("no one but myself to feed", "state_household", []),
        ("fifteen hundred a month, first one on December 5th", "inform_value", []),
        ("不要一了,换成二", "choose_option", [1, 2]),
        ("no wait, I clicked wrong, it's the second I want", "correct_fact", [2]),
        ("the second is nearly okay", "ask_meaning", [2]),
        ("the second of December", "state_pay_date", []),
        ("torn between one and two honestly", "hesitate", [1, 2]),
        ("stuck between the first and the third", "hesitate", [1, 3]),
        ("between one and two thousand", "hesitate", []),
        ("头一种,24个月的那个", "choose_option", [1]),
        ("no not 1, 我 pick 方案 2", "choose_option", [1, 2]),
        ("两个方案我都看了，1好点", "choose_option", [1]),
        ("1\ufe0f\u20e3", "choose_option", [1]),
    ],
)
def test_offers_wanted_by_their_place(text: str, intent: str, values: list[object]) -> None:
    assert _settled(text, intent, "option") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("谢谢啊，免了我那130违约金", "thanks", ["130.00"]),
        ("thanks for waiving the 85 late fee", "thanks", ["85.00"]),
        ("please waive the fifty late fee", "ask_interest_relief", ["50.00"]),
        ("超时被罚了五十，这钱你们赔？", "dispute_debt", ["50.00"]),
        ("讲好每期38，现在扣我64", "dispute_debt", ["38.00", "64.00"]),
        ("where do the other sixty come from", "ask_why_amount", ["60.00"]),
        ("多出来的六十哪来的", "ask_why_amount", ["60.00"]),
        ("the other twenty people", "chitchat_oos", []),
        ("扣了我三次", "complain_harassment", []),
        ("我说的1800你扯到哪儿去了，真人还是机器", "ask_is_robot", ["1800.00"]),
        ("一笔八百一笔一千二", "already_paid", ["800.00", "1200.00"]),
        ("两张卡，一张八千一张一万二", "state_expense", ["8000.00", "12000.00"]),
        ("炒币爆仓，七个w没了", "reason_overspending", ["70000.00"]),
        ("是四千不是十千", "correct_fact", ["4000.00"]),
        ("里面利息有没有過千", "ask_what_i_owe", ["1000.00"]),
        ("不过千万别催，路上千万小心", "goodbye", []),
        ("2 thousand right now, I said three but the rent went off", "x", ["2000.00", "3000.00"]),
        ("八千，我刚说九", "correct_fact", ["8000.00", "9000.00"]),
        ("two thousand, then I put two kids in school", "state_income", ["2000.00"]),
        ("whether I can pay 900 or 1,900", "refuse_automation", ["900.00", "1900.00"]),
        ("年化到底多少，14.6还是18.25", "ask_annual_rate", []),
        ("is 0.05% a day the same as 18.25 a year", "legal_question", []),
        ("收入係0", "reason_income_drop", ["0.00"]),
    ],
)
def test_sums_beside_fees_in_rows_and_with_a_borrowed_unit(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "amount") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("12期跟36期利率一样不一样", "ask_annual_rate", [12, 36]),
        ("12 vs 24 months which is cheaper", "ask_annual_rate", [12, 24]),
        ("说我逾期5期，明明就3期", "ask_what_i_owe", []),
        ("办的是20期不是24期，给我多挂了四期", "dispute_debt", [20, 24]),
        ("已还了3期，还能改成6期吗", "change_term", [6]),
        ("都說不良記錄留五年，是從還清那天開始算嗎", "ask_credit_record", []),
        ("they get me sixty months without interest", "ask_agents", [60]),
    ],
)
def test_terms_compared_and_instalments_told_of(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "term_months") == values


@pytest.mark.parametrize(
    ("text", "intent", "values"),
    [
        ("sorry I pressed 1, I meant offer 2", "correct_fact", [1, 2]),
        ("选错了，不是1，是3", "correct_fact", [1, 3]),
        ("press 1 for service", "complain_harassment", []),
        ("选2吧…又好像1划算，拿不准", "hesitate", [2, 1]),
        ("B不行，太贵，就A那个，每月520的", "choose_option", [2, 1]),
        ("第4条第二款那个一并到期是啥后果", "ask_terms_question", []),
        ("24期中间 baby 出生", "ask_if_worse", []),
        ("别定1号，1号我要交房租", "state_pay_date", []),
    ],
)
def test_offers_pressed_compared_and_clauses_that_are_none(
    text: str, intent: str, values: list[object]
) -> None:
    assert _settled(text, intent, "option") == values
