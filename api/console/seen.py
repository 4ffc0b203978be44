"""That a colleague opened something of a person's: an event, which the audit page shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.console.admission import Staff
from api.kit.audit import append_event

__all__ = ["note_seen"]


def note_seen(
    session: Session, staff: Staff, subject: tuple[str, str], *, person: str, now: datetime
) -> None:
    """Append that a colleague opened ``subject`` (such as ``("case", "7")``), which is a person's.

    Called where something is opened, not where a page that is open refreshes itself.
    """
    append_event(session, at=now, actor=staff.actor, subject=subject, kind="seen", person=person)
