"""The answer to a message as its sender gets it: what was said to it, and how the conversation stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from api.conversations.models import Conversation, InboxItem, Message
from api.conversations.transcript import as_record, messages_after
from api.kit.db import Database

__all__ = ["answer_of", "read_answer"]

_ITEM = (
    select(InboxItem, Conversation)
    .join(Conversation, Conversation.id == InboxItem.conversation_id)
    .where(InboxItem.id == bindparam("item"), Conversation.id == bindparam("conversation"))
)
_ANSWERED_BEFORE = select(func.max(InboxItem.answered_to_seq)).where(
    InboxItem.conversation_id == bindparam("conversation"),
    InboxItem.seq < bindparam("seq"),
    InboxItem.answered_to_seq < bindparam("until"),
)


def answer_of(conversation: Conversation, records: Iterable[Message]) -> dict[str, Any]:
    """Return what a sender is answered: the records that are not a person's, and how things stand."""
    return {
        "replies": [as_record(record) for record in records if record.speaker != "person"],
        "stage": conversation.stage,
        "case": conversation.case_state,
        "floor": conversation.floor,
    }


def read_answer(
    database: Database, conversation_id: str, item_id: str
) -> tuple[bool, dict[str, Any]]:
    """Return whether a message is handled, and its answer so far."""
    with database.reading() as session:
        which = {"item": item_id, "conversation": conversation_id}
        item, conversation = session.execute(_ITEM, which).one()
        records = messages_after(
            session, conversation_id, _begin(session, item), item.answered_to_seq
        )
        return item.handled_at is not None, answer_of(conversation, records)


def _begin(session: Session, item: InboxItem) -> int:
    """Return the number after which an item's answers stand: its own, or its predecessor's last.

    Someone who writes on while the first answer is under way gets each answer with its message.
    """
    if item.answered_to_seq is None:
        return item.seq
    until = {"seq": item.seq, "until": item.answered_to_seq}
    before = session.scalar(_ANSWERED_BEFORE, {"conversation": item.conversation_id, **until})
    return max(item.seq, before or 0)
