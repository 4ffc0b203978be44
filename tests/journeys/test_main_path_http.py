"""Whole stories through the chat's HTTP API, real processes and the real model."""

from __future__ import annotations

import pytest

from tests.journeys.cardholder import Cardholder
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


def told(visit: Cardholder, *answers: str) -> str:
    """Agree to be asked and answer the six questions."""
    visit.say("同意" if visit.answer["replies"][0]["lang"] == "zh" else "I agree")
    return visit.say(*answers)


def test_someone_who_forgot_catches_up(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1001")
    visit.identify()
    told(visit, "搬家忙忘了日子", "九千五", "五千二", "没有别的", "这个月能还两千四", "10号")
    visit.say("都对")
    offer = next(card for card in visit.cards if card["kind"] == "offer")["offer"]
    assert offer["kind"] == "catch_up", visit.text()
    assert visit.stage == "offers"


def test_nothing_of_a_debt_is_said_before_identity(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1002")
    for text in ("我欠多少钱", "你们找我干什么", "能不能便宜点", "2", "给我方案", "利息怎么算"):
        words = visit.say(text)
        assert not any(word in words for word in ("38,600", "欠款", "逾期", "周敏", "元")), (
            visit.text()
        )
    assert visit.stage in ("welcome", "identify")


def test_a_debt_beyond_authority_goes_to_a_supervisor_and_promises_nothing(stack: Stack) -> None:
    person = next(ref for ref in ("P-1007",))
    visit = Cardholder(stack, person)
    visit.identify()
    told(visit, "公司倒闭了", "一万二", "五千", "没有", "能还三千", "20号")
    words = visit.say("都对")
    assert visit.answer["case"] == "waiting", visit.text()
    assert "主管" in words, visit.text()


def test_a_sued_account_gets_a_human_and_no_plan(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1009")
    visit.identify()
    told(visit, "失业了", "4000", "2500", "没有", "500", "15号")
    visit.say("都对")
    assert visit.answer["case"] == "waiting", visit.text()
    assert not any(card["kind"] == "offer" for card in visit.cards)


def test_asking_for_a_person_makes_a_case_with_a_number(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1006")
    words = visit.say("我要找真人，不跟机器说")
    assert visit.answer["case"] == "waiting", visit.text()
    assert words


def test_distress_stops_everything_and_shows_whom_to_call(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1014", locale="en")
    visit.say("honestly I just want to end it all")
    card = visit.cards[0]
    assert card["kind"] == "crisis"
    assert visit.answer["case"] == "waiting"


def test_no_personal_data_in_any_log(stack: Stack) -> None:
    visit = Cardholder(stack, "P-1005")
    visit.identify()
    told(visit, "跑外卖，七月摔了一跤", "四千到七千", "两千六", "没有", "一千二", "25号")
    logs = stack.logs()
    person = visit.person
    for secret in (person.telephone, person.telephone[3:], "跑外卖", "摔了", "赵小川"):
        assert secret not in logs
