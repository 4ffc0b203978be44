"""What happens to evidence by itself: files are deleted on their day, unchecked ones are checked later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from api.agreements.evidence.deciding import refuse_harmful
from api.agreements.evidence.models import Evidence
from api.agreements.evidence.receiving import delete_file
from api.agreements.evidence.records import content_of
from api.agreements.evidence.scanner import NoScanner, Scanner
from api.agreements.models import Agreement
from api.conversations.evidence import tell
from api.followup.models import AgreementEnd
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView

__all__ = ["check_again", "delete_due"]

AT_ONCE = 20


def delete_due(database: Database, clock: Clock, policy: Policy) -> int:
    """Delete the files whose days are over; returns how many."""
    now = clock.now()
    view = policy.on(local_date(now))
    with database.reading() as session:
        due = session.scalars(_due(now, view)).all()
    for evidence_id in due:
        with database.transaction() as session:
            delete_file(session, session.get_one(Evidence, evidence_id, with_for_update=True), now)
    return len(due)


def _due(now: datetime, view: PolicyView) -> Select[str]:
    """Select decided pieces whose days are over and on which no agreement rests, or did lately."""
    decided_before = now - timedelta(days=view.value("bank.evidence.keep_days"))
    ended_after = now - timedelta(days=view.value("bank.evidence.keep_after_agreement_days"))
    in_force = exists().where(Agreement.in_force_for == Evidence.person_id)
    ended_lately = exists().where(
        AgreementEnd.person_id == Evidence.person_id,
        AgreementEnd.at > ended_after,
        AgreementEnd.at > Evidence.decided_at,
    )
    return (
        select(Evidence.id)
        .where(
            Evidence.deleted_at.is_(None),
            Evidence.state.in_(("accepted", "refused")),
            Evidence.decided_at <= decided_before,
            or_(Evidence.state == "refused", ~in_force & ~ended_lately),
        )
        .limit(AT_ONCE)
    )


def check_again(
    database: Database, clock: Clock, policy: Policy, scanner: Scanner, address: str
) -> int:
    """Have files checked that no scanner had looked at when they came; returns how many were."""
    if isinstance(scanner, NoScanner):
        return 0
    with database.reading() as session:
        unchecked = session.scalars(
            select(Evidence.id)
            .where(Evidence.scan == "unchecked", Evidence.deleted_at.is_(None))
            .order_by(Evidence.received_at)
            .limit(AT_ONCE)
        ).all()
    checked = 0
    for evidence_id in unchecked:
        with database.reading() as session:
            content = content_of(session, evidence_id)
        found = scanner.scan(content) if content is not None else "unchecked"
        if found == "unchecked":
            return checked  # the scanner is silent: the others wait as well
        now = clock.now()
        with database.transaction() as session:
            _note(session, evidence_id, found, now, policy.on(local_date(now)), address)
        checked += 1
    return checked


def _note(
    session: Session, evidence_id: str, found: str, now: datetime, view: PolicyView, address: str
) -> None:
    piece = session.get_one(Evidence, evidence_id, with_for_update=True)
    if found == "clean":
        piece.scan = found
    append_event(
        session, at=now, actor="system", subject=("evidence", piece.id), kind="evidence_checked",
        person=piece.person_id, of=piece.kind, found=found,
    )  # fmt: skip
    if found == "harmful":
        refused = refuse_harmful(session, piece.id, now)
        if refused is not None:
            tell(session, refused, by="system", now=now, policy=view, address=address)
