"""What was accepted: an inbox item is stored once, whoever it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.conversations.models import Conversation, InboxItem
from api.kit.secrecy import new_id

__all__ = ["Accepted", "accept_system_message", "known_item", "printable", "store_item"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


_KNOWN = select(InboxItem).where(
    InboxItem.conversation_id == bindparam("conversation"),
    InboxItem.source == bindparam("source"),
    InboxItem.external_id == bindparam("external_id"),
)


@dataclass(frozen=True)
class Accepted:
    """A stored message: its inbox item and its number; ``duplicate`` when it was there already.

    ``handled``: nobody is still to answer it.
    """

    item_id: str
    seq: int
    duplicate: bool
    handled: bool

    @classmethod
    def of(cls, item: InboxItem, *, duplicate: bool = False) -> Accepted:
        """Return what was accepted as an item."""
        return cls(item.id, item.seq, duplicate, item.handled_at is not None)


def printable(text: str) -> str:
    """Return a text without control characters and halves of characters, which no database keeps."""
    return CONTROL.sub("", text.encode(errors="ignore").decode()).strip()


def accept_system_message(
    session: Session, conversation: Conversation, *, external_id: str, text: str, now: datetime
) -> Accepted:
    """Store a message of our own to the assistant (such as ``/open``), once; no record shows it."""
    known = known_item(session, conversation.id, "system", external_id)
    if known is not None:
        return Accepted.of(known, duplicate=True)
    item = store_item(
        session, conversation, "system", external_id, text, conversation.last_seq, now
    )
    return Accepted.of(item)


def known_item(
    session: Session, conversation_id: str, source: str, external_id: str
) -> InboxItem | None:
    """Return the item of a sender's own id, if it was accepted before."""
    which = {"conversation": conversation_id, "source": source, "external_id": external_id}
    return session.scalar(_KNOWN, which)


def store_item(
    session: Session,
    conversation: Conversation,
    source: str,
    external_id: str,
    text: str,
    seq: int,
    now: datetime,
) -> InboxItem:
    """Store what the assistant is to hear; while a colleague has the floor they read it instead."""
    item = InboxItem(
        id=new_id("n"),
        conversation_id=conversation.id,
        seq=seq,
        source=source,
        external_id=external_id,
        text=text,
        received_at=now,
        next_try_at=now,
    )
    if conversation.floor == "collector":
        item.handled_at, item.answered_to_seq = now, seq
    session.add(item)
    return item
