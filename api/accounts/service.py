"""What can be done with persons and accounts: take in a portfolio, list the overdue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from api.accounts.hashes import document_hash, name_hash, telephone_hash
from api.accounts.locking import lock_persons
from api.accounts.models import CardAccount, Person
from api.accounts.portfolio import BadRow, PortfolioRow, PortfolioUnreadable, read_portfolio
from api.kit.audit import Event
from api.kit.clock import Clock
from api.kit.db import Database, one_at_a_time
from api.kit.errors import Problem
from api.kit.secrecy import new_id

__all__ = ["ImportReport", "import_portfolio", "overdue_accounts"]

BATCH = 500
"""Rows a transaction: long enough to be quick, short enough to leave the database to others."""

MOST_BAD_ROWS = 1000
"""Refused rows that a report keeps word for word; further ones are counted, so memory stays flat."""

FIGURES = (
    "card_tail", "currency", "principal", "interest", "penalty", "fees", "due_date",
    "last_payment_date", "last_payment_amount", "status", "as_of",
)  # fmt: skip


@dataclass
class ImportReport:
    """What became of a portfolio's rows. ``bad`` holds the first of those that were refused."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    refused: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows read."""
        return self.created + self.updated + self.unchanged + self.stale + self.refused

    def refuse(self, row: BadRow) -> None:
        """Count a row that was not taken, and keep it while there is room."""
        self.refused += 1
        if len(self.bad) < MOST_BAD_ROWS:
            self.bad.append(row)


