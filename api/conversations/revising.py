"""When what a person told us changes: what was planned from it stands no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.agreements.models import OfferSet
from api.agreements.records import agreement_in_force, latest_offers
from api.conversations.cases import drop_signing_codes
from api.conversations.models import Conversation
from api.conversations.stages import set_stage
from api.kit.audit import append_event

__all__ = ["plan_rests_on", "withdraw_offers"]

SUPERSEDED = "superseded"
"""The outcome of an answer that only says: the one before it stands no longer."""


def plan_rests_on(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that offers are made from; wishes change no figure."""
    return {name: value for name, value in facts.items() if name != "wishes"}


def withdraw_offers(session: Session, conversation: Conversation, now: datetime) -> None:
    """Set aside offers, terms shown and a signing code already sent; nothing signed is touched.

    The newest answer of the planner is the one that counts: an answer of its own says on record,
    without altering the earlier one, that it stands no longer.
    """
    person_id = conversation.person_id
    newest = latest_offers(session, person_id)
    if agreement_in_force(session, person_id) is not None:
        return
    if newest is not None and newest.outcome != SUPERSEDED:
        session.add(
            OfferSet(
                person_id=person_id,
                conversation_id=conversation.id,
                outcome=SUPERSEDED,
                answer={"outcome": SUPERSEDED, "reason": "facts_changed"},
                debt_digest=newest.debt_digest,
                expires_on=None,
                at=now,
            )
        )
        append_event(
            session, at=now, actor="system", subject=("person", person_id),
            kind="plan_superseded", offer_set=newest.id, reason="facts_changed",
        )  # fmt: skip
        drop_signing_codes(session, person_id, now)
    if conversation.stage in ("offers", "agree"):
        set_stage(session, conversation, "situation", now)
    session.flush()
