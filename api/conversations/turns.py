"""One call of the assistant: a transaction on one conversation, and what it may do there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.planning import Who
from api.contact.carriage import Text
from api.contact.holds import holds_of
from api.contact.outbox import may_send
from api.conversations.context import CALM, context_of
from api.conversations.models import Conversation
from api.conversations.transcript import locked_conversation
from api.conversations.words import words_for
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.policy.lookup import Policy, PolicyView

__all__ = ["Turn", "TurnOpener", "Turns"]


CODE_VALUES = ("bank", "code", "code_minutes")
"""What the text with a code has to say, whatever it is for."""


class Turn:
    """The conversation, the moment and its policy, within one transaction."""

    def __init__(
        self, session: Session, conversation: Conversation, clock: Clock, policy: Policy
    ) -> None:
        self.session = session
        self.conversation = conversation
        self.now = clock.now()
        self.policy_of = policy.on
        self.policy: PolicyView = policy.on(local_date(self.now))
        self.who = Who(conversation.person_id, conversation.id)

    def context(self, **more: Any) -> dict[str, Any]:
        """Return where the conversation stands now, with what this call adds."""
        self.session.flush()
        return {
            **context_of(self.session, self.conversation, now=self.now, policy=self.policy),
            **more,
        }

    def words(self) -> dict[str, str]:
        """Return every placeholder of the assistant's sentences that has a value now."""
        return words_for(self.session, self.conversation, now=self.now, policy=self.policy)

    def require_identity(self) -> None:
        """Raise ``Problem`` ``not_identified`` (403) before identity is proven."""
        if self.conversation.identified_at is None:
            raise Problem("not_identified", 403, "Identity is not proven in this conversation.")

    def require_calm(self) -> None:
        """Plans and signing stop while care comes first, or while the account must not be touched."""
        holds = holds_of(self.session, self.conversation.person_id)
        for hold in CALM:
            if hold in holds:
                raise Problem("on_hold", 409, "Plans and signing are on hold.", hold=hold)

    def require_reachable(self) -> None:
        """No code is promised to a number that no message may go to, or that no provider takes it to."""
        person = self.session.get_one(Person, self.conversation.person_id)
        code = Text("", "code_identity", self.conversation.locale, dict.fromkeys(CODE_VALUES, ""))
        decision = may_send(
            self.session, person, "security_code", code, now=self.now, policy=self.policy,
            answering=True,
        )  # fmt: skip
        if decision.verdict == "send":
            return
        if decision.rule.startswith("gate."):
            raise Problem("contact_stopped", 409, "Messages to this number have stopped.")
        raise Problem(
            "texts_not_carried", 409,
            "No provider carries codes to this number. The hotline can prove who somebody is.",
            rule=decision.rule, title=self.policy.parameter(decision.rule).title,
        )  # fmt: skip


class TurnOpener:
    """Opens this request's transaction on its conversation."""

    def __init__(
        self, request: Request, conversation_id: str, database: Database, clock: Clock
    ) -> None:
        self._conversation_id = conversation_id
        self._database = database
        self._clock = clock
        self._policy: Policy = request.app.state.policy

    @contextmanager
    def writing(self) -> Iterator[Turn]:
        """Open a transaction on the locked conversation.

        Raises:
            Problem: ``floor_taken`` (409) while a colleague has the floor: a turn that was under way
                when they took it does nothing any more.
        """
        with self._database.transaction() as session, self._turn(session, lock=True) as turn:
            if turn.conversation.floor != "assistant":
                raise Problem("floor_taken", 409, "A colleague has the floor.")
            yield turn

    @contextmanager
    def reading(self) -> Iterator[Turn]:
        """Open one that only reads, and so waits for nobody."""
        with self._database.reading() as session, self._turn(session, lock=False) as turn:
            yield turn

    def context(self, **more: Any) -> dict[str, Any]:
        """Return where the conversation stands, with what this call adds, once what it wrote is kept.

        It is read in a transaction of its own: SQLite has one writer at a time, and nobody waits for
        words to be put together.
        """
        with self.reading() as turn:
            return turn.context(**more)

    @contextmanager
    def _turn(self, session: Session, *, lock: bool) -> Iterator[Turn]:
        """A refusal carries the words that tell the person of it."""
        try:
            if lock:
                conversation = locked_conversation(session, self._conversation_id)
            else:
                conversation = session.get_one(Conversation, self._conversation_id)
        except NoResultFound:
            raise Problem("conversation_unknown", 404, "There is no such conversation.") from None
        turn = Turn(session, conversation, self._clock, self._policy)
        try:
            yield turn
        except Problem as problem:
            problem.extra.setdefault("words", turn.words())
            raise


# Not a dependency with `yield`: FastAPI would open and close the transaction on other threads of the
# pool than the one that uses it, and a full pool would then wait for a writer who waits for a thread.
async def _turns(
    request: Request, conversation_id: str, database: TheDatabase, clock: TheClock
) -> TurnOpener:
    return TurnOpener(request, conversation_id, database, clock)


Turns = Annotated[TurnOpener, Depends(_turns)]
