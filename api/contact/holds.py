"""Holds: placed and lifted with an event, read by the gate and by whoever plans."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from api.accounts.locking import lock_persons
from api.accounts.models import Person
from api.contact.models import Hold
from api.kit.asked_once import asked_once
from api.kit.audit import append_event
from api.kit.dates import as_utc, iso_utc
from api.kit.secrecy import new_id
from api.webhooks.notices import NoticeKind, tell_bank

__all__ = ["HoldKind", "holds_of", "lift_ended", "lift_hold", "number_mark", "place_hold"]

HoldKind = Literal[
    "agreement_in_force", "breathing_space", "complaint", "deceased", "dispute", "distress", "fraud",
    "opt_out", "undeliverable", "vulnerable", "wrong_number",
]  # fmt: skip


_IN_FORCE = select(Hold.kind, Hold.source).where(
    Hold.person_id == bindparam("person"), Hold.ended_at.is_(None)
)


def holds_of(session: Session, person_id: str) -> set[str]:
    """Return the kinds of hold in force for a person; one about a number ends with the number."""
    return set(_holds_in_force(session, person_id))


@asked_once
def _holds_in_force(session: Session, person_id: str) -> frozenset[str]:
    found = session.execute(_IN_FORCE, {"person": person_id}).all()
    kinds = {kind for kind, source in found if kind != "undeliverable"}
    of_numbers = {source for kind, source in found if kind == "undeliverable"}
    if of_numbers:
        number = session.scalar(select(Person.telephone_hash).where(Person.id == person_id)) or ""
        if number_mark(number) in of_numbers:
            kinds.add("undeliverable")
    return frozenset(kinds)


def number_mark(telephone_hash: str) -> str:
    """Return the source of a hold that is about one number."""
    return f"number:{telephone_hash[:32]}"


def place_hold(
    session: Session, *, person_id: str, kind: HoldKind, source: str, now: datetime,
    until: datetime | None = None, actor: str = "system",
) -> None:  # fmt: skip
    """Place a hold unless one of its kind is in force already; one that ends by itself is prolonged.

    ``source`` says why, without personal data. ``until``: when it ends by itself, if it does.
    """
    lock_persons(session, [person_id])
    if kind in holds_of(session, person_id):
        _prolong(session, person_id, kind, until, actor, now)
        return
    session.add(
        Hold(id=new_id("h"), person_id=person_id, kind=kind, source=source, since=now, until=until)
    )
    append_event(
        session, at=now, actor=actor, subject=("person", person_id), kind="hold_placed",
        hold=kind, source=source, **_end(until),
    )  # fmt: skip
    _tell_bank(session, person_id, kind, PLACED.get(kind, "hold.placed"), now)


def _prolong(
    session: Session, person_id: str, kind: HoldKind, until: datetime | None, actor: str,
    now: datetime,
) -> None:  # fmt: skip
    for hold in _in_force(session, person_id, kind):
        if hold.until is not None and (until is None or until > as_utc(hold.until)):
            hold.until = until
            append_event(
                session, at=now, actor=actor, subject=("person", person_id), kind="hold_prolonged",
                hold=kind, **_end(until),
            )  # fmt: skip


def lift_hold(
    session: Session, *, person_id: str, kind: HoldKind, source: str, now: datetime,
    actor: str = "system",
) -> bool:  # fmt: skip
    """Lift the hold of a kind, if one is in force; returns whether there was one."""
    lock_persons(session, [person_id])
    held = _in_force(session, person_id, kind)
    for hold in held:
        hold.ended_at = now
        append_event(
            session, at=now, actor=actor, subject=("person", person_id), kind="hold_lifted",
            hold=kind, source=source,
        )  # fmt: skip
    if held:
        _tell_bank(session, person_id, kind, LIFTED.get(kind, "hold.lifted"), now)
    return bool(held)


def lift_ended(session: Session, person_id: str, now: datetime) -> int:
    """Lift a person's holds whose time is over; returns how many."""
    lock_persons(session, [person_id])
    over = session.scalars(
        select(Hold).where(Hold.person_id == person_id, Hold.ended_at.is_(None), Hold.until <= now)
    ).all()
    for hold in over:
        hold.ended_at = now
        append_event(
            session, at=now, actor="system", subject=("person", person_id), kind="hold_lifted",
            hold=hold.kind, source="its_time_is_over",
        )  # fmt: skip
        kind: HoldKind = hold.kind  # type: ignore[assignment]  # written by ``place_hold`` only
        _tell_bank(session, hold.person_id, kind, LIFTED.get(kind, "hold.lifted"), now)
    return len(over)


def _in_force(session: Session, person_id: str, kind: HoldKind) -> list[Hold]:
    return list(
        session.scalars(
            select(Hold).where(
                Hold.person_id == person_id, Hold.kind == kind, Hold.ended_at.is_(None)
            )
        )
    )


def _end(until: datetime | None) -> dict[str, str]:
    return {} if until is None else {"until": iso_utc(until)}


PLACED: dict[HoldKind, NoticeKind] = {"opt_out": "contact.opted_out"}
LIFTED: dict[HoldKind, NoticeKind] = {"opt_out": "contact.opted_in"}
"""Holds whose notice to the bank has a name of its own; every other tells of a hold."""


def _tell_bank(
    session: Session, person_id: str, kind: HoldKind, notice: NoticeKind, now: datetime
) -> None:
    """Have the bank's diallers and agencies stop, or go on, as we do."""
    tell_bank(
        session, notice, person_id=person_id, subject=f"{kind}:{person_id}", now=now, hold=kind
    )
