"""The database: one engine, short transactions, SQLite by default and PostgreSQL by one setting.

On SQLite every transaction that may write begins with ``BEGIN IMMEDIATE``: a deferred one that
reads and then writes fails when another writer came between, an immediate one never does. What only
reads says so (``reading``) and then waits for no writer: pages are shown while the database is
locked or the disk is full. PostgreSQL has many writers, in many processes: there, what must not happen
twice at once is locked by name or by row. Parameters of a statement are never part of an error's text: they are
people's words and numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from threading import Lock
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    create_engine,
    event,
    text,
)  # fmt: skip
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from api.kit.asked_once import forget_answers
from api.kit.money import from_fen, to_fen

__all__ = [
    "BUSY_SECONDS", "Base", "Database", "Fen", "UtcTime", "after_commit", "hold_still", "one_at_a_time",
    "only_reads",
]  # fmt: skip

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


def after_commit(session: Session, topic: str, about: str = "") -> None:
    """Tell the listeners of ``topic`` once the session's transaction is committed, and only then.

    ``about`` names what of that topic changed, such as one conversation's id; each is told once.
    """
    session.info.setdefault(TOPICS, set()).add((topic, about))


def only_reads(session: Session) -> bool:
    """Tell whether a session is one of ``Database.reading``."""
    return bool(session.get_bind().get_execution_options().get("reading", False))


def one_at_a_time(session: Session, name: str) -> None:
    """Let one transaction at a time go on from here, of those of the same name; it ends with the transaction.

    On SQLite there is only one that writes.
    """
    if session.get_bind().dialect.name == "postgresql":
        forget_answers(session)
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )


def hold_still(session: Session, table: type[Base]) -> None:
    """Let nobody else change a table's rows until this transaction ends.

    On SQLite there is only one that writes.
    """
    if session.get_bind().dialect.name == "postgresql":
        forget_answers(session)
        session.execute(text(f"LOCK TABLE {table.__tablename__} IN SHARE MODE"))


def _arguments(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"check_same_thread": False, "timeout": BUSY_SECONDS}
    patience = f"-c lock_timeout={BUSY_SECONDS * 1000:.0f}"
    return {"connect_timeout": BUSY_SECONDS, "options": patience}


class _Names:
    """Names that one process at a time may hold, on PostgreSQL: they are free again when it dies.

    All are held by one connection of the process; when that is lost, so are they.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = Lock()
        self._connection: Connection | None = None

    def take(self, name: str) -> bool:
        return bool(self._ask("SELECT pg_try_advisory_lock(hashtextextended(:name, 1))", name))

    def give_back(self, name: str) -> None:
        self._ask("SELECT pg_advisory_unlock(hashtextextended(:name, 1))", name)

    def _ask(self, question: str, name: str) -> Any:
        with self._lock:
            if self._connection is not None:
                with suppress(DBAPIError):  # it broke, and what it held is free: begin anew
                    return self._connection.scalar(text(question), {"name": name})
                self._let_go()
            self._connection = self._engine.connect()
            return self._connection.scalar(text(question), {"name": name})

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        with self._lock:
            self._let_go()


class Database:
    """The engine and its transactions."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite")
        self.engine = create_engine(
            url, connect_args=_arguments(url), pool_pre_ping=not sqlite, pool_timeout=BUSY_SECONDS,
            hide_parameters=True,
        )  # fmt: skip
        self._names = None if sqlite else _Names(self.engine)
        self._one_writer = Lock() if sqlite else None
        if sqlite:
            _prepare_sqlite(self.engine)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(
            self.engine.execution_options(reading=True), expire_on_commit=False, autoflush=False
        )
        self._listeners: dict[str, list[Callable[[str], None]]] = defaultdict(list)

    def listen(self, topic: str, told: Callable[[str], None]) -> None:
        """Call ``told`` (from the thread that commits) after each commit that concerns ``topic``.

        It is given what the commit was about (see ``after_commit``).
        """
        self._listeners[topic].append(told)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session, commit at the end, roll back on any error."""
        with self._sessions() as session:
            with self._in_turn(), session.begin():
                yield session
            for topic, about in session.info.pop(TOPICS, ()):
                for told in self._listeners[topic]:
                    told(about)

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

    @property
    def shared(self) -> bool:
        """Whether other processes may use it too: then names have to be taken."""
        return self._names is not None

    def take(self, name: str) -> bool:
        """Take a name for this process, and tell whether it was free; who took it gives it back.

        On SQLite there is one process, and it has every name.
        """
        return self._names is None or self._names.take(name)

    def give_back(self, name: str) -> None:
        """Let other processes have a name that was taken."""
        if self._names is not None:
            with suppress(DBAPIError):  # the connection is gone, and the name with it
                self._names.give_back(name)

    def create_all(self) -> None:
        """Create every table at once (tests only; the product migrates)."""
        Base.metadata.create_all(self.engine)

    def close(self) -> None:
        """Let go of every connection."""
        if self._names is not None:
            self._names.close()
        self.engine.dispose()
