"""Invites: ways in that show nothing by themselves. The link is told once and kept nowhere."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.arrears import bucket_of
from api.accounts.models import CardAccount, Invite
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.secrecy import READABLE, keyring, new_id, token_hash

__all__ = ["find_invite", "invite", "invite_back", "new_reference", "revoke_invite"]


def invite(
    session: Session, *, account_id: str, now: datetime, valid_hours: int,
    purpose: Literal["invitation", "link"] = "invitation", actor: str = "bank", once: str = "",
) -> tuple[Invite, str]:  # fmt: skip
    """Make an invite for an account's holder; return it with its code, which is kept nowhere.

    ``link``: it leads back somebody who has an agreement, and is not counted as an invitation.
    ``once``: a secret mark of the caller's; asked for again with it, the same invite comes back.

    Raises:
        Problem: ``account_unknown`` (404).
    """
    account = session.get(CardAccount, account_id)
    if account is None:
        raise Problem("account_unknown", 404, "There is no account with this id.")
    code = keyring().keyed_hash("invite", once)[:32] if once else secrets.token_urlsafe(16)
    known = _known(session, code, account.person_id) if once else None
    if known is not None:
        return known, code
    made = Invite(
        id=new_id("i"),
        person_id=account.person_id,
        code_hash=token_hash(code),
        reference=new_reference(),
        created_at=now,
        expires_at=now + timedelta(hours=valid_hours),
    )
    session.add(made)
    append_event(
        session, at=now, actor=actor, subject=("invite", made.id), kind="created",
        person=account.person_id, purpose=purpose, locale=account.person.locale,
        bucket=bucket_of(session, account.person_id, local_date(now)),
    )  # fmt: skip
    return made, code


def _known(session: Session, code: str, person_id: str) -> Invite | None:
    return session.scalar(
        select(Invite).where(Invite.code_hash == token_hash(code), Invite.person_id == person_id)
    )


def revoke_invite(
    session: Session, invite_id: str, *, now: datetime, actor: str = "bank", of: str | None = None
) -> None:
    """Revoke an invite: its link opens nothing more, and conversations opened with it end.

    ``of``: the person whose it must be.

    Raises:
        Problem: ``invite_unknown`` (404).
    """
    found = session.get(Invite, invite_id)
    if found is None or (of is not None and found.person_id != of):
        raise Problem("invite_unknown", 404, "There is no invite with this id.")
    if found.revoked_at is None:
        found.revoked_at = now
        append_event(
            session, at=now, actor=actor, subject=("invite", found.id), kind="revoked",
            person=found.person_id,
        )  # fmt: skip


def new_reference() -> str:
    """Return a short word by which a person can ask the hotline whether it is really us."""
    return "".join(secrets.choice(READABLE) for _ in range(4))


def invite_back(
    session: Session, *, conversation_id: str, person_id: str, reference: str, now: datetime,
    valid_minutes: int,
) -> str:  # fmt: skip
    """Make a link's code that leads on from a text to the same conversation, once and for a short time."""
    code = secrets.token_urlsafe(16)
    made = Invite(
        id=new_id("i"), person_id=person_id, code_hash=token_hash(code), reference=reference,
        created_at=now, expires_at=now + timedelta(minutes=valid_minutes),
        conversation_id=conversation_id,
    )  # fmt: skip
    session.add(made)
    append_event(
        session, at=now, actor="system", subject=("invite", made.id), kind="created",
        person=person_id, purpose="link",
    )  # fmt: skip
    return code


def find_invite(session: Session, code: str, now: datetime) -> Invite | None:
    """Return the valid invite of a code; ``None`` when unknown, expired or revoked alike."""
    found = session.scalar(select(Invite).where(Invite.code_hash == token_hash(code)))
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        return None
    return found
