"""What is said to a code that comes too late: what has become of it, and what is wanted now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.challenges import latest_challenge
from api.accounts.late_answers import LateAnswer
from api.conversations.cards import build_card
from api.conversations.cases import care_comes_first
from api.conversations.models import Conversation, InboxItem
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message
from api.policy.lookup import PolicyView

__all__ = ["tell_of_late_code"]


def tell_of_late_code(
    session: Session,
    conversation: Conversation,
    late: LateAnswer,
    *,
    now: datetime,
    policy: PolicyView,
) -> None:
    """Answer a code that is no longer wanted; the card of what is wanted stands below it again.

    While a colleague has the floor nothing is said. While the assistant has yet to answer the first
    sending of the code, the card is left to that answer.
    """
    if conversation.floor != "assistant":
        return
    key = _key(session, conversation, late)
    wanted = latest_challenge(session, conversation.id)
    waiting = session.scalars(
        select(InboxItem).where(
            InboxItem.conversation_id == conversation.id, InboxItem.handled_at.is_(None)
        )
    )
    awaited = any(item.text.startswith("/challenge_passed") for item in waiting)
    card = None
    if wanted is not None and not awaited and key != "code_late_care":
        kind = "document" if wanted.purpose == "document" else "code"
        card = build_card(session, conversation, kind, now, policy)
    replies = ("new_code", "a_person") if key in ("code_late_newer", "code_late_void") else ()
    append_message(
        session, conversation, speaker="assistant", now=now, card=card,
        text=sentence(key, conversation.locale, policy),
        quick_replies=[
            {"title": words, "text": words}
            for words in (sentence(reply, conversation.locale, policy) for reply in replies)
        ],
    )  # fmt: skip


def _key(session: Session, conversation: Conversation, late: LateAnswer) -> str:
    """Return which sentence tells what has become of the code."""
    if care_comes_first(session, conversation.id):
        return "code_late_care"
    wanted = latest_challenge(session, conversation.id)
    if wanted is not None and wanted.purpose == "document":
        return "code_late_document"
    if wanted is not None:
        return "code_late_newer"
    if late.passed:
        return "code_late_done"
    return "code_late_unsigned" if late.purpose == "signature" else "code_late_void"
