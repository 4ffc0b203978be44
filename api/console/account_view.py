"""What staff see of a person and their accounts. Reading only; money in yuan, dates as dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.delinquency import bucket, days_past_due
from api.accounts.models import CardAccount, Invite, Person
from api.accounts.names import masked_name
from api.accounts.searching import find_persons
from api.agreements.records import agreement_in_force
from api.console.admission import Staff
from api.contact.holds import holds_of
from api.contact.models import Hold
from api.conversations.colleagues import may_read
from api.conversations.lockouts import Pause, may_end, running_pauses, wrong_lately
from api.conversations.models import Case
from api.followup.models import Payment
from api.kit.dates import local_date
from api.kit.money import ZERO
from api.policy.lookup import PolicyView

__all__ = ["AccountRow", "AccountView", "account_rows", "account_view", "holds_to_place"]

MOST_FOUND = 50
MOST_PAYMENTS = 60
MOST_INVITES = 10


@dataclass(frozen=True)
class AccountRow:
    """One card account in a list, its holder's name masked."""

    person_id: str
    name: str
    person_ref: str
    account_ref: str
    card_tail: str
    total: Decimal
    past_due: int
    bucket: str
    status: str
    held: bool


@dataclass(frozen=True)
class HeldRow:
    """One hold in force, and whether the colleague who looks may lift it."""

    kind: str
    source: str
    since: datetime
    until: datetime | None
    may_lift: bool


@dataclass(frozen=True)
class CaseLine:
    """One case; of one that the colleague may not read, only that it is there."""

    id: int
    number: str
    state: str
    opened_at: datetime
    readable: bool


@dataclass(frozen=True)
class AccountView:
    """Everything the page of a person shows."""

    person: Person
    telephone_end: str
    cards: Sequence[AccountRow]
    details: Sequence[CardAccount]
    owed: Decimal
    holds: Sequence[HeldRow]
    placeable: Sequence[str]
    invites: Sequence[Invite]
    payments: Sequence[tuple[Payment, str]]
    """Each with the last four of its card, the newest first."""
    cases: Sequence[CaseLine]
    agreement: str | None
    """The number of the agreement in force."""
    pauses: Sequence[Pause]
    """What keeps them from proving who they are just now."""
    wrong: int
    """Wrong codes and digits in the days that policy remembers."""
    wrong_days: int
    may_end_pauses: bool


def account_rows(session: Session, text: str, today: date) -> list[AccountRow]:
    """Return the accounts of the persons that ``text`` finds, at most ``MOST_FOUND`` persons."""
    return [
        row
        for person in find_persons(session, text, MOST_FOUND)
        for row in _rows(session, person, today)
    ]


def _rows(session: Session, person: Person, today: date) -> list[AccountRow]:
    held = bool(holds_of(session, person.id))
    rows = []
    for account in sorted(person.accounts, key=lambda one: one.account_ref):
        past_due = days_past_due(account.due_date, today) if account.total > ZERO else 0
        rows.append(
            AccountRow(
                person_id=person.id, name=masked_name(person.name), person_ref=person.person_ref,
                account_ref=account.account_ref, card_tail=account.card_tail, total=account.total,
                past_due=past_due, bucket=bucket(past_due), status=account.status, held=held,
            )
        )  # fmt: skip
    return rows


def account_view(
    session: Session, person: Person, staff: Staff, *, now: datetime, policy: PolicyView
) -> AccountView:
    """Return what a colleague sees of a person."""
    cards = _rows(session, person, local_date(now))
    pauses = running_pauses(session, person.id, now=now, policy=policy)
    agreement = agreement_in_force(session, person.id)
    return AccountView(
        person=person,
        telephone_end=person.telephone[-4:],
        cards=cards,
        details=sorted(person.accounts, key=lambda one: one.account_ref),
        owed=sum((card.total for card in cards), ZERO),
        holds=_holds(session, person.id, staff, policy),
        placeable=holds_to_place(session, person.id, policy),
        invites=_invites(session, person.id),
        payments=_payments(session, person.id),
        cases=_cases(session, person.id, staff, policy),
        agreement=agreement.number if agreement else None,
        pauses=pauses,
        wrong=wrong_lately(session, person.id, now=now, policy=policy),
        wrong_days=policy.value("bank.code.remembered_hours") // 24,
        may_end_pauses=any(pause.what != "origin" for pause in pauses)
        and may_end(session, person.id, now=now, policy=policy),
    )


def holds_to_place(session: Session, person_id: str, policy: PolicyView) -> list[str]:
    """Return the holds that a colleague may place and that are not in force."""
    standing = holds_of(session, person_id)
    return [kind for kind in policy.value("bank.staff.holds_by_hand") if kind not in standing]


def may_lift(kind: str, staff: Staff, policy: PolicyView) -> bool:
    """Return whether a colleague may lift a hold of this kind."""
    if kind not in policy.value("bank.staff.holds_by_hand"):
        return False
    return staff.may("supervisor") or kind in policy.value("bank.staff.collector_lifts")


def _holds(session: Session, person_id: str, staff: Staff, policy: PolicyView) -> list[HeldRow]:
    standing = holds_of(session, person_id)
    found = session.scalars(
        select(Hold)
        .where(Hold.person_id == person_id, Hold.ended_at.is_(None))
        .order_by(Hold.since.desc())
    )
    return [
        HeldRow(hold.kind, hold.source, hold.since, hold.until, may_lift(hold.kind, staff, policy))
        for hold in found
        if hold.kind in standing
    ]


def _invites(session: Session, person_id: str) -> list[Invite]:
    found = select(Invite).where(Invite.person_id == person_id, Invite.conversation_id.is_(None))
    return list(session.scalars(found.order_by(Invite.created_at.desc()).limit(MOST_INVITES)))


def _payments(session: Session, person_id: str) -> list[tuple[Payment, str]]:
    found = session.execute(
        select(Payment, CardAccount.card_tail)
        .join(CardAccount, CardAccount.id == Payment.account_id)
        .where(Payment.person_id == person_id)
        .order_by(Payment.paid_on.desc(), Payment.reference)
        .limit(MOST_PAYMENTS)
    )
    return [(row[0], row[1]) for row in found]


def _cases(session: Session, person_id: str, staff: Staff, policy: PolicyView) -> list[CaseLine]:
    care = policy.value("bank.care.read_by")
    found = session.scalars(
        select(Case).where(Case.person_id == person_id).order_by(Case.id.desc())
    )
    return [
        CaseLine(
            case.id, case.number, case.state, case.opened_at, may_read(case.role, staff.roles, care)
        )
        for case in found
    ]
