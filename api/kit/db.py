"""The database: one engine, short transactions, SQLite by default and PostgreSQL by one setting.

On SQLite every transaction that may write begins with ``BEGIN IMMEDIATE``: a deferred one that
reads and then writes fails when another writer came between, an immediate one never does. What only
reads says so (``reading``) and then waits for no writer: pages are shown while the database is
locked or the disk is full. Parameters of a statement are never part of an error's text: they are
people's words and numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from api.kit.money import from_fen, to_fen

__all__ = ["BUSY_SECONDS", "Base", "Database", "Fen", "UtcTime", "after_commit"]

BUSY_SECONDS = 4
"""How long a transaction waits for another writer. Below the 6 seconds for which the assistant's
actions wait for us, so that they get an answer and not a silence."""

QUEUE_SECONDS = 1.5
"""How long a writer queues up behind this process's other writers before it goes to SQLite itself:
transactions are short, and both waits together stay below those 6 seconds."""

TOPICS = "topics of this transaction"


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Fen(TypeDecorator[Decimal]):
    """Yuan in Python, integer fen in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Store as fen."""
        del dialect
        return None if value is None else to_fen(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Read as yuan."""
        del dialect
        return None if value is None else from_fen(int(value))


class UtcTime(TypeDecorator[datetime]):
    """An instant in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone and store UTC."""
        del dialect
        if value is not None and value.tzinfo is None:
            msg = "a time without a zone cannot be stored"
            raise ValueError(msg)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def after_commit(session: Session, topic: str) -> None:
    """Tell the listeners of ``topic`` once the session's transaction is committed, and only then."""
    session.info.setdefault(TOPICS, set()).add(topic)


class Database:
    """The engine and its transactions."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite")
        arguments: dict[str, Any] = (
            {"check_same_thread": False, "timeout": BUSY_SECONDS} if sqlite else {}
        )
        self.engine = create_engine(
            url, connect_args=arguments, pool_pre_ping=not sqlite, pool_timeout=BUSY_SECONDS,
            hide_parameters=True,
        )  # fmt: skip
        self._one_writer = Lock() if sqlite else None
        if sqlite:
            _prepare_sqlite(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(
            self.engine.execution_options(reading=True), expire_on_commit=False, autoflush=False
        )
        self._listeners: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def listen(self, topic: str, told: Callable[[], None]) -> None:
        """Call ``told`` (from the thread that commits) after each commit that concerns ``topic``."""
        self._listeners[topic].append(told)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session, commit at the end, roll back on any error."""
        with self._sessions() as session:
            with self._in_turn(), session.begin():
                yield session
            for topic in session.info.pop(TOPICS, ()):
                for told in self._listeners[topic]:
                    told()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let this process's writers queue up here: SQLite's own waiting is sleeping and looking again.

        Whoever waits too long goes on to SQLite, which knows of other processes' writers too and says
        that it is busy.
        """
        if self._one_writer is None:
            yield
            return
        ours = self._one_writer.acquire(timeout=QUEUE_SECONDS)
        try:
            yield
        finally:
            if ours:
                self._one_writer.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads one state of the database; whatever it changes is dropped."""
        with self._readers() as session:
            yield session

    def create_all(self) -> None:
        """Create every table at once (tests only; the product migrates)."""
        Base.metadata.create_all(self.engine)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
