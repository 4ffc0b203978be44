"""One person's transactions take turns, on a server database too.

Whoever changes anything of a person's locks their row first. SQLite has one writer anyhow. On PostgreSQL this one rule keeps numbering, budgets, tries and steps as
exact as there, whatever runs beside it, and since everything else that is locked belongs to a person
whose turn it is, no two transactions wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.kit.asked_once import forget_answers
from api.kit.db import only_reads

__all__ = ["lock_free_persons", "lock_persons"]


def lock_persons(session: Session, person_ids: Collection[str]) -> bool:
    """Wait for these persons' turn; it lasts until the transaction ends. One that only reads waits for nobody.

    Several are locked in the order of their ids, so call it once, before anything else is locked.

    Returns whether it was waited for: what was read before may have changed. On SQLite it is not,
    since a transaction that writes is the only one from its beginning.
    """
    if session.get_bind().dialect.name == "sqlite" or only_reads(session) or not person_ids:
        return False
    forget_answers(session)
    session.execute(
        select(Person.id)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(key_share=True)  # rows that name the person can be written meanwhile
    )
    return True


def lock_free_persons(session: Session, person_ids: Collection[str]) -> set[str]:
    """Take the turn of those persons for whom nobody has it, and return them; waits for nobody."""
    if not person_ids:
        return set()
    forget_answers(session)
    return set(
        session.scalars(
            select(Person.id)
            .where(Person.id.in_(person_ids))
            .order_by(Person.id)
            .with_for_update(key_share=True, skip_locked=True)
        )
    )
