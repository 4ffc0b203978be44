"""Sending what waits in the outbox: nothing else ever leaves.

The gate is asked again in the transaction that takes a message for sending, which is also the one that
enters the attempt in the ledger and so spends the budget. What fails is tried again with growing pauses,
as the one attempt it is. Before a second try the provider is asked whether it has the text already: a
process may have died, or an answer been lost, after it was taken there. Of one person's texts the oldest
leaves first, and the next when that one has arrived at the provider.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import structlog
from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from api.accounts.locking import lock_free_persons
from api.accounts.models import Person
from api.contact.carriage import Carriage, Registered, carriage_of
from api.contact.delivery import NumberNews, note_number
from api.contact.gate import Purpose
from api.contact.ledger import By, grounds, note_outcome, record_attempt
from api.contact.models import OutboxMessage
from api.contact.outbox import bar, erase, happened, may_send, text_of_message
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.kit.errors import where
from api.policy.lookup import Policy, PolicyView

__all__ = ["DeliveryFailed", "RegisteredTransport", "Transport", "deliver_due"]

log = structlog.get_logger(__name__)

STALE_AFTER: dict[str, timedelta] = {"security_code": timedelta(minutes=10)}
"""What is of no use any more is not sent: a code that arrives too late only worries its reader."""

MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=2)
AT_ONCE = 20
SENDERS = 8
"""How many texts of one process are on their way to a provider at the same time."""
LEASE = timedelta(seconds=30)
"""How long a sender may hold a row before another may take it."""
SENDING = timedelta(seconds=12)
"""How long a provider may take; with less of its lease left, a text is not begun any more."""


class DeliveryFailed(Exception):
    """A transport could not send. ``code`` is stable; ``retryable`` says whether to try again.

    ``number`` is what the failure tells of the number itself, if anything.
    """

    def __init__(self, code: str, *, retryable: bool, number: NumberNews = "") -> None:
        super().__init__(code)
        self.code = code
        self.retryable = retryable
        self.number: NumberNews = number


class Transport(Protocol):
    """Carries a text to an address on one channel; called from several threads."""

    def send(self, recipient: str, body: str) -> str:
        """Send and return the provider's id; raises ``DeliveryFailed``."""
        ...

    def sent_before(self, recipient: str, body: str) -> Sequence[str]:
        """Return the provider's ids of the newest texts like this one; raises ``DeliveryFailed``."""
        ...


@runtime_checkable
class RegisteredTransport(Protocol):
    """Carries texts that are registered with the provider, which cannot be asked what it has sent."""

    def send_registered(self, recipient: str, text: Registered) -> str:
        """Send and return the provider's id; raises ``DeliveryFailed``."""
        ...


@dataclass(frozen=True)
class _Parcel:
    id: str
    channel: str
    carriage: Carriage
    recipient: str
    body: str
    attempts: int
    taken_at: datetime


def deliver_due(
    database: Database, clock: Clock, policy: Policy, transports: Mapping[str, Transport]
) -> int:
    """Send some of what is due, one text a person; return how many were sent, so that 0 is the end.

    No transaction is open while a provider answers.
    """

    def send(parcel: _Parcel) -> bool:
        return _send(database, clock, transports, parcel)

    taken = _take_due(database, clock, policy)
    if len(taken) < 2:
        return sum(map(send, taken))
    with ThreadPoolExecutor(min(SENDERS, len(taken))) as senders:
        return sum(senders.map(send, taken))


def _send(
    database: Database, clock: Clock, transports: Mapping[str, Transport], parcel: _Parcel
) -> bool:
    if clock.now() > parcel.taken_at + LEASE - SENDING:
        return False  # somebody else may be about to send it
    try:
        provider_id = _carry(database, transports, parcel)
    except DeliveryFailed as failure:
        _note_failure(database, clock, parcel, failure)
        return False
    except Exception as error:  # noqa: BLE001 - one text must not keep those behind it
        log.error("transport_failed", kind=type(error).__name__, where=where(error))
        _note_failure(database, clock, parcel, DeliveryFailed("unexpected", retryable=True))
        return False
    _note_sent(database, clock, parcel, provider_id)
    return True


def _carry(database: Database, transports: Mapping[str, Transport], parcel: _Parcel) -> str:
    """Hand one text to its provider's transport, or to the one that stands for the whole channel."""
    transport = transports.get(parcel.carriage.provider) or transports.get(parcel.channel)
    if transport is None:
        raise DeliveryFailed("no_transport", retryable=True)
    registered = parcel.carriage.registered
    if registered is None:
        taken = _taken_before(database, transport, parcel)
        return taken or transport.send(parcel.recipient, parcel.body)
    if not isinstance(transport, RegisteredTransport):
        raise DeliveryFailed("no_registered_texts", retryable=False)
    return transport.send_registered(parcel.recipient, registered)


