"""The inbox's worker: each accepted message is given to the assistant once, in order, until answered.

No transaction is open while the assistant thinks, since its actions call back into this API. When
it is down, the person is told once, honestly, and the message is tried again with growing pauses.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from api.channels.assistant import Answer, Assistant, AssistantDown
from api.channels.live import Live
from api.conversations.cards import build_card
from api.conversations.cases import open_case
from api.conversations.models import InboxItem
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message, locked_conversation
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["Inbox"]

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True)
class _Turn:
    item_id: str
    text: str
    attempts: int
    epoch: int
    metadata: dict[str, object]


class Inbox:
    """Gives what people wrote to the assistant, conversation by conversation."""

    def __init__(
        self, database: Database, clock: Clock, policy: Policy, assistant: Assistant, live: Live
    ) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._assistant = assistant
        self._live = live
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, dict[str, asyncio.Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self, conversation_id: str) -> None:
        """Start working on a conversation's waiting messages, in the background."""
        task = asyncio.create_task(self.drain(conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("inbox_failed", kind=type(error).__name__)

    async def answered(self, conversation_id: str, item_id: str, seconds: float) -> bool:
        """Work on a conversation and wait for one message's answer; whether it came in time."""
        waiting = self._waiting.setdefault(conversation_id, {})
        event = waiting.setdefault(item_id, asyncio.Event())
        self.soon(conversation_id)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def sweep(self) -> None:
        """Take up every message that waits: after a restart, or because its pause is over."""
        for conversation_id in await run_in_threadpool(self._conversations_waiting):
            self.soon(conversation_id)

    def _conversations_waiting(self) -> list[str]:
        with self._database.transaction() as session:
            return list(
                session.scalars(
                    select(InboxItem.conversation_id)
                    .where(
                        InboxItem.handled_at.is_(None), InboxItem.next_try_at <= self._clock.now()
                    )
                    .distinct()
                )
            )

    async def drain(self, conversation_id: str) -> None:
        """Handle a conversation's waiting messages, oldest first, one at a time."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            while turn := await run_in_threadpool(self._next_turn, conversation_id):
                try:
                    answers = await self._ask(conversation_id, turn)
                except AssistantDown as down:
                    log.warning("assistant_down", kind=str(down), attempt=turn.attempts)
                    await run_in_threadpool(self._note_failure, conversation_id, turn)
                else:
                    await run_in_threadpool(self._store, conversation_id, turn, answers)
                self._live.changed(conversation_id)
                self._release(conversation_id, turn.item_id)
            # What is left waits for a pause to end (or was read by a person): nobody waits for it.
            for item_id in list(self._waiting.get(conversation_id, ())):
                self._release(conversation_id, item_id)
            self._waiting.pop(conversation_id, None)

    def _release(self, conversation_id: str, item_id: str) -> None:
        event = self._waiting.get(conversation_id, {}).pop(item_id, None)
        if event is not None:
            event.set()

    async def _ask(self, conversation_id: str, turn: _Turn) -> list[Answer]:
        if turn.attempts > 1:
            said = await self._assistant.already_said(conversation_id, turn.item_id)
            if said is not None:
                return said
        return await self._assistant.say(conversation_id, turn.item_id, turn.text, turn.metadata)

    def _next_turn(self, conversation_id: str) -> _Turn | None:
        now = self._clock.now()
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            while True:
                item = session.scalar(
                    select(InboxItem)
                    .where(
                        InboxItem.conversation_id == conversation_id,
                        InboxItem.handled_at.is_(None),
                    )
                    .order_by(InboxItem.seq, InboxItem.received_at)
                    .limit(1)
                )
                if item is None or item.next_try_at > now:
                    return None
                if conversation.floor == "assistant":
                    break
                item.handled_at, item.answered_to_seq = now, item.seq  # a person reads it instead
                session.flush()
            item.attempts += 1
            return _Turn(
                item_id=item.id,
                text=item.text,
                attempts=item.attempts,
                epoch=conversation.epoch,
                metadata={
                    "locale": conversation.locale,
                    "stage": conversation.stage,
                    "identified": conversation.identified_at is not None,
                    "today": local_date(now).isoformat(),
                },
            )

    def _store(self, conversation_id: str, turn: _Turn, answers: list[Answer]) -> None:
        now = self._clock.now()
        policy = self._policy.on(local_date(now))
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            item = session.get_one(InboxItem, turn.item_id)
            if conversation.epoch == turn.epoch:
                for answer in answers or [
                    Answer(sentence("no_answer", conversation.locale, policy))
                ]:
                    card = (
                        build_card(session, conversation, answer.card, now, policy)
                        if answer.card
                        else None
                    )
                    append_message(
                        session,
                        conversation,
                        speaker="assistant",
                        text=answer.text,
                        quick_replies=answer.quick_replies,
                        card=card,
                        now=now,
                    )
            item.handled_at, item.answered_to_seq = now, conversation.last_seq

    def _note_failure(self, conversation_id: str, turn: _Turn) -> None:
        now = self._clock.now()
        policy = self._policy.on(local_date(now))
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            item = session.get_one(InboxItem, turn.item_id)
            item.next_try_at = now + FIRST_PAUSE * 2 ** (turn.attempts - 1)
            if turn.attempts == 1:
                append_message(
                    session, conversation, speaker="assistant", now=now,
                    text=sentence("assistant_down", conversation.locale, policy),
                )  # fmt: skip
            elif turn.attempts >= MOST_ATTEMPTS:
                open_case(session, conversation, reason="system", now=now, policy=policy)
                item.handled_at, item.answered_to_seq = now, conversation.last_seq
