"""The telephone's memory: every text sent to it or written on it, in one small SQLite file."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.kit.clock import Clock

__all__ = ["Direction", "Text", "TextStore"]

Direction = str
"""``outbound-api`` (from the bank to the phone) or ``inbound`` (written on the phone)."""

_TABLE = """
CREATE TABLE IF NOT EXISTS texts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sid TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL CHECK (direction IN ('outbound-api', 'inbound')),
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    segments INTEGER NOT NULL,
    messaging_service_sid TEXT,
    status_callback TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    sent_at TEXT,
    read INTEGER NOT NULL DEFAULT 0,
    outcome TEXT
)
"""


@dataclass(frozen=True)
class Text:
    """One text message, whichever way it went.

    ``status`` is Twilio's word for where it is. ``outcome`` tells how the bank's webhook took a
    text written on the phone: ``taken``, ``later`` (no such route yet), ``refused`` or
    ``unreachable``; ``None`` while it is on its way, and for the bank's own texts.
    """

    seq: int
    sid: str
    direction: Direction
    sender: str
    recipient: str
    body: str
    status: str
    segments: int
    messaging_service_sid: str | None
    status_callback: str | None
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None
    read: bool
    outcome: str | None

    @property
    def inbound(self) -> bool:
        """Whether it was written on the phone."""
        return self.direction == "inbound"

    @property
    def phone(self) -> str:
        """The cardholder's number, whichever way the text went."""
        return self.sender if self.inbound else self.recipient


class TextStore:
    """Texts in an SQLite file; each call is one short transaction of its own."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file at ``path``, making it and its folder where they are missing.

        Texts bear the time that ``clock`` tells.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._clock = clock
        with self._connection() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(_TABLE)

    def add(
        self,
        *,
        direction: Direction,
        sender: str,
        recipient: str,
        body: str,
        status: str,
        segments: int,
        messaging_service_sid: str | None = None,
        status_callback: str | None = None,
    ) -> Text:
        """Keep a new text and return it with its ``sid``."""
        sid = "SM" + secrets.token_hex(16)
        now = self._now()
        with self._connection() as db:
            db.execute(
                "INSERT INTO texts (sid, direction, sender, recipient, body, status, segments,"
                " messaging_service_sid, status_callback, created_at, updated_at, read)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (sid, direction, sender, recipient, body, status, segments,
                 messaging_service_sid, status_callback, now, now, direction == "inbound"),
            )  # fmt: skip
        return self.get(sid)

    def get(self, sid: str) -> Text:
        """Return the text ``sid``; raises ``KeyError`` when there is none."""
        found = self._select("WHERE sid = ?", (sid,))
        if not found:
            raise KeyError(sid)
        return found[0]

    def set_status(self, sid: str, status: str) -> Text:
        """Move a text to Twilio's ``status`` and return it; ``sent`` stamps its time."""
        now = self._now()
        with self._connection() as db:
            db.execute(
                "UPDATE texts SET status = ?, updated_at = ?,"
                " sent_at = CASE WHEN ? = 'sent' THEN ? ELSE sent_at END WHERE sid = ?",
                (status, now, status, now, sid),
            )
        return self.get(sid)

    def set_outcome(self, sid: str, outcome: str) -> None:
        """Record how the bank's webhook took a text written on the phone."""
        with self._connection() as db:
            db.execute("UPDATE texts SET outcome = ? WHERE sid = ?", (outcome, sid))

    def mark_read(self, phone: str) -> None:
        """Mark everything on ``phone`` as seen."""
        with self._connection() as db:
            db.execute("UPDATE texts SET read = 1 WHERE recipient = ? AND read = 0", (phone,))

    def on_phone(self, phone: str) -> list[Text]:
        """Return the texts on one phone, oldest first."""
        return self._select("WHERE ? IN (sender, recipient) ORDER BY seq", (phone,))

    def newest(
        self, *, to: str | None = None, sender: str | None = None, limit: int = 50, skip: int = 0
    ) -> list[Text]:
        """Return a page of texts, newest first, of those between the given numbers."""
        return self._select(
            "WHERE recipient = coalesce(?, recipient) AND sender = coalesce(?, sender)"
            " ORDER BY seq DESC LIMIT ? OFFSET ?",
            (to, sender, limit, skip),
        )

    def on_their_way(self) -> list[Text]:
        """Return the bank's texts that have not reached the phone yet, oldest first."""
        return self._select(
            "WHERE direction = 'outbound-api' AND status NOT IN ('delivered', 'failed')"
            " ORDER BY seq"
        )

    def latest_by_phone(self) -> dict[str, tuple[Text, int]]:
        """Return, for each phone with texts, its newest text and how many are unread."""
        found: dict[str, tuple[Text, int]] = {}
        for text in self._select("ORDER BY seq"):
            unread = found[text.phone][1] if text.phone in found else 0
            found[text.phone] = (text, unread + (not text.read))
        return found

    def last_outcome(self) -> str | None:
        """Return how the bank's webhook took the newest text written on any phone."""
        found = self._select("WHERE outcome IS NOT NULL ORDER BY seq DESC LIMIT 1")
        return found[0].outcome if found else None

    def _now(self) -> str:
        return self._clock.now().isoformat()

    def _select(self, rest: str, values: tuple[object, ...] = ()) -> list[Text]:
        with self._connection() as db:
            rows = db.execute(f"SELECT * FROM texts {rest}", values).fetchall()  # noqa: S608
        return [_text(row) for row in rows]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=10)
        db.row_factory = sqlite3.Row
        try:
            with db:
                yield db
        finally:
            db.close()


def _text(row: sqlite3.Row) -> Text:
    sent_at = row["sent_at"]
    return Text(
        **{
            **dict(row),
            "created_at": datetime.fromisoformat(row["created_at"]),
            "updated_at": datetime.fromisoformat(row["updated_at"]),
            "sent_at": datetime.fromisoformat(sent_at) if sent_at else None,
            "read": bool(row["read"]),
        }
    )
