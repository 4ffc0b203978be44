"""Changing the data keys: every encrypted value is encrypted again with the newest one, while all goes on.

A value says by itself whether the newest key made it, so there is no list of what is done: whatever was
interrupted is found again, and what was changed meanwhile is left alone. Rows are taken in small
transactions; where somebody has one just then, the next pass takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Column, LargeBinary, Table, literal, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from api.custody.tables import TABLES
from api.kit.db import Database
from api.kit.secrecy import Encrypted, EncryptedBytes, Keyring

__all__ = ["Progress", "encrypted_columns", "keys_in_use", "reencrypt", "unfinished"]

BATCH = 200
LARGE_BATCH = 4
"""Rows of files, some megabytes each, in one transaction."""


@dataclass(frozen=True)
class Progress:
    """How far one pass over one table is."""

    table: str
    seen: int
    changed: int


def encrypted_columns() -> dict[Table, list[Column[Any]]]:
    """Return every table that has encrypted columns, with them."""
    found = {
        table: [column for column in table.columns if isinstance(column.type, Encrypted)]
        for table in TABLES.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


def reencrypt(
    database: Database, keys: Keyring, tell: Callable[[Progress], None] = lambda _: None
) -> int:
    """Go once over everything and encrypt with the newest key what is not; returns how many values were.

    Raises:
        cryptography.fernet.InvalidToken: a value that none of the keys opens; what came before it is done.
    """
    newest = Fernet(keys.keys(now=True)[0])
    changed = 0
    for table, columns in encrypted_columns().items():
        seen = of_table = 0
        for rows, done in _batches(database, table, columns, newest, keys):
            seen, of_table = seen + rows, of_table + done
            tell(Progress(table.name, seen, of_table))
        changed += of_table
    return changed


def _batches(
    database: Database, table: Table, columns: list[Column[Any]], newest: Fernet, keys: Keyring
) -> Iterator[tuple[int, int]]:
    size = LARGE_BATCH if any(isinstance(c.type, EncryptedBytes) for c in columns) else BATCH
    after: Sequence[Any] | None = None
    while True:
        with database.transaction() as session:
            rows = _rows(session, table, columns, after, size, to_change=True)
            done = sum(_changed(session, table, columns, row, newest, keys) for row in rows)
            last = _last(session, table, after, size) if len(rows) < size else _key(table, rows[-1])
        if rows:
            yield len(rows), done
        if last is None:
            return
        after = last


def _rows(
    session: Session, table: Table, columns: list[Column[Any]], after: Sequence[Any] | None,
    size: int, *, to_change: bool,
) -> Sequence[Any]:  # fmt: skip
    """Return the next rows: their keys, and their values as they lie in the database."""
    key = list(table.primary_key.columns)
    found = select(*key, *(type_coerce(each, LargeBinary).label(each.name) for each in columns))
    if after is not None:
        found = found.where(
            tuple_(*key) > tuple_(*(literal(v, c.type) for v, c in zip(after, key, strict=True)))
        )
    found = found.order_by(*key).limit(size)
    if to_change:
        found = found.with_for_update(key_share=True, skip_locked=True)
    return session.execute(found).all()


def _last(
    session: Session, table: Table, after: Sequence[Any] | None, size: int
) -> Sequence[Any] | None:
    """Return the key of the last row of a batch some of whose rows somebody else had; ``None`` at the end."""
    there = _rows(session, table, [], after, size, to_change=False)
    return _key(table, there[-1]) if there else None


def _key(table: Table, row: Any) -> Sequence[Any]:
    return tuple(row[: len(table.primary_key.columns)])


def _changed(
    session: Session, table: Table, columns: list[Column[Any]], row: Any, newest: Fernet,
    keys: Keyring,
) -> int:  # fmt: skip
    fresh = {}
    for column in columns:
        token = getattr(row, column.name)
        if token is not None and not _opens(newest, bytes(token)):
            fresh[column] = literal(newest.encrypt(keys.decrypt(bytes(token))), LargeBinary)
    if fresh:
        key = table.primary_key.columns
        session.execute(
            update(table)
            .where(*(each == value for each, value in zip(key, _key(table, row), strict=True)))
            .values(fresh)
        )
    return len(fresh)


def _opens(key: Fernet, token: bytes) -> bool:
    try:
        key.decrypt(token)
    except InvalidToken:
        return False
    return True


def keys_in_use(database: Database, keys: Keyring) -> dict[int, int]:
    """Return how many values each key opens, by its place (0 is the newest); -1 for those that none opens."""
    ciphers = [Fernet(key) for key in keys.keys(now=True)]
    count = dict.fromkeys(range(len(ciphers)), 0)
    for token in _tokens(database):
        place = next((n for n, each in enumerate(ciphers) if _opens(each, token)), -1)
        count[place] = count.get(place, 0) + 1
    return count


def unfinished(database: Database, keys: Keyring) -> bool:
    """Return whether any value is not yet encrypted with the newest key."""
    newest = Fernet(keys.keys(now=True)[0])
    return any(not _opens(newest, token) for token in _tokens(database))


def _tokens(database: Database) -> Iterator[bytes]:
    for table, columns in encrypted_columns().items():
        size = LARGE_BATCH if any(isinstance(c.type, EncryptedBytes) for c in columns) else BATCH
        after: Sequence[Any] | None = None
        while True:
            with database.reading() as session:
                rows = _rows(session, table, columns, after, size, to_change=False)
            for row in rows:
                yield from (
                    bytes(token)
                    for column in columns
                    if (token := getattr(row, column.name)) is not None
                )
            if len(rows) < size:
                break
            after = _key(table, rows[-1])
