"""The outbox: the only sender. A row is written in the caller's transaction; a loop sends it.

The gate is asked twice: when a message is written, and again in the transaction that takes it for
sending, which is also the one that enters the attempt in the ledger and so spends the budget. What the
gate bars is kept for later or dropped, its reason recorded; what fails is tried again with growing
pauses, as the one attempt it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.gate import Decision, Purpose
from api.contact.ledger import grounds, may_reach, note_outcome, record_attempt
from api.contact.models import OutboxMessage
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database, after_commit
from api.kit.errors import where
from api.kit.secrecy import new_id
from api.policy.lookup import Policy, PolicyView

__all__ = ["OUTBOX", "DeliveryFailed", "Transport", "deliver_due", "enqueue", "withdraw"]

log = structlog.get_logger(__name__)

OUTBOX = "outbox"
"""The topic (``Database.listen``) that is told when something new waits to be sent."""

STALE_AFTER: dict[str, timedelta] = {"security_code": timedelta(minutes=10)}
"""What is of no use any more is not sent: a code that arrives too late only worries its reader."""

MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=2)
AT_ONCE = 20
LEASE = timedelta(seconds=30)
"""How long a sender may hold a row before another may take it."""


class DeliveryFailed(Exception):
    """A transport could not send. ``code`` is stable; ``retryable`` says whether to try again."""

    def __init__(self, code: str, *, retryable: bool) -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable


class Transport(Protocol):
    """Carries a text to an address on one channel."""

    def send(self, recipient: str, body: str) -> str:
        """Send and return the provider's id; raises ``DeliveryFailed``."""
        ...


@dataclass(frozen=True)
class _Parcel:
    id: str
    channel: str
    recipient: str
    body: str
    attempts: int


def enqueue(
    session: Session,
    *,
    key: str,
    purpose: Purpose,
    person: Person,
    body: str,
    now: datetime,
    policy: PolicyView,
    answering: bool = False,
    channel: str = "sms",
) -> Decision | None:
    """Write a message into the outbox in the caller's transaction; the same ``key`` goes once.

    ``answering`` says that it answers the person in a conversation that they opened. Returns what the
    gate said, or ``None`` where the message was there already.
    """
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return None
    decision = may_reach(session, person, purpose, now=now, policy=policy, answering=answering)
    message = OutboxMessage(
        id=new_id("o"),
        key=key,
        purpose=purpose,
        answering=answering,
        channel=channel,
        person_id=person.id,
        recipient=person.telephone,
        body=body,
        created_at=now,
        due_at=now,
        attempts=0,
        state="queued",
        reason="",
    )
    session.add(message)
    _happened(session, message, "message_queued", now)
    if decision.verdict == "send":
        after_commit(session, OUTBOX)
    else:
        _bar(session, message, decision, now)
    return decision


def withdraw(session: Session, key: str, reason: str, now: datetime) -> bool:
    """Take back a message that still waits and has become wrong; returns whether there was one."""
    message = session.scalar(
        select(OutboxMessage).where(OutboxMessage.key == key, OutboxMessage.state == "queued")
    )
    if message is None:
        return False
    message.state, message.reason, message.body = "dropped", reason, None
    _happened(session, message, "message_withdrawn", now, reason=reason)
    return True


def _bar(session: Session, message: OutboxMessage, decision: Decision, now: datetime) -> None:
    """Keep a message for later, or drop it; its reason is recorded either way."""
    message.reason = decision.rule
    if decision.verdict == "wait" and decision.until is not None:
        message.due_at = decision.until
        _happened(session, message, "message_kept", now, reason=decision.rule)
    else:
        message.state, message.body = "dropped", None
        _happened(session, message, "message_barred", now, reason=decision.rule)


def _happened(
    session: Session, message: OutboxMessage, kind: str, now: datetime, **data: str
) -> None:
    append_event(
        session, at=now, actor="system", subject=("person", message.person_id), kind=kind,
        purpose=message.purpose, **data,
    )  # fmt: skip


