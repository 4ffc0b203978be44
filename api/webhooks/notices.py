"""Notices to the bank: written in the transaction of what they tell of, listed, and sent again on request."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import CardAccount, Person
from api.kit.audit import append_event
from api.kit.db import after_commit
from api.kit.secrecy import new_id
from api.webhooks.models import BankNotice

__all__ = ["NOTICES", "NoticeKind", "acknowledge", "newest_about", "replay", "tell_bank"]

NOTICES = "bank notices"
"""The topic (``Database.listen``) that is told when something new waits for the bank."""

NoticeKind = Literal[
    "agreement.signed", "agreement.fulfilled", "agreement.broken", "agreement.withdrawn",
    "payment.counted",
    "contact.opted_out", "contact.opted_in", "hold.placed", "hold.lifted", "case.opened",
]  # fmt: skip


def tell_bank(
    session: Session, kind: NoticeKind, *, person_id: str, subject: str, now: datetime, **data: Any
) -> BankNotice:
    """Write a notice in the caller's transaction: it exists exactly when what it tells of does.

    ``subject`` is what it is about (an agreement's or a payment's id, a kind of hold). ``data`` holds
    no personal data: the bank knows the person by its own references, which are added here.
    """
    references = session.execute(
        select(Person.person_ref, CardAccount.account_ref)
        .join(CardAccount, CardAccount.person_id == Person.id)
        .where(Person.id == person_id)
        .order_by(CardAccount.account_ref)
    ).all()
    notice = BankNotice(
        id=new_id("msg"), kind=kind, person_id=person_id, subject=subject,
        data={
            "person_ref": references[0].person_ref if references else None,
            "account_refs": [found.account_ref for found in references],
            **data,
        },
        created_at=now, due_at=now, attempts=0, state="waiting", last_error="",
    )  # fmt: skip
    session.add(notice)
    after_commit(session, NOTICES)
    return notice


def newest_about(session: Session, kind: NoticeKind, subject: str) -> BankNotice | None:
    """Return the newest notice of a kind about a subject, or ``None``."""
    return session.scalar(
        select(BankNotice)
        .where(BankNotice.subject == subject, BankNotice.kind == kind)
        .order_by(BankNotice.position.desc())
        .limit(1)
    )


def acknowledge(session: Session, notice: BankNotice, now: datetime) -> None:
    """Note that the bank has it; again: the first time stays."""
    if notice.state == "acknowledged":
        return
    notice.state, notice.last_error = "acknowledged", ""
    notice.acknowledged_at = notice.acknowledged_at or now
    append_event(
        session, at=now, actor="bank", subject=("notice", notice.id), kind="notice_acknowledged",
        notice=notice.kind,
    )  # fmt: skip


def replay(session: Session, notice: BankNotice, now: datetime) -> None:
    """Let a notice be sent again from its first try; what was acknowledged stays known as such."""
    notice.state, notice.due_at, notice.attempts = "waiting", now, 0
    append_event(
        session, at=now, actor="bank", subject=("notice", notice.id), kind="notice_replayed",
        notice=notice.kind,
    )  # fmt: skip
    after_commit(session, NOTICES)
