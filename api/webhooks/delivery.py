"""The sending of notices: one at a time, in their order, until each is acknowledged or given up.

A try is noted before it is made, and no transaction is open meanwhile; a notice may therefore arrive
twice and is known again by its id. What fails waits, longer each time, and lets the others pass.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import httpx2
import structlog
from sqlalchemy import select

from api.kit.clock import Clock
from api.kit.dates import iso_utc
from api.kit.db import Database
from api.webhooks.models import BankNotice
from api.webhooks.notices import acknowledge
from api.webhooks.signature import signed_headers

__all__ = ["PAUSES", "Receiver", "WebhookReceiver", "body_of", "deliver_notices"]

log = structlog.get_logger(__name__)

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long each failed try is followed by waiting: from five seconds to a day, more than three days in
all, as the specification recommends. After the last, a notice is given up until it is replayed."""

LEASE = timedelta(seconds=60)
"""How long a sender may hold a notice before another may take it."""
TIMEOUT_SECONDS = 15
AT_ONCE = 100


class Receiver(Protocol):
    """Takes one notice to the bank."""

    def take(self, notice_id: str, at: datetime, body: bytes) -> str:
        """Send it and return an empty text, or why it was not acknowledged, such as ``http_500``."""
        ...


class WebhookReceiver:
    """The bank's address, reached over HTTP. Redirects are not followed: the secret is for one address."""

    def __init__(self, url: str, keys: Sequence[bytes]) -> None:
        self._url = url
        self._keys = keys
        self._client = httpx2.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def take(self, notice_id: str, at: datetime, body: bytes) -> str:
        """Send a notice, signed at this try's own time."""
        headers = {
            "content-type": "application/json",
            "user-agent": "anhuan-webhooks/1",
            **signed_headers(self._keys, notice_id, int(at.timestamp()), body),
        }
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
        except httpx2.TimeoutException:
            return "timeout"
        except httpx2.HTTPError:
            return "unreachable"
        return "" if answer.is_success else f"http_{answer.status_code}"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@dataclass(frozen=True)
class _Taken:
    position: int
    id: str
    body: bytes
    attempts: int


def body_of(notice: BankNotice) -> bytes:
    """Return the bytes that are sent for a notice: the same ones at every try."""
    document = {"type": notice.kind, "timestamp": iso_utc(notice.created_at), "data": notice.data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def deliver_notices(database: Database, clock: Clock, receiver: Receiver) -> int:
    """Send what is due; returns how many were acknowledged."""
    acknowledged = 0
    for _ in range(AT_ONCE):
        taken = _take(database, clock.now())
        if taken is None:
            break
        error = receiver.take(taken.id, clock.now(), taken.body)
        _note(database, clock.now(), taken, error)
        if not error:
            acknowledged += 1
        elif error in ("timeout", "unreachable"):
            break  # nobody is there: the others need not wait for it one by one
    return acknowledged


def _take(database: Database, now: datetime) -> _Taken | None:
    due = (BankNotice.state == "waiting", BankNotice.due_at <= now)
    with database.reading() as session:
        if session.scalar(select(BankNotice.position).where(*due).limit(1)) is None:
            return None
    with database.transaction() as session:
        notice = session.scalar(
            select(BankNotice)
            .where(*due)
            .order_by(BankNotice.position)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if notice is None:
            return None
        notice.attempts += 1
        notice.due_at = now + LEASE
        return _Taken(notice.position, notice.id, body_of(notice), notice.attempts)


def _note(database: Database, now: datetime, taken: _Taken, error: str) -> None:
    with database.transaction() as session:
        notice = session.get_one(BankNotice, taken.position)
        if not error:
            acknowledge(session, notice, now)
            return
        notice.last_error = error
        if taken.attempts > len(PAUSES):
            notice.state = "given_up"
        else:
            notice.due_at = now + PAUSES[taken.attempts - 1]
    log.warning(
        "notice_failed", reason=error, attempt=taken.attempts, final=taken.attempts > len(PAUSES)
    )
