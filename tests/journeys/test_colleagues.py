"""A colleague takes over and hands back, with the real model and real processes, on the page and by text."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from api.conversations.models import Message
from api.kit.audit import Event
from api.kit.errors import Problem
from tests.journeys.casebook import MOTHER, Guest
from tests.journeys.desk import Desk
from tests.journeys.stack import Stack
from tests.journeys.texter import Texter

pytestmark = [pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    """Desks that are closed at the end."""
    opened: list[Desk] = []
    yield opened
    for desk in opened:
        desk.close()


def sit_down(desks: list[Desk], stack: Stack, person_ref: str) -> Desk:
    """Open a desk for a person's conversation."""
    desks.append(Desk(stack, person_ref))
    return desks[-1]


def test_taken_over_recomputed_handed_back_and_signed(stack: Stack, desks: list[Desk]) -> None:
    guest = Guest(stack, "P-1002")
    guest.known()
    guest.say(*MOTHER)
    guest.say("都对")
    assert guest.offer()["monthly"] == "1000.00"
    said = guest.say("找人工")
    assert "编号A" in said or "转给同事" in said, guest.text()
    desk = sit_down(desks, stack, guest.person.person_ref)
    case_id = desk.take()
    guest.say("孩子下月要交学费，每月八百吧")
    assert guest.words == ""
    assert guest.answer["floor"] == "collector"
    desk.say(case_id, "好的，学费先留出来，我按800元重算。")
    desk.propose(case_id, proposed_payment="800.00")
    guest.say("这个可以")
    said = desk.hand_back(case_id)
    assert "陶宁和您说好的办法在下面" in said, guest.text()
    assert "每月还" in said
    # What is said after it chooses that very plan, although another one stood on the table before.
    guest.say("选这个")
    assert guest.stage == "agree", guest.text()
    assert float(guest.context()["offers"][0]["monthly"]) <= 800
    while "继续" in [reply["text"] for reply in guest.answer["replies"][-1]["quick_replies"]]:
        guest.say("继续")
    guest.say("确定，签")
    assert "签好了" in guest.say(guest.code()), guest.text()


def test_beyond_authority_a_second_colleague_approves_and_the_assistant_goes_on(
    stack: Stack, desks: list[Desk]
) -> None:
    guest = Guest(stack, "P-1007")
    guest.known()
    guest.say("同意", "生意不好", "两万", "八千", "没有", "每月能还八千", "10号")
    said = guest.say("都对")
    assert "beyond_authority" in guest.cases(), guest.text()
    assert "主管" in said or "同事" in said
    desk = sit_down(desks, stack, guest.person.person_ref)
    case_id = desk.take()
    desk.ask_and_approve(case_id)
    said = desk.hand_back(case_id, agreed="每月10号还")
    assert "说好的是：每月10号还" in said, said
    guest.say("选这个")
    assert guest.stage == "agree", guest.text()


def test_by_text_a_call_is_arranged_and_a_colleague_answers_there(
    stack: Stack, desks: list[Desk]
) -> None:
    person = Texter(stack, "P-1002")
    person.text("你好")
    said = person.text("打电话给我")
    assert "1 " in said, person.story()
    assert "0 人工" in said
    said = person.text("1")
    assert "约好了" in said, person.story()
    assert "编号A" in said
    desk = sit_down(desks, stack, person.person.person_ref)
    case_id = desk.take()
    desk.say(case_id, "您好，我是云汀银行的陶宁，您写在这里也行。")
    said = person.text("那就在这里说吧")
    assert "接手了" in said, person.story()
    assert "您写在这里也行" in said
    said = desk.hand_back(case_id)
    assert "陶宁把您交回给我了" in said
    assert "陶宁把您交回给我了" in person.text("好的"), person.story()


def test_a_call_is_arranged_in_english_in_ones_own_words(stack: Stack) -> None:
    guest = Guest(stack, "P-1004", "en")
    guest.say("Can someone call me?")
    times = [reply["text"] for reply in guest.answer["replies"][-1]["quick_replies"]]
    assert len(times) == 3, guest.text()
    said = guest.say(times[1])
    assert "arranged" in said, guest.text()
    assert times[1] in said


def test_suing_and_papers_of_a_court_go_to_a_human(stack: Stack) -> None:
    guest = Guest(stack, "P-1002")
    said = guest.say("我要告你们银行")
    assert "编号A" in said, guest.text()
    assert guest.cases() == {"legal": "waiting"}
    other = Guest(stack, "P-1003")
    other.known()
    said = other.say("传票寄到我家了")
    assert "日期照旧算" in said, other.text()
    assert other.cases() == {"legal": "waiting"}


def test_what_is_never_understood_ends_with_a_person_and_no_loop(stack: Stack) -> None:
    guest = Guest(stack, "P-1002")
    guest.say("qzxw wvkj", "zzkq prrt", "xkcd qwrt", "vbnm zxcq")
    assert "not_understood" in guest.cases(), guest.text()


@pytest.mark.long
def test_with_the_real_assistant_nobody_speaks_over_a_colleague(
    stack: Stack, desks: list[Desk]
) -> None:
    guest = Guest(stack, "P-1002")
    guest.known()
    guest.say("同意")
    desk = sit_down(desks, stack, guest.person.person_ref)
    stop, given_back = threading.Event(), list[str]()

    def takes() -> None:
        while not stop.is_set():
            try:
                guest._client.post(
                    f"/v1/bot/conversations/{guest.conversation_id}/handoff",
                    json={"reason": "ask_human"},
                    headers={"Authorization": f"Bearer {stack.settings['ANHUAN_BOT_TOKEN']}"},
                )
                case_id = desk.take()
                time.sleep(0.15)
                desk.give_back(case_id)
                given_back.append(case_id)
            except (Problem, AssertionError):
                pass
            time.sleep(0.1)

    taking = threading.Thread(target=takes)
    taking.start()
    sent = 0
    while sent < 40 or (len(given_back) < 6 and sent < 400):  # until the floor has changed hands
        guest._client.post(
            f"/v1/chat/conversations/{guest.conversation_id}/messages",
            json={"text": f"每个月{sent + 1000}元够不够", "client_message_id": f"r{sent}"},
        )
        sent += 1
    stop.set()
    taking.join(60)
    desk.settled()
    changes = desk.do(
        lambda s: s.scalars(
            select(Event)
            .where(Event.subject_id == desk.conversation_id, Event.kind == "floor_changed")
            .order_by(Event.id)
        ).all()
    )
    records = desk.do(
        lambda s: s.scalars(
            select(Message)
            .where(Message.conversation_id == desk.conversation_id)
            .order_by(Message.seq)
        ).all()
    )
    assert len(changes) >= 10
    spans = [(0, "assistant"), *((event.data["seq"], event.data["floor"]) for event in changes)]
    for record in records:
        holder = next(having for begin, having in reversed(spans) if begin < record.seq)
        if record.speaker == "assistant":
            assert holder == "assistant", record.seq
    written = Counter(record.text for record in records if record.speaker == "person")
    assert all(written[f"每个月{number + 1000}元够不够"] == 1 for number in range(sent))
