"""The overview put together: every table of a span of days, and the rows that one number opens to."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import CardAccount, Person
from api.accounts.names import masked_name
from api.console.admission import Staff
from api.console.counting import Thing, cube_of, things
from api.console.figures import Number, Table, Where
from api.console.figures_dates import Span
from api.console.figures_tables import OWN, TABLES, table_of
from api.console.overview_labels import Labels
from api.console.sheets import SHEETS
from api.kit.audit import Event
from api.kit.errors import Problem
from api.kit.money import from_fen, money_text

__all__ = [
    "CARE", "Listed", "all_tables", "anything_ever", "condition_of", "csv_text", "listed", "rows_address", "shown",
    "table_lines", "within_reach",
]  # fmt: skip

CARE = "care"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


@dataclass(frozen=True)
class Listed:
    """One row behind a number, with as much of a person as a list shows; nothing of a care case."""

    at: datetime
    name: str | None
    card_tail: str
    person_id: str | None
    case_id: str | None
    values: Mapping[str, str]
    waived: Decimal


def within_reach(staff: Staff) -> dict[str, tuple[str, ...]] | None:
    """Return what a colleague's figures are limited to: ``None`` for supervisors, else their own cases."""
    return None if staff.may("supervisor") else {"who": (staff.actor,)}


def all_tables(session: Session, span: Span, staff: Staff) -> dict[str, Table]:
    """Return every table that a colleague sees, each sheet counted once."""
    own = within_reach(staff)
    names = TABLES if own is None else OWN
    sheets = {TABLES[name].sheet for name in names}
    cubes = {sheet: cube_of(session, sheet, span) for sheet in sorted(sheets)}
    return {name: table_of(name, cubes[TABLES[name].sheet], own) for name in names}


def anything_ever(session: Session) -> bool:
    """Return whether anybody was ever invited, or came by themselves."""
    came = select(Event.id).where(Event.kind.in_(("created", "opened"))).limit(1)
    return session.scalar(came) is not None


def condition_of(sheet: str, asked: Iterable[tuple[str, str]], staff: Staff) -> Where:
    """Read a condition from an address, and hold it to what the colleague may see.

    Raises:
        Problem: ``not_found`` (404), there is no such sheet; ``not_permitted`` (403), it is not theirs.
    """
    if sheet not in SHEETS:
        raise Problem("not_found", 404, "There are no such figures.")
    own = within_reach(staff)
    if own is not None and sheet != "cases":
        raise Problem("not_permitted", 403, "These figures are for supervisors.")
    where: dict[str, tuple[str, ...]] = {}
    for dim, value in asked:
        if dim in SHEETS[sheet].dims:
            where[dim] = (*where.get(dim, ()), value)
    return {**where, **(own or {})}


def rows_address(sheet: str, span: Span, where: Where, suffix: str = "") -> str:
    """Return where a number opens to its rows."""
    asked = [("first", span.first.isoformat()), ("last", span.last.isoformat())]
    asked += [(dim, value) for dim, values in where.items() for value in values]
    return f"/console/overview/rows/{sheet}{suffix}?{urlencode(asked)}"


def listed(
    session: Session, sheet: str, span: Span, where: Where, staff: Staff, *,
    limit: int | None = None, offset: int = 0,
) -> list[Listed]:  # fmt: skip
    """Return the rows behind a number, the newest first."""
    found = things(session, sheet, span, where, limit=limit, offset=offset)
    people = {each.person for each in found if each.person}
    named = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    names = {row.id: row.name for row in named}
    accounts: dict[str, CardAccount] = {}
    for account in session.scalars(
        select(CardAccount)
        .where(CardAccount.person_id.in_(people))
        .order_by(CardAccount.account_ref.desc())
    ):
        accounts[account.person_id] = account
    return [_row(each, sheet, names, accounts, staff) for each in found]


def _row(
    thing: Thing, sheet: str, names: Mapping[str, str], accounts: Mapping[str, CardAccount],
    staff: Staff,
) -> Listed:  # fmt: skip
    hidden = thing.values.get("role") == CARE and not staff.may("care")
    account = None if hidden or thing.person is None else accounts.get(thing.person)
    name = None if hidden or thing.person is None else masked_name(names.get(thing.person, ""))
    return Listed(
        at=thing.at,
        name=name,
        card_tail=account.card_tail if account else "",
        person_id=None if hidden else thing.person,
        case_id=thing.thing if sheet == "cases" and not hidden else None,
        values={dim: value for dim, value in thing.values.items() if dim != "who"},
        waived=from_fen(thing.measured),
    )


def table_lines(table: Table, labels: Labels, words: Any) -> list[list[str]]:
    """Return a table as the lines of a file: headings, rows, totals."""
    heading = [words(f"overview.dim.{table.dim}")]
    heading += [words(f"overview.column.{column.key}") for column in table.columns]
    rows = [[labels(table.dim, row.key), *map(_plain, row.numbers)] for row in table.rows]
    total = [str(words("overview.total")), *map(_plain, table.total.numbers)]
    return [[str(cell) for cell in line] for line in (heading, *rows, total)]


def _plain(number: Number) -> str:
    if number.measured:
        return f"{from_fen(number.amount.total):.2f}"
    return str(number.amount.count)


def shown(locale: str, number: Number) -> str:
    """Write a number for a reader: a count, or a sum in yuan."""
    if number.measured:
        return money_text(from_fen(number.amount.total), locale)
    return f"{number.amount.count:,}"


def csv_text(lines: Sequence[Sequence[str]]) -> str:
    """Return a file that spreadsheets read as Chinese, and in which no cell is taken for a formula."""
    written = StringIO()
    write = csv.writer(written)
    for line in lines:
        write.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in line])
    return "\ufeff" + written.getvalue()
