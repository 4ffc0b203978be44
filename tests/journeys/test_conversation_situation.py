"""Consent and the six questions: told once, kept through everything, corrected at any time."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import HALVED, MOTHER, QUESTIONS, Guest, offered, reading, told
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


def high(amount: str | dict[str, str]) -> str:
    """A sum as recorded; of a range, its upper end."""
    return amount if isinstance(amount, str) else amount["to"]


@LOCALES
def test_consent_is_asked_with_its_notice_and_a_refusal_costs_nothing(
    stack: Stack, locale: str
) -> None:
    guest = Guest(stack, "P-1013" if locale == "zh" else "P-1014", locale)
    said = guest.known()
    assert one(locale, "单独同意", "separate consent") in said
    assert one(locale, "条件不会因此变差", "your terms are no worse") in said
    assert guest.card("consent")["notice_url"] == "/notice"
    assert guest._client.get("/notice").status_code == 200
    # Half an answer is neither.
    guest.say(one(locale, "6000", "6000"))
    assert guest.facts() == {}
    said = guest.say(one(locale, "不同意", "I don't agree"))
    assert one(locale, "同事", "colleague") in said
    assert guest.cases() == {"no_consent": "waiting"}
    assert sum(guest.asked(fact) for fact in QUESTIONS) == 0
    # The door stays open.
    guest.say(one(locale, "改主意了，同意", "I've changed my mind, I agree"))
    assert guest.stage == "situation"
    assert guest.asked("reason") == 1


@LOCALES
def test_consent_can_be_taken_back_later(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    said = guest.say(one(locale, "我收回刚才的同意", "I withdraw my consent"))
    assert one(locale, "收回了", "withdrawn") in said, guest.text()
    assert guest.stage == "consent"
    assert guest.cases() == {"no_consent": "waiting"}
    assert guest.context()["has_offers"] is False


@LOCALES
def test_every_question_comes_once_one_at_a_time_and_is_read_back(
    stack: Stack, locale: str
) -> None:
    guest = told(stack, locale)
    assert {fact: guest.asked(fact) for fact in QUESTIONS} == dict.fromkeys(QUESTIONS, 1)
    for figure in one(
        locale, "6,000 3,900 1,000 1,100 15号", "14,000 10,500 1,000 2,500 1,800 28"
    ).split():
        assert figure in guest.words, guest.text()
    assert guest.stage == "situation"
    guest.say(one(locale, "都对", "All correct"))
    assert guest.offer()["kind"] == "instalments"


@LOCALES
def test_everything_in_one_breath_is_not_asked_again(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(one(locale, "同意", "I agree"))
    guest.say(one(locale, "被裁员了", "I lost my job"))
    guest.say(
        one(
            locale,
            "每月到手6000，房租吃饭3900，别的银行每月还1000",
            "I take home 6000, rent and food are 3900, and I pay 1000 to other lenders",
        )
    )
    assert guest.asked("essential_spending") == guest.asked("other_debt_payments") == 0, (
        guest.text()
    )
    assert guest.asked("proposed_payment") == 1
    facts = guest.facts()
    assert facts["monthly_income"] == {"from": "6000.00", "to": "6000.00"}
    assert [high(facts[name]) for name in ("essential_spending", "other_debt_payments")] == [
        "3900.00",
        "1000.00",
    ]


@LOCALES
def test_questions_may_be_skipped_or_answered_roughly(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1014", locale)
    guest.known()
    guest.say(one(locale, "同意", "I agree"), one(locale, "跳过", "skip"))
    guest.say(one(locale, "大概一万一到一万三", "roughly 11 to 13 thousand"))
    guest.say(one(locale, "跳过", "Skip"), one(locale, "没有别的", "Nothing elsewhere"))
    guest.say(one(locale, "大概两千五吧", "about 2.5k"))
    said = guest.say(one(locale, "跳过", "Skip"))
    facts = guest.facts()
    assert facts["monthly_income"] == {"from": "11000.00", "to": "13000.00"}
    assert high(facts["proposed_payment"]) == "2500.00"
    assert [facts[name] for name in ("reason", "essential_spending", "pay_day")] == ["skipped"] * 3
    assert one(locale, "没说", "not said") in said
    guest.say(one(locale, "都对", "All correct"))
    assert guest.stage == "offers", guest.text()


@LOCALES
def test_a_digression_loses_nothing_and_asks_nothing_twice(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1005", locale)
    guest.known()
    guest.say(
        *one(
            locale, "同意|跑外卖收入少了|四千五到七千五", "I agree|My income fell|4500 to 7500"
        ).split("|")
    )
    digressions = [
        ("会不会影响征信", "my credit record?", "留5年", "5 years"),
        ("你是机器人吧", "are you a robot", "程序", "program"),
        ("明天下雨吗", "will it rain tomorrow", "不知道", "don't know"),
        ("会坐牢吗", "will I go to prison", "不是律师", "not a lawyer"),
        ("两张卡一起算吗，我一共欠多少", "what do I owe", "本金", "principal"),
    ]  # fmt: skip
    for zh, en, words_zh, words_en in digressions:
        said = guest.say(one(locale, zh, en))
        assert one(locale, words_zh, words_en) in said, guest.text()
        assert one(locale, *QUESTIONS["essential_spending"]) in said, (
            "the open question comes again"
        )
    guest.say(one(locale, "三千", "3000"))
    assert guest.asked("monthly_income") == guest.asked("reason") == 1
    facts = guest.facts()
    assert high(facts["essential_spending"]) == "3000.00"
    assert facts["monthly_income"] == {"from": "4500.00", "to": "7500.00"}


def test_the_language_is_switched_half_way_and_back_and_nothing_is_lost(stack: Stack) -> None:
    guest = Guest(stack, "P-1010")
    guest.known()
    guest.say("同意", "花多了，信用卡套来套去")
    assert "每个月到手大概多少" in guest.words
    assert "What do you need to live on" in guest.say("I take home about 7000 a month")
    assert "goes to other lenders each month" in guest.say("3,500 for rent and food")
    assert "每个月能拿出多少" in guest.say("别的平台每个月要还一千")
    assert "Which day of the month" in guest.say("I could manage 900 a month")
    said = guest.say("15号吧")
    assert "每月到手：约7,000" in said, guest.text()
    assert all(guest.asked(fact) == 1 for fact in QUESTIONS), guest.text()
    assert "monthly" not in said
    assert "a month for" in guest.say("yes, all correct")
    assert high(guest.facts()["proposed_payment"]) == "900.00"


@LOCALES
def test_a_fact_is_corrected_at_the_read_back(stack: Stack, locale: str) -> None:
    guest = told(stack, locale)
    said = guest.say(one(locale, "不是6000，只有5800", "not 14000, only 13800"))
    assert one(locale, "约5,800", "about ¥13,800") in said, guest.text()
    guest.say(one(locale, "有要改的", "Change something"))
    guest.say(one(locale, "开销写错了", "My spending is wrong"))
    assert guest.asked("essential_spending") == 2  # they asked to tell it again
    said = guest.say(one(locale, "三千八", "10,400"))
    assert one(locale, "约3,800", "about ¥10,400") in said, guest.text()
    facts = guest.facts()
    assert facts["monthly_income"]["from"] == one(locale, "5800.00", "13800.00")
    assert facts["pay_day"] == (15 if locale == "zh" else 28), "the rest is untouched"


@LOCALES
def test_a_correction_while_being_asked_changes_the_right_thing(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1006", locale)
    guest.known()
    guest.say(*one(locale, "同意|上个月动了手术|6000", "I agree|I had surgery|6000").split("|"))
    said = guest.say(one(locale, "不是6000，只有4200", "not 6000, only 4200"))
    assert one(locale, "改好了", "Changed") in said, guest.text()
    assert one(locale, *QUESTIONS["essential_spending"]) in said
    guest.say(one(locale, "两千七", "2700"))
    facts = guest.facts()
    assert facts["monthly_income"] == {"from": "4200.00", "to": "4200.00"}
    assert high(facts["essential_spending"]) == "2700.00"


@LOCALES
def test_what_cannot_be_is_not_taken(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(one(locale, "同意", "I agree"), one(locale, "跳过", "skip"))
    for absurd in one(locale, "一个亿|-500|abc", "100000000000|-500|abc").split("|"):
        said = guest.say(absurd)
        assert one(locale, *QUESTIONS["monthly_income"]) in said, guest.text()
    assert "monthly_income" not in guest.facts()
    guest.say("6000", "3900", "1000", "1000")
    said = guest.say(one(locale, "2月31号", "31 February"))
    assert one(locale, "1到31", "1 to 31") in said, guest.text()
    guest.say(one(locale, "15号", "the 15th"))
    assert guest.facts()["pay_day"] == 15


@LOCALES
def test_a_correction_of_the_offer_has_it_worked_out_again(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    before = guest.offer()
    guest.say(one(locale, "收入写错了", "My income is wrong"))
    said = guest.say(one(locale, "五千八", "13,500"))
    assert one(locale, "对吗", "Is it right?") in said
    assert guest.stage == "situation"
    assert guest.context()["has_offers"] is False, "what rested on the old figure stands no longer"
    guest.say(one(locale, "都对", "All correct"))
    after = guest.offer()
    assert (after["monthly"], after["periods"]) != (before["monthly"], before["periods"])


@LOCALES
def test_terms_made_from_old_facts_cannot_be_signed(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    terms = guest.card("terms")["agreement_id"]
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    old_code = guest.code()
    guest.say(one(locale, "不是1000，每月只能还900", "sorry, not 1800, I can only pay 1500"))
    assert guest.stage == "situation", guest.text()
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    assert guest.stage != "signed"
    guest.say(old_code)
    assert guest.context()["signed"] is False, guest.text()
    guest.say(one(locale, "都对", "All correct"))
    assert guest.offer(), guest.text()
    if locale == "en":  # the planner goes no lower, and that is said openly
        assert "above the amount you named (about ¥1,500)" in guest.words, guest.text()
    guest.say(
        *one(locale, "选这个|继续|继续|继续", "Choose this one|Continue|Continue|Continue").split(
            "|"
        )
    )
    assert guest.card("terms")["agreement_id"] != terms


def test_days_later_a_new_visit_goes_on_with_the_questions(stack: Stack) -> None:
    first = Guest(stack, "P-1002")
    first.known()
    first.say(*MOTHER[:4], "以后再说")
    later = first.back_again()
    said = later.known()
    assert "前面说的都在" in said, later.text()
    assert "别的银行和平台" in said
    later.say("一千", "每月能还一千", "15号")
    assert [later.asked(fact) for fact in list(QUESTIONS)[:3]] == [0, 0, 0]
    assert "约3,900" in later.words
    assert "consent" not in [card["kind"] for card in later.cards]


def test_days_later_a_new_visit_goes_on_with_the_offer_and_the_terms(stack: Stack) -> None:
    first = Guest(stack, "P-1004", "en")
    first.known()
    first.say(*HALVED, "All correct")
    offer = first.offer()
    first.say("I'll think about it")
    second = first.back_again()
    second.known()
    assert second.offer()["monthly"] == offer["monthly"]
    assert sum(second.asked(fact) for fact in QUESTIONS) == 0
    # A correction by its old value works in a visit that never heard it.
    assert "about ¥13,500" in second.say("not 14000, only 13500")
    second.say("All correct", "Choose this one", "Continue", "Show my family first")
    assert "file name gives nothing away" in second.words
    third = second.back_again()
    third.known()
    assert third.stage == "agree", third.text()
    third.say("Continue", "Continue", "Continue", "Yes, I'll sign")
    third.say(third.code())
    assert third.stage == "signed", third.text()
    fourth = first.back_again()
    said = fourth.known()
    assert fourth.stage == "followup"
    assert "next date" in said


@LOCALES
def test_after_three_misses_a_person_is_offered(stack: Stack, locale: str) -> None:
    guest = told(stack, locale)
    for nonsense in ("三角形的鞋带发芽", "紫色的云朵吃了螺丝", "瓷砖弹奏葡萄柚") if locale == "zh" else (
        "flurb gnarx", "zzyzx plugh", "qwop frotz",
    ):  # fmt: skip
        guest.say(nonsense)
    assert one(locale, "请同事来接", "Shall a colleague take over") in guest.words, guest.text()
    guest.say(one(locale, "好，请同事来", "Yes, a colleague"))
    assert guest.cases() == {"not_understood": "waiting"}, guest.text()
    assert guest.stage == "situation"
    assert high(guest.facts()["proposed_payment"]) == one(locale, "1000.00", "1800.00")
