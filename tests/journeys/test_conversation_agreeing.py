"""Offers, terms and the signature: nothing is pressed, nothing is signed by half a word."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import offered, owes_tomorrow, reading, signed, told
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


@LOCALES
def test_begging_and_anger_change_no_figure(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    first = guest.offer()
    for zh, en in (
        ("再便宜点", "make it cheaper"), ("求求你了，再少点吧", "come on, give me a lower one"),
        ("利息能不能免了", "can you waive the interest"), ("吸血鬼", "bloodsuckers"),
        ("再便宜点", "can you go lower"),
    ):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert said
    assert one(locale, "谁来问都一样", "the answer is the same") in said, guest.text()
    guest.say(one(locale, "重新算一下", "Work it out again"))
    again = guest.offer()
    assert {name: again[name] for name in ("monthly", "periods", "total", "annual_rate")} == {
        name: first[name] for name in ("monthly", "periods", "total", "annual_rate")
    }
    assert guest.cases() == {}


@LOCALES
def test_other_ways_are_shown_and_none_need_be_taken(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    guest.say(one(locale, "看看别的办法", "Other ways"))
    offers = guest.card("comparison")["offers"]
    assert len(offers) == 2
    assert "2" in guest.words
    said = guest.say(one(locale, "都不合适", "None of these fits"))
    assert one(locale, "没选", "nothing is chosen") in said, guest.text()
    assert guest.stage == "offers"
    said = guest.say(one(locale, "我说的情况要改", "I want to change what I told you"))
    assert one(locale, "要改哪一项", "Which one should I change") in said
    guest.say(one(locale, "看看别的办法", "Show me the other ways"))
    said = guest.say(one(locale, "选第2个", "Option 2"))
    assert guest.stage == "agree", guest.text()
    assert guest.context()["choice"] == 2


@LOCALES
def test_a_plan_is_explained_before_it_is_chosen(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    for zh, en, words_zh, words_en in (
        ("为什么是这个数", "Why this amount?", "过日子的钱", "iving costs"),
        ("年化利率是什么", "What is the annual rate?", "欠100元", "¥100 owed"),
        ("征信会怎么样", "is my credit record fixed then", "不会抹掉", "no agreement erases"),
        ("听说中介能停息挂账", "an agent says he can freeze interest", "没有“停息挂账”", "name no such scheme"),
        ("你是机器人吧", "are you a robot", "不接受", "refuse a decision"),
        ("别打给我家人", "don't call my family", "本人和担保人", "guarantor"),
        ("应该行吧", "fine I guess", "不急", "no hurry"),
    ):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert one(locale, words_zh, words_en) in said, guest.text()
    assert guest.stage == "offers"
    guest.say(one(locale, "选这个", "Choose this one"))
    assert guest.stage == "agree"


@LOCALES
def test_half_a_yes_does_not_sign(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    sent = len(stack.texts(guest.person))
    for zh, en in (
        ("应该行吧", "fine I guess"), ("好的", "ok"), ("我同意，不过先等一下", "I agree but wait"),
        ("签了会不会后悔", "what if I regret it after I sign"), ("我改主意了", "I've changed my mind"),
        ("不签了", "no"),
    ):  # fmt: skip
        guest.say(one(locale, zh, en))
        assert not guest.cards, guest.text()
    assert len(stack.texts(guest.person)) == sent, "no code was sent"
    assert guest.context()["signed"] is False
    guest.say(one(locale, "行，我看完了，签吧", "I have read it all and I want to sign"))
    assert guest.card("code")["purpose"] == "signature"
    guest.say(one(locale, "好", "yes"))
    assert guest.stage == "agree"
    guest.say(guest.code())
    assert guest.stage == "signed"


@LOCALES
def test_the_family_reads_it_first(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    terms = guest.card("terms")
    said = guest.say(one(locale, "先给家里人看看", "Show my family first"))
    assert one(locale, "文件名看不出是什么", "the file name gives nothing away") in said
    answer = guest._client.get(terms["full_url"])
    assert answer.status_code == 200
    guest.say(one(locale, "以后再说", "Later"))
    later = guest.back_again()
    later.known()
    assert later.stage == "agree", later.text()
    said = later.say(one(locale, "看看别的办法", "Other ways"))
    assert later.card("comparison")
    assert later.context()["signed"] is False


@LOCALES
def test_a_doubt_while_reading_is_answered_and_the_reading_goes_on(
    stack: Stack, locale: str
) -> None:
    guest = offered(stack, locale)
    guest.say(one(locale, "选这个", "Choose this one"))
    guest.say(one(locale, "没做到会怎样", "What if I break it?"))
    assert one(locale, "5天", "5 days") in guest.words, guest.text()
    said = guest.say(one(locale, "继续", "Continue"))
    assert one(locale, "②", "2. You pay") in said, guest.text()
    guest.say(one(locale, "请同事给我讲讲，找人工", "A person"))
    assert guest.cases() == {"ask_human": "waiting"}
    said = guest.say(one(locale, "继续", "Continue"))
    assert one(locale, "③", "3. While") in said, guest.text()


@LOCALES
def test_distress_at_signing_stops_plans_and_signing(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    code = guest.code()
    guest.say(one(locale, "签了也没用，我不想活了", "what's the use, I want to die"))
    assert guest.card("crisis")
    assert guest.holds() == {"distress"}
    guest.say(code)
    assert guest.stage == "agree", guest.text()
    assert guest.context()["signed"] is False
    said = guest.say(one(locale, "我现在安全", "I'm safe now"))
    assert one(locale, "知道您安全就行", "Good to know you're safe") in said
    for zh, en in (
        ("确定，签", "Yes, I'll sign"), ("看看别的办法", "Other ways"), ("再便宜点", "make it cheaper"),
        ("继续", "Continue"), ("我没钱了", "I can't pay anything"), ("不是6000，只有5000", "not 14000, only 13000"),
    ):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert one(locale, "先放", "wait") in said, guest.text()
        assert "12356" in said
        assert not guest.cards
    assert guest.cases() == {"distress": "waiting"}
    later = guest.back_again()
    said = later.known()
    assert one(locale, "先放", "wait") in said, later.text()


@LOCALES
def test_a_signed_agreement_can_be_withdrawn(stack: Stack, locale: str) -> None:
    guest = signed(stack, locale)
    said = guest.say(one(locale, "我改主意了，想撤回", "I've changed my mind and want to withdraw"))
    assert one(locale, "不用说理由", "no reason is needed") in said, guest.text()
    assert one(locale, "停止催收的约定也跟着结束", "the promise to stop collecting ends") in said
    said = guest.say(one(locale, "好", "ok"))
    assert one(locale, "要您说清楚", "To be sure") in said, guest.text()
    said = guest.say(one(locale, "先不撤回", "Keep the agreement"))
    assert one(locale, "协议照旧", "stands as it was") in said, guest.text()
    assert guest.holds() == {"agreement_in_force"}
    guest.say(one(locale, "我改主意了，想撤回", "I've changed my mind and want to withdraw"))
    said = guest.say(one(locale, "确定撤回", "Yes, withdraw"))
    assert one(locale, "撤回办好了", "The withdrawal is done") in said, guest.text()
    assert guest.context()["signed"] is False
    assert guest.holds() == set()
    assert guest.cases() == {}
    said = guest.say(one(locale, "还了多少", "how much have I paid"))
    assert one(locale, "撤回了", "withdrew") in said, guest.text()
    said = guest.say(one(locale, "看看办法", "See plans"))
    assert guest.offer(), guest.text()


@LOCALES
def test_a_code_with_a_doubt_beside_it_signs_nothing(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    said = guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    assert "*" in said, f"the name of who signs is told\n{guest.text()}"
    code = guest.code()
    said = guest.say(f"{code} {one(locale, '先不签', 'but I am not sure')}")
    assert one(locale, "没有签", "Nothing is signed") in said, guest.text()
    assert guest.context()["signed"] is False
    guest.say(code)
    assert guest.stage == "signed", guest.text()


@LOCALES
def test_a_balance_that_moves_at_the_moment_of_signing_gives_new_terms(
    stack: Stack, locale: str
) -> None:
    guest = reading(stack, locale)
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    code = guest.code()
    owes_tomorrow(stack, guest.person, interest=one(locale, "3950.00", "1850.00"))
    said = guest.say(code)
    assert one(locale, "那份不能签了", "can't be signed") in said, guest.text()
    assert guest.context()["signed"] is False
    assert guest.holds() == set()
    guest.say(one(locale, "重新算", "Work it out again"), one(locale, "都对", "All correct"))
    assert guest.offer(), guest.text()
    guest.say(one(locale, "选这个", "Choose this one"))
    guest.say(*[one(locale, "继续", "Continue")] * 3)
    assert guest.card("terms"), guest.text()
    guest.say(one(locale, "确定，签", "Yes, I'll sign"))
    guest.say(guest.code())
    assert guest.stage == "signed", guest.text()


@LOCALES
def test_a_hard_month_after_signing_is_a_case_for_a_human(stack: Stack, locale: str) -> None:
    guest = signed(stack, locale)
    said = guest.say(one(locale, "这个月有困难", "This month is hard"))
    assert one(locale, "早点说是对的", "right to say so early") in said, guest.text()
    assert guest.cases() == {"hardship": "waiting"}
    said = guest.say(one(locale, "被裁了", "I lost my job"))
    assert one(locale, "同事", "colleague") in said
    later = guest.back_again()
    later.known()
    later.say(one(locale, "这个月还不上了", "I can't pay this month"))
    assert later.cases() == {"hardship": "waiting"}, later.text()


@LOCALES
def test_nothing_affordable_is_said_plainly_and_new_facts_are_looked_at(
    stack: Stack, locale: str
) -> None:
    guest = told(stack, locale)
    guest.say(one(locale, "收入改成4200", "my income is 9000"))
    said = guest.say(one(locale, "都对", "All correct"))
    assert one(locale, "往后会有别的收入吗", "Will other money come later") in said, guest.text()
    said = guest.say(one(locale, "没有", "None"))
    assert guest.card("refusal")["reason"] == "nothing_affordable"
    assert one(locale, "不会让您签", "won't ask you to sign") in said
    assert guest.cases() == {"nothing_affordable": "waiting"}
    said = guest.say(one(locale, "继续", "Continue"))
    assert one(locale, "已经交给同事", "with a colleague") in said, guest.text()
    guest.say(one(locale, "收入写错了", "My income is wrong"), one(locale, "6000", "14000"))
    guest.say(one(locale, "都对", "All correct"))
    assert guest.stage == "offers", guest.text()
