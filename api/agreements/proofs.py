"""What a plan was calculated from, kept with it, and the proof made of it at any time later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement, Counter, OfferSet
from api.plans.basis import Role
from api.plans.debt import Debt
from api.plans.figures import FigureView
from api.plans.proof import calculate, proof_bytes, proved_and_explained
from api.plans.situation import Situation
from api.policy.lookup import PolicyView

__all__ = ["calculated", "proof_kept", "proof_of", "proof_of_offers"]


def calculated(
    debts: Iterable[Debt], situation: Situation, policy: PolicyView, *, role: Role = "assistant"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Plan and return the result as a document, and the basis from which its proof can be made again.

    ``role`` is whose authority it is planned under.

    The basis holds the facts, the debts and the very figures of policy that were read: what the
    bank's records or policy say later does not change the proof of what was shown.
    """
    proof, explained = proved_and_explained(debts, situation, policy, role=role)
    return explained, {"inputs": proof["inputs"], "policy": proof["policy"]}


def proof_of(session: Session, agreement: Agreement) -> bytes | None:
    """Return the proof of the calculation an agreement rests on; ``None`` where none was kept.

    Made from what was stored when it was calculated: asked for again, the bytes are the same.
    """
    return _proof(_basis_of(session, agreement))


def proof_of_offers(offers: OfferSet) -> bytes | None:
    """Return the proof of a calculation of offers, or of a refusal; ``None`` where none was kept."""
    return _proof(offers.basis)


def _proof(basis: dict[str, Any] | None) -> bytes | None:
    if basis is None:
        return None
    inputs, policy = basis["inputs"], basis["policy"]
    view = FigureView(date.fromisoformat(inputs["date"]), policy["digest"], policy["figures"])
    return proof_bytes(calculate(inputs, view))


def proof_kept(session: Session, agreement: Agreement) -> bool:
    """Return whether the proof of an agreement's calculation can be had."""
    return _basis_of(session, agreement) is not None


def _basis_of(session: Session, agreement: Agreement) -> dict[str, Any] | None:
    offers = session.get_one(OfferSet, agreement.offer_set_id)
    if any(offer["number"] == agreement.option for offer in offers.answer["offers"]):
        return offers.basis
    counter = session.scalars(
        select(Counter)
        .where(Counter.offer_set_id == offers.id, Counter.number == agreement.option)
        .order_by(Counter.id)
        .limit(1)
    ).one()
    return counter.basis
