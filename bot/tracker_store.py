"""Rasa's SQL tracker store, as SQLite is best used: one connection, a write-ahead log, no objects.

Rasa 3.6 opens the file anew for each of the three times it asks in a turn, has SQLite write and
delete a rollback journal for each turn, and has SQLAlchemy make an object of every event of the
conversation only to read one column of it. This took a quarter of what Rasa does in a turn, more as
a conversation grows. Tables and rows are Rasa's own: either class reads what the other wrote.
Another database than SQLite is left as Rasa uses it, but for the one column.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from bot.action_results import RasaChanged

__all__ = ["ConversationStore"]

BUSY_SECONDS = 10
_USED = ("session_scope", "_event_query", "_retrieve", "_additional_events")


class ConversationStore(SQLTrackerStore):
    """``type: bot.tracker_store.ConversationStore`` in endpoints.yml, with the settings of ``SQL``."""

    def __init__(self, *words: Any, **settings: Any) -> None:
        """Create the tables as Rasa does, then go on with an engine that keeps its connection.

        Raises:
            RasaChanged: Rasa's store is not the one these lines were written for.
        """
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


def _prepare(connection: Any, _: Any) -> None:
    """A finished turn is on the disk before it is answered, with one write instead of three."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
