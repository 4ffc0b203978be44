"""Where a conversation stands: welcome → identify → consent → situation → offers → agree → signed → followup."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.agreements.records import (
    agreement_in_force,
    consent_given,
    presented_terms,
    standing_offers,
)
from api.conversations.models import Conversation
from api.kit.audit import append_event
from api.kit.dates import local_date

__all__ = ["STAGES", "resume_stage", "set_stage"]

STAGES = (
    "welcome", "identify", "consent", "situation", "offers", "agree", "signed", "followup",
)  # fmt: skip


def set_stage(session: Session, conversation: Conversation, stage: str, now: datetime) -> None:
    """Move a conversation to a stage, with an event when it is another one."""
    if stage == conversation.stage:
        return
    if stage not in STAGES:
        msg = f"no such stage: {stage}"
        raise ValueError(msg)
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="stage_changed", person=conversation.person_id, before=conversation.stage, after=stage,
    )  # fmt: skip
    conversation.stage = stage


def resume_stage(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return where an identified person goes on, from what is on record about them."""
    person_id = conversation.person_id
    if agreement_in_force(session, person_id) is not None:
        return "followup"
    if not consent_given(session, person_id):
        return "consent"
    if presented_terms(session, person_id, local_date(now)) is not None:
        return "agree"
    if standing_offers(session, person_id, local_date(now)) is not None:
        return "offers"
    return "situation"