def _taken_before(database: Database, transport: Transport, parcel: _Parcel) -> str | None:
    """Return the id under which the provider took this text at an earlier try that nobody noted."""
    if parcel.attempts == 1:
        return None
    alike = transport.sent_before(parcel.recipient, parcel.body)
    if not alike:
        return None
    with database.reading() as session:
        noted = set(
            session.scalars(
                select(OutboxMessage.provider_id).where(OutboxMessage.provider_id.in_(alike))
            )
        )
    return next((provider_id for provider_id in alike if provider_id not in noted), None)


def _waits(now: datetime) -> ColumnElement[bool]:
    """A message is due, and none that the person is to get before it still waits, but for the gate's no."""
    earlier = aliased(OutboxMessage)
    return and_(
        OutboxMessage.state == "queued",
        OutboxMessage.due_at <= now,
        ~exists().where(
            earlier.person_id == OutboxMessage.person_id,
            earlier.created_at < OutboxMessage.created_at,
            earlier.state == "queued",
            earlier.reason.not_like("gate.%"),
        ),
    )


def _take_due(database: Database, clock: Clock, policy: Policy) -> list[_Parcel]:
    with database.reading() as session:
        found = session.execute(
            select(OutboxMessage.id, OutboxMessage.person_id)
            .where(_waits(clock.now()))
            .order_by(OutboxMessage.due_at)
            .limit(AT_ONCE)
        ).all()
    if not found:
        return []
    with database.transaction() as session:
        free = lock_free_persons(session, {person_id for _, person_id in found})
        now = clock.now()  # at their turn: later than every attempt that has been entered
        ids = [message_id for message_id, person_id in found if person_id in free]
        rows = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), _waits(now))
            .order_by(OutboxMessage.due_at)
        )
        first: dict[str, OutboxMessage] = {}
        for row in rows:
            first.setdefault(row.person_id, row)
        taken = [_take(session, row, now, policy.on(local_date(now))) for row in first.values()]
        return [parcel for parcel in taken if parcel is not None]


def _take(
    session: Session, row: OutboxMessage, now: datetime, policy: PolicyView
) -> _Parcel | None:
    """Take one message for sending, unless it is too old or the gate says no by now."""
    if row.created_at + STALE_AFTER.get(row.purpose, now - row.created_at) < now:
        row.state, row.reason = "dropped", "stale"
        erase(row)
        happened(session, row, "message_stale", now)
        return None
    person = session.get_one(Person, row.person_id)
    purpose: Purpose = row.purpose  # type: ignore[assignment]  # written by ``enqueue`` only
    sender: By = row.by  # type: ignore[assignment]  # written by ``enqueue`` only
    text = text_of_message(row)
    decision = may_send(
        session, person, purpose, text, now=now, policy=policy, answering=row.answering,
        besides=row.id,
    )  # fmt: skip
    if decision.verdict != "send":
        bar(session, row, decision, now)
        return None
    if row.attempts == 0:  # trying again is the same attempt, and its budget is spent
        record_attempt(
            session, person_id=row.person_id, at=now, by=sender, channel=row.channel,
            purpose=purpose, outcome="sending", reference=row.id,
            why=grounds(session, person, purpose, now=now, policy=policy, answering=row.answering),
        )  # fmt: skip
        session.flush()
    row.due_at, row.reason = now + LEASE, ""
    row.recipient = person.telephone  # the one on file now: the old one may be somebody else's
    row.attempts += 1
    carriage = carriage_of(purpose, row.recipient, text, policy)
    return _Parcel(row.id, row.channel, carriage, row.recipient, text.body, row.attempts, now)


def _note_sent(database: Database, clock: Clock, parcel: _Parcel, provider_id: str) -> None:
    now = clock.now()
    with database.transaction() as session:
        row = session.get_one(OutboxMessage, parcel.id)
        row.state, row.provider_id, row.sent_at, row.reason = "sent", provider_id, now, ""
        erase(row)
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
            row.state = "failed"
            erase(row)
            note_outcome(session, row.id, "failed")
            note_number(session, row.person_id, failure.number, row.recipient, now)
            append_event(
                session, at=now, actor="system", subject=("person", row.person_id),
                kind="message_failed", purpose=row.purpose, code=failure.code,
            )  # fmt: skip
        else:
            row.due_at = now + FIRST_PAUSE * 2 ** (parcel.attempts - 1)
