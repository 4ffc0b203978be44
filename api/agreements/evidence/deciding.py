"""A colleague looks at evidence and accepts it, or refuses it with a reason that the person is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.agreements.evidence.models import Evidence
from api.agreements.evidence.receiving import delete_file
from api.agreements.evidence.wanted import KINDS
from api.agreements.planning import Who
from api.kit.audit import append_event
from api.kit.errors import Problem
from api.kit.secrecy import new_id

__all__ = ["REASONS", "accept", "refuse", "refuse_harmful", "shown_to_colleague"]

REASONS = ("unreadable", "another_paper", "another_person", "too_old", "incomplete")
"""Why a colleague may refuse a piece; the sentences that tell of each are ``evidence_refused_*``."""


def accept(session: Session, evidence_id: str, by: str, now: datetime) -> tuple[Evidence, bool]:
    """Accept a piece; returns it, and whether that is new. ``by`` is the colleague as events name them.

    Raises:
        Problem: ``evidence_unknown`` (404) or ``evidence_decided`` (409), it was decided otherwise.
    """
    return _decide_once(session, evidence_id, "accepted", "", by, now)


def refuse(
    session: Session, evidence_id: str, reason: str, by: str, now: datetime
) -> tuple[Evidence, bool]:
    """Refuse a piece with a reason; returns it, and whether that is new.

    Raises:
        Problem: ``reason_unknown`` (422), ``evidence_unknown`` (404) or ``evidence_decided`` (409).
    """
    if reason not in REASONS:
        raise Problem("reason_unknown", 422, "There is no such reason.", reasons=list(REASONS))
    return _decide_once(session, evidence_id, "refused", reason, by, now)


def refuse_harmful(session: Session, evidence_id: str, now: datetime) -> Evidence | None:
    """Refuse a piece in which the scanner has found something harmful since, and delete its file at once.

    Returns ``None`` where a colleague has decided meanwhile: then only its file goes.
    """
    found = session.get_one(Evidence, evidence_id, with_for_update=True)
    waiting = found.state == "waiting"
    if waiting:
        _decide(session, found, "refused", "harmful", "system", now)
    delete_file(session, found, now)
    return found if waiting else None


def shown_to_colleague(
    session: Session, who: Who, kind: str, by: str, now: datetime
) -> Evidence:  # fmt: skip
    """Record that a colleague was shown a paper and accepts it: the other way, without any file.

    Raises:
        Problem: ``kind_unknown`` (422).
    """
    if kind not in KINDS:
        raise Problem("kind_unknown", 422, "There is no such kind of evidence.")
    made = Evidence(
        id=new_id("v"), person_id=who.person_id, conversation_id=who.conversation_id, kind=kind,
        media_type="", size=0, mark="", scan="none", state="waiting", received_at=now,
        deleted_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return _decide(session, made, "accepted", "", by, now)


def _decide_once(
    session: Session, evidence_id: str, state: str, reason: str, by: str, now: datetime
) -> tuple[Evidence, bool]:
    found = session.get(Evidence, evidence_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Problem("evidence_unknown", 404, "There is no such piece of evidence.")
    if found.state == "waiting":
        return _decide(session, found, state, reason, by, now), True
    if (found.state, found.reason) != (state, reason):
        raise Problem("evidence_decided", 409, "It has been decided already.", state=found.state)
    return found, False


def _decide(
    session: Session, found: Evidence, state: str, reason: str, by: str, now: datetime
) -> Evidence:
    found.state, found.reason, found.decided_by, found.decided_at = state, reason, by, now
    append_event(
        session, at=now, actor=by, subject=("evidence", found.id), kind=f"evidence_{state}",
        person=found.person_id, of=found.kind, reason=reason, scan=found.scan,
    )  # fmt: skip
    session.flush()
    return found