def deliver_due(
    database: Database, clock: Clock, policy: Policy, transports: Mapping[str, Transport]
) -> int:
    """Send what is due; return how many were sent. No transaction is open while a provider answers."""
    sent = 0
    for parcel in _take_due(database, clock, policy):
        try:
            transport = transports.get(parcel.channel)
            if transport is None:
                raise DeliveryFailed("no_transport", retryable=True)
            provider_id = transport.send(parcel.recipient, parcel.body)
        except DeliveryFailed as failure:
            _note_failure(database, clock, parcel, failure)
        except Exception as error:  # noqa: BLE001 - one text must not keep those behind it
            log.error("transport_failed", kind=type(error).__name__, where=where(error))
            _note_failure(database, clock, parcel, DeliveryFailed("unexpected", retryable=True))
        else:
            _note_sent(database, clock, parcel, provider_id)
            sent += 1
    return sent


def _take_due(database: Database, clock: Clock, policy: Policy) -> list[_Parcel]:
    now = clock.now()
    due = (OutboxMessage.state == "queued", OutboxMessage.due_at <= now)
    with database.reading() as session:
        if session.scalar(select(OutboxMessage.id).where(*due).limit(1)) is None:
            return []
    with database.transaction() as session:
        rows = session.scalars(
            select(OutboxMessage)
            .where(*due)
            .order_by(OutboxMessage.due_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        taken = [_take(session, row, now, policy.on(local_date(now))) for row in rows]
        return [parcel for parcel in taken if parcel is not None]


def _take(
    session: Session, row: OutboxMessage, now: datetime, policy: PolicyView
) -> _Parcel | None:
    """Take one message for sending, unless it is too old or the gate says no by now."""
    if row.created_at + STALE_AFTER.get(row.purpose, now - row.created_at) < now:
        row.state, row.reason, row.body = "dropped", "stale", None
        _happened(session, row, "message_stale", now)
        return None
    person = session.get_one(Person, row.person_id)
    purpose: Purpose = row.purpose  # type: ignore[assignment]  # written by ``enqueue`` only
    decision = may_reach(
        session, person, purpose, now=now, policy=policy, answering=row.answering, besides=row.id
    )
    if decision.verdict != "send":
        _bar(session, row, decision, now)
        return None
    if row.attempts == 0:  # trying again is the same attempt, and its budget is spent
        record_attempt(
            session, person_id=row.person_id, at=now, by="assistant", channel=row.channel,
            purpose=purpose, outcome="sending", reference=row.id,
            why=grounds(session, person, purpose, now=now, policy=policy, answering=row.answering),
        )  # fmt: skip
        session.flush()
    row.due_at = now + LEASE
    row.attempts += 1
    return _Parcel(row.id, row.channel, row.recipient, row.body or "", row.attempts)


def _note_sent(database: Database, clock: Clock, parcel: _Parcel, provider_id: str) -> None:
    now = clock.now()
    with database.transaction() as session:
        row = session.get_one(OutboxMessage, parcel.id)
        row.state, row.provider_id, row.sent_at, row.body = "sent", provider_id, now, None
        row.reason = ""
        note_outcome(session, row.id, "sent")
        append_event(
            session, at=now, actor="system", subject=("person", row.person_id),
            kind="message_sent", purpose=row.purpose, channel=row.channel,
        )  # fmt: skip


def _note_failure(
    database: Database, clock: Clock, parcel: _Parcel, failure: DeliveryFailed
) -> None:
    now = clock.now()
    final = not failure.retryable or parcel.attempts >= MOST_ATTEMPTS
    log.warning("delivery_failed", code=failure.code, attempt=parcel.attempts, final=final)
    with database.transaction() as session:
        row = session.get_one(OutboxMessage, parcel.id)
        row.reason = failure.code
        if final:
            row.state, row.body = "failed", None
            note_outcome(session, row.id, "failed")
            append_event(
                session, at=now, actor="system", subject=("person", row.person_id),
                kind="message_failed", purpose=row.purpose, code=failure.code,
            )  # fmt: skip
        else:
            row.due_at = now + FIRST_PAUSE * 2 ** (parcel.attempts - 1)