def _batches(
    rows: Iterator[tuple[int, PortfolioRow] | BadRow],
) -> Iterator[Sequence[tuple[int, PortfolioRow] | BadRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def import_portfolio(
    database: Database,
    clock: Clock,
    lines: Iterable[str],
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Take in a portfolio: new accounts are created, newer figures update, the rest changes nothing.

    Good rows go in whatever the bad ones are; memory stays flat. ``progress`` is told the rows
    read so far.

    Raises:
        Problem: ``portfolio_heading`` (422), the heading lacks columns; nothing was taken in.
    """
    report = ImportReport()
    try:
        for batch in _batches(read_portfolio(lines)):
            with database.transaction() as session:
                one_at_a_time(session, "portfolio import")
                _Batch(session, clock.now(), report).take_in(batch)
            progress(report.rows)
    except PortfolioUnreadable as error:
        raise Problem(error.code, 422, str(error)) from error
    return report


class _Batch:
    """The rows of one transaction; new persons and events are written in bulk, for speed."""

    def __init__(self, session: Session, now: datetime, report: ImportReport) -> None:
        self._session = session
        self._now = now
        self._report = report
        self._person_ids: dict[str, str] = {}
        self._persons: dict[str, Person] = {}
        self._accounts: dict[str, CardAccount] = {}
        self._new_persons: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []

    def take_in(self, batch: Sequence[tuple[int, PortfolioRow] | BadRow]) -> None:
        """Sort each row into new, newer, unchanged, older or refused, and write what is to be."""
        self._look_up([item[1] for item in batch if not isinstance(item, BadRow)])
        for item in batch:
            if isinstance(item, BadRow):
                self._report.refuse(item)
            else:
                self._take_row(*item)
        self._write()

    def _look_up(self, rows: Sequence[PortfolioRow]) -> None:
        persons = select(Person.person_ref, Person.id).where(
            Person.person_ref.in_({row.person_ref for row in rows})
        )
        self._person_ids = {row.person_ref: row.id for row in self._session.execute(persons)}
        accounts = select(CardAccount).where(
            CardAccount.account_ref.in_({row.account_ref for row in rows})
        )
        self._accounts = {found.account_ref: found for found in self._session.scalars(accounts)}
        known = ((row, self._accounts.get(row.account_ref)) for row in rows)
        to_update = {
            old.person_id for row, old in known if old is not None and row.as_of > old.as_of
        }
        lock_persons(self._session, to_update)
        if to_update:  # only these are decrypted
            persons_to_update = select(Person).where(Person.id.in_(to_update))
            self._persons = {found.id: found for found in self._session.scalars(persons_to_update)}

    def _take_row(self, line: int, row: PortfolioRow) -> None:
        account = self._accounts.get(row.account_ref)
        reason = _conflict(row, self._person_ids.get(row.person_ref), account)
        if reason:
            self._report.refuse(BadRow(line, reason))
        elif account is None:
            self._create(row)
            self._report.created += 1
        elif row.as_of < account.as_of:
            self._report.stale += 1
        elif row.as_of == account.as_of:
            self._report.unchanged += 1
        else:
            self._update(row, account)
            self._report.updated += 1

    def _create(self, row: PortfolioRow) -> None:
        person_id = self._person_ids.get(row.person_ref)
        if person_id is None:
            person_id = self._person_ids[row.person_ref] = new_id("p")
            self._new_persons.append(
                {
                    "id": person_id,
                    "person_ref": row.person_ref,
                    "name": row.name,
                    "name_hash": name_hash(row.name),
                    "locale": row.locale,
                    "telephone": row.telephone,
                    "telephone_hash": telephone_hash(row.telephone),
                    "id_last4_hash": document_hash(row.person_ref, row.id_last4),
                    "created_at": self._now,
                }
            )
            self._happened("person", person_id, person_id, "imported")
        account = CardAccount(
            id=new_id("a"),
            account_ref=row.account_ref,
            person_id=person_id,
            **{name: getattr(row, name) for name in FIGURES},
        )
        self._accounts[row.account_ref] = account
        self._session.add(account)
        self._happened("account", account.id, person_id, "imported", figures=_figures(row))

    def _update(self, row: PortfolioRow, account: CardAccount) -> None:
        person = self._persons.get(account.person_id)
        if person is None:  # the account stands twice in this very batch
            self._write()
            person = self._persons[account.person_id] = self._session.get_one(
                Person, account.person_id
            )
        for name in FIGURES:
            setattr(account, name, getattr(row, name))
        if person.telephone != row.telephone:
            person.telephone = row.telephone
            person.telephone_hash = telephone_hash(row.telephone)
            self._happened("person", person.id, person.id, "telephone_changed")
        person.name, person.name_hash = row.name, name_hash(row.name)
        person.id_last4_hash = document_hash(row.person_ref, row.id_last4)
        self._happened("account", account.id, person.id, "updated", figures=_figures(row))

    def _happened(self, kind_of: str, subject: str, person_id: str, kind: str, **data: Any) -> None:
        self._events.append(
            {
                "at": self._now,
                "actor": "bank",
                "subject_kind": kind_of,
                "subject_id": subject,
                "person_id": person_id,
                "kind": kind,
                "data": data,
            }
        )

    def _write(self) -> None:
        """Write new persons, then the accounts that refer to them, then the events, in this order."""
        connection = self._session.connection()
        if self._new_persons:
            connection.execute(insert(Person), self._new_persons)
            self._new_persons = []
        self._session.flush()
        if self._events:
            connection.execute(insert(Event), self._events)
            self._events = []


def _conflict(row: PortfolioRow, person_id: str | None, account: CardAccount | None) -> str:
    if account is None:
        return ""
    if person_id is None or account.person_id != person_id:
        return "account_ref belongs to another person_ref"
    if row.as_of == account.as_of and any(
        getattr(row, name) != getattr(account, name) for name in FIGURES
    ):
        return "other figures for the same account_ref and as_of are already recorded"
    return ""


def _figures(row: PortfolioRow) -> dict[str, str | None]:
    return {
        name: None if getattr(row, name) is None else str(getattr(row, name)) for name in FIGURES
    }


def overdue_accounts(session: Session, today: date, limit: int, after: str) -> list[CardAccount]:
    """Return accounts past their due date that still owe, in the order of ``account_ref``."""
    accounts = session.scalars(
        select(CardAccount)
        .options(selectinload(CardAccount.person))
        .where(CardAccount.due_date < today, CardAccount.account_ref > after)
        .order_by(CardAccount.account_ref)
        .limit(limit)
    )
    return [account for account in accounts if account.total > 0]
