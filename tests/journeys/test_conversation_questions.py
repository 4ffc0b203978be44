"""Questions on the way, weariness and grief: each gets its own answer, and nothing told is lost by it."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import Guest, offered, reading, someone_like
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]

LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


def one(locale: str, zh: str, en: str) -> str:
    """The words for one language."""
    return zh if locale == "zh" else en


def asked_for_income(stack: Stack, locale: str) -> Guest:
    """Somebody known who has told why, and is asked about the income."""
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(one(locale, "同意", "I agree"), one(locale, "我被裁了", "I lost my job"))
    return guest


@LOCALES
def test_what_people_ask_about_the_talk_is_answered_and_the_question_stays(
    stack: Stack, locale: str
) -> None:
    guest = asked_for_income(stack, locale)
    for zh, en, words_zh, words_en in (
        ("凭什么问这么多", "why do you ask all this", "怕给您定高了", "isn't too high"),
        ("要多久", "how long will it take", "大概十分钟", "about ten minutes"),
        ("我的资料能删吗", "can you delete my data", "想删", "delete it"),
        ("字太小了", "the letters are too small", "大字", "Larger"),
        ("啥意思", "what do you mean", "真正拿到手里的钱", "really reaches you"),
        ("每月最少能多少", "whats the cheapest per month", "这几项说完", "these few answers"),
    ):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert one(locale, words_zh, words_en) in said, guest.text()
        assert one(locale, "每个月到手大概多少", "do you take home each month") in said, (
            guest.text()
        )
    guest.say("6000")
    assert guest.facts()["monthly_income"]["from"] == "6000.00"
    assert guest.cases() == {}


@LOCALES
def test_what_people_ask_before_they_sign_is_answered_exactly(stack: Stack, locale: str) -> None:
    guest = reading(stack, locale)
    for zh, en, words_zh, words_en in (
        ("我能提前还清吗", "can I pay early", "提前还清都不收费", "early, costs nothing"),
        ("为什么不能办卡", "why can't I apply for a new card", "监管规定要求写上", "regulator's rules require"),
        ("签了能反悔吗", "can I cancel after signing", "7天内", "Within 7 days"),
        ("卡还能用吗", "can i still use my card", "打卡背面的电话", "number on its back"),
        ("法律规定必须给我分期", "the law says you must give me a plan", "不是“必须”", "not \"must\""),
        ("我不想签了", "I don't want to sign", "没有签", "nothing is signed"),
    ):  # fmt: skip
        said = guest.say(one(locale, zh, en))
        assert one(locale, words_zh, words_en) in said, guest.text()
        assert guest.context()["signed"] is False
    assert guest.stage == "agree"
    assert guest.cases() == {}


@LOCALES
def test_somebody_worn_out_is_asked_how_they_are_and_goes_on_when_they_like(
    stack: Stack, locale: str
) -> None:
    guest = asked_for_income(stack, locale)
    said = guest.say(one(locale, "我快撑不下去了", "I can't cope"))
    assert one(locale, "您现在安全吗", "Are you safe right now") in said, guest.text()
    assert "12356" in said
    assert guest.asked("monthly_income") == 1, "no question about money follows"
    assert (guest.cases(), guest.holds()) == ({}, set())
    said = guest.say(one(locale, "我现在安全", "I'm safe now"))
    assert one(locale, "知道您安全就行", "Good to know you're safe") in said
    guest.say("6000")
    assert guest.facts()["monthly_income"]["from"] == "6000.00", guest.text()


@LOCALES
def test_worn_out_and_not_safe_gets_care(stack: Stack, locale: str) -> None:
    guest = offered(stack, locale)
    guest.say(one(locale, "我老公打我", "my husband hits me"))
    assert guest.cases() == {}
    guest.say(one(locale, "不", "no"))
    assert guest.card("crisis"), guest.text()
    assert (guest.cases(), guest.holds()) == ({"distress": "waiting"}, {"distress"})


@LOCALES
def test_a_death_in_the_family_of_somebody_known_stops_nothing(stack: Stack, locale: str) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(one(locale, "同意", "I agree"))
    said = guest.say(one(locale, "我爸上个月走了", "my father passed away last month"))
    assert one(locale, "家里别的亲人", "someone else in the family") in said, guest.text()
    assert (guest.cases(), guest.holds()) == ({}, set())
    said = guest.say(one(locale, "是家里别的亲人", "Someone else in the family"))
    assert guest.facts()["reason"] == "family", guest.text()
    assert one(locale, "您先顾着自己和家里", "You and your family come first") in said, guest.text()
    assert one(locale, "每个月到手大概多少", "do you take home each month") in said, guest.text()


@LOCALES
def test_the_cardholders_death_told_by_who_holds_the_telephone_stops_everything(
    stack: Stack, locale: str
) -> None:
    guest = Guest(stack, "P-1002", locale)
    guest.known()
    guest.say(one(locale, "我爸上个月走了", "my father passed away last month"))
    said = guest.say(one(locale, "是持卡人本人", "It was the cardholder"))
    assert one(locale, "请节哀", "sorry for your loss") in said, guest.text()
    assert (guest.cases(), guest.holds()) == ({"death": "waiting"}, {"deceased"})
    guest.say(one(locale, "他还欠多少", "how much did he owe"))
    assert "38,600" not in guest.words, guest.text()


@LOCALES
@pytest.mark.parametrize("status", ["sold", "written_off"])
def test_a_sold_or_written_off_account_is_a_colleagues(
    stack: Stack, status: str, locale: str
) -> None:
    guest = Guest(stack, "", locale, again=someone_like(stack, "P-1002", status=status))
    said = guest.known()
    assert one(locale, "同事专门负责", "colleague is in charge") in said, guest.text()
    assert guest.cases() == {"account_with_human": "waiting"}
    said = guest.say(one(locale, "我该怎么办", "what should I do then"))
    assert one(locale, "同事", "colleague") in said, guest.text()
    assert guest.facts() == {}
