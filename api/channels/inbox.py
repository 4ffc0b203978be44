"""The inbox's worker: each accepted message is given to the assistant once, in order, until answered.

No transaction is open while the assistant thinks, since its actions call back into this API. When
it is down, the person is told once, honestly, and the message is tried again with growing pauses;
after ten minutes a colleague takes over, and the person is told that too. Whatever fails here, the
item stays unhandled in the database and is taken up again: a message accepted is never lost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.channels.answers import answer_of
from api.channels.assistant import Answer, Assistant, AssistantDown
from api.channels.live import Live
from api.channels.turns import Turn, take_turn
from api.conversations.accepting import Accepted
from api.conversations.cards import build_card
from api.conversations.cases import open_case
from api.conversations.models import Conversation, InboxItem, Message
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message, locked_conversation
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import date_text, local_date, time_text
from api.kit.db import Database
from api.kit.errors import storage_problem, where
from api.kit.threads import in_thread
from api.policy.lookup import Policy, PolicyView

__all__ = ["Inbox", "Work"]

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=8)
MOST_ATTEMPTS = 80
"""About ten minutes; by then the sender has waited long enough for a machine."""
MOST_EMPTY = 5
"""Tries after which an assistant that answers nothing has nothing to say (1+2+4+8 s of pauses)."""
MOST_TROUBLED = 3
"""Tries after which the assistant's own word of trouble is passed on."""
NEWS = "/handed_back"
"""What the assistant is told when the floor comes back to it."""
ANOTHER_LOOK = 0.25
"""Seconds after which to look again whether another process has answered."""
AT_ONCE = 16
"""Conversations at work at the same time; after an outage all of them wait at once."""


