"""A signing code among other words: no consent, and nothing lost. The code stays good for a clear answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.accounts.answers import answer_in, only_agrees
from api.accounts.challenges import ChallengeRules, latest_challenge
from api.accounts.models import Person
from api.conversations.cards import build_card
from api.conversations.models import Conversation
from api.conversations.sentences import sentence
from api.conversations.transcript import append_message
from api.kit.audit import append_event
from api.policy.lookup import PolicyView

__all__ = ["says_more", "tell_of_unsure_code"]


def says_more(
    session: Session, conversation: Conversation, text: str, rules: ChallengeRules, now: datetime
) -> bool:
    """Return whether a message gives the signing code that is asked for, and says more than yes beside it."""
    challenge = latest_challenge(session, conversation.id)
    if challenge is None or challenge.purpose != "signature" or challenge.state != "open":
        return False
    if challenge.expires_at <= now:
        return False  # that it is too late comes first
    if answer_in(text, "signature", rules.code_digits) is None:
        return False
    name = session.get_one(Person, conversation.person_id).name
    return not only_agrees(text, rules.code_digits, name)


def tell_of_unsure_code(
    session: Session, conversation: Conversation, *, now: datetime, policy: PolicyView
) -> None:
    """Say that nothing is signed, and what would be a clear yes."""
    append_event(
        session, at=now, actor="system", subject=("conversation", conversation.id),
        kind="consent_unclear", person=conversation.person_id,
    )  # fmt: skip
    append_message(
        session, conversation, speaker="assistant", now=now,
        text=sentence("code_unclear", conversation.locale, policy),
        card=build_card(session, conversation, "code", now, policy),
        quick_replies=[
            {"title": words, "text": words}
            for words in (
                sentence(reply, conversation.locale, policy) for reply in ("not_now", "a_person")
            )
        ],
    )  # fmt: skip
