"""Agreements for a part of a portfolio, made by the product's own planner and terms, for measuring.

Only the signature itself is set down here without its code and document: what is measured are the months
that follow. All of them pay on one day of the month, which is the worst day for who keeps them company.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.planning import (
    Who,
    compute_offers,
    present_terms,
    record_consent,
    save_facts,
)
from api.contact.holds import place_hold
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView

__all__ = ["PAY_DAY", "sign_some"]

PAY_DAY = 15
FACTS = {
    "reason": "income_drop", "monthly_income": "14000.00", "essential_spending": "4000.00",
    "other_debt_payments": "0.00", "pay_day": PAY_DAY,
}  # fmt: skip
PERSONS_A_TRANSACTION = 50


def sign_some(database: Database, policy: Policy, *, now: datetime, every: int) -> int:
    """Sign for each so many-th person whom a plan fits; returns how many agreements are in force."""
    with database.reading() as session:
        chosen = session.scalars(select(Person.id).order_by(Person.person_ref)).all()[::every]
    view = policy.on(local_date(now))
    signed = 0
    for start in range(0, len(chosen), PERSONS_A_TRANSACTION):
        with database.transaction() as session:
            for person_id in chosen[start : start + PERSONS_A_TRANSACTION]:
                signed += _sign(session, person_id, signed + 1, now, view)
    return signed


def _sign(session: Session, person_id: str, number: int, now: datetime, view: PolicyView) -> bool:
    who = Who(person_id, f"c_measured_{number}")
    record_consent(session, who, kind="financial", granted=True, now=now, policy=view)
    session.flush()
    save_facts(session, who, FACTS, now=now, policy=view)
    if compute_offers(session, who, now=now, policy=view).outcome != "offered":
        return False
    agreement = present_terms(session, who, option=1, locale="zh", now=now, policy=view)
    agreement.signed_at, agreement.number = now, f"{local_date(now):%Y%m%d}-{number:05d}"
    agreement.in_force_for = person_id
    place_hold(session, person_id=person_id, kind="agreement_in_force", source="measured", now=now)
    session.flush()
    return True
