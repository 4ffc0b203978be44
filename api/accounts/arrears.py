"""How far behind a person is: by the oldest payment date among the cards that still owe."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.delinquency import bucket, days_past_due
from api.accounts.models import CardAccount

__all__ = ["bucket_of"]


def bucket_of(session: Session, person_id: str, today: date) -> str:
    """Return a person's bucket (see ``api.accounts.delinquency``); ``current`` where nothing is owed."""
    owed = CardAccount.principal + CardAccount.interest + CardAccount.penalty + CardAccount.fees
    oldest = session.scalar(
        select(func.min(CardAccount.due_date)).where(CardAccount.person_id == person_id, owed > 0)
    )
    return bucket(0 if oldest is None else days_past_due(oldest, today))
