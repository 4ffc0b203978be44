"""A conversation with a case, colleagues of every role, and what they do, each in a transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.channels.assistant import Answer
from api.conversations import floor
from api.conversations.colleagues import Colleague
from api.conversations.models import Case, Conversation, InboxItem, Message
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.policy.lookup import PolicyView
from tests.conftest import Visit

TAO = Colleague("s-tao", "陶宁", frozenset({"collector"}))
QIN = Colleague("s-qin", "秦岚", frozenset({"collector"}))
LIN = Colleague("s-lin", "林洁", frozenset({"care"}))
HAO = Colleague("s-hao", "郝平", frozenset({"collector", "supervisor"}))
GAO = Colleague("s-gao", "高远", frozenset({"supervisor"}))

Result = TypeVar("Result")


class Quiet:
    """Stands where the client of Rasa stands: says what it is told to, or repeats what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.script: list[list[Answer]] = []

    async def say(self, _: str, __: str, text: str, ___: dict[str, Any]) -> list[Answer]:
        self.heard.append(text)
        return self.script.pop(0) if self.script else [Answer(f"ok {text}")]

    async def already_said(self, _: str, __: str) -> list[Answer] | None:
        return None

    async def ready(self) -> bool:
        return True

    async def close(self) -> None:
        return None


@dataclass
class Desk:
    """What colleagues do in one conversation, and what came of it."""

    app: FastAPI
    clock: SetClock
    visit: Visit
    assistant: Quiet

    @property
    def policy(self) -> PolicyView:
        """The policy of the day."""
        view: PolicyView = self.app.state.policy.on(self.clock.today())
        return view

    def do(self, act: Callable[[Session], Result]) -> Result:
        """Do something in a transaction."""
        with self.app.state.database.transaction() as session:
            return act(session)

    def handoff(self, reason: str = "ask_human") -> int:
        """Have the assistant open a case; returns its id."""
        answer = self.visit.bot("handoff", {"reason": reason})
        assert answer["status_code"] == 200
        return self.case(reason).id

    def take(self, case_id: int, by: Colleague = TAO) -> Case:
        """Take a case."""
        return self.do(lambda s: floor.take(s, case_id, by, self.clock.now(), self.policy))

    def say(self, case_id: int, text: str, by: Colleague = TAO, message_id: str = "") -> Message:
        """Say something as a colleague."""
        return self.do(
            lambda s: floor.say(
                s, case_id, by, text, now=self.clock.now(), policy=self.policy,
                client_message_id=message_id or text,
            )
        )  # fmt: skip

    def hand_back(
        self, case_id: int, by: Colleague = TAO, agreed: str = "", seen: int | None = None
    ) -> Case:
        """Hand the floor back."""
        return self.do(
            lambda s: floor.hand_back(
                s, case_id, by, self.clock.now(), self.policy, agreed, seen=seen
            )
        )

    def close(self, case_id: int, outcome: str = "resolved", by: Colleague = TAO) -> Case:
        """Close a case."""
        return self.do(
            lambda s: floor.close(s, case_id, by, outcome, self.clock.now(), self.policy)
        )

    def case(self, reason: str = "ask_human") -> Case:
        """Return the newest case of a reason."""
        with self.app.state.database.reading() as session:
            found = session.scalars(
                select(Case).where(Case.reason == reason).order_by(Case.id.desc()).limit(1)
            ).one()
            session.expunge(found)
            return found

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is now."""
        with self.app.state.database.reading() as session:
            found = session.get_one(Conversation, self.visit.conversation_id)
            session.expunge(found)
            return found

    def said(self, *speakers: str) -> list[str]:
        """Return what was said by these, in order; by everybody where none is named."""
        with self.app.state.database.reading() as session:
            messages = session.scalars(select(Message).order_by(Message.seq)).all()
            return [
                message.text for message in messages if not speakers or message.speaker in speakers
            ]

    def events(self, kind: str) -> list[Event]:
        """Return the events of a kind, in order."""
        with self.app.state.database.reading() as session:
            return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))

    def waiting(self) -> int:
        """Return how many messages wait for the assistant."""
        with self.app.state.database.reading() as session:
            return len(
                session.scalars(select(InboxItem.id).where(InboxItem.handled_at.is_(None))).all()
            )

    def settled(self) -> None:
        """Wait until nothing waits for the assistant."""
        until(lambda: not self.waiting())


def until(done: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def assistant(app: FastAPI) -> Quiet:
    """An assistant that is there before anybody opens a conversation."""
    made = Quiet()
    app.state.inbox._assistant = app.state.assistant = made
    return made


@pytest.fixture
def desk(assistant: Quiet, visit: Visit, app: FastAPI, clock: SetClock) -> Desk:
    """A conversation that has just been opened, an assistant that answers, and nobody else yet."""
    assistant.heard.clear()
    return Desk(app, clock, visit, assistant)