Work = asyncio.Task[bool]
"""Handling a conversation's messages; its result tells whether that was ours to do."""
Accept = Callable[[bool], tuple[Accepted, Turn | None]]
"""Stores a message; told to, it takes the conversation's next turn in the same transaction."""


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
        self._waiting: dict[str, asyncio.Future[dict[str, Any] | None]] = {}
        self._tasks: dict[Work, str] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    def soon(self, conversation_id: str) -> Work:
        """Start working on a conversation's waiting messages, in the background."""
        return self._start(conversation_id, self.drain(conversation_id))

    def _start(self, conversation_id: str, working: Coroutine[Any, Any, bool]) -> Work:
        task = asyncio.create_task(working)
        self._tasks[task] = conversation_id
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: Work) -> None:
        self._forget_lock(self._tasks.pop(task))
        if not task.cancelled() and (error := task.exception()) is not None:
            # What was under way is still unhandled in the database: the next sweep takes it up.
            problem = storage_problem(error)
            kind = problem.code if problem else type(error).__name__
            log.error("inbox_failed", kind=kind, where=where(error))

    def _forget_lock(self, conversation_id: str) -> None:
        lock = self._locks.get(conversation_id)
        if lock is not None and not lock.locked() and conversation_id not in self._tasks.values():
            del self._locks[conversation_id]

    async def close(self) -> None:
        """Stop what is under way; it is taken up again after the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def take_in(self, conversation_id: str, accept: Accept) -> tuple[Accepted, Work | None]:
        """Have a message stored and begin with it; returns the work on it, where it was begun.

        Storing it and taking it are one transaction where nothing else of the conversation is under
        way and no other process could be at it; else whoever is at it, or ``answered``, takes it.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        under_way = lock.locked() or conversation_id in self._tasks.values()
        if under_way or self._database.shared or self._places.locked():
            return (await in_thread(accept, False))[0], None
        turn = None
        await lock.acquire()  # both are free, so neither waits
        await self._places.acquire()
        try:
            accepted, turn = await in_thread(accept, True)
            if turn is None:
                return accepted, None
            return accepted, self._start(conversation_id, self._go_on(conversation_id, turn))
        finally:
            if turn is None:
                self._leave(conversation_id)

    async def _go_on(self, conversation_id: str, turn: Turn) -> bool:
        try:
            await self._handle_from(conversation_id, turn)
        finally:
            self._leave(conversation_id)
        return True

    def _leave(self, conversation_id: str) -> None:
        self._places.release()
        self._locks[conversation_id].release()
        self._forget_lock(conversation_id)

    async def answered(
        self, conversation_id: str, item_id: str, seconds: float, work: Work | None = None
    ) -> dict[str, Any] | None:
        """Work on a conversation until one message is answered, cannot be just now, or time is up.

        ``work``: what was begun already (see ``take_in``). Returns the answer where it is at hand (see
        ``answer_of``); else the record tells what there is.
        """
        told = self._waiting.setdefault(item_id, asyncio.get_running_loop().create_future())
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                work = work or self.soon(conversation_id)
                either: set[asyncio.Future[Any]] = {work, told}
                await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if told.done() or not work.done() or work.exception() or work.result():
                    break
                await asyncio.sleep(ANOTHER_LOOK)  # another process is at it
                work = None
        finally:
            self._waiting.pop(item_id, None)
        return told.result() if told.done() else None

    async def sweep(self) -> None:
        """Take up every message that waits: after a restart, or because its pause is over."""
        at_work = set(self._tasks.values())
        for conversation_id in await in_thread(self._conversations_waiting):
            if conversation_id not in at_work:
                self.soon(conversation_id)

    def _conversations_waiting(self) -> list[str]:
        with self._database.reading() as session:
            return list(
                session.scalars(
                    select(InboxItem.conversation_id)
                    .where(
                        InboxItem.handled_at.is_(None), InboxItem.next_try_at <= self._clock.now()
                    )
                    .distinct()
                )
            )

    async def drain(self, conversation_id: str) -> bool:
        """Handle a conversation's waiting messages, oldest first, one at a time.

        Returns False where another process is at it, to which they are left.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock, self._places, self._taken(f"inbox {conversation_id}") as taken:
            if not taken:
                return False
            turn = await in_thread(self._next_turn, conversation_id)
            await self._handle_from(conversation_id, turn)
        return True

    async def _handle_from(self, conversation_id: str, turn: Turn | None) -> None:
        while turn is not None:
            turn = await self._handle(conversation_id, turn)

    @asynccontextmanager
    async def _taken(self, name: str) -> AsyncIterator[bool]:
        """Take a name from other processes, where there are any; yields whether it was free."""
        if not self._database.shared:
            yield True
        elif not await in_thread(self._database.take, name):
            yield False
        else:
            try:
                yield True
            finally:
                await in_thread(self._database.give_back, name)

    async def _handle(self, conversation_id: str, turn: Turn) -> Turn | None:
        """Give one message to the assistant and keep what it says, or that it could not; returns the next."""
        answer = None
        try:
            answers = await self._ask(conversation_id, turn)
            following, answer = await in_thread(self._store, conversation_id, turn, answers)
        except AssistantDown as down:
            log.warning("assistant_down", kind=str(down), attempt=turn.attempts)
            following = await in_thread(self._note_failure, conversation_id, turn)
        except Exception as error:  # one message must not block those behind it for ever
            if storage_problem(error) is not None:
                raise  # nothing can be noted either; the sweep asks later what was said
            log.error("turn_failed", kind=type(error).__name__, where=where(error))
            following = await in_thread(self._note_failure, conversation_id, turn)
        self._live.changed(conversation_id)
        waiting = self._waiting.get(turn.item_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
        return following

    async def _ask(self, conversation_id: str, turn: Turn) -> list[Answer]:
        answers: list[Answer] | None = None
        if turn.attempts > 1:
            answers = await self._assistant.already_said(conversation_id, turn.item_id)
        if not answers or (_troubled(answers) and turn.attempts <= MOST_TROUBLED):
            answers = await self._assistant.say(
                conversation_id, turn.item_id, turn.text, turn.metadata
            )
        if not answers and turn.attempts < MOST_EMPTY:
            raise AssistantDown("nothing_said")
        if _troubled(answers) and turn.attempts < MOST_TROUBLED:
            raise AssistantDown("in_trouble")
        return answers

    def _next_turn(self, conversation_id: str) -> Turn | None:
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            return take_turn(session, conversation, self._clock.now())

    def _store(
        self, conversation_id: str, turn: Turn, answers: list[Answer]
    ) -> tuple[Turn | None, dict[str, Any] | None]:
        """Keep what the assistant said; the next message is taken in the same transaction.

        Returns it, and the answer of this one where it is just that.
        """
        now = self._clock.now()
        policy = self._policy.on(local_date(now))
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            item = session.get_one(InboxItem, turn.item_id)
            if conversation.epoch != turn.epoch:
                _drop(session, conversation, turn, answers, now)
            if item.handled_at is not None:  # done in another way while the assistant thought
                return take_turn(session, conversation, self._clock.now()), None
            said: list[Message] = []
            before = conversation.last_seq
            if conversation.epoch == turn.epoch:
                said = [
                    append_message(
                        session,
                        conversation,
                        speaker="assistant",
                        text=answer.text,
                        quick_replies=answer.quick_replies,
                        card=_card(session, conversation, answer, now, policy),
                        now=now,
                    )
                    for answer in answers or _nothing_said(turn, conversation, policy)
                ]
            item.handled_at, item.answered_to_seq = now, conversation.last_seq
            # Where something else was said meanwhile, or to a message before it, the record tells.
            answer = answer_of(conversation, said) if before == item.seq else None
            return take_turn(session, conversation, self._clock.now()), answer

    def _note_failure(self, conversation_id: str, turn: Turn) -> Turn | None:
        now = self._clock.now()
        policy = self._policy.on(local_date(now))
        with self._database.transaction() as session:
            conversation = locked_conversation(session, conversation_id)
            item = session.get_one(InboxItem, turn.item_id)
            if item.handled_at is not None:
                return take_turn(session, conversation, self._clock.now())
            item.next_try_at = now + min(
                FIRST_PAUSE * 2 ** min(turn.attempts - 1, 8), LONGEST_PAUSE
            )
            if turn.attempts >= MOST_ATTEMPTS:
                case = open_case(session, conversation, reason="system", now=now, policy=policy)
                locale = conversation.locale
                day = date_text(local_date(case.promised_by), locale, local_date(now))
                append_message(
                    session, conversation, speaker="assistant", now=now,
                    text=sentence(
                        "assistant_gave_up", locale, policy, case_no=case.number,
                        reply_by=f"{day} {time_text(case.promised_by)}",
                    ),
                )  # fmt: skip
                item.handled_at, item.answered_to_seq = now, conversation.last_seq
            elif turn.attempts == 1:
                append_message(
                    session, conversation, speaker="assistant", now=now,
                    text=sentence("assistant_down", conversation.locale, policy),
                )  # fmt: skip
            return take_turn(session, conversation, self._clock.now())


def _nothing_said(turn: Turn, conversation: Conversation, policy: PolicyView) -> list[Answer]:
    """Return the honest word for an empty answer; news of our own that nobody waits for needs none."""
    if turn.text.startswith(NEWS):
        return []
    return [Answer(sentence("no_answer", conversation.locale, policy))]


def _drop(
    session: Session, conversation: Conversation, turn: Turn, answers: list[Answer], now: datetime
) -> None:
    """Note that a reply came after the floor had changed hands, and was not said."""
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="reply_dropped", person=conversation.person_id, epoch=turn.epoch, now=conversation.epoch, replies=len(answers),
    )  # fmt: skip


def _troubled(answers: list[Answer]) -> bool:
    """Return whether anything in a turn failed: a form asks again after its word of trouble."""
    return any(answer.troubled for answer in answers)


def _card(
    session: Session, conversation: Conversation, answer: Answer, now: datetime, policy: PolicyView
) -> dict[str, object] | None:
    """Return the card an answer names; without its records the words alone must do."""
    if not answer.card:
        return None
    try:
        return build_card(session, conversation, answer.card, now, policy)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - words without their card are better than no answer
        log.error("card_failed", kind=type(error).__name__, where=where(error))
        return None
