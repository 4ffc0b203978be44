"""Rasa's SQL tracker store, as SQLite is best used: one connection, a write-ahead log, no objects.

Rasa 3.6 opens the file anew for each of the three times it asks in a turn, has SQLite write and
delete a rollback journal for each turn, has SQLAlchemy make an object of every event of the
conversation only to read one column of it, and plays the whole conversation anew for each message.
This took a quarter of what Rasa does in a turn, more as a conversation grows. Here the trackers of
conversations under way stay in memory between their turns: what is on the disk is still what counts,
so one is used only if its last row is the last one there, and only if its last turn was saved.

Tables and rows are Rasa's own: either class reads what the other wrote. Another database than SQLite
is left as Rasa uses it, but for the one column.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changed import RasaChanged

__all__ = ["ConversationStore"]

BUSY_SECONDS = 10
MOST_KEPT = 100
KEPT_SECONDS = 900.0
"""How many conversations stay in memory between their turns, and how long without a turn."""
_USED = ("session_scope", "_event_query", "_retrieve", "_additional_events", "stream_events")
_INSERT = (
    "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_LAST = "SELECT max(id) FROM events WHERE sender_id = ?"


@dataclass
class _Known:
    """A tracker as it is on the disk: how many of its events, up to which row, since when."""

    tracker: DialogueStateTracker
    events: int
    last_row: int
    at: float
    saved: bool = False
    """Whether the turn that had it last has ended; one that failed left events that are nowhere else."""


class ConversationStore(SQLTrackerStore):
    """``type: bot.tracker_store.ConversationStore`` in endpoints.yml, with the settings of ``SQL``."""

    def __init__(self, *words: Any, **settings: Any) -> None:
        """Create the tables as Rasa does, then go on with an engine that keeps its connection.

        Raises:
            RasaChanged: Rasa's store is not the one these lines were written for.
        """
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._tell_time: Callable[[], float] = time.monotonic
        super().__init__(*words, **settings)
        missing = [name for name in _USED if not hasattr(SQLTrackerStore, name)]
        if missing:  # an AttributeError would have Rasa go on in memory, with a warning
            raise RasaChanged(f"Rasa's SQL tracker store has no {' and no '.join(missing)}")
        if self.engine.dialect.name != "sqlite":
            return
        self.engine.dispose()
        self.engine = sa.create_engine(
            self.engine.url,
            poolclass=sa.pool.QueuePool,
            connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        )
        sa.event.listen(self.engine, "connect", _prepare)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the newest session: the one of its last turn, or read from the disk."""
        if self.engine.dialect.name != "sqlite":
            return await super().retrieve(sender_id)
        last_row = self._last_row(sender_id)
        known = self._known.pop(sender_id, None)
        if known is None or not known.saved or known.last_row != last_row:
            tracker = await super().retrieve(sender_id)
            if tracker is None or last_row is None:
                return tracker
            known = _Known(tracker, len(tracker.events), last_row, self._tell_time())
        known.saved, known.at = False, self._tell_time()
        self._keep(sender_id, known)
        return known.tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what the tracker has more than the disk; it is there when this returns."""
        known = self._known.pop(tracker.sender_id, None)
        if self.engine.dialect.name != "sqlite" or known is None or known.tracker is not tracker:
            await super().save(tracker)
            if self.engine.dialect.name == "sqlite":  # its turn may go on
                last_row = self._last_row(tracker.sender_id)
                if last_row is not None:
                    known = _Known(tracker, len(tracker.events), last_row, self._tell_time())
                    self._keep(tracker.sender_id, known)
            return
        await self.stream_events(tracker)
        events = list(islice(tracker.events, known.events, None))
        with self.engine.begin() as connection:
            if events:
                rows = [_row(tracker.sender_id, event) for event in events]
                connection.exec_driver_sql(_INSERT, rows)
            known.last_row = connection.exec_driver_sql(_LAST, (tracker.sender_id,)).scalar()
        known.events = len(tracker.events)
        if any(isinstance(event, SessionStarted) for event in events):
            return  # the next turn reads the newest session only
        known.saved, known.at = True, self._tell_time()
        self._keep(tracker.sender_id, known)

    def _last_row(self, sender_id: str) -> int | None:
        with self.engine.connect() as connection:
            row: int | None = connection.exec_driver_sql(_LAST, (sender_id,)).scalar()
        return row

    def _keep(self, sender_id: str, known: _Known) -> None:
        """Keep a tracker as the newest; the oldest go, and those that nobody has spoken in for long."""
        self._known[sender_id] = known
        while len(self._known) > MOST_KEPT or (
            next(iter(self._known.values())).at < self._tell_time() - KEPT_SECONDS
        ):
            self._known.popitem(last=False)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        """Read a conversation's events; ``None`` where there are none."""
        with self.session_scope() as session:
            query = self._event_query(
                session, sender_id, fetch_events_from_all_sessions=fetch_events_from_all_sessions
            )
            events = [json.loads(data) for (data,) in query.with_entities(self.SQLEvent.data)]
        if not self.domain or not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)


def _row(sender_id: str, event: Event) -> tuple[Any, ...]:
    """Return an event as Rasa's store writes it."""
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return (
        sender_id, event.type_name, data.get("timestamp"), intent, data.get("name"), json.dumps(data),
    )  # fmt: skip


def _prepare(connection: Any, _: Any) -> None:
    """A finished turn is on the disk before it is answered, with one write instead of three."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
