"""What can be done with persons and accounts: take in a portfolio, list the overdue, invite."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from api.accounts.models import CardAccount, Invite, Person
from api.accounts.portfolio import BadRow, PortfolioRow, read_portfolio
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import keyring, new_id, token_hash

__all__ = [
    "ImportReport",
    "document_hash",
    "find_invite",
    "import_portfolio",
    "invite",
    "overdue_accounts",
    "telephone_hash",
]

BATCH = 500
"""Rows a transaction: long enough to be quick, short enough to leave the database to others."""

FIGURES = (
    "card_tail", "currency", "principal", "interest", "penalty", "fees", "due_date",
    "last_payment_date", "last_payment_amount", "status", "as_of",
)  # fmt: skip

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass
class ImportReport:
    """What became of a portfolio's rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows read."""
        return self.created + self.updated + self.unchanged + self.stale + len(self.bad)


def telephone_hash(telephone: str) -> str:
    """Return the keyed hash by which a telephone number (E.164) is found."""
    return keyring().keyed_hash("telephone", telephone)


def document_hash(person_ref: str, last4: str) -> str:
    """Return the keyed hash of an identity document's last four characters, bound to the person."""
    return keyring().keyed_hash("id_last4", person_ref, last4.upper())


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
        Problem: ``portfolio_heading`` (422), the heading lacks columns.
    """
    report = ImportReport()
    try:
        for batch in _batches(read_portfolio(lines)):
            with database.transaction() as session:
                _import_batch(session, clock.now(), batch, report)
            progress(report.rows)
    except ValueError as error:
        raise Problem("portfolio_heading", 422, str(error)) from error
    return report


def _import_batch(
    session: Session,
    now: datetime,
    batch: Sequence[tuple[int, PortfolioRow] | BadRow],
    report: ImportReport,
) -> None:
    rows = [item for item in batch if not isinstance(item, BadRow)]
    persons = {
        person.person_ref: person
        for person in session.scalars(
            select(Person).where(Person.person_ref.in_({row.person_ref for _, row in rows}))
        )
    }
    accounts = {
        account.account_ref: account
        for account in session.scalars(
            select(CardAccount).where(CardAccount.account_ref.in_({r.account_ref for _, r in rows}))
        )
    }
    for item in batch:
        if isinstance(item, BadRow):
            report.bad.append(item)
            continue
        line, row = item
        person = persons.get(row.person_ref)
        account = accounts.get(row.account_ref)
        reason = _conflict(row, person, account)
        if reason:
            report.bad.append(BadRow(line, reason))
            continue
        if person is None:
            person = persons[row.person_ref] = _new_person(session, now, row)
        if account is None:
            accounts[row.account_ref] = _new_account(session, now, row, person)
            report.created += 1
        elif row.as_of < account.as_of:
            report.stale += 1
        elif row.as_of == account.as_of:
            report.unchanged += 1
        else:
            _update(session, now, row, account, person)
            report.updated += 1


def _conflict(row: PortfolioRow, person: Person | None, account: CardAccount | None) -> str:
    if account is None:
        return ""
    if person is None or account.person_id != person.id:
        return "account_ref belongs to another person_ref"
    if row.as_of == account.as_of and any(
        getattr(row, name) != getattr(account, name) for name in FIGURES
    ):
        return "other figures for the same account_ref and as_of are already recorded"
    return ""


def _new_person(session: Session, now: datetime, row: PortfolioRow) -> Person:
    person = Person(
        id=new_id("p"),
        person_ref=row.person_ref,
        name=row.name,
        locale=row.locale,
        telephone=row.telephone,
        telephone_hash=telephone_hash(row.telephone),
        id_last4_hash=document_hash(row.person_ref, row.id_last4),
        created_at=now,
    )
    session.add(person)
    append_event(session, at=now, actor="bank", subject=("person", person.id), kind="imported")
    return person


def _figures(row: PortfolioRow) -> dict[str, str | None]:
    return {
        name: None if getattr(row, name) is None else str(getattr(row, name)) for name in FIGURES
    }


def _new_account(session: Session, now: datetime, row: PortfolioRow, person: Person) -> CardAccount:
    account = CardAccount(
        id=new_id("a"),
        account_ref=row.account_ref,
        person_id=person.id,
        **{name: getattr(row, name) for name in FIGURES},
    )
    session.add(account)
    append_event(
        session, at=now, actor="bank", subject=("account", account.id), kind="imported",
        figures=_figures(row),
    )  # fmt: skip
    return account


def _update(
    session: Session, now: datetime, row: PortfolioRow, account: CardAccount, person: Person
) -> None:
    for name in FIGURES:
        setattr(account, name, getattr(row, name))
    if person.telephone != row.telephone:
        person.telephone = row.telephone
        person.telephone_hash = telephone_hash(row.telephone)
        append_event(
            session, at=now, actor="bank", subject=("person", person.id), kind="telephone_changed"
        )
    person.name = row.name
    person.id_last4_hash = document_hash(row.person_ref, row.id_last4)
    append_event(
        session, at=now, actor="bank", subject=("account", account.id), kind="updated",
        figures=_figures(row),
    )  # fmt: skip


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


def invite(
    session: Session, *, account_id: str, now: datetime, valid_hours: int
) -> tuple[Invite, str]:
    """Make an invite for an account's holder; return it with its code, which is kept nowhere.

    Raises:
        Problem: ``account_unknown`` (404).
    """
    account = session.get(CardAccount, account_id)
    if account is None:
        raise Problem("account_unknown", 404, "There is no account with this id.")
    code = secrets.token_urlsafe(12)
    made = Invite(
        id=new_id("i"),
        person_id=account.person_id,
        code_hash=token_hash(code),
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(4)),
        created_at=now,
        expires_at=now + timedelta(hours=valid_hours),
    )
    session.add(made)
    append_event(
        session, at=now, actor="bank", subject=("invite", made.id), kind="created",
        person_id=account.person_id,
    )  # fmt: skip
    return made, code


def find_invite(session: Session, code: str, now: datetime) -> Invite | None:
    """Return the valid invite of a code; ``None`` when unknown, expired or revoked alike."""
    found = session.scalar(select(Invite).where(Invite.code_hash == token_hash(code)))
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        return None
    return found
