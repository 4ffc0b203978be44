"""The transcript: numbered records, appended once, read by anyone in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.conversations.models import Conversation, Message
from api.kit.audit import append_event
from api.kit.dates import iso_utc
from api.kit.db import after_commit
from api.kit.secrecy import new_id

__all__ = [
    "CONVERSATION",
    "append_message",
    "as_record",
    "locked_conversation",
    "messages_after",
]

CONVERSATION = "conversation"
"""The topic (``Database.listen``) that is told which conversation changed."""


# Statements of every turn are written once: SQLAlchemy takes longer to write one than to run it.
_AS_IT_STANDS = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation"))
    .execution_options(populate_existing=True)
)
_AFTER = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation"), Message.seq > bindparam("after"))
    .order_by(Message.seq)
)
_BETWEEN = _AFTER.where(Message.seq <= bindparam("up_to"))


def locked_conversation(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation as it stands at its person's turn, so that numbering cannot race.

    Raises:
        NoResultFound: there is no such conversation.
    """
    which = {"conversation": conversation_id}
    conversation = session.scalars(_AS_IT_STANDS, which).one()
    if lock_persons(session, [conversation.person_id]):
        conversation = session.scalars(_AS_IT_STANDS, which).one()
    return conversation


def append_message(
    session: Session,
    conversation: Conversation,
    *,
    speaker: str,
    text: str,
    now: datetime,
    quick_replies: list[dict[str, str]] | None = None,
    card: dict[str, Any] | None = None,
    client_message_id: str | None = None,
    name: str | None = None,
) -> Message:
    """Append the next record to a conversation locked by the caller's transaction.

    ``name`` is that of the colleague who speaks, where one does. That whole terms were shown, which is what
    lets them be signed, is said by their card on record.
    """
    conversation.last_seq += 1
    message = Message(
        id=new_id("m"),
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        speaker=speaker,
        name=name,
        text=text,
        lang=conversation.locale,
        quick_replies=quick_replies or [],
        card=card,
        client_message_id=client_message_id,
        at=now,
    )
    session.add(message)
    if card is not None and card["kind"] == "terms":
        append_event(
            session, at=now, actor="system", subject=("agreement", card["agreement_id"]),
            kind="terms_shown", person=conversation.person_id, channel=conversation.channel,
        )  # fmt: skip
    after_commit(session, CONVERSATION, conversation.id)
    return message


def messages_after(
    session: Session, conversation_id: str, seq: int, up_to: int | None = None
) -> list[Message]:
    """Return the records numbered above ``seq`` (and at most ``up_to``), in order."""
    which = {"conversation": conversation_id, "after": seq}
    if up_to is None:
        return list(session.scalars(_AFTER, which))
    return list(session.scalars(_BETWEEN, {**which, "up_to": up_to}))


def as_record(message: Message) -> dict[str, Any]:
    """Return a record as it crosses HTTP (see ``docs/architecture.md``)."""
    return {
        "id": message.id,
        "seq": message.seq,
        "speaker": message.speaker,
        "name": message.name,
        "text": message.text,
        "lang": message.lang,
        "quick_replies": message.quick_replies,
        "card": message.card,
        "at": iso_utc(message.at),
        "client_message_id": message.client_message_id,
    }
