"""Counting a sheet in the database, and reading the rows behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select
from sqlalchemy.orm import Session

from api.console.figures import Amount, Cube, Where
from api.console.figures_dates import Span
from api.console.sheets import SHEETS
from api.kit.dates import as_utc

__all__ = ["Thing", "cube_of", "how_many", "things"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing behind a number; ``values`` are its dimensions."""

    thing: str
    person: str | None
    at: datetime
    values: Mapping[str, str]
    measured: int = 0


def cube_of(session: Session, sheet: str, span: Span) -> Cube:
    """Count a sheet: one row leaves the database for each cell, however many events there are."""
    shape, rows = SHEETS[sheet], _rows(sheet, span)
    dims = [rows.c[dim] for dim in shape.dims]
    total = func.coalesce(func.sum(rows.c.measured), 0) if shape.measured else literal(0)
    found = session.execute(select(*dims, func.count(), total).group_by(*dims))
    return Cube(
        shape.dims,
        {tuple(str(value) for value in row[:-2]): Amount(int(row[-2]), int(row[-1])) for row in found},
    )  # fmt: skip


def how_many(session: Session, sheet: str, span: Span, where: Where) -> int:
    """Return how many things lie within a condition, counted by the database."""
    rows = _rows(sheet, span)
    return session.scalar(_within(select(func.count()).select_from(rows), rows, where)) or 0


def things(
    session: Session, sheet: str, span: Span, where: Where, *, limit: int | None = None,
    offset: int = 0,
) -> Sequence[Thing]:  # fmt: skip
    """Return the things within a condition, the newest first.

    Raises:
        KeyError: there is no such sheet, or the condition names no dimension of it.
    """
    shape, rows = SHEETS[sheet], _rows(sheet, span)
    wanted = _within(select(rows), rows, where).order_by(rows.c.at.desc(), rows.c.thing)
    return [
        Thing(
            thing=str(row["thing"]),
            person=row["person"],
            at=as_utc(row["at"]),
            values={dim: str(row[dim]) for dim in shape.dims},
            measured=int(row["measured"]) if shape.measured else 0,
        )
        for row in session.execute(wanted.limit(limit).offset(offset)).mappings()
    ]


def _rows(sheet: str, span: Span) -> Subquery:
    return SHEETS[sheet].rows(span).subquery("things")


def _within(query: Select[Any], rows: Subquery, where: Where) -> Select[Any]:
    for dim, values in where.items():
        query = query.where(rows.c[dim].in_(values))
    return query
