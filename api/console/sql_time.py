"""Two sums with instants that SQLite and PostgreSQL write differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Float, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

__all__ = ["local_day", "seconds_between"]


class seconds_between(GenericFunction[float]):  # noqa: N801 - read as the SQL function it is
    """The seconds from one instant to a later one, rounded to whole ones."""

    type = Float()
    inherit_cache = True


class local_day(GenericFunction[str]):  # noqa: N801
    """The day in Asia/Shanghai of an instant, as ``2026-11-24``.

    Shanghai has had no summer time since 1991, so that eight hours are its whole rule.
    """

    type = String()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _sqlite_seconds(element: Any, compiler: Any, **more: Any) -> str:
    start, end = (compiler.process(clause, **more) for clause in element.clauses)
    return f"round((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _postgresql_seconds(element: Any, compiler: Any, **more: Any) -> str:
    start, end = (compiler.process(clause, **more) for clause in element.clauses)
    return f"round(extract(epoch from ({end}) - ({start})))"


@compiles(local_day, "sqlite")
def _sqlite_day(element: Any, compiler: Any, **more: Any) -> str:
    (at,) = (compiler.process(clause, **more) for clause in element.clauses)
    return f"date({at}, '+8 hours')"


@compiles(local_day, "postgresql")
def _postgresql_day(element: Any, compiler: Any, **more: Any) -> str:
    (at,) = (compiler.process(clause, **more) for clause in element.clauses)
    return f"to_char(({at}) at time zone 'Asia/Shanghai', 'YYYY-MM-DD')"
