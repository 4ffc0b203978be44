"""What people say before there is a plan: wishes for one, parts of sums, a read-back that is not right."""

from __future__ import annotations

import pytest

from tests.journeys.casebook import Guest
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


def held(guest: Guest, fact: str) -> str:
    """The sum on record under a fact."""
    found = guest.facts()[fact]
    return str(found if isinstance(found, str) else found["to"])


def at_the_read_back(stack: Stack, *lines: str, locale: str = "zh") -> Guest:
    """Somebody who has told everything and reads what was noted."""
    guest = Guest(stack, "P-1003" if locale == "zh" else "P-1004", locale)
    guest.known()
    guest.say(*lines)
    assert ("我记的是这些" if locale == "zh" else "Here's what I have") in guest.words, guest.text()
    return guest


TOLD = ("同意", "被裁了", "6000", "房租2500 孩子奶粉1000 老人药费800", "没有", "500", "10号")


def test_a_part_of_the_spending_that_was_wrong_has_the_whole_asked_again(stack: Stack) -> None:
    guest = at_the_read_back(stack, *TOLD)
    said = guest.say("你算的不对吧 我老人药费是1800")
    assert "总数也得跟着变" in said, guest.text()
    assert guest.cases() == {}  # no dispute of the card
    said = guest.say("5300")
    assert "5,300" in said, guest.text()
    assert held(guest, "essential_spending") == "5300.00"


def test_both_ends_of_a_changed_part_change_the_whole_by_their_difference(stack: Stack) -> None:
    guest = at_the_read_back(stack, *TOLD)
    guest.say("药费不是800，是1100")
    assert held(guest, "essential_spending") == "4600.00", guest.text()
    guest.say("还有话费100")
    assert held(guest, "essential_spending") == "4700.00", guest.text()


def test_a_debt_that_is_wrong_is_a_dispute_at_the_read_back_too(stack: Stack) -> None:
    guest = at_the_read_back(stack, *TOLD)
    guest.say("这账单不对 有一笔3000不是我刷的")
    assert set(guest.cases()) <= {"dispute", "suspected_fraud"}
    assert guest.cases(), guest.text()
    assert held(guest, "essential_spending") == "4300.00"


def test_a_length_wished_for_early_is_answered_with_the_plan(stack: Stack) -> None:
    guest = Guest(stack, "P-1003", "zh")
    guest.known()
    guest.say("同意", "被裁了")
    said = guest.say("能不能分24期")
    assert guest.asked("monthly_income") >= 1, guest.text()
    guest.say("6000", "4300", "没有", "800", "10号")
    said = guest.say("都对")
    assert "按24个月来算" in said, guest.text()
    assert guest.stage == "offers"


@pytest.mark.parametrize(
    ("locale", "lines", "unseen", "shown"),
    [
        ("zh", ("同意", "做手术了", "5000", "2800", "800", "600", "20", "都对"), "第二个得唔得", "一共有两个办法"),
        (
            "en", ("I agree", "I got ill", "8000", "4500", "none", "600", "20", "all correct"),
            "the second one", "There are two ways",
        ),
    ],
)  # fmt: skip
def test_an_offer_that_was_not_shown_is_shown_before_it_is_chosen(
    stack: Stack, locale: str, lines: tuple[str, ...], unseen: str, shown: str
) -> None:
    guest = Guest(stack, "P-1005" if locale == "zh" else "P-1004", locale)
    guest.known()
    guest.say(*lines)
    assert guest.stage == "offers", guest.text()
    said = guest.say(unseen)
    assert shown in said, guest.text()
    assert guest.stage == "offers"
    guest.say("2")
    assert guest.stage == "agree", guest.text()


def test_no_income_now_and_a_job_that_starts_later_are_both_heard(stack: Stack) -> None:
    guest = Guest(stack, "P-1004", "en")
    guest.known()
    guest.say("I agree", "got laid off", "nothing coming in now, new job starts in jan")
    facts = guest.facts()
    assert facts["monthly_income"] == {"from": "0.00", "to": "0.00"}, guest.text()
    assert facts["income_from"].endswith("-01-01")
    guest.say("1500")
    said = guest.say("dunno maybe 300")
    assert held(guest, "other_debt_payments") == "300.00", guest.text()
    assert "how much could you pay" in said


def test_a_payment_told_to_the_next_question_is_heard(stack: Stack) -> None:
    guest = Guest(stack, "P-1003", "zh")
    guest.known()
    guest.say("同意", "被裁了", "6000", "4300", "冇", "跳过")
    said = guest.say("五百啦")
    assert held(guest, "proposed_payment") == "500.00", guest.text()
    assert "每个月几号还" in said


def test_asking_whether_the_family_will_be_called_registers_no_complaint(stack: Stack) -> None:
    guest = Guest(stack, "P-1003", "zh")
    guest.known()
    guest.say("同意", "老公做生意赔了")
    said = guest.say("你们是不是也要爆我通讯录")
    assert "不联系您的家人" in said, guest.text()
    assert guest.cases() == {}
    assert "每个月到手" in said  # and on with the question


@pytest.mark.parametrize(
    ("locale", "lines", "said"),
    [
        ("zh", ("同意", "被裁了", "6000", "4300", "没有", "一分也拿不出", "10号", "都对"), "您说过现在拿不出来"),
        ("en", ("I agree", "I got ill", "8000", "4500", "none", "nothing", "20", "all correct"), "nothing you can pay"),
    ],
)  # fmt: skip
def test_who_named_nothing_is_told_what_the_figure_comes_from(
    stack: Stack, locale: str, lines: tuple[str, ...], said: str
) -> None:
    guest = Guest(stack, "P-1003" if locale == "zh" else "P-1004", locale)
    guest.known()
    guest.say(*lines)
    assert said in guest.words, guest.text()
    assert guest.stage == "offers"
