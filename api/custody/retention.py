"""What of a person's must stay, and why: read from the record and from policy, before anything is erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.models import Agreement
from api.contact.models import OutboxMessage
from api.followup.models import AgreementEnd
from api.kit.dates import local_date
from api.kit.money import ZERO
from api.policy.lookup import PolicyView

__all__ = ["Kept", "kept_of", "years_later"]


@dataclass(frozen=True)
class Kept:
    """What stays.

    ``person``: the name, the number and the accounts, because something is owed or an agreement is in force.
    ``agreements``: ids of signed agreements with the last day for which each is kept (``None``: in force).
    ``over``: signed agreements whose time is over: their words go, their place in the ledger stays.
    ``contacts_since``: attempts to reach them from this day on stay, as the duty to keep them wants.
    """

    person: bool
    agreements: dict[str, date | None]
    over: frozenset[str]
    contacts_since: date
    waiting_texts: int


def kept_of(session: Session, person: Person, *, now: datetime, policy: PolicyView) -> Kept:
    """Return what of a person's must stay on the day of ``now``."""
    today = local_date(now)
    years = policy.value("bank.retention.after_paid_years")
    kept: dict[str, date | None] = {}
    over = set()
    ends = {
        end.agreement_id: end.at
        for end in session.scalars(select(AgreementEnd).where(AgreementEnd.person_id == person.id))
    }
    signed = select(Agreement).where(
        Agreement.person_id == person.id, Agreement.signed_at.is_not(None)
    )
    in_force = False
    for agreement in session.scalars(signed):
        if agreement.in_force_for is not None:
            kept[agreement.id], in_force = None, True
            continue
        ended = ends.get(agreement.id) or agreement.signed_at
        until = years_later(local_date(ended), years) if ended else today
        if until >= today:
            kept[agreement.id] = until
        else:
            over.add(agreement.id)
    owed = any(account.total > ZERO for account in person.accounts)
    waiting = session.scalars(
        select(OutboxMessage.id).where(
            OutboxMessage.person_id == person.id, OutboxMessage.state == "queued"
        )
    ).all()
    return Kept(
        person=owed or in_force,
        agreements=kept,
        over=frozenset(over),
        contacts_since=years_later(today, -policy.value("cn.contact.recording_retention_years")),
        waiting_texts=len(waiting),
    )


def years_later(day: date, years: int) -> date:
    """Return the same day so many years later; of a 29 February the 28th, where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
