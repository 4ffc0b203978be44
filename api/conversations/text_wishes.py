"""No more texts, or texts again, as said in a conversation: done at once, and said in its own words.

Stopping is open to whoever has the conversation: a message too few harms nobody. Starting again is for
who has proven to be the cardholder.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.contact.holds import lift_hold, place_hold
from api.conversations.models import Conversation
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message
from api.conversations.turns import Turns
from api.kit.auth import bot_caller
from api.policy.lookup import PolicyView

__all__ = ["answer_wish", "router", "set_texts"]

router = APIRouter(
    prefix="/v1/bot/conversations/{conversation_id}",
    tags=["assistant"],
    dependencies=[Depends(bot_caller)],
)

Source = Literal["chat", "page", "sms"]


class TextsWished(BaseModel):
    """Whether the person wants text messages."""

    model_config = ConfigDict(extra="forbid")

    wanted: Annotated[bool, Field(strict=True)]


@router.post("/texts")
def texts(turns: Turns, body: TextsWished) -> dict[str, Any]:
    """Stop texts, or let them come again, as the person said in words that only the assistant understood."""
    with turns.writing() as turn:
        if body.wanted:
            turn.require_identity()
        source: Source = "sms" if turn.conversation.channel == "sms" else "chat"
        set_texts(turn.session, turn.who.person_id, wanted=body.wanted, source=source, now=turn.now)
    return turns.context(texts=body.wanted)


def set_texts(
    session: Session, person_id: str, *, wanted: bool, source: Source, now: datetime
) -> None:
    """Stop texts to a person for every sender, or let them come again; again: nothing more."""
    if wanted:
        lift_hold(session, person_id=person_id, kind="opt_out", source=source, now=now)
    else:
        place_hold(session, person_id=person_id, kind="opt_out", source=source, now=now)
    session.flush()


def answer_wish(
    session: Session, conversation: Conversation, wish: Literal["stop", "start"], *, now: datetime,
    policy: PolicyView,
) -> None:  # fmt: skip
    """Do what was written on the page, and say so; starting again waits until we know who asks."""
    known = conversation.identified_at is not None
    if wish == "start" and not known:
        key = "texts_after_identity"
    else:
        set_texts(session, conversation.person_id, wanted=wish == "start", source="chat", now=now)
        key = "texts_resumed" if wish == "start" else "texts_stopped"
    undo = sentence("resume_texts", conversation.locale, policy)
    append_message(
        session, conversation, speaker="assistant", now=now,
        text=sentence(key, conversation.locale, policy),
        quick_replies=[{"title": undo, "text": undo}] if wish == "stop" and known else None,
    )  # fmt: skip
