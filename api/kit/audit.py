"""Appended events: what changed, when, by whom. Nothing of record changes without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.kit.db import Base, UtcTime

__all__ = ["Event", "append_event"]


class Event(Base):
    """One thing that happened to one subject. Rows are only ever added."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def append_event(
    session: Session,
    *,
    at: datetime,
    actor: str,
    subject: tuple[str, str],
    kind: str,
    **data: Any,
) -> None:
    """Append an event in the caller's transaction. ``data`` holds no personal data in the clear."""
    session.add(
        Event(
            at=at, actor=actor, subject_kind=subject[0], subject_id=subject[1], kind=kind, data=data
        )
    )
