"""Care before anything else: what is said when someone may harm themselves. Needs no assistant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.conversations.cases import current_promise, open_case
from api.conversations.models import Case, Conversation
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message
from api.conversations.vulnerability import signals_vulnerability
from api.conversations.writer import Writer
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["answer_distress", "care_eta", "crisis_card", "notice_vulnerability"]

LINES = ("12356", "120", "110")


def care_eta(now: datetime, locale: str, policy: PolicyView) -> str:
    """Say truthfully when a colleague of the care team will be in touch."""
    promised = current_promise(now, policy, "distress")
    if promised.in_hours:
        return sentence("care_eta_now", locale, policy)
    when = Writer(locale, local_date(now), policy).moment(promised.reply_by)
    return sentence("care_eta_later", locale, policy, when=when)


def crisis_card(now: datetime, locale: str, policy: PolicyView) -> dict[str, Any]:
    """Return the crisis card: lines to call, truthfully described; nothing about money."""
    return {
        "kind": "crisis",
        "title": sentence("crisis_title", locale, policy),
        "text": sentence("crisis_text", locale, policy),
        "lines": [
            {"number": line, "words": sentence(f"crisis_{line}", locale, policy)} for line in LINES
        ],
        "after": sentence("crisis_after", locale, policy, care_eta=care_eta(now, locale, policy)),
    }


def answer_distress(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> None:
    """Answer signs of distress at once: a case for the care team, a hold, and the crisis card."""
    open_case(session, conversation, reason="distress", now=now, policy=policy)
    locale = conversation.locale
    card = crisis_card(now, locale, policy)
    append_message(
        session,
        conversation,
        speaker=conversation.own_voice,
        text=f"{card['text']}\n{card['after']}",
        card=card,
        quick_replies=[
            {"title": text, "text": text}
            for text in (sentence("safe", locale, policy), sentence("call_me", locale, policy))
        ],
        now=now,
    )


def notice_vulnerability(
    session: Session, conversation: Conversation, text: str, *, now: datetime, policy: PolicyView
) -> bool:
    """Have the care team look where somebody tells of a grave circumstance; returns whether they were told.

    Once in a conversation, and only while no colleague is in it: who reads along sees for themselves.
    """
    if conversation.floor != "assistant" or not signals_vulnerability(text):
        return False
    known = select(Case.id).where(
        Case.conversation_id == conversation.id, Case.reason.in_(("vulnerability", "distress"))
    )
    if session.scalar(known.limit(1)) is not None:
        return False
    case = open_case(session, conversation, reason="vulnerability", now=now, policy=policy)
    writer = Writer(conversation.locale, local_date(now), policy)
    append_message(
        session, conversation, speaker="assistant", now=now,
        text=writer.sentence(
            "care_looks", case_no=case.number, reply_by=writer.moment(case.promised_by)
        ),
    )  # fmt: skip
    return True
