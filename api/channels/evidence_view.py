"""What the cardholder's page of evidence shows: each kind that is wanted or was handed in, with its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.agreements.evidence.contents import MEGABYTE
from api.agreements.evidence.receiving import consent_for
from api.agreements.evidence.records import evidence_of
from api.agreements.evidence.wanted import KINDS
from api.agreements.records import consent_answered
from api.conversations.evidence_wanted import standing_now
from api.conversations.models import Conversation
from api.kit.dates import iso_utc
from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = ["evidence_view"]


def evidence_view(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    """Return the page's data; raises ``Problem`` ``not_identified`` (403) before identity is proven."""
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Please confirm who you are in the chat first.")
    person_id = conversation.person_id
    standing = standing_now(session, person_id, now=now, policy=policy)
    wanted = {each.kind: each for each in standing.wanted} if standing else {}
    pieces = evidence_of(session, person_id)
    kinds = [kind for kind in KINDS if kind in wanted or any(each.kind == kind for each in pieces)]
    return {
        "wanted": bool(wanted),
        "complete": standing is not None and standing.complete,
        "in_review": standing is not None and bool(standing.in_review) and not standing.missing,
        "kinds": [
            {
                "kind": kind,
                "wanted": kind in wanted,
                "begins_at": f"{wanted[kind].begins_at:.2f}" if kind in wanted else None,
                "accepted": standing is not None and kind in standing.accepted,
                "waiting": standing is not None and kind in standing.waiting,
                "consent": consent_answered(session, person_id, consent_for(kind)),
                "health": consent_for(kind) == "health",
                "files": [
                    {
                        "id": each.id,
                        "state": each.state,
                        "reason": each.reason,
                        "at": iso_utc(each.received_at),
                        "size": _size(each.size),
                        "deleted": each.deleted_at is not None,
                        "shown": not each.media_type,
                    }
                    for each in pieces
                    if each.kind == kind
                ],
            }
            for kind in kinds
        ],
        "types": list(policy.value("bank.evidence.types")),
        "largest": policy.value("bank.evidence.largest"),
        "most": policy.value("bank.evidence.most_files"),
        "keep_days": policy.value("bank.evidence.keep_days"),
        "keep_after": policy.value("bank.evidence.keep_after_agreement_days"),
        "contact": getattr(policy.value("bank.verify_us"), conversation.locale),
    }


def _size(size: int) -> str:
    """Write how large a file is."""
    return f"{max(1, size // 1024)} KB" if size < MEGABYTE else f"{size / MEGABYTE:.1f} MB"
