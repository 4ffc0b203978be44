"""How much is paid, and what comes next: the same facts for the assistant and for the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement
from api.conversations.writer import Words, Writer
from api.followup.models import Certificate
from api.followup.moving import move_possible
from api.followup.standing import end_of, stands
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["progress_of", "progress_words"]


def progress_of(
    session: Session, agreement: Agreement, *, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    """Return how an agreement stands, as plain JSON; money as decimal strings in yuan."""
    standing = stands(session, agreement, local_date(now))
    end = end_of(session, agreement.id)
    following = standing.open[0] if standing.open and end is None else None
    certificate = session.scalar(
        select(Certificate).where(Certificate.agreement_id == agreement.id)
    )
    return {
        "number": agreement.number,
        "state": end.kind if end else "in_force",
        "total": str(standing.total),
        "paid_total": str(standing.paid_total),
        "left_total": str(standing.left_total),
        "over": str(standing.over),
        "count": len(standing.instalments),
        "paid_count": standing.paid_count,
        "next_number": following.number if following else None,
        "next_due": following.due.isoformat() if following else None,
        "next_amount": str(following.left) if following else None,
        "next_state": following.state if following else None,
        "grace_until": following.grace_until.isoformat() if following else None,
        "move": _move(session, agreement, now, policy) if end is None else None,
        "instalments": [
            {
                "number": each.number,
                "due_date": each.due.isoformat(),
                "moved_from": each.line.moved_from and each.line.moved_from.isoformat(),
                "amount": str(each.line.amount),
                "received": str(each.received),
                "state": each.state,
                "paid_on": each.paid_on and each.paid_on.isoformat(),
            }
            for each in standing.instalments
        ],
        "certificate": {**certificate.body, "digest": certificate.digest} if certificate else None,
    }


def _move(
    session: Session, agreement: Agreement, now: datetime, policy: PolicyView
) -> dict[str, Any] | None:
    try:
        possible = move_possible(session, agreement, now=now, policy=policy)
    except Problem:
        return None
    return {
        "number": possible.instalment.number, "to": possible.to.isoformat(), "left": possible.left,
    }  # fmt: skip


def progress_words(progress: dict[str, Any], writer: Writer) -> Words:
    """Return the placeholders that a sentence about it may use; one without a value is absent."""
    words = {
        "paid_total": writer.money(progress["paid_total"]),
        "left_total": writer.money(progress["left_total"]),
        "paid_count": str(progress["paid_count"]),
        "period_count": str(progress["count"]),
        "credit_years": str(writer.policy.value("cn.credit_record.bad_entry_years")),
    }
    if progress["next_due"] is not None:
        words["next_due"] = writer.day(date.fromisoformat(progress["next_due"]))
        words["next_amount"] = writer.money(progress["next_amount"])
        words["grace_date"] = writer.day(date.fromisoformat(progress["grace_until"]))
    if progress["move"] is not None:
        words["move_to"] = writer.day(date.fromisoformat(progress["move"]["to"]))
    return words
