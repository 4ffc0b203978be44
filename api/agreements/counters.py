"""Counter-offers: "每月800呢", "24期呢", "先还5000呢". Worked out at once beside the offers that stand, and recorded.

Another length at the same relief, or a first larger payment: asking changes no fact, and asking again
gives the same answer. A counter-offer can be chosen like any other offer of its set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Counter, OfferSet
from api.agreements.planning import Who, debt_digest, debts_of, means_of, open_accounts
from api.agreements.proofs import calculated
from api.agreements.records import (
    facts_of,
    latest_counter,
    offer_numbered,
    presented_terms,
    role_of,
    standing_offers,
)
from api.kit.audit import append_event
from api.kit.dates import local_date
from api.kit.errors import Problem
from api.kit.exact import from_fen
from api.kit.money import money
from api.plans.counter import Counter as Nearest
from api.plans.counter import what_if
from api.plans.documents import offer_document
from api.plans.offers import Offered, plan_offers
from api.plans.stress import stress_document
from api.policy.lookup import PolicyView

__all__ = ["PolicyOf", "answer_counter"]

PolicyOf = Callable[[date], PolicyView]
"""The policy as it stood on a day."""

ASKED = "asked"
"""The tag of a plan that somebody asked for."""


def answer_counter(
    session: Session,
    who: Who,
    *,
    monthly: Decimal | None = None,
    periods: int | None = None,
    lump_sum: Decimal | None = None,
    now: datetime,
    policy_of: PolicyOf,
) -> Counter:
    """Work out another payment, another length or a first lump sum, and record the nearest plan there is.

    It is set against the plan whose terms are being read, else against the best offer. Exactly one of
    ``monthly``, ``periods`` and ``lump_sum`` is given. The same question again gives the record already made.

    Raises:
        Problem: ``offers_expired`` (409) when no offers stand, ``balance_changed`` (409) when the bank's
            figures are newer than they, ``counter_absurd`` (422) for a question that is none.
    """
    offers = standing_offers(session, who.person_id, local_date(now))
    if offers is None:
        raise Problem("offers_expired", 409, "There are no offers that still stand.")
    if debt_digest(open_accounts(session, who.person_id)) != offers.debt_digest:
        raise Problem("balance_changed", 409, "The balance has changed.")
    terms = presented_terms(session, who.person_id, local_date(now))
    compared = terms.option if terms is not None else 1
    asked = _asked(monthly, periods, lump_sum)
    newest = latest_counter(session, offers)
    if newest is not None and (newest.asked, newest.compared) == (asked, compared):
        return newest
    answer, basis = _worked_out(
        session, who, offers, compared, monthly, periods, lump_sum, policy_of
    )
    made = Counter(
        offer_set_id=offers.id,
        asked=asked,
        compared=compared,
        number=answer["offer"]["number"],
        answer=answer,
        basis=basis,
        at=now,
    )
    session.add(made)
    session.flush()
    append_event(
        session, at=now, actor="person", subject=("person", who.person_id), kind="plan_countered",
        offer_set=offers.id, option=made.number, why_not=answer["why_not"] or "",
    )  # fmt: skip
    return made


def _worked_out(
    session: Session,
    who: Who,
    offers: OfferSet,
    compared: int,
    monthly: Decimal | None,
    periods: int | None,
    lump_sum: Decimal | None,
    policy_of: PolicyOf,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answer's document and the basis of its proof, as of the day of the standing offers."""
    day = date.fromisoformat(offers.answer["as_of"])
    policy = policy_of(day)
    debts, means = debts_of(session, who.person_id, day), means_of(facts_of(session, who.person_id))
    role = role_of(offers)
    planned = plan_offers(debts, means, policy, role=role)
    if not isinstance(planned, Offered) or policy.digest != offers.answer["policy_digest"]:
        raise Problem("offers_expired", 409, "Policy has changed since these offers were made.")
    try:
        nearest = what_if(
            planned.basis, planned.offers[0], monthly=monthly, periods=periods, lump_sum=lump_sum
        )
    except ValueError as error:
        raise Problem("counter_absurd", 422, "No plan can be asked for with that.") from error
    offer = _as_offer(session, offers, nearest)
    against = offer_numbered(session, offers, compared) or offers.answer["offers"][0]
    plan = nearest.offer
    answer = {
        "offer": offer,
        "why_not": nearest.why_not,
        "same": offer["number"] == compared,
        "months_more": int(offer["periods"]) - int(against["periods"]),
        "total_more": str(money(offer["total"]) - money(against["total"])),
        "waived_more": str(money(offer["waived"]["total"]) - money(against["waived"]["total"])),
        "affordable": str(from_fen(plan.basis.affordable)),
        "longest": plan.basis.longest,
        "needed": None if periods is None else str(from_fen(plan.basis.highest_payment(periods))),
    }
    # The calculation itself gives this plan to whoever tells the lump sum, or proposes the payment.
    told = (
        replace(means, lump_sum=lump_sum)
        if lump_sum is not None
        else replace(means, proposed_payment=plan.highest_monthly)
    )
    _, proven = calculated(debts, told, policy, role=role)
    return answer, proven


def _asked(
    monthly: Decimal | None, periods: int | None, lump_sum: Decimal | None
) -> dict[str, str | int]:
    if monthly is not None:
        return {"monthly": f"{monthly:.2f}"}
    return {"lump_sum": f"{lump_sum:.2f}"} if lump_sum is not None else {"periods": periods or 0}


def _as_offer(session: Session, offers: OfferSet, nearest: Nearest) -> dict[str, Any]:
    """Return the nearest plan as an offer of the set: the one that is there, else under a new number."""
    plan = nearest.offer
    if plan.periods > plan.basis.soonest:
        plan = replace(plan, tag="lowest_monthly")  # so that its reasons name the longer term
    shown = offer_document(plan, expires=offers.answer["expires"])
    known = [
        *offers.answer["offers"],
        *(
            counter.answer["offer"]
            for counter in session.scalars(
                select(Counter).where(Counter.offer_set_id == offers.id).order_by(Counter.id)
            )
        ),
    ]
    for offer in known:
        if _same_plan(offer, shown):
            return dict(offer)
    return {
        **shown,
        "stress": stress_document(plan),
        "number": max(int(offer["number"]) for offer in known) + 1,
        "tag": ASKED,
    }


def _same_plan(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two offers ask for the same payments on the same days."""
    return all(one[part] == other[part] for part in ("kind", "schedule"))
