"""Internal notes of colleagues: never shown to the person, and those of care only to care."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.conversations.accepting import printable
from api.conversations.colleagues import Colleague, may_read
from api.conversations.holding import happened, locked_case
from api.conversations.models import Case, CaseNote
from api.kit.errors import Problem
from api.kit.secrecy import new_id
from api.policy.lookup import PolicyView

__all__ = ["add_note", "notes_of"]

LONGEST = 2_000


def add_note(
    session: Session, case_id: int, by: Colleague, text: str, *, now: datetime, policy: PolicyView
) -> CaseNote:
    """Write a note to a case that one may read.

    Raises:
        Problem: ``case_unknown`` (404), ``not_yours`` (403), ``empty_message`` (422),
            ``message_too_long`` (413).
    """
    case, _ = locked_case(session, case_id)
    if not may_read(case.role, by.roles, policy.value("bank.care.read_by")):
        raise Problem("not_yours", 403, "This case is for colleagues of another role.")
    text = printable(text)
    if not text:
        raise Problem("empty_message", 422, "The note is empty.")
    if len(text) > LONGEST:
        raise Problem("message_too_long", 413, f"At most {LONGEST} characters.")
    note = CaseNote(
        id=new_id("q"), case_id=case.id, person_id=case.person_id, by=by.id, name=by.name,
        text=text, at=now,
    )  # fmt: skip
    session.add(note)
    happened(session, case, by.actor, "case_noted", now)
    return note


def notes_of(
    session: Session, person_id: str, roles: Collection[str], policy: PolicyView
) -> list[CaseNote]:
    """Return the notes about a person that somebody with ``roles`` may read, the oldest first."""
    found = session.execute(
        select(CaseNote, Case.role)
        .join(Case, Case.id == CaseNote.case_id)
        .where(CaseNote.person_id == person_id)
        .order_by(CaseNote.at, CaseNote.id)
    )
    care = policy.value("bank.care.read_by")
    return [note for note, role in found if may_read(role, roles, care)]
