"""Whole ways by text message through the sandbox telephone: real processes, the real model."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import Guest
from tests.journeys.stack import Stack
from tests.journeys.texter import Texter

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


def test_the_whole_way_in_chinese(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    said = person.text("你好")
    assert "证件" not in said
    person.text("1")
    said = person.text(person.code())
    assert "卡号最后四位" in said
    assert "证件" not in said
    assert "1 同意" in person.text(person.card_tail())
    person.text("1", "被裁了，在打零工", "六千左右", "三千九", "1000", "一千")
    said = person.text("15号")
    assert "6,000" in said
    said = person.text("1")
    assert "1,000.00" in said
    assert "36个月" in said
    assert person.stage == "offers", person.story()
    said = person.text("1")
    while "1 继续" in said:
        said = person.text("1")
    assert "1 确定，签" in said, person.story()
    person.text("1")
    said = person.text(person.code())
    assert "签好了" in said, person.story()
    assert person.stage == "signed"
    assert "agreement_in_force" in person.holds()
    said = person.text("还了多少")
    assert "还没到第一次" in said, person.story()
    assert "36期" in said, person.story()
    said = person.text("我要撤回")
    assert "1 确定撤回" in said, person.story()
    assert "撤回办好了" in person.text("1"), person.story()
    assert person.holds() == set()
    assert "不再给您发短信" in person.text("你们别再给我发短信了")
    assert "恢复了" in person.text("恢复")


def test_the_whole_way_in_english(stack: Stack) -> None:
    person = Texter(stack, "P-1004")
    person.text("Hello")
    person.text("1")
    assert "last 4 digits of your card" in person.text(person.code())
    person.text(person.card_tail())
    person.text("I agree", "My hours were cut in half", "14000", "10500", "1000", "1,800")
    person.text("the 28th")
    said = person.text("1")
    assert "a month" in said
    said = person.text("1")
    while "1 Continue" in said:
        said = person.text("1")
    assert "1 Yes, I'll sign" in said, person.story()
    person.text("1")
    assert "signed" in person.text(person.code()).lower(), person.story()
    assert "agreement_in_force" in person.holds()
    assert "The first date is still to come" in person.text("how much is left"), person.story()
    assert "1 Yes, withdraw" in person.text("I want to withdraw"), person.story()
    assert "The withdrawal is done" in person.text("1"), person.story()
    assert person.holds() == set()


def test_a_wrong_card_tail_is_told_kindly_and_opens_nothing(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    person.text("你好", "1")
    person.text(person.code())
    wrong = "0001" if person.card_tail() != "0001" else "0002"
    assert "没对上" in person.text(wrong)
    assert person.stage == "identify"
    assert "同意" in person.text(person.card_tail())


def test_stop_ends_it_and_start_brings_it_back(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    assert "不再给您发短信" in person.text("别再给我发短信了")
    assert person.text("TD") == ""
    assert person.holds() == {"opt_out"}
    assert "恢复" in person.text("恢复")
    assert person.holds() == set()


def test_despair_by_text_gets_care_and_no_plan(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    person.identify("发验证码")
    assert "12356" in person.text("活着没意思，不想活了")
    assert "distress" in person.holds()


def test_zero_is_a_person(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    person.text("你好")
    said = person.text("0")
    assert "同事" in said, person.story()


def test_begun_by_text_and_gone_on_with_on_the_page(stack: Stack) -> None:
    person = Texter(stack, "P-1002")
    person.identify("发验证码")
    person.text("同意", "生意亏了", "六千", "三千九")
    visit = Guest(stack, "", again=person.person.person_ref)
    visit.known()
    assert visit.asked("monthly_income") == 0, visit.text()
    assert visit.asked("essential_spending") == 0, visit.text()
    assert visit.facts()["monthly_income"], visit.text()


def test_begun_on_the_page_and_gone_on_with_by_text(stack: Stack) -> None:
    visit = Guest(stack, "P-1002")
    visit.known()
    visit.say("同意", "生意亏了", "六千", "三千九")
    person = Texter(stack, "", again=visit.person.person_ref)
    said = person.text("接着说")
    assert "别的银行和平台" in said, person.story()
    assert "到手" not in said
    person.text("1000", "一千", "15号")
    assert "36个月" in person.text("1"), person.story()
