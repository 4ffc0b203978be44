"""Opening a conversation: from an invite, or because a person wrote to us."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.accounts.arrears import bucket_of
from api.accounts.invites import new_reference
from api.accounts.models import Invite, Person
from api.conversations.models import Conversation
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.secrecy import new_id, new_token, token_hash
from api.policy.lookup import PolicyView

__all__ = ["begin_conversation", "open_conversation"]


def open_conversation(
    session: Session,
    invite: Invite,
    *,
    channel: str,
    locale: str | None,
    now: datetime,
    policy: PolicyView,
) -> tuple[Conversation, str]:
    """Open a conversation for an invite and return it with its credential, which is kept nowhere.

    Nothing is known of who opened it: facts stay closed until identity is proven.
    """
    person = session.get_one(Person, invite.person_id)
    token = new_token()
    conversation = _begin(
        session, person, reference=invite.reference, token=token, channel=channel,
        locale=locale or person.locale, now=now, policy=policy,
    )  # fmt: skip
    append_event(
        session, at=now, actor="person", subject=("conversation", conversation.id), kind="opened",
        **_whence(session, conversation, now), invite=invite.id,
    )  # fmt: skip
    session.flush()
    return conversation, token


def begin_conversation(
    session: Session, person: Person, *, channel: str, now: datetime, policy: PolicyView
) -> Conversation:
    """Begin a conversation because a text came from a person's number. It proves nothing of them."""
    conversation = _begin(
        session, person, reference=new_reference(), token=new_token(), channel=channel,
        locale=person.locale, now=now, policy=policy,
    )  # fmt: skip
    append_event(
        session, at=now, actor="person", subject=("conversation", conversation.id), kind="opened",
        **_whence(session, conversation, now),
    )  # fmt: skip
    session.flush()
    return conversation


def _whence(session: Session, conversation: Conversation, now: datetime) -> dict[str, str]:
    """Return what the event of an opening tells: whose it is, and by what the overview sorts it."""
    return {
        "person": conversation.person_id,
        "channel": conversation.channel,
        "locale": conversation.locale,
        "bucket": bucket_of(session, conversation.person_id, local_date(now)),
    }


def _begin(
    session: Session, person: Person, *, reference: str, token: str, channel: str, locale: str,
    now: datetime, policy: PolicyView,
) -> Conversation:  # fmt: skip
    conversation = Conversation(
        id=new_id("c"),
        person_id=person.id,
        reference=reference,
        token_hash=token_hash(token),
        channel=channel,
        locale=locale,
        stage="welcome",
        case_state="none",
        epoch=0,
        last_seq=0,
        texted_seq=0,
        created_at=now,
        expires_at=now + timedelta(hours=policy.value("bank.conversation.valid_hours")),
    )
    session.add(conversation)
    return conversation
