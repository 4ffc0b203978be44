"""Signing: one transaction that consumes the person's own code and appends to the ledger.

The ledger's row is the commit point. A satisfied challenge for the very digest is required; one code signs
one agreement, and a person has at most one in force (constraints hold both). Doing it twice, from wherever,
gives the first answer.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.arrears import bucket_of
from api.accounts.challenges import satisfied_signature
from api.accounts.models import Challenge, Person
from api.agreements.document import render_pdf
from api.agreements.evidence.records import standing_for_terms
from api.agreements.ledger.chain import append_entry, lock_ledger, next_number
from api.agreements.models import Agreement
from api.agreements.planning import debt_digest, open_accounts
from api.agreements.proofs import proof_of
from api.agreements.records import agreement_in_force
from api.agreements.seal.installed import the_seal
from api.contact.holds import place_hold
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.money import money, to_fen
from api.policy.lookup import PolicyView
from api.webhooks.notices import tell_bank

__all__ = ["CONSENT_METHOD", "balance_changed", "refuse_unproven", "sign"]

CONSENT_METHOD = "code"
"""A one-time code to the number on file."""


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
    lock_ledger(session)
    number = next_number(session, signed_at)
    agreement.signed_at, agreement.number = signed_at, number
    agreement.signed_with = challenge.id
    agreement.in_force_for = agreement.person_id
    entry = append_entry(
        session, kind="agreement", agreement_id=agreement.id, number=number,
        content_digest=agreement.digest, now=now,
        document=_sealed_document(session, agreement, signed_at, number),
    )  # fmt: skip
    place_hold(
        session, person_id=agreement.person_id, kind="agreement_in_force",
        source=policy.parameter("cn.personalised_instalment.collection_stops").citation.text, now=now,
    )  # fmt: skip
    append_event(
        session, at=now, actor="person", subject=("agreement", agreement.id), kind="signed",
        person=agreement.person_id, number=number, digest=agreement.digest, position=entry.position,
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


def _sealed_document(
    session: Session, agreement: Agreement, signed_at: datetime, number: str
) -> bytes:
    """Return the document with the bank's seal: with it, every byte is as it stays."""
    seal = the_seal()
    proof = proof_of(session, agreement)
    telephone = session.get_one(Person, agreement.person_id).telephone
    document = render_pdf(
        agreement.terms,
        signature={
            "signed_at": signed_at,
            "method": CONSENT_METHOD,
            "number": number,
            "telephone_tail": telephone[-4:],
            "evidence": seal.seal.evidence,
            "check_address": seal.check_address(number, agreement.digest),
            "proof_digest": hashlib.sha256(proof).hexdigest() if proof else None,
        },
    )
    return seal.seal.seal_pdf(document, number=number, at=signed_at)
