"""Appended events: what changed, when, by whom. Nothing of record changes without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.kit.db import Base, UtcTime

__all__ = ["Event", "append_event"]


class Event(Base):
    """One thing that happened to one subject. Rows are only ever added.

    ``person_id`` says on whose way it lies, where it lies on anybody's, so that the way can be followed
    over conversations and agreements. It is our own identifier and tells nothing by itself.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_kind_at", "kind", "at"),
        Index("ix_events_person_id_kind", "person_id", "kind"),
        Index("ix_events_subject_id_subject_kind", "subject_id", "subject_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[str | None] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def append_event(
    session: Session,
    *,
    at: datetime,
    actor: str,
    subject: tuple[str, str],
    kind: str,
    person: str | None = None,
    **data: Any,
) -> None:
    """Append an event in the caller's transaction. ``data`` holds no personal data in the clear.

    ``person`` is the id of whom it concerns; of a subject that is a person it need not be said.
    """
    if person is None and subject[0] == "person":
        person = subject[1]
    session.add(
        Event(
            at=at, actor=actor, subject_kind=subject[0], subject_id=subject[1], kind=kind,
            person_id=person, data=data,
        )
    )  # fmt: skip
