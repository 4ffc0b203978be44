"""The outbox: the only sender. A row is written in the caller's transaction; a loop sends it.

What fails is tried again with growing pauses; what the gate bars is dropped with its reason.
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
from api.contact.gate import Purpose, bar
from api.contact.holds import holds_of
from api.contact.models import OutboxMessage
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.db import Database, after_commit
from api.kit.errors import where
from api.kit.secrecy import new_id

__all__ = ["OUTBOX", "DeliveryFailed", "Transport", "deliver_due", "enqueue"]

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
    channel: str = "sms",
) -> None:
    """Write a message into the outbox in the caller's transaction; the same ``key`` goes once."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)):
        return
    barred = bar(purpose, holds_of(session, person.id))
    session.add(
        OutboxMessage(
            id=new_id("o"),
            key=key,
            purpose=purpose,
            channel=channel,
            person_id=person.id,
            recipient=person.telephone,
            body=None if barred else body,
            created_at=now,
            due_at=now,
            state="dropped" if barred else "queued",
            reason=barred,
        )
    )
    append_event(
        session, at=now, actor="system", subject=("person", person.id),
        kind="message_barred" if barred else "message_queued", purpose=purpose, reason=barred,
    )  # fmt: skip
    if not barred:
        after_commit(session, OUTBOX)


def deliver_due(database: Database, clock: Clock, transports: Mapping[str, Transport]) -> int:
    """Send what is due; return how many were sent. No transaction is open while a provider answers."""
    sent = 0
    for parcel in _take_due(database, clock):
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


def _take_due(database: Database, clock: Clock) -> list[_Parcel]:
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
        parcels = []
        for row in rows:
            if row.created_at + STALE_AFTER.get(row.purpose, now - row.created_at) < now:
                row.state, row.reason, row.body = "dropped", "stale", None
                append_event(
                    session, at=now, actor="system", subject=("person", row.person_id),
                    kind="message_stale", purpose=row.purpose,
                )  # fmt: skip
                continue
            row.due_at = now + LEASE
            row.attempts += 1
            parcels.append(
                _Parcel(row.id, row.channel, row.recipient, row.body or "", row.attempts)
            )
        return parcels


def _note_sent(database: Database, clock: Clock, parcel: _Parcel, provider_id: str) -> None:
    now = clock.now()
    with database.transaction() as session:
        row = session.get_one(OutboxMessage, parcel.id)
        row.state, row.provider_id, row.sent_at, row.body = "sent", provider_id, now, None
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
            append_event(
                session, at=now, actor="system", subject=("person", row.person_id),
                kind="message_failed", purpose=row.purpose, code=failure.code,
            )  # fmt: skip
        else:
            row.due_at = now + FIRST_PAUSE * 2 ** (parcel.attempts - 1)
