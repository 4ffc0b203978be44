"""What a transaction has asked the database it need not ask again, until it changes something.

One turn of a conversation asks whether an agreement is in force, which offers stand and what a person
told in a dozen places, each of which would be wrong to rely on another having asked. They all keep
asking; the second answer is the first one. Whatever the session writes, and whoever's turn it waits
for, makes it forget everything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

__all__ = ["asked_once", "forget_answers"]

About = ParamSpec("About")
Answer = TypeVar("Answer")

ANSWERS = "answers of this transaction"
MOST_ANSWERS = 500
"""Answers kept: whoever goes through a whole portfolio in one transaction does not keep all of it."""


def asked_once(
    ask: Callable[Concatenate[Session, About], Answer],
) -> Callable[Concatenate[Session, About], Answer]:
    """Have a function that only reads, of a session and hashable arguments, ask once for each of them.

    What it returns is shared by all who ask, so they must not change it, rows of tables apart.
    """

    @wraps(ask)
    def remembered(session: Session, /, *about: About.args, **named: About.kwargs) -> Answer:
        if session.autoflush and (session.new or session.dirty or session.deleted):
            session.flush()  # as the question would have done; what was known before it is forgotten
        answers: dict[Any, Answer] = session.info.setdefault(ANSWERS, {})
        key = (ask, about, *sorted(named.items()))
        if key not in answers:
            if len(answers) >= MOST_ANSWERS:
                answers.clear()
            answers[key] = ask(session, *about, **named)
        return answers[key]

    return remembered


def forget_answers(session: Session) -> None:
    """Ask anew from here on: something may have changed."""
    session.info.pop(ANSWERS, None)


@event.listens_for(Session, "after_flush")
def _on_flush(session: Session, _: Any) -> None:
    forget_answers(session)


@event.listens_for(Session, "after_transaction_end")
def _on_end(session: Session, _: Any) -> None:
    forget_answers(session)


@event.listens_for(Session, "do_orm_execute")
def _on_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        forget_answers(state.session)
