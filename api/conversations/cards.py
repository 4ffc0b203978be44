"""Cards: what the assistant named, filled from the records. Money as decimal strings, days ISO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.challenges import ChallengeRules, latest_challenge, paused_until
from api.accounts.models import Challenge, Person
from api.agreements.canonical import fingerprint
from api.agreements.lives import life_of
from api.agreements.models import Agreement
from api.agreements.proofs import proof_kept
from api.agreements.records import (
    agreement_in_force,
    latest_counter,
    latest_offers,
    presented_terms,
    standing_offers,
)
from api.agreements.terms import cooling_off_until, summary_rows
from api.conversations.care import crisis_card
from api.conversations.collection_stop import collection_stop
from api.conversations.evidence_wanted import standing_now
from api.conversations.models import Conversation
from api.kit.dates import iso_utc, local_date
from api.policy.lookup import PolicyView

__all__ = ["as_things_stand", "build_card"]

Card = dict[str, Any]


@dataclass(frozen=True)
class _Desk:
    session: Session
    conversation: Conversation
    now: datetime
    policy: PolicyView


def build_card(
    session: Session, conversation: Conversation, kind: str, now: datetime, policy: PolicyView
) -> Card | None:
    """Return the card of a kind for this conversation as things stand, or ``None`` when there is none.

    Before identity is proven only the cards that ask for it (and the crisis card) can be had.
    """
    builder = BUILDERS.get(kind)
    if builder is None:
        return None
    if conversation.identified_at is None and kind not in OPEN_TO_ALL:
        return None
    return builder(_Desk(session, conversation, now, policy))


def as_things_stand(session: Session, card: Card, person_id: str) -> Card:
    """Return a card of the record with what may have become known since it was shown."""
    if card["kind"] != "signed":
        return card
    agreement = session.get_one(Agreement, card["agreement_id"])
    if agreement.in_force_for is None:
        return {**card, "ended": life_of(session, agreement)}
    return {**card, "collection_stop": collection_stop(session, person_id)}


def _challenge(desk: _Desk, purposes: tuple[str, ...]) -> tuple[Challenge, Card] | None:
    challenge = latest_challenge(desk.session, desk.conversation.id)
    if challenge is None or challenge.purpose not in purposes:
        return None
    rules = ChallengeRules.of(desk.policy)
    paused = paused_until(
        desk.session, desk.conversation.person_id, challenge.purpose, desk.now, rules
    )
    state = "open"
    if challenge.state == "wrong" or paused is not None:
        state = "paused"
    elif challenge.expires_at <= desk.now:
        state = "expired"
    elif challenge.tries_left < rules.tries:
        state = "wrong"
    return challenge, {
        "state": state,
        "tries_left": challenge.tries_left,
        "minutes": rules.code_minutes,
        "expires_at": iso_utc(challenge.expires_at),
        "paused_until": iso_utc(paused) if paused else None,
    }


def _code(desk: _Desk) -> Card | None:
    found = _challenge(desk, ("identity", "signature"))
    if found is None:
        return None
    challenge, state = found
    card: Card = {"kind": "code", "purpose": challenge.purpose, **state}
    if challenge.purpose == "signature":
        agreement = presented_terms(desk.session, desk.conversation.person_id, local_date(desk.now))
        if agreement is None:
            return None
        card |= {
            "fingerprint": fingerprint(challenge.digest),
            "name": desk.session.get_one(Person, desk.conversation.person_id).name,
            "monthly": agreement.terms["repayment"]["monthly"],
            "periods": agreement.terms["repayment"]["periods"],
            "down": (agreement.terms["repayment"].get("down_payment") or {}).get("amount"),
        }
    return card


def _document(desk: _Desk) -> Card | None:
    found = _challenge(desk, ("document",))
    return None if found is None else {"kind": "document", **found[1]}


def _consent(desk: _Desk) -> Card:
    del desk
    return {"kind": "consent", "notice_url": "/notice"}


def _offers(desk: _Desk) -> list[Card]:
    offers = standing_offers(desk.session, desk.conversation.person_id, local_date(desk.now))
    return list(offers.answer["offers"]) if offers else []


def _offer(desk: _Desk) -> Card | None:
    offers = _offers(desk)
    return {"kind": "offer", "offer": offers[0], "others": len(offers) - 1} if offers else None


def _counter(desk: _Desk) -> Card | None:
    offers = standing_offers(desk.session, desk.conversation.person_id, local_date(desk.now))
    newest = latest_counter(desk.session, offers) if offers else None
    if offers is None or newest is None:
        return None
    # It has no number of its own to be chosen by: it is "this one" while it is being talked of.
    return {
        "kind": "offer",
        "offer": newest.answer["offer"],
        "others": len(offers.answer["offers"]),
        "counter": True,
    }


def _comparison(desk: _Desk) -> Card | None:
    offers = _offers(desk)
    if len(offers) == 1:
        return _offer(desk)
    return {"kind": "comparison", "offers": offers} if offers else None


def _terms(desk: _Desk) -> Card | None:
    agreement = presented_terms(desk.session, desk.conversation.person_id, local_date(desk.now))
    if agreement is None:
        return None
    return {
        "kind": "terms",
        "agreement_id": agreement.id,
        "fingerprint": fingerprint(agreement.digest),
        "full_url": "/agreement/terms",
        "pdf_url": "/agreement/document.pdf",
        "rows": [
            {"label": row["label"], "text": row["text"]} for row in summary_rows(agreement.terms)
        ],
    }


def _signed(desk: _Desk) -> Card | None:
    agreement = agreement_in_force(desk.session, desk.conversation.person_id)
    if agreement is None or agreement.signed_at is None:
        return None
    repayment = agreement.terms["repayment"]
    return {
        "kind": "signed",
        "agreement_id": agreement.id,
        "number": agreement.number,
        "next_date": repayment["schedule"][0]["due_date"],
        "next_amount": repayment["schedule"][0]["payment"],
        "periods": len(repayment["schedule"]),
        "paid_periods": 0,
        "paid_total": "0.00",
        "last_date": repayment["last_due_date"],
        "pdf_url": "/agreement/document.pdf",
        "proof_url": ("/agreement/proof.json" if proof_kept(desk.session, agreement) else None),
        "how_to_pay": agreement.terms["bank"]["how_to_pay"],
        "contacts_url": "/contacts",
        "collection_stop": collection_stop(desk.session, agreement.person_id),
        "cooling_off_until": cooling_off_until(agreement.terms, agreement.signed_at).isoformat(),
    }


def _refusal(desk: _Desk) -> Card | None:
    newest = latest_offers(desk.session, desk.conversation.person_id)
    if newest is None or newest.outcome != "refused":
        return None
    return {"kind": "refusal", "reason": newest.answer["reason"], "text": ""}


def _evidence(desk: _Desk) -> Card | None:
    standing = standing_now(
        desk.session, desk.conversation.person_id, now=desk.now, policy=desk.policy
    )
    if standing is None or standing.complete:
        return None
    return {
        "kind": "evidence",
        "url": "/evidence",
        "missing": list(standing.missing),
        "in_review": list(standing.in_review),
    }


def _crisis(desk: _Desk) -> Card:
    return crisis_card(desk.now, desk.conversation.locale, desk.policy)


OPEN_TO_ALL = frozenset({"code", "document", "crisis"})

BUILDERS: dict[str, Callable[[_Desk], Card | None]] = {
    "code": _code,
    "document": _document,
    "consent": _consent,
    "offer": _offer,
    "counter": _counter,
    "comparison": _comparison,
    "terms": _terms,
    "signed": _signed,
    "refusal": _refusal,
    "evidence": _evidence,
    "crisis": _crisis,
}
