"""A case's money in words: what the person told, what is owed, plans and how an agreement is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.lives import life_of
from api.agreements.models import Proposal
from api.agreements.records import latest_agreement
from api.conversations.case_view import CaseView
from api.conversations.writer import Writer
from api.followup.models import Payment
from api.followup.progress import progress_of
from api.kit.money import ZERO, money
from api.plans.canonical import canonical_bytes
from api.plans.figures import FigureView
from api.plans.proof import calculate
from api.policy.lookup import PolicyView
from api.web.words import Words

__all__ = [
    "FACTS",
    "agreement_part",
    "debts_part",
    "fact_words",
    "facts_part",
    "plans_part",
    "refusal_words",
]

FACTS: Mapping[str, str] = {
    "reason": "choice",
    "monthly_income": "range",
    "essential_spending": "range",
    "other_debt_payments": "range",
    "proposed_payment": "money",
    "pay_day": "day",
    "household_size": "count",
    "lump_sum": "money",
    "expected_income": "range",
    "income_from": "date",
}
"""What a person can tell, in the order in which it is shown, and what kind of value each is."""

MOST_PAYMENTS = 40
DIGEST_SHOWN = 12


def facts_part(view: CaseView, w: Words, writer: Writer) -> dict[str, Any]:
    """Return what the person told, line by line, and what is left of it for debts."""
    before = view.case.context.get("facts", {})
    facts = view.facts
    return {
        "facts": [
            {
                "name": name,
                "label": w(f"case.fact.{name}"),
                "words": fact_words(name, facts[name], w, writer),
                "changed": facts[name] != before.get(name),
            }
            for name in FACTS
            if name in facts
        ],
        "reason_told": w(f"case.fact_reason.{facts['reason']}") if facts.get("reason") else "",
        "wishes": list(facts.get("wishes", ())),
        "surplus": max(ZERO, view.affordability.surplus) if view.affordability else None,
        "living_floor": (
            view.affordability.floor
            if view.affordability and view.affordability.living_from == "floor"
            else None
        ),
    }


def fact_words(name: str, value: Any, w: Words, writer: Writer) -> str:
    """Write one fact as a colleague reads it."""
    kind = FACTS[name]
    if value == "skipped":
        return w("case.fact_skipped")
    if kind == "choice":
        return w(f"case.fact_reason.{value}")
    if kind == "day":
        return w("case.fact_day", n=value)
    if kind == "count":
        return w("case.fact_people", n=value)
    if kind == "date":
        return writer.day(str(value))
    most = value["to"] if isinstance(value, Mapping) else value
    return w("case.fact_none") if money(str(most)) == ZERO else writer.about(value)


def debts_part(view: CaseView) -> dict[str, Any]:
    """Return what is owed in all, part by part, and card by card."""
    parts = ("principal", "interest", "penalty", "fees", "total")
    sums = {part: sum((money(getattr(debt, part)) for debt in view.debts), ZERO) for part in parts}
    return {
        "debts": sums if view.debts else None,
        "debts_as_of": min((debt.as_of for debt in view.debts), default=None),
        "cards": [
            {"tail": debt.card_tail, "total": debt.total, "status": debt.status}
            for debt in view.debts
        ],
        "late_days": max((debt.days_past_due for debt in view.debts), default=0),
    }


def plans_part(view: CaseView, w: Words, today: date) -> dict[str, Any]:
    """Return the plans that were offered, why they are what they are, and what a colleague proposed."""
    offers = view.offers
    answer: Mapping[str, Any] = offers.answer if offers is not None else {}
    shown: list[Mapping[str, Any]] = list(answer.get("offers", ()))
    numbers = {offer["number"] for offer in shown}
    for counter in view.counters:
        offer = counter.answer["offer"]
        if offer["number"] not in numbers:
            numbers.add(offer["number"])
            shown.append(offer)
    signed = view.agreement or view.terms
    chosen = (
        signed.option if signed and offers and signed.offer_set_id == offers.id else None
    )  # of another calculation, the number means another plan
    plans = [_plan(offer, chosen, w) for offer in shown]
    reason = answer.get("reason") if offers is not None and offers.outcome == "refused" else None
    expires = offers.expires_on if offers is not None else None
    return {
        "plans": plans,
        "any_chosen": any(plan["chosen"] for plan in plans),
        "plans_expire": expires,
        "plans_over": expires is not None and expires < today and view.agreement is None,
        "refused": refusal_words(str(reason), w) if reason else "",
        "proof": (
            _proof_digest(canonical_bytes(offers.basis))[:DIGEST_SHOWN]
            if offers is not None and offers.basis
            else ""
        ),
        "proposal": _proposal(view.proposals[0], w) if view.proposals else None,
        "plans_seen": _plans_seen(plans, reason, w),
    }


def _plan(offer: Mapping[str, Any], chosen: int | None, w: Words) -> dict[str, Any]:
    tag = f"case.plan_tag.{offer['tag']}"
    return {
        "number": offer["number"],
        "tag": w(tag) if w.has(tag) else "",
        "monthly": offer["monthly"],
        "periods": offer["periods"],
        "total": offer["total"],
        "waived": offer["waived"]["total"],
        "left_after": offer["left_after"],
        "annual_rate": offer["annual_rate"],
        "first_due_date": offer["first_due_date"],
        "rules": [
            {"id": rule["id"], "words": rule[f"words_{w.locale}"], "citation": rule["citation"]}
            for rule in offer.get("rules", ())
        ],
        "chosen": offer["number"] == chosen,
    }


def refusal_words(reason: str, w: Words) -> str:
    """Return why the planner offers nothing, as a colleague is told it."""
    key = f"case.refusal.{reason}"
    return w(key if w.has(key) else "case.refusal.other")


def _plans_seen(plans: list[dict[str, Any]], reason: Any, w: Words) -> str:
    if plans:
        words = f"{Decimal(plans[0]['monthly']):,.2f} × {plans[0]['periods']}"
        return w("desk.plans_seen", n=len(plans), words=words)
    return w("desk.plans_refused" if reason else "desk.plans_none")


def _proposal(proposal: Proposal, w: Words) -> dict[str, Any] | None:
    if proposal.state == "dropped":
        return None
    first = next(iter(proposal.answer.get("offers", ())), None)
    values = {
        "monthly": f"{Decimal(first['monthly']):,.2f}" if first else "",
        "periods": first["periods"] if first else "",
        "name": proposal.decided_by_name or proposal.made_by_name,
        "why": proposal.decided_why or "",
    }
    key = "standing_by" if proposal.state == "standing" else proposal.state
    return {"state": proposal.state, "words": w(f"case.proposal.{key}", **values)}


@lru_cache(maxsize=256)
def _proof_digest(basis: bytes) -> str:
    """Return the digest of the proof that is made from what a calculation rested on."""
    kept = json.loads(basis)
    inputs, policy = kept["inputs"], kept["policy"]
    figures = FigureView(date.fromisoformat(inputs["date"]), policy["digest"], policy["figures"])
    return str(calculate(inputs, figures)["digest"])


def agreement_part(
    session: Session, view: CaseView, *, now: datetime, policy: PolicyView
) -> dict[str, Any]:
    """Return the agreement, signed or only shown, how it is kept, and what was paid."""
    person_id = view.case.person_id
    paid = session.execute(
        select(Payment.paid_on, Payment.amount)
        .where(Payment.person_id == person_id)
        .order_by(Payment.paid_on.desc(), Payment.id)
        .limit(MOST_PAYMENTS)
    ).all()
    payments = [{"paid_on": paid_on, "amount": amount} for paid_on, amount in paid]
    signed = latest_agreement(session, person_id)
    if signed is not None:
        keeping = progress_of(session, signed, now=now, policy=policy)
        agreement = {
            "state": life_of(session, signed),
            "number": signed.number,
            "keeping": keeping,
            "document": True,
        }
    elif view.terms is not None:
        state = life_of(session, view.terms)
        agreement = {"state": state, "number": "", "keeping": None, "document": False}
    else:
        agreement = None
    return {"agreement": agreement, "payments": payments}
