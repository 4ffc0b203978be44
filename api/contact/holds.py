"""Holds: placed and lifted with an event, read by the gate and by whoever plans."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.contact.models import Hold
from api.kit.audit import append_event
from api.kit.secrecy import new_id

__all__ = ["HoldKind", "holds_of", "lift_hold", "number_mark", "place_hold"]

HoldKind = Literal[
    "agreement_in_force", "breathing_space", "complaint", "deceased", "dispute", "distress", "fraud",
    "opt_out", "undeliverable", "wrong_number",
]  # fmt: skip


def holds_of(session: Session, person_id: str) -> set[str]:
    """Return the kinds of hold in force for a person; one about a number ends with the number."""
    number = session.scalar(select(Person.telephone_hash).where(Person.id == person_id)) or ""
    found = session.execute(
        select(Hold.kind, Hold.source).where(Hold.person_id == person_id, Hold.ended_at.is_(None))
    )
    return {
        kind for kind, source in found
        if kind != "undeliverable" or source == number_mark(number)
    }  # fmt: skip


def number_mark(telephone_hash: str) -> str:
    """Return the source of a hold that is about one number."""
    return f"number:{telephone_hash[:32]}"


def place_hold(
    session: Session, *, person_id: str, kind: HoldKind, source: str, now: datetime
) -> None:
    """Place a hold unless one of its kind is in force already. ``source`` says why, without personal data."""
    if kind in holds_of(session, person_id):
        return
    session.add(Hold(id=new_id("h"), person_id=person_id, kind=kind, source=source, since=now))
    append_event(
        session, at=now, actor="system", subject=("person", person_id), kind="hold_placed",
        hold=kind, source=source,
    )  # fmt: skip


def lift_hold(
    session: Session, *, person_id: str, kind: HoldKind, source: str, now: datetime
) -> bool:
    """Lift the hold of a kind, if one is in force; returns whether there was one."""
    held = session.scalars(
        select(Hold).where(Hold.person_id == person_id, Hold.kind == kind, Hold.ended_at.is_(None))
    ).all()
    for hold in held:
        hold.ended_at = now
        append_event(
            session, at=now, actor="system", subject=("person", person_id), kind="hold_lifted",
            hold=kind, source=source,
        )  # fmt: skip
    return bool(held)
