"""What is on record about a person's way to an agreement: reading only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement, Consent, Counter, LedgerEntry, OfferSet, Situation
from api.kit.asked_once import asked_once
from api.plans.basis import Role

__all__ = [
    "agreement_in_force",
    "certificate_entry",
    "consent_answered",
    "consent_given",
    "facts_of",
    "latest_agreement",
    "latest_counter",
    "latest_offers",
    "ledger_entry",
    "offer_numbered",
    "presented_terms",
    "role_of",
    "standing_offers",
    "withdrawal_entry",
]


# Statements of every turn are written once: SQLAlchemy takes longer to write one than to run it.
_PERSON: BindParameter[str] = bindparam("person")
_SITUATION = (
    select(Situation).where(Situation.person_id == _PERSON).order_by(Situation.id.desc()).limit(1)
)
_OFFERS = (
    select(OfferSet).where(OfferSet.person_id == _PERSON).order_by(OfferSet.id.desc()).limit(1)
)
_TERMS = (
    select(Agreement)
    .where(Agreement.person_id == _PERSON, Agreement.offer_set_id == bindparam("offers"))
    .order_by(Agreement.presented_at.desc(), Agreement.id)
    .limit(1)
)
_IN_FORCE = select(Agreement).where(Agreement.in_force_for == _PERSON)


@asked_once
def consent_answered(session: Session, person_id: str, kind: str = "financial") -> bool | None:
    """Return the newest answer to a consent question; ``None`` where it was never answered."""
    return session.scalar(
        select(Consent.granted)
        .where(Consent.person_id == person_id, Consent.kind == kind)
        .order_by(Consent.at.desc(), Consent.id)
        .limit(1)
    )


def consent_given(session: Session, person_id: str, kind: str = "financial") -> bool:
    """Return whether the newest answer to a consent question is a yes."""
    return consent_answered(session, person_id, kind) is True


def facts_of(session: Session, person_id: str) -> dict[str, Any]:
    """Return what the person has told us so far; empty when nothing."""
    newest = _latest_situation(session, person_id)
    return dict(newest.facts) if newest is not None else {}


@asked_once
def _latest_situation(session: Session, person_id: str) -> Situation | None:
    return session.scalar(_SITUATION, {"person": person_id})


@asked_once
def latest_offers(session: Session, person_id: str) -> OfferSet | None:
    """Return the newest plan calculation, whatever came of it."""
    return session.scalar(_OFFERS, {"person": person_id})


def standing_offers(session: Session, person_id: str, today: date) -> OfferSet | None:
    """Return the newest offers if they were made and have not expired."""
    newest = latest_offers(session, person_id)
    if newest is None or newest.outcome != "offered":
        return None
    return newest if newest.expires_on is not None and newest.expires_on >= today else None


def role_of(offers: OfferSet) -> Role:
    """Return under whose authority a set of offers was planned."""
    role: Role = (offers.basis or {}).get("inputs", {}).get("role", "assistant")
    return role


def latest_counter(session: Session, offers: OfferSet) -> Counter | None:
    """Return the newest counter-offer beside a set of offers, or ``None``."""
    return session.scalar(
        select(Counter)
        .where(Counter.offer_set_id == offers.id)
        .order_by(Counter.id.desc())
        .limit(1)
    )


def offer_numbered(session: Session, offers: OfferSet, number: int) -> dict[str, Any] | None:
    """Return an offer of a set by its number, counter-offers included; ``None`` for an unknown one."""
    shown: list[dict[str, Any]] = offers.answer.get("offers", [])
    found = next((offer for offer in shown if offer["number"] == number), None)
    if found is not None:
        return found
    counter = session.scalar(
        select(Counter)
        .where(Counter.offer_set_id == offers.id, Counter.number == number)
        .order_by(Counter.id)
        .limit(1)
    )
    return None if counter is None else dict(counter.answer["offer"])


@asked_once
def presented_terms(session: Session, person_id: str, today: date) -> Agreement | None:
    """Return the terms last shown and not yet signed, while the offers they come from stand."""
    offers = standing_offers(session, person_id, today)
    if offers is None:
        return None
    newest = session.scalar(_TERMS, {"person": person_id, "offers": offers.id})
    return newest if newest is not None and newest.signed_at is None else None


@asked_once
def agreement_in_force(session: Session, person_id: str) -> Agreement | None:
    """Return the person's signed agreement in force, or ``None``."""
    return session.scalar(_IN_FORCE, {"person": person_id})


def latest_agreement(session: Session, person_id: str) -> Agreement | None:
    """Return the person's newest signed agreement, in force or ended."""
    return session.scalar(
        select(Agreement)
        .where(Agreement.person_id == person_id, Agreement.signed_at.is_not(None))
        .order_by(Agreement.signed_at.desc())
        .limit(1)
    )


def ledger_entry(session: Session, agreement_id: str) -> LedgerEntry | None:
    """Return the ledger's entry for an agreement, or ``None`` when it is not signed."""
    return _entry(session, agreement_id, "agreement")


def withdrawal_entry(session: Session, agreement_id: str) -> LedgerEntry | None:
    """Return the entry of the confirmation that an agreement was withdrawn, or ``None``."""
    return _entry(session, agreement_id, "withdrawal")


def certificate_entry(session: Session, agreement_id: str) -> LedgerEntry | None:
    """Return the entry of an agreement's settlement certificate; none was made before there were seals."""
    return _entry(session, agreement_id, "certificate")


def _entry(session: Session, agreement_id: str, kind: str) -> LedgerEntry | None:
    return session.scalar(
        select(LedgerEntry).where(
            LedgerEntry.agreement_id == agreement_id, LedgerEntry.kind == kind
        )
    )
