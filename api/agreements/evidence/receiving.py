"""Evidence comes in: once by its content, within its limits, encrypted, with its event."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.agreements.evidence.contents import media_type_of
from api.agreements.evidence.models import Evidence, EvidenceFile
from api.agreements.evidence.scanner import Scan
from api.agreements.evidence.wanted import KINDS
from api.agreements.planning import Who
from api.agreements.records import consent_given
from api.kit.audit import append_event
from api.kit.errors import Problem
from api.kit.secrecy import keyring, new_id
from api.policy.lookup import PolicyView

__all__ = ["consent_for", "delete_file", "note_harmful", "own_evidence", "receive", "take_back"]


def consent_for(kind: str) -> str:
    """Return the consent that a kind of evidence rests on; what tells of health has one of its own."""
    return "health" if kind == "medical_certificate" else "financial"


def receive(
    session: Session, who: Who, *, kind: str, content: bytes, scan: Scan, now: datetime,
    policy: PolicyView,
) -> tuple[Evidence, bool]:  # fmt: skip
    """Take in one file; returns the piece of evidence, and whether it is new.

    Raises:
        Problem: ``kind_unknown``, ``file_empty``, ``file_type`` (422), ``file_too_large`` (413),
            ``no_consent`` (403) or ``files_enough`` (409). Nothing is kept then.
    """
    if kind not in KINDS:
        raise Problem("kind_unknown", 422, "There is no such kind of evidence.")
    if not consent_given(session, who.person_id, consent_for(kind)):
        raise Problem("no_consent", 403, "The person has not agreed to this.")
    media_type = media_type_of(content, policy)
    # One at a time for each person: the same file sent twice at once is still one piece.
    session.execute(select(Person.id).where(Person.id == who.person_id).with_for_update())
    mark = keyring().keyed_hash("evidence", who.person_id, hashlib.sha256(content).hexdigest())
    standing = session.scalars(
        select(Evidence).where(
            Evidence.person_id == who.person_id, Evidence.kind == kind,
            Evidence.state.in_(("waiting", "accepted")), Evidence.deleted_at.is_(None),
        )
    ).all()  # fmt: skip
    known = next((each for each in standing if each.mark == mark), None)
    if known is not None:
        return known, False
    most = policy.value("bank.evidence.most_files")
    if sum(each.state == "waiting" for each in standing) >= most:
        raise Problem("files_enough", 409, "Enough of this kind waits to be looked at.", n=most)
    made = Evidence(
        id=new_id("v"), person_id=who.person_id, conversation_id=who.conversation_id, kind=kind,
        media_type=media_type, size=len(content), mark=mark, scan=scan, state="waiting",
        received_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(EvidenceFile(evidence_id=made.id, content=content))
    append_event(
        session, at=now, actor="person", subject=("evidence", made.id), kind="evidence_received",
        person=who.person_id, of=kind, scan=scan,
    )  # fmt: skip
    return made, True


def note_harmful(session: Session, who: Who, kind: str, now: datetime) -> None:
    """Note that a file was turned away because the scanner found something harmful in it."""
    append_event(
        session, at=now, actor="system", subject=("person", who.person_id),
        kind="evidence_harmful", of=kind if kind in KINDS else "unknown",
    )  # fmt: skip


def own_evidence(session: Session, person_id: str, evidence_id: str) -> Evidence:
    """Return a person's own piece of evidence, locked; raises ``Problem`` ``evidence_unknown`` (404)."""
    found = session.scalar(
        select(Evidence)
        .where(Evidence.id == evidence_id, Evidence.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise Problem("evidence_unknown", 404, "There is no such piece of evidence.")
    return found


def take_back(session: Session, person_id: str, evidence_id: str, now: datetime) -> Evidence:
    """Let a person take back what nobody has decided on; its file is deleted at once.

    Raises:
        Problem: ``evidence_unknown`` (404) or ``evidence_decided`` (409).
    """
    found = own_evidence(session, person_id, evidence_id)
    if found.state == "withdrawn":
        return found
    if found.state != "waiting":
        raise Problem("evidence_decided", 409, "It has been looked at already.")
    found.state, found.decided_at = "withdrawn", now
    append_event(
        session, at=now, actor="person", subject=("evidence", found.id), kind="evidence_withdrawn",
        person=person_id, of=found.kind,
    )  # fmt: skip
    delete_file(session, found, now)
    return found


def delete_file(session: Session, evidence: Evidence, now: datetime, actor: str = "system") -> None:
    """Delete the file of a piece of evidence; that it was there, and what was decided, stays on record."""
    kept = session.get(EvidenceFile, evidence.id)
    if kept is not None:
        session.delete(kept)
    if evidence.deleted_at is None:
        evidence.deleted_at = now
        append_event(
            session, at=now, actor=actor, subject=("evidence", evidence.id),
            kind="evidence_deleted", person=evidence.person_id, of=evidence.kind,
        )  # fmt: skip
