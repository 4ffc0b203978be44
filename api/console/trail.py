"""The trail of who saw and did what, read from the appended events. Reading only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.accounts.names import masked_name
from api.accounts.searching import search_clause
from api.console.models import StaffMember
from api.kit.audit import Event
from api.kit.dates import LOCAL_ZONE

__all__ = ["Asked", "TrailLine", "staff_names", "trail"]

BATCH = 500
HIDDEN = frozenset({"given", "digest", "figures"})
"""Parts of an event's data that only a machine can use, or that belong on the account's own page."""


@dataclass(frozen=True)
class Asked:
    """What is looked for; every part that is given narrows it. Both days are in it."""

    staff_id: str = ""
    person: str = ""
    """A name, reference, card or number (see ``api.accounts.searching``)."""
    kind: str = ""
    first: date | None = None
    last: date | None = None
    others: bool = False
    """Also what the system, the bank and cardholders did, and not only colleagues."""


@dataclass(frozen=True)
class TrailLine:
    """One event as it is shown: names of colleagues whole, of cardholders masked."""

    id: int
    at: datetime
    who: str
    """A colleague's name, or the kind of actor."""
    colleague: bool
    kind: str
    subject_kind: str
    subject_id: str
    person_id: str
    person_ref: str
    person_name: str
    about: str
    """The name of the colleague whom it is about, if it is about one."""
    data: Mapping[str, object]

    @property
    def details(self) -> str:
        """The event's data in one line, without its hidden parts."""
        kept = {
            name: value
            for name, value in self.data.items()
            if name not in HIDDEN and value not in ("", None)
        }
        return ", ".join(f"{name}: {_plain(value)}" for name, value in kept.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def staff_names(session: Session) -> dict[str, str]:
    """Return every colleague's name by id, those who are gone too."""
    return {row.id: row.name for row in session.execute(select(StaffMember.id, StaffMember.name))}


def trail(
    session: Session, asked: Asked, *, before: int | None = None, most: int | None = None
) -> Iterator[TrailLine]:
    """Yield what is looked for, the newest first, from before the event ``before``; memory stays flat."""
    names, left = staff_names(session), most
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        rows = session.scalars(_wanted(asked, before).limit(size)).all()
        yield from _lines(session, rows, names)
        session.expunge_all()
        if len(rows) < size:
            return
        before, left = rows[-1].id, None if left is None else left - len(rows)


def _wanted(asked: Asked, before: int | None) -> Select[Event]:
    wanted = select(Event).order_by(Event.id.desc())
    if before is not None:
        wanted = wanted.where(Event.id < before)
    if asked.staff_id:
        about = and_(Event.subject_kind == "staff", Event.subject_id == asked.staff_id)
        wanted = wanted.where(or_(Event.actor == f"staff:{asked.staff_id}", about))
    elif not asked.others:
        wanted = wanted.where(or_(Event.actor.like("staff:%"), Event.subject_kind == "staff"))
    if asked.kind:
        wanted = wanted.where(Event.kind == asked.kind)
    if asked.person:
        wanted = wanted.where(
            Event.person_id.in_(select(Person.id).where(search_clause(asked.person)))
        )
    if asked.first:
        wanted = wanted.where(Event.at >= _midnight(asked.first))
    if asked.last:
        wanted = wanted.where(Event.at < _midnight(asked.last + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def _lines(
    session: Session, rows: Iterable[Event], names: Mapping[str, str]
) -> Iterator[TrailLine]:
    events = list(rows)
    ids = {event.person_id for event in events if event.person_id}
    persons = {
        found.id: found for found in session.scalars(select(Person).where(Person.id.in_(ids)))
    }
    for event in events:
        actor, _, staff_id = event.actor.partition(":")
        person = persons.get(event.person_id or "")
        yield TrailLine(
            id=event.id, at=event.at, colleague=actor == "staff",
            who=names.get(staff_id, staff_id) if actor == "staff" else actor,
            kind=event.kind, subject_kind=event.subject_kind, subject_id=event.subject_id,
            person_id=person.id if person else "", person_ref=person.person_ref if person else "",
            person_name=masked_name(person.name) if person else "", data=event.data,
            about=names.get(event.subject_id, "") if event.subject_kind == "staff" else "",
        )  # fmt: skip
