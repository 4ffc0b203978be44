"""Signing: one transaction that consumes the person's own code and appends to the ledger.

The ledger's row is the commit point. A satisfied challenge for the very digest is required; one code signs
one agreement, and a person has at most one in force (constraints hold both). Doing it twice, from wherever,
gives the first answer.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.arrears import bucket_of
from api.accounts.challenges import satisfied_signature
from api.accounts.models import Challenge, Person
from api.agreements.canonical import canonical_bytes
from api.agreements.document import render_pdf
from api.agreements.evidence.records import standing_for_terms
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.planning import debt_digest, open_accounts
from api.agreements.records import agreement_in_force
from api.contact.holds import place_hold
from api.kit.audit import append_event
from api.kit.dates import iso_utc, local_date
from api.kit.db import one_at_a_time
from api.kit.errors import Problem
from api.kit.money import money, to_fen
from api.policy.lookup import PolicyView
from api.webhooks.notices import tell_bank

__all__ = ["CONSENT_METHOD", "balance_changed", "entry_hash", "refuse_unproven", "sign"]

CONSENT_METHOD = "code"
"""A one-time code to the number on file."""

GENESIS = "0" * 64
"""What the first entry is chained to."""


def balance_changed(session: Session, agreement: Agreement) -> bool:
    """Return whether the bank's figures are others than those the terms were made from."""
    return debt_digest(open_accounts(session, agreement.person_id)) != agreement.debt_digest


def refuse_unproven(
    session: Session, agreement: Agreement, *, now: datetime, policy: PolicyView
) -> None:
    """Refuse a signature while evidence that policy wants first was not accepted.

    Raises:
        Problem: ``evidence_missing`` (409), something has still to be handed in; ``evidence_in_review``
            (409), a colleague is looking at it.
    """
    standing = standing_for_terms(session, agreement, now=now, policy=policy)
    if standing.missing:
        raise Problem(
            "evidence_missing", 409, "Evidence is wanted first.", missing=list(standing.missing)
        )
    if standing.in_review:
        raise Problem("evidence_in_review", 409, "A colleague is looking at the evidence.")


def entry_hash(
    previous_hash: str,
    *,
    position: int,
    number: str,
    agreement_id: str,
    terms_digest: str,
    document_digest: str,
    recorded_at: datetime,
) -> str:
    """Return the hash that chains an entry to the one before it."""
    body = canonical_bytes(
        {
            "position": position,
            "number": number,
            "agreement_id": agreement_id,
            "terms_digest": terms_digest,
            "document_digest": document_digest,
            "recorded_at": iso_utc(recorded_at),
        }
    )
    return hashlib.sha256(previous_hash.encode() + b"\n" + body).hexdigest()


def sign(
    session: Session,
    *,
    conversation_id: str,
    agreement: Agreement,
    now: datetime,
    policy: PolicyView,
) -> Agreement:
    """Record ``agreement`` as signed by its holder, whole, in the caller's transaction.

    Raises:
        Problem: ``not_signed`` (409), no satisfied challenge for this digest; ``balance_changed``
            (409), the bank's figures are newer than the terms; ``already_in_force`` (409), another
            agreement of the person is in force; ``evidence_missing`` or ``evidence_in_review`` (409).
    """
    if agreement.signed_at is not None:
        use_up(session, agreement)
        return agreement
    challenge = satisfied_signature(session, conversation_id, agreement.digest)
    if challenge is None or challenge.closed_at is None:
        raise Problem("not_signed", 409, "The person has not signed these terms.")
    if agreement_in_force(session, agreement.person_id) is not None:
        raise Problem("already_in_force", 409, "Another agreement is in force.")
    if balance_changed(session, agreement):
        raise Problem("balance_changed", 409, "The balance has changed; show new terms.")
    refuse_unproven(session, agreement, now=now, policy=policy)
    use_up(session, agreement)
    signed_at = challenge.closed_at
    one_at_a_time(session, "agreements' ledger")
    newest = session.scalar(select(LedgerEntry).order_by(LedgerEntry.position.desc()).limit(1))
    position = newest.position + 1 if newest else 1
    number = _next_number(session, signed_at)
    person = session.get_one(Person, agreement.person_id)
    document = render_pdf(
        agreement.terms,
        signature={
            "signed_at": signed_at,
            "method": CONSENT_METHOD,
            "number": number,
            "telephone_tail": person.telephone[-4:],
        },
    )
    agreement.signed_at, agreement.number = signed_at, number
    agreement.signed_with = challenge.id
    agreement.in_force_for = agreement.person_id
    document_digest = hashlib.sha256(document).hexdigest()
    previous = newest.entry_hash if newest else GENESIS
    session.add(
        LedgerEntry(
            position=position,
            agreement_id=agreement.id,
            number=number,
            terms_digest=agreement.digest,
            document_digest=document_digest,
            document=document,
            recorded_at=now,
            previous_hash=previous,
            entry_hash=entry_hash(
                previous, position=position, number=number, agreement_id=agreement.id,
                terms_digest=agreement.digest, document_digest=document_digest, recorded_at=now,
            ),
        )
    )  # fmt: skip
    place_hold(
        session, person_id=agreement.person_id, kind="agreement_in_force",
        source=policy.parameter("cn.personalised_instalment.collection_stops").citation.text, now=now,
    )  # fmt: skip
    append_event(
        session, at=now, actor="person", subject=("agreement", agreement.id), kind="signed",
        person=agreement.person_id, number=number, digest=agreement.digest, position=position,
        plan=agreement.terms["kind"], waived_fen=to_fen(money(agreement.terms["relief"]["total"])),
        bucket=bucket_of(session, agreement.person_id, local_date(now)),
    )  # fmt: skip
    tell_bank(
        session, "agreement.signed", person_id=agreement.person_id, subject=agreement.id, now=now,
        agreement_number=number, plan=agreement.terms["kind"], digest=agreement.digest,
    )  # fmt: skip
    session.flush()
    return agreement


def use_up(session: Session, agreement: Agreement) -> None:
    """Let no code that was given for these terms sign anything again."""
    for challenge in session.scalars(
        select(Challenge).where(
            Challenge.person_id == agreement.person_id,
            Challenge.purpose == "signature",
            Challenge.digest == agreement.digest,
            Challenge.state.in_(("open", "satisfied")),
        )
    ):
        challenge.state = "consumed"


def _next_number(session: Session, signed_at: datetime) -> str:
    day = local_date(signed_at).strftime("%Y%m%d")
    used = session.scalar(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.number.startswith(day))
    )
    return f"{day}-{(used or 0) + 1:04d}"
