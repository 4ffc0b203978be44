"""The database's own refusal to change or delete what is recorded, on SQLite and on PostgreSQL.

It keeps programs and slips of the hand from it. Who owns the database can take it away: what was changed
then is found by the chain and the sealed heads (``verifying``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Table, event, text

__all__ = ["APPEND_ONLY", "guard_statements", "keep_append_only"]

APPEND_ONLY = "append_only"
"""The name of what refuses: a function on PostgreSQL, and in the names of the triggers."""

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only appended to', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$
"""


def guard_statements(table: str, dialect: str, fixed: Sequence[str]) -> list[str]:
    """Return the statements that make a table append-only on ``sqlite`` or ``postgresql``.

    ``fixed`` are the columns that never change.
    """
    update = f"UPDATE OF {', '.join(fixed)}"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_{APPEND_ONLY}_{name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is only appended to'); END"
            for name, act in (("update", update), ("delete", "DELETE"))
        ]
    return [
        _FUNCTION,
        f"CREATE TRIGGER {table}_{APPEND_ONLY} BEFORE {update} OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {APPEND_ONLY}()",
        f"CREATE TRIGGER {table}_{APPEND_ONLY}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY}()",
    ]


def keep_append_only(table: Table, *, but: Collection[str] = ()) -> None:
    """Guard a table wherever it is made by its metadata; a migration executes the statements itself.

    ``but`` are columns that may change: what is held by a digest in another column.
    """
    fixed = [column.name for column in table.columns if column.name not in but]

    @event.listens_for(table, "after_create")
    def guard(_: Table, connection: Connection, **__: object) -> None:
        for statement in guard_statements(table.name, connection.dialect.name, fixed):
            connection.execute(text(statement))
