"""Each person of the sample at least once, and the branches as somebody known meets them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.policy.lookup import Policy
from tests.journeys.casebook import Guest, offered, told
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


def test_p1001_who_forgot_clears_it_in_one_or_two_payments(stack: Stack) -> None:
    guest = Guest(stack, "P-1001")
    guest.known()
    guest.say(
        "同意", "搬家忙忘了", "九千五", "五千二", "没有别的", "这个月就能全还上，两千四", "10号"
    )
    assert "日子记岔了" in "".join(words for _, words in guest.transcript)
    guest.say("都对")
    assert guest.offer()["kind"] == "catch_up", guest.text()


def test_p1003_the_pensioner_writes_short_and_is_not_hurried(stack: Stack) -> None:
    guest = Guest(stack, "P-1003")
    guest.known()
    guest.say("同意", "看病花了", "就二千九退休金", "两千一", "没", "三百", "20号")
    assert "约2,900" in guest.words, guest.text()
    guest.say("对")
    assert guest.offer()["kind"] == "instalments"
    assert "比您说的约300" in guest.words, "that it is above what they named is said openly"
    said = guest.say("我不会弄网页，请打给我")
    assert "请同事打给您" in said, guest.text()
    assert guest.cases() == {"cannot_use": "waiting"}


def test_p1005_the_courier_has_both_cards_in_one_plan(stack: Stack) -> None:
    guest = Guest(stack, "P-1005")
    guest.known()
    guest.say(
        "同意", "跑外卖，淡季收入少了", "旺季七千五，淡季四千五", "三千", "五百", "七百", "5号"
    )
    said = guest.say("都对")
    assert guest.stage == "offers", guest.text()
    assert "还得起" in said
    assert len(guest.context()["offers"]) >= 1


def test_p1006_illness_is_acknowledged_once_and_never_asked_about(stack: Stack) -> None:
    guest = Guest(stack, "P-1006")
    guest.known()
    said = guest.say("同意", "上个月动了手术，拿病假工资")
    assert "得的什么病不用说" in said, guest.text()
    guest.say("大概三千八", "两千七", "没有", "六百", "12号", "都对")
    assert guest.stage == "offers", guest.text()
    assert sum("身体要紧" in words for _, words in guest.transcript) == 1


def test_p1007_a_debt_beyond_authority_goes_to_a_supervisor(stack: Stack) -> None:
    guest = Guest(stack, "P-1007")
    guest.known()
    said = guest.say("同意", "店关了，货款也收不回来")
    assert "做生意" in said, guest.text()
    said = guest.say("七千五", "四千八", "五百", "两千", "1号", "都对")
    assert "主管" in said
    assert guest.cases() == {"beyond_authority": "waiting"}
    said = guest.say("再便宜点")
    assert guest.stage == "situation"
    assert not any(card["kind"] == "offer" for card in guest.cards)


def test_p1008_disputes_one_transaction(stack: Stack) -> None:
    guest = Guest(stack, "P-1008", "en")
    guest.known()
    said = guest.say("There is a charge of 6,280 I never made")
    assert guest.answer["case"] == "waiting", guest.text()
    assert set(guest.cases()) <= {"dispute", "suspected_fraud"}
    assert guest.holds() <= {"dispute", "fraud"}
    assert "number A" in said


@LOCALES
def test_p1009_in_court_is_told_at_once_and_asked_nothing(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1009", locale)
    said = guest.known()
    assert one(locale, "已经到法院", "already in court") in said, guest.text()
    assert guest.cases() == {"account_with_human": "waiting"}
    for zh, en in (("现在还能商量吗", "can we still work something out"), ("同意", "I agree"),
                   ("失业了", "I lost my job"), ("6000", "6000")):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert one(locale, "同事", "colleague") in said, guest.text()
    said = guest.say(one(locale, "会坐牢吗", "will I go to prison"))
    assert one(locale, "日期照旧算", "dates on the court's papers") in said, guest.text()
    assert guest.facts() == {}
    assert guest.stage == "consent"


def test_p1010_owes_seven_lenders_and_there_is_no_plan(stack: Stack) -> None:
    guest = Guest(stack, "P-1010")
    guest.known()
    guest.say("同意", "花超了，以卡养卡，一共欠七家", "income 才七千", "四千五",
              "别家每个月加起来九千八", "一分也拿不出", "15号")  # fmt: skip
    assert "往后会有别的收入吗" in guest.say("都对"), guest.text()
    said = guest.say("没有")
    assert guest.card("refusal")["reason"] == "nothing_affordable", guest.text()
    assert "90天" in said
    assert guest.cases() == {"nothing_affordable": "waiting"}
    guest.say("活着好累，不知道 what's the point")
    assert guest.answer["case"] == "waiting"
    assert "distress" in guest.cases(), guest.text()
    assert "distress" in guest.holds()


def test_p1011_the_daughter_of_a_holder_who_died(stack: Stack) -> None:
    guest = Guest(stack, "P-1011")
    said = guest.say("我爸上个月走了，我是他女儿")
    assert "请节哀" in said
    said = guest.say("这个卡怎么办，他欠了多少")
    assert "有没有、有多少都不能说" in said, guest.text()
    guest.say("发验证码")
    assert "发不出" in guest.words
    assert guest.holds() == {"deceased"}
    assert not stack.texts(guest.person)


def test_p1012_comes_back_to_an_agreement_in_force(stack: Stack) -> None:
    guest = Guest(stack, "", again="P-1012")
    said = guest.known()
    assert guest.stage == "followup", guest.text()
    assert "照着还" in said
    said = guest.say("我要分期，重新算一下")
    assert "接下来" in said or "已经签过" in said, guest.text()
    assert not any(card["kind"] == "offer" for card in guest.cards)
    said = guest.say("还剩几期")
    assert "提醒您" in said


def test_p1013_cares_for_a_mother_and_gets_the_figures_of_the_pictures(stack: Stack) -> None:
    guest = Guest(stack, "P-1013")
    guest.known()
    guest.say("同意", "我妈摔了一跤，我请了长假", "到手五千二", "三千五百五", "没有别的",
              "每月一千一吧", "23号", "都对")  # fmt: skip
    offer = guest.offer()
    assert offer["principal"] == "18600.00", guest.text()
    assert offer["due_day"] == 23


def test_p1014_the_freelancer_gets_a_short_plan(stack: Stack) -> None:
    guest = Guest(stack, "P-1014", "en")
    guest.known()
    said = guest.say("I agree", "My biggest client paid me six weeks late")
    assert "business" not in said, guest.text()
    guest.say("between 11 and 13 thousand", "7600", "nothing elsewhere", "I can do 2.5k a month",
              "the 18th", "All correct")  # fmt: skip
    assert guest.offer()["periods"] <= 6, guest.text()


def test_p1015_whose_day_has_not_come_is_not_asked_for_anything(stack: Stack) -> None:
    person = stack.person("P-1015")
    listed = stack.bank.get("/v1/accounts", params={"overdue": "true", "limit": 1000}).json()
    assert person.account_ref not in [item["account_ref"] for item in listed["items"]]


KNOWN_BRANCHES = {
    "dispute": ("这笔不是我欠的", "I don't owe this", ("哪一笔", "which one"), "dispute", "dispute"),
    "fraud": ("我的卡被盗刷了", "my card was stolen and used", ("护住卡", "Protect the card"), "suspected_fraud", "fraud"),
    "harassment": ("你们天天打电话骚扰我", "you call me a dozen times a day", ("不再为还款联系您", "stop contacting you"),
                   "complaint", "complaint"),
    "already paid": ("我上周已经还了", "I've already paid that", ("别再付一次", "don't pay twice"), "already_paid", None),
    "no machine": ("我不接受机器决定", "I refuse a decision by a machine", ("不会因此变差", "no worse"),
                   "refuse_automation", None),
}  # fmt: skip


@LOCALES
@pytest.mark.parametrize("branch", KNOWN_BRANCHES)
def test_a_branch_half_way_rests_the_questions_and_they_can_go_on(
    stack: Stack, branch: str, locale: str
) -> None:
    zh, en, words, reason, hold = KNOWN_BRANCHES[branch]
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(*one(locale, "同意|被裁了|6000", "I agree|I lost my job|6000").split("|"))
    said = guest.say(one(locale, zh, en))
    assert words[locale == "en"] in said, guest.text()
    assert guest.cases() == {reason: "waiting"}
    assert guest.holds() == ({hold} if hold else set())
    assert "?" not in said.replace('"', "") or reason == "already_paid", "nothing of money is asked"
    said = guest.say(one(locale, "接着说", "Go on"))
    if hold == "fraud":
        assert one(locale, "先放一放", "can wait") in said, guest.text()
    else:
        assert one(locale, "最少要花多少", "What do you need to live on") in said, guest.text()
    assert guest.facts()["monthly_income"]["from"] == "6000.00"


@LOCALES
def test_unwilling_is_left_in_peace(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    said = guest.say(one(locale, "没钱，就不还", "I'm not paying"))
    assert one(locale, "今天不谈", "not today") in said, guest.text()
    assert guest.cases() == {}
    said = guest.say(one(locale, "吸血鬼", "bloodsuckers"))
    assert one(locale, "您有气", "You're angry") in said
    guest.say(one(locale, "看看办法", "See plans"))
    assert guest.offer()


@LOCALES
def test_a_person_is_promised_truthfully_for_the_hour(stack: Stack, locale: str) -> None:
    guest = told(stack, locale)
    said = guest.say(one(locale, "找人工", "A person"))
    context = guest.context()
    now = datetime.now(SHANGHAI)
    hours = Policy.shipped().on(now.date()).value("bank.office_hours")
    in_hours = now.isoweekday() in hours.days and hours.open <= f"{now:%H:%M}" < hours.close
    if in_hours:
        assert f"{context['words']['wait']}{one(locale, '分钟', ' minutes')}" in said
    else:
        assert context["words"]["human_open"] in said
        assert context["words"]["case_no"] in said
    assert guest.cases() == {"ask_human": "waiting"}
    assert guest.facts()["pay_day"]
