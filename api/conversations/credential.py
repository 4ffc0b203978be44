"""A cardholder's credential: short-lived, for one conversation, in a cookie or as a bearer token."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy import bindparam, select

from api.accounts.models import Invite
from api.conversations.models import Conversation
from api.kit.auth import bearer
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem
from api.kit.secrecy import new_token, token_hash

__all__ = [
    "COOKIE",
    "Cardholder",
    "CardholderCredential",
    "cardholder",
    "clear_cookie",
    "end_credential",
    "find_credential",
    "set_cookie",
]

COOKIE = "conversation"

_VALID = select(Conversation.id).where(
    Conversation.token_hash == bindparam("token"),
    Conversation.expires_at > bindparam("now"),
    ~select(Invite.id)
    .where(
        Invite.person_id == Conversation.person_id,
        Invite.reference == Conversation.reference,
        Invite.revoked_at.is_not(None),
    )
    .exists(),
)


class CardholderCredential:
    """Whoever holds the credential of one conversation. It says nothing of their identity."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id

    def require(self, conversation_id: str) -> None:
        """Refuse another conversation as if it did not exist; raises ``Problem`` (404)."""
        if conversation_id != self.conversation_id:
            raise Problem("conversation_unknown", 404, "There is no such conversation.")


def find_credential(request: Request) -> CardholderCredential | None:
    """Return the caller's credential, or ``None`` when there is no valid one.

    Revoking an invite ends the conversations that were opened with it: whoever has the link has
    them, and it may have reached the wrong person.
    """
    token = bearer(request) or request.cookies.get(COOKIE, "")
    if not token:
        return None
    database: Database = request.app.state.database
    clock: Clock = request.app.state.clock
    with database.reading() as session:
        found = session.scalar(_VALID, {"token": token_hash(token), "now": clock.now()})
    return CardholderCredential(found) if found else None


def cardholder(request: Request) -> CardholderCredential:
    """Admit a conversation's credential; raises ``Problem`` (401) otherwise."""
    found = find_credential(request)
    if found is None:
        raise Problem(
            "not_authenticated", 401, "Open the link from the bank's message to begin or go on."
        )
    return found


def set_cookie(response: Response, token: str, *, secure: bool, seconds: int) -> None:
    """Give the browser the credential; scripts cannot read it."""
    response.set_cookie(
        COOKIE, token, max_age=seconds, httponly=True, secure=secure, samesite="lax", path="/"
    )


def end_credential(request: Request, found: CardholderCredential) -> None:
    """Make the caller's credential worthless everywhere; the conversation itself is kept."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        conversation = session.get_one(Conversation, found.conversation_id)
        conversation.token_hash = token_hash(new_token())


def clear_cookie(response: Response) -> None:
    """Take the credential back from the browser."""
    response.delete_cookie(COOKIE, path="/")


Cardholder = Annotated[CardholderCredential, Depends(cardholder)]
