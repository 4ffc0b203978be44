"""The worker between people and the assistant: silence, trouble, failure and hurry, each survived."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.channels import inbox as worker
from api.channels.answers import read_answer
from api.channels.assistant import Answer, AssistantDown, _answers_in
from api.conversations.models import Case, InboxItem, Message
from api.kit.clock import SetClock
from tests.conftest import BANK, Visit

pytestmark = pytest.mark.each_database


class Scripted:
    """Answers what the test says, one entry a turn; remembers what it heard."""

    def __init__(self, *script: list[Answer] | Exception) -> None:
        self.script = list(script)
        self.heard: list[str] = []
        self.said: dict[str, list[Answer]] = {}
        self.gate: threading.Event | None = None

    async def say(self, _: str, message_id: str, text: str, __: dict[str, Any]) -> list[Answer]:
        self.heard.append(text)
        if self.gate is not None:
            await run_in_threadpool(self.gate.wait, 10)
        step = self.script.pop(0) if self.script else [Answer(f"ok {text}")]
        if isinstance(step, Exception):
            raise step
        self.said[message_id] = step
        return step

    async def already_said(self, _: str, message_id: str) -> list[Answer] | None:
        return self.said.get(message_id)

    async def ready(self) -> bool:
        return True

    async def close(self) -> None:
        return None


@pytest.fixture
def assistant(visit: Visit, app: FastAPI, clock: SetClock) -> Scripted:
    """An assistant that has heard the conversation open."""
    made, real = Scripted(), app.state.assistant
    app.state.inbox._assistant = app.state.assistant = made
    assert visit.client.portal is not None
    visit.client.portal.call(real.close)
    clock.forward(timedelta(seconds=60))
    until(lambda: not waiting(app))
    made.heard.clear()
    return made


def until(done: Any, seconds: float = 10) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def waiting(app: FastAPI) -> int:
    """Return how many messages are unanswered."""
    with app.state.database.reading() as session:
        return len(session.scalars(select(InboxItem).where(InboxItem.handled_at.is_(None))).all())


def spoken(app: FastAPI) -> list[str]:
    """Return what the assistant has said, in order."""
    with app.state.database.reading() as session:
        messages = session.scalars(select(Message).order_by(Message.seq)).all()
        return [message.text for message in messages if message.speaker == "assistant"]


def after_the_pauses(app: FastAPI, clock: SetClock) -> None:
    """Let time pass until nothing waits."""

    def done() -> bool:
        clock.forward(timedelta(seconds=10))
        return not waiting(app)

    until(done)


TROUBLED = Answer("我们的系统出了点故障", troubled=True)


def test_silence_is_tried_again_and_then_answered_once(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    before = len(spoken(app))
    assistant.script = [[], []]
    assert visit.say("我失业了")["status_code"] == 202
    after_the_pauses(app, clock)
    said = spoken(app)[before:]
    assert "存着" in said[0]
    assert said[1:] == ["ok 我失业了"]


def test_an_assistant_with_nothing_to_say_ends_in_an_honest_word(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    assistant.script = [[] for _ in range(20)]
    visit.say("我失业了")
    after_the_pauses(app, clock)
    assert len(assistant.heard) == worker.MOST_EMPTY
    assert "没接住" in spoken(app)[-1]


def test_a_turn_that_could_not_reach_us_is_not_taken_for_an_answer(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    assistant.script = [[TROUBLED, Answer("现在每个月到手大概多少？")]]
    visit.say("每月六千")
    after_the_pauses(app, clock)
    assert spoken(app)[-1] == "ok 每月六千"
    assert TROUBLED.text not in spoken(app)


def test_trouble_that_lasts_is_passed_on(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    assistant.script = [[TROUBLED] for _ in range(9)]
    visit.say("每月六千")
    after_the_pauses(app, clock)
    assert spoken(app)[-1] == TROUBLED.text


def test_after_ten_minutes_a_colleague_has_it_and_the_person_is_told(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(worker, "MOST_ATTEMPTS", 4)
    assistant.script = [AssistantDown("x") for _ in range(worker.MOST_ATTEMPTS)]
    visit.say("还在吗")
    after_the_pauses(app, clock)
    with app.state.database.reading() as session:
        case = session.scalars(select(Case)).one()
        assert case.reason == "system"
    assert case.number in spoken(app)[-1]
    visit.say("好")
    assert spoken(app)[-1] == "ok 好"


def test_an_answer_that_cannot_be_stored_does_not_block_what_comes_after(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    assistant.script = [[Answer("看这个", card="no_such_card")]]
    assert visit.say("有什么办法")["replies"][-1]["card"] is None
    broken: Any = None
    assistant.script = [[broken]]
    visit.say("坏的")
    visit.say("好的")
    app.state.inbox._assistant.said.clear()
    after_the_pauses(app, clock)
    assert spoken(app)[-2:] == ["ok 坏的", "ok 好的"]


def test_the_same_id_sent_at_once_from_two_tabs_acts_once(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: visit.say("你好", "same"), range(6)))
    assert {answer["status_code"] for answer in answers} == {200}
    assert {answer["replies"][-1]["text"] for answer in answers} == {"ok 你好"}
    assert assistant.heard == ["你好"]


def test_what_is_written_while_an_answer_is_awaited_is_answered_in_order(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    assistant.gate = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        running = []
        for number in range(4):
            running.append(pool.submit(visit.say, f"第{number}句", f"n{number}"))
            until(lambda count=number: _stored(app, f"n{count}"))
        assistant.gate.set()
        answers = [future.result() for future in running]
    for number, answer in enumerate(answers):
        assert answer["status_code"] == 200
        assert [reply["text"] for reply in answer["replies"]] == [f"ok 第{number}句"]
    assert assistant.heard == [f"第{number}句" for number in range(4)]


def test_a_signature_that_the_assistant_never_heard_of_is_recorded_and_told_once(
    visit: Visit, app: FastAPI, clock: SetClock, assistant: Scripted
) -> None:
    visit.identify()
    visit.tell()
    visit.choose()
    code = visit.code("signature")
    assistant.script = [AssistantDown("x")] * 4
    visit.say(code)
    assert visit.bot("context")["signed"] is False
    clock.forward(timedelta(seconds=30))
    until(lambda: visit.bot("context")["signed"])
    assistant.script = []
    after_the_pauses(app, clock)
    signed = [text for text in spoken(app) if "签好了" in text]
    assert len(signed) == 1
    assert not any("signature" in text for text in spoken(app))
    agreements = visit.client.get("/v1/agreements", headers=BANK).json()["items"]
    assert len(agreements) == 1


def _stored(app: FastAPI, external_id: str) -> bool:
    with app.state.database.reading() as session:
        found = session.scalar(select(InboxItem.id).where(InboxItem.external_id == external_id))
        return found is not None


def test_a_waiting_conversation_is_swept_once_at_a_time(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    assistant.gate = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(visit.say, "慢慢来", "slow")
        until(lambda: assistant.heard)
        time.sleep(1.5)  # three ticks
        assert len(app.state.inbox._tasks) <= 2
        assistant.gate.set()
        running.result()
    assert assistant.heard == ["慢慢来"]


def test_a_turn_heard_twice_by_the_assistant_is_read_from_its_last_hearing() -> None:
    def turn(message_id: str, *texts: str) -> list[dict[str, Any]]:
        return [
            {"event": "user", "metadata": {"message_id": message_id}},
            *({"event": "bot", "text": text, "data": {}} for text in texts),
            {"event": "action", "name": "action_listen"},
        ]

    events = [*turn("a"), *turn("a", "ja"), *turn("b", "other")]
    answers = _answers_in(events, "a")
    assert answers is not None
    assert [answer.text for answer in answers] == ["ja"]
    assert _answers_in(events[:1], "a") is None
    assert _answers_in(events, "c") is None


def test_the_answer_at_hand_is_the_one_on_record_and_two_who_wait_both_have_it(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    replies = [{"title": "是", "text": "是"}]
    assistant.script = [[Answer("好的。", replies, "consent"), Answer("还有一句。")]]
    assistant.gate = threading.Event()
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(visit.say, "同一句", "same") for _ in range(2)]
        until(lambda: len(assistant.heard) == 1)
        time.sleep(0.2)  # the second one waits by now
        assistant.gate.set()
        first, second = (one.result() for one in asked)
    with app.state.database.reading() as session:
        item = session.scalars(select(InboxItem.id).where(InboxItem.external_id == "same")).one()
    handled, recorded = read_answer(app.state.database, visit.conversation_id, item)
    assert handled
    assert [reply["text"] for reply in recorded["replies"]] == ["好的。", "还有一句。"]
    for answer in (first, second):
        assert {name: answer[name] for name in recorded} == recorded


def test_a_refused_message_leaves_its_conversation_free(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    inbox = app.state.inbox
    for text, status in (("", 422), ("我失业了", 200), ("   ", 422), ("每月三百", 200)):
        assert visit.say(text)["status_code"] == status
    assert assistant.heard == ["我失业了", "每月三百"]
    until(lambda: not inbox._tasks)
    assert inbox._locks == {}
    assert inbox._places._value == worker.AT_ONCE


def test_what_comes_while_the_assistant_thinks_is_only_stored_and_waits_its_turn(
    visit: Visit, app: FastAPI, assistant: Scripted
) -> None:
    assistant.gate = threading.Event()
    with ThreadPoolExecutor() as pool:
        first = pool.submit(visit.say, "我失业了")
        until(lambda: assistant.heard == ["我失业了"])
        second = pool.submit(visit.say, "每月三百")
        until(lambda: waiting(app) == 2)
        with app.state.database.reading() as session:
            tried = session.scalars(select(InboxItem.attempts).order_by(InboxItem.seq)).all()
        assert tried[-2:] == [1, 0]
        assistant.gate.set()
        assert [first.result()["status_code"], second.result()["status_code"]] == [200, 200]
    assert assistant.heard == ["我失业了", "每月三百"]
