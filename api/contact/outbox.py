"""The outbox: whoever has something to say writes a row, in their own transaction, once by its key.

Nothing else ever leaves (see ``sending``). The gate is asked when a message is written, and again when
it is taken for sending; what it bars is kept for later or dropped, and so is what no provider carries to
that country, its reason recorded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.carriage import Text, carriage_of
from api.contact.gate import Decision, Purpose
from api.contact.ledger import By, may_reach
from api.contact.models import OutboxMessage
from api.kit.audit import append_event
from api.kit.db import after_commit
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView

__all__ = [
    "OUTBOX",
    "bar",
    "enqueue",
    "erase",
    "happened",
    "may_send",
    "text_of_message",
    "withdraw",
]

OUTBOX = "outbox"
"""The topic (``Database.listen``) that is told when something new waits to be sent."""


def enqueue(
    session: Session,
    *,
    key: str,
    purpose: Purpose,
    person: Person,
    body: str | Text,
    now: datetime,
    policy: PolicyView,
    answering: bool = False,
    by: By = "assistant",
    channel: str = "sms",
) -> Decision | None:
    """Write a message into the outbox in the caller's transaction; the same ``key`` goes once.

    ``answering`` says that it answers the person in a conversation that they opened, ``by`` whose words
    it carries. Returns whether it may go (see ``may_send``), or ``None`` where the message was there
    already.
    """
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return None
    text = body if isinstance(body, Text) else Text(body)
    decision = may_send(session, person, purpose, text, now=now, policy=policy, answering=answering)
    message = OutboxMessage(
        id=new_id("o"),
        key=key,
        purpose=purpose,
        answering=answering,
        by=by,
        channel=channel,
        person_id=person.id,
        recipient=person.telephone,
        body=text.body,
        wording=_wording(text),
        created_at=now,
        due_at=now,
        attempts=0,
        state="queued",
        reason="",
    )
    session.add(message)
    happened(session, message, "message_queued", now)
    if decision.verdict == "send":
        after_commit(session, OUTBOX)
    else:
        bar(session, message, decision, now)
    return decision


def may_send(
    session: Session, person: Person, purpose: Purpose, text: Text, *, now: datetime,
    policy: PolicyView, answering: bool = False, besides: str = "",
) -> Decision:  # fmt: skip
    """Ask the gate, and whether a provider carries this text to the person's number.

    A refusal of the provider's has the id of its row as its rule (``sms.carriage.…``).
    """
    decision = may_reach(
        session, person, purpose, now=now, policy=policy, answering=answering, besides=besides
    )
    if decision.verdict == "drop":
        return decision
    refused_by = carriage_of(purpose, person.telephone, text, policy).refused_by
    return Decision("drop", refused_by) if refused_by else decision


def _wording(text: Text) -> dict[str, Any] | None:
    if not text.key:
        return None
    return {"key": text.key, "locale": text.locale, "values": dict(text.values)}


def text_of_message(message: OutboxMessage) -> Text:
    """Return what a message says, with the sentence behind it."""
    return Text(message.body or "", **(message.wording or {}))


def erase(message: OutboxMessage) -> None:
    """Keep of a message that is done what happened to it, and not what it said."""
    message.body = message.wording = None


def withdraw(session: Session, key: str, reason: str, now: datetime) -> bool:
    """Take back a message that still waits and has become wrong; returns whether there was one."""
    message = session.scalar(
        select(OutboxMessage).where(OutboxMessage.key == key, OutboxMessage.state == "queued")
    )
    if message is None:
        return False
    message.state, message.reason = "dropped", reason
    erase(message)
    happened(session, message, "message_withdrawn", now, reason=reason)
    return True


def bar(session: Session, message: OutboxMessage, decision: Decision, now: datetime) -> None:
    """Keep a message for later, or drop it; its reason is recorded either way."""
    message.reason = decision.rule
    if decision.verdict == "wait" and decision.until is not None:
        message.due_at = decision.until
        happened(session, message, "message_kept", now, reason=decision.rule)
    else:
        message.state = "dropped"
        erase(message)
        happened(session, message, "message_barred", now, reason=decision.rule)


def happened(
    session: Session, message: OutboxMessage, kind: str, now: datetime, **data: str
) -> None:
    """Append what became of a message as an event of its person."""
    append_event(
        session, at=now, actor="system", subject=("person", message.person_id), kind=kind,
        purpose=message.purpose, **data,
    )  # fmt: skip
