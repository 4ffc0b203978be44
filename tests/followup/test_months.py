"""Whole stories: months pass, words come once and in time, a bad month is mended, an end is told before."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import event, func, select

from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.contact.segments import segments
from api.conversations.models import Case, Conversation
from api.followup.models import AgreementEnd
from api.followup.tick import follow_up
from api.kit.clock import SetClock
from tests.conftest import BANK, Telephone
from tests.followup.conftest import EACH, Months, sign

HOURS = timedelta(hours=1)


def held(months: Months) -> set[str]:
    """The holds in force for the person."""
    with months.app.state.database.reading() as session:
        conversation = session.get_one(Conversation, months.conversation_id)
        return holds_of(session, conversation.person_id)


def like(texts: list[str], *parts: str) -> bool:
    """Tell whether these texts, and only these, were sent, in their order."""
    return len(texts) == len(parts) and all(
        part in text for part, text in zip(parts, texts, strict=True)
    )


@pytest.mark.each_database
def test_kept_with_one_bad_month_mended_until_all_is_paid(months: Months) -> None:
    months.ticks()
    assert held(months) == {"agreement_in_force"}
    for number in (1, 2):
        day = months.due(number)
        texts = months.until(day)
        assert like(texts, "是跟您约好的日子", "今天，")
        months.pay(EACH)
        assert like(months.ticks(), "这一次的办好了")
    # The third month is hard: a kind question within grace, one digit, and one more.
    day = months.due(3)
    assert like(months.until(day + timedelta(days=2)), "约好的日子", "今天，", "不算没做到")
    assert months.states()[2] == "in_grace"
    assert like(months.text("3"), "往后挪一个月，不收费")
    assert like(months.text("1"), "挪好了，下一次是3月15日")
    assert months.states()[2] == "due"
    assert [months.due(number).isoformat() for number in (2, 3, 4, 8)] == [
        "2027-01-15", "2027-03-15", "2027-04-15", "2027-08-15",
    ]  # fmt: skip
    assert months.progress()["move"] is None  # one a year
    # It is reminded of on its new day, and the rest goes on a month later.
    for number in range(3, 9):
        assert like(months.until(months.due(number)), "约好的日子", "今天，")
        months.pay(EACH if number < 8 else "359.33")
        (receipt,) = months.ticks()
        word = {4: "已经办好一半", 8: "全部办好了"}.get(number, "这一次的办好了")
        assert word in receipt
    progress = months.progress()
    assert (progress["state"], progress["left_total"], progress["over"]) == (
        "fulfilled", "0.00", "0.00",
    )  # fmt: skip
    assert progress["certificate"]["paid_total"] == "2874.64"
    assert progress["certificate"]["number"] == "J20261124-0001"
    assert re.fullmatch(r"[0-9a-f]{64}", progress["certificate"]["digest"])
    assert held(months) == set()
    assert months.events("fulfilled", "broken", "certificate_issued", "instalment_moved") == [
        "instalment_moved", "fulfilled", "certificate_issued",
    ]  # fmt: skip
    assert months.until(months.today + timedelta(days=60)) == []
    assert set(months.outcomes("talk")) == {"passed"}


@pytest.mark.each_database
def test_not_kept_it_ends_only_after_a_talk_was_offered_and_the_day_was_told(
    months: Months,
) -> None:
    months.ticks()
    day = months.due(1)
    grace_over = day + timedelta(days=6)
    assert like(months.until(day + timedelta(days=5)), "约好的日子", "今天，", "不算没做到")
    (talk,) = months.until(grace_over)
    assert "商量怎么改" in talk
    assert "2027年1月5日以前都来得及" in talk
    link = re.search(r"bank\.example(/i/[\w-]+)", talk)
    assert link is not None
    assert months.client.get(link.group(1)).status_code == 200  # a new conversation
    assert held(months) == {"agreement_in_force"}
    (notice,) = months.until(grace_over + timedelta(days=9))
    assert "终止" in notice
    assert months.until(grace_over + timedelta(days=15)) == []
    assert months.progress()["state"] == "in_force"
    assert like(months.until(grace_over + timedelta(days=16)), "我们的约定今天终止了")
    assert months.progress()["state"] == "broken"
    assert held(months) == set()
    with months.app.state.database.reading() as session:
        end = session.scalars(select(AgreementEnd)).one()
        assert (end.kind, end.reason, end.relief) == ("broken", "not_paid_after_talk", "returns")
        case = session.scalars(select(Case)).one()
        assert (case.reason, case.context["why"]) == ("agreement_not_kept", "not_paid_after_talk")
    assert months.until(months.today + timedelta(days=60)) == []


def test_paid_during_the_talk_it_goes_on(months: Months) -> None:
    months.ticks()
    day = months.due(1)
    months.until(day + timedelta(days=8))
    months.pay(EACH)
    assert like(months.ticks(), "这一次的办好了")
    months.until(day + timedelta(days=27))
    assert months.progress()["state"] == "in_force"
    assert set(months.outcomes("end")) == {"passed"}


def test_a_dispute_stops_the_talk_and_its_days(months: Months) -> None:
    months.ticks()
    day = months.due(1)
    months.until(day + timedelta(days=5))
    hold = {"account_ref": "A-1", "hold": "dispute", "source": "branch"}
    months.client.post("/v1/contacts/holds", json=hold, headers=BANK)
    assert months.until(day + timedelta(days=26)) == []
    months.client.post("/v1/contacts/holds/lift", json=hold, headers=BANK)
    (talk,) = months.until(day + timedelta(days=27))
    assert "商量怎么改" in talk
    months.until(day + timedelta(days=40))
    assert months.progress()["state"] == "in_force"  # the talk has all its days


def test_who_cannot_be_told_is_not_ended_but_gets_a_human(months: Months) -> None:
    months.ticks()
    day = months.due(1)
    stop = {"account_ref": "A-1", "hold": "opt_out", "source": "hotline"}
    months.client.post("/v1/contacts/holds", json=stop, headers=BANK)
    assert months.until(day + timedelta(days=60)) == []
    assert months.progress()["state"] == "in_force"
    assert "to_human" in months.outcomes("talk")
    assert "case_opened" in months.events("case_opened")


@pytest.mark.each_database
def test_second_hard_month_of_a_year_goes_to_a_human(months: Months) -> None:
    months.ticks()
    months.until(months.due(1))
    months.text("3")
    months.text("1")
    months.until(months.due(1))
    (answer,) = months.text("３")
    assert re.search(r"转给了同事，编号A\d{4}", answer)
    assert months.bot("move", {})["code"] == "no_moves_left"


def test_digits_answer_only_a_reminder_and_other_words_go_their_way(months: Months) -> None:
    months.ticks()
    assert months.text("1") == []  # nothing was asked: the assistant hears it
    months.until(months.due(1))
    assert like(months.text("1"), "记下了")
    months.until(months.due(1) + timedelta(days=2))
    assert like(months.text("2"), "12月20日前补上都不算没做到")
    assert months.events("reminder_answered") == ["reminder_answered"] * 2
    assert months.text("我想问一下") == []


def test_the_assistant_knows_how_it_goes_and_can_move(months: Months) -> None:
    months.pay("400.00")
    told = months.bot("progress")
    words = {name: told["words"][name].replace("\u00a0", " ") for name in (
        "paid_total", "left_total", "next_due", "next_amount", "paid_count",
    )}  # fmt: skip
    assert words == {
        "paid_total": "400.00 元", "left_total": "2,474.64 元", "next_due": "2027年1月15日",
        "next_amount": "318.66 元", "paid_count": "1",
    }  # fmt: skip
    moved = months.bot("move", {})
    assert moved["moved"] == {"number": 2, "to": "2027-02-15"}
    again = months.bot("move", {})
    assert (again["status_code"], again["code"]) == (409, "no_moves_left")
    assert months.progress()["left_total"] == "2474.64"  # a move changes no sum


@pytest.mark.each_database
def test_by_night_a_word_is_kept_and_taken_back_when_it_is_paid_meanwhile(months: Months) -> None:
    months.ticks()
    day = months.due(1)
    months.until(day - timedelta(days=1), 22)
    months.clock.forward(timedelta(hours=24, minutes=30))  # 22:30 on the day: the tick was down
    assert months.ticks() == []
    assert months.outcomes("day") == ["kept"]
    months.pay(EACH)
    assert months.ticks() == []  # the receipt waits for the morning as well
    assert like(months.until(day + timedelta(days=1)), "这一次的办好了")
    assert months.outcomes("day") == ["passed"]


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.each_database
def test_a_kill_anywhere_in_the_tick_doubles_and_loses_nothing(months: Months) -> None:
    """Killed before its first statement, its second, and so on, until one tick gets through."""
    months.ticks()
    months.until(months.due(1) - timedelta(days=3), 9)
    months.clock.forward(2 * HOURS)
    state = months.app.state
    left = 0

    def count_down(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    event.listen(state.database.engine, "before_cursor_execute", count_down)
    for statements in range(200):
        left = statements
        try:
            follow_up(state.database, months.clock, state.policy, "https://b")
        except Killed:
            left = 200
            assert (reminders(months), months.outcomes("before")) == (0, [])
        else:
            break
    event.remove(state.database.engine, "before_cursor_execute", count_down)
    assert statements > 10
    assert (reminders(months), months.outcomes("before")) == (1, ["said"])
    assert like(months.ticks(), "约好的日子")
    assert months.ticks() == []


def reminders(months: Months) -> int:
    """How many reminders were ever put into the outbox."""
    with months.app.state.database.reading() as session:
        asked = select(func.count()).select_from(OutboxMessage)
        return session.scalar(asked.where(OutboxMessage.purpose == "reminder")) or 0


@pytest.mark.each_database
def test_two_ticks_at_once_say_it_once(months: Months) -> None:
    months.ticks()
    months.until(months.due(1) - timedelta(days=3), 9)
    months.clock.forward(2 * HOURS)
    state = months.app.state
    both = [
        threading.Thread(
            target=follow_up, args=(state.database, months.clock, state.policy, "https://b")
        )
        for _ in range(4)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert like(months.ticks(), "约好的日子")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_text_tells_of_a_sum_or_a_debt_or_is_long(
    app: FastAPI, clock: SetClock, telephone: Telephone, locale: str
) -> None:
    months = sign(app, clock, telephone, locale=locale)
    said = months.ticks()[1:]
    day = months.due(1)
    said += months.until(day - timedelta(days=3))
    said += months.text("1")
    months.pay("100.00")
    said += months.until(day + timedelta(days=2))
    said += months.text("2")
    said += months.until(day + timedelta(days=40))
    assert len(said) >= 9
    for text in said:
        assert segments(text) <= 3, text
        assert not re.search(
            r"元|¥|欠|债|还款|还清|逾期|协议|分期|利息|催|方案|减免|沈|100|owe|debt|repay|overdue|pay|"
            r"agreement|instalment|balance|collect|plan\b|[!！～…]",
            re.sub(r"https?://\S+", "", text),
        ), text


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_who_asked_for_the_sum_gets_it_and_can_take_that_back(
    app: FastAPI, clock: SetClock, telephone: Telephone, locale: str
) -> None:
    months = sign(app, clock, telephone, locale=locale)
    months.ticks()
    assert months.bot("reminders", {"sums": True})["sums"] is True
    day = months.due(1)
    texts = months.until(day)
    months.pay("59.33")
    texts += months.until(day + timedelta(days=2))[1:]
    assert ["359.33" in text or "300.00" in text for text in texts] == [True, True, True]
    assert all(segments(text) <= 2 for text in texts)
    assert months.bot("reminders", {"sums": False})["sums"] is False
    months.pay("300.00")
    assert not any("359.33" in text for text in months.until(months.due(2)))
