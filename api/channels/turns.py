"""Which message of a conversation the assistant hears next, and what it is told with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.conversations.context import heard_stage
from api.conversations.models import Conversation, InboxItem
from api.kit.dates import local_date

__all__ = ["Turn", "take_turn"]


@dataclass(frozen=True)
class Turn:
    """One message on its way to the assistant; ``attempts`` counts this one too."""

    item_id: str
    text: str
    attempts: int
    epoch: int
    metadata: dict[str, object]


_WAITING = (
    select(InboxItem)
    .where(InboxItem.conversation_id == bindparam("conversation"), InboxItem.handled_at.is_(None))
    .order_by(InboxItem.seq, InboxItem.received_at)
    .limit(1)
)


def take_turn(session: Session, conversation: Conversation, now: datetime) -> Turn | None:
    """Take the oldest message that waits, for the assistant to hear now; ``None`` where there is none."""
    while True:
        item = session.scalar(_WAITING, {"conversation": conversation.id})
        if item is None or item.next_try_at > now:
            return None
        if conversation.floor == "assistant":
            break
        item.handled_at, item.answered_to_seq = now, item.seq  # a person reads it instead
        session.flush()
    stage = heard_stage(session, conversation)
    item.attempts += 1  # after all questions: it is written with the commit
    return Turn(
        item_id=item.id,
        text=item.text,
        attempts=item.attempts,
        epoch=conversation.epoch,
        metadata={
            "locale": conversation.locale,
            "channel": conversation.channel,
            "stage": stage,
            "identified": conversation.identified_at is not None,
            "today": local_date(now).isoformat(),
        },
    )
