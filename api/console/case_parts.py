"""The parts of a case's page, rendered: what a live page is made of and kept up to date with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api.console.admission import Staff
from api.console.case_screen import Screen, full_screen
from api.console.case_talk import talk_records
from api.console.desk import Desk, colleague_of
from api.conversations.case_view import CaseView, case_view
from api.conversations.models import Case, Conversation
from api.kit.audit import Event

__all__ = ["PARTS", "CaseLook", "changed_parts", "look_at", "new_records", "quick_mark"]

PARTS = (
    "case_chips", "case_floor", "case_situation", "case_debts", "case_contact", "case_notes",
    "case_plans", "case_papers", "case_agreement", "case_acts", "case_events", "composer_state", "suggestions",
    "last_seen",
)  # fmt: skip
"""The templates that are put in place anew when what they show changes."""


@dataclass(frozen=True)
class CaseLook:
    """A case as a page shows it at one moment."""

    screen: Screen
    records: list[dict[str, Any]]
    mark: str
    """The same for the same screen; with the number of the last record before it (``12-a3f…``)."""
    parts: dict[str, str] = field(default_factory=dict)
    """Rendered parts, once they are needed."""

    @property
    def last_seq(self) -> int:
        """The number of the last record."""
        return int(self.screen["last_seq"])


def look_at(
    session: Session, case_id: int, staff: Staff, desk: Desk, *, view: CaseView | None = None
) -> CaseLook:
    """Return a case as a colleague's page shows it now.

    Raises:
        Problem: as ``case_view``.
    """
    seen = view or case_view(
        session, case_id, colleague_of(staff), now=desk.now, policy=desk.policy
    )
    screen = full_screen(session, seen, staff, desk)
    records = talk_records(
        seen.records, desk.frame.words[staff.locale], person=seen.name, reader=staff.name,
        policy=desk.policy, hears=bool(screen["may"]["change_facts"]),
    )  # fmt: skip
    content = hashlib.sha256(repr(screen).encode()).hexdigest()[:16]
    return CaseLook(screen, records, f"{seen.last_seq}-{content}")


def quick_mark(session: Session, case_id: int) -> tuple[Any, ...]:
    """Return what changes whenever a case's page has something new: cheap enough for every second."""
    found = session.execute(
        select(
            Case.revision, Case.state, Conversation.id, Case.person_id, Conversation.last_seq,
            Conversation.epoch, Conversation.channel, Conversation.stage,
        )
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(Case.id == case_id)
    ).one_or_none()  # fmt: skip
    if found is None:
        return ()
    newest = session.scalar(
        select(func.max(Event.id)).where(
            or_(
                (Event.subject_kind == "conversation") & (Event.subject_id == found[2]),
                (Event.subject_kind == "person") & (Event.subject_id == found[3]),
            )
        )
    )
    return (*found, newest)


def _rendered(look: CaseLook, staff: Staff, desk: Desk) -> Mapping[str, str]:
    for part in PARTS:
        if part not in look.parts:
            look.parts[part] = desk.frame.part(
                f"desk/_{part}.html", staff, oob=True, screen=look.screen
            )
    return look.parts


def changed_parts(before: CaseLook | None, now: CaseLook, staff: Staff, desk: Desk) -> str:
    """Return the parts that a page which shows ``before`` has to put in place anew; all without it."""
    new = _rendered(now, staff, desk)
    old = _rendered(before, staff, desk) if before is not None else {}
    return "".join(html for part, html in new.items() if old.get(part) != html)


def new_records(
    look: CaseLook, after: int, staff: Staff, desk: Desk, *, up_to: int | None = None
) -> Sequence[str]:
    """Return the records numbered above ``after``, rendered."""
    return [
        desk.frame.part("desk/_record.html", staff, record=record, screen=look.screen)
        for record in look.records
        if record["seq"] > after and (up_to is None or record["seq"] <= up_to)
    ]
