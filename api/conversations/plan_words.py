"""Ready words of plans: offers, counter-offers and the terms that come of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.models import Agreement, Counter, OfferSet
from api.agreements.planning import open_accounts
from api.agreements.records import latest_offers, offer_numbered
from api.agreements.terms import cooling_off_until
from api.conversations.writer import Words, Writer
from api.kit.money import ZERO, money

__all__ = [
    "above_what_they_named",
    "counter_words",
    "debt_parts",
    "how_it_is_paid",
    "offer_words",
    "since_words",
    "terms_words",
]


def offer_words(session: Session, person_id: str, option: int, writer: Writer) -> Words:
    """Write the offer that is spoken of: the chosen one, the best before there is a choice."""
    newest = latest_offers(session, person_id)
    if newest is None:
        return {}
    answer = newest.answer
    words: Words = {}
    if newest.outcome == "offered":
        spoken_of = offer_numbered(session, newest, option) or answer["offers"][0]
        words |= _plan_words(spoken_of, writer) | _stress_words(spoken_of, writer)
        words |= {
            "expires": writer.day(spoken_of["expires"]),
            "as_of": writer.day(spoken_of["as_of"]),
        }
        for offer in answer["offers"]:
            words |= _numbered(offer, writer)
        less = money(spoken_of["debt_total"]) - money(spoken_of["total"])
        if less > 0:
            words["less"] = writer.money(less)
        if less < 0:
            words["more"] = writer.money(-less)
    return words


def since_words(session: Session, conversation_id: str, writer: Writer) -> Words:
    """Write what a new fact changed: the best plan now against the best one before it."""
    sets = session.scalars(
        select(OfferSet)
        .where(OfferSet.conversation_id == conversation_id, OfferSet.outcome == "offered")
        .order_by(OfferSet.id.desc())
        .limit(2)
    ).all()
    if len(sets) < 2:
        return {}
    now, before = (found.answer["offers"][0] for found in sets)
    change = {
        "months_more": int(now["periods"]) - int(before["periods"]),
        "total_more": str(money(now["total"]) - money(before["total"])),
        "waived_more": str(money(now["waived"]["total"]) - money(before["waived"]["total"])),
    }
    return {"since_before": _change(change, writer)}


def above_what_they_named(
    session: Session, person_id: str, facts: Mapping[str, Any], writer: Writer
) -> Words:
    """Write what they named, a payment or none, where even the best offer asks for more: it is not hidden."""
    newest, named = latest_offers(session, person_id), facts.get("proposed_payment")
    if newest is None or newest.outcome != "offered" or named in (None, "skipped"):
        return {}
    best = newest.answer["offers"][0]
    if best["kind"] not in ("instalments", "deferral_instalments") or money(str(named)) >= money(
        best["monthly"]
    ):
        return {}
    if money(str(named)) == 0:
        return {"named_none": writer.money("0.00")}
    return {"named_less": writer.sentence("fact_about", amount=writer.round(money(str(named))))}


def _numbered(offer: Mapping[str, Any], writer: Writer) -> Words:
    """Write one offer of several: its name says what it is best at."""
    key = f"offer_{offer['number']}"
    return {
        f"{key}_name": writer.sentence(f"offer_{offer['tag']}"),
        f"{key}_pays": how_it_is_paid(offer, offer["kind"], writer),
        f"{key}_total": writer.money(offer["total"]),
    }


def _plan_words(offer: Mapping[str, Any], writer: Writer) -> Words:
    return {
        **_paying_words(offer, offer["kind"], writer),
        **_waived(offer["waived"]["total"], writer),
        **_waived_sentence(offer, writer),
    }


def _paying_words(plan: Mapping[str, Any], kind: str, writer: Writer) -> Words:
    """Write how an offer, or the repayment of an agreement, is paid."""
    return {
        "monthly": writer.money(plan["monthly"]),
        "periods": str(plan["periods"]),
        "total": writer.money(plan["total"]),
        "annual_rate": writer.percent(plan["annual_rate"]),
        "first_due": writer.day(plan["first_due_date"]),
        "due_day": str(plan["due_day"]),
        "next_due": writer.day(plan["schedule"][0]["due_date"]),
        "next_amount": writer.money(plan["schedule"][0]["payment"]),
        "pays": how_it_is_paid(plan, kind, writer),
        "pays_terms": how_it_is_paid(plan, kind, writer, line="terms"),
    }


def how_it_is_paid(
    plan: Mapping[str, Any], kind: str, writer: Writer, *, line: str = "pays"
) -> str:
    """Write in one line what is paid and when, whatever the kind of plan."""
    down = plan.get("down_payment")
    once = int(plan["periods"]) == 1
    if kind == "settlement":
        key = "settlement"
    elif down:
        key = "down"
    elif kind.startswith("deferral"):
        key = "deferral_once" if once else "deferral"
    else:
        key = "once" if once else "monthly"
    values = {
        "monthly": writer.money(plan["monthly"]),
        "periods": str(plan["periods"]),
        "first_due": writer.day(plan["first_due_date"]),
        "due_day": str(plan["due_day"]),
    }
    if down:
        values |= {"down": writer.money(down["amount"]), "down_due": writer.day(down["due_date"])}
    return writer.sentence(f"{line}_{key}", **values)


def _stress_words(offer: Mapping[str, Any], writer: Writer) -> Words:
    """Write what becomes of an offer in a bad month; nothing for one made before that was looked at."""
    said = f"words_{writer.locale}"
    return {
        "stress_missed" if found["percent"] is None else f"stress_{found['percent']}": found[said]
        for found in offer.get("stress", [])
    }


def _waived(total: str, writer: Writer) -> Words:
    return {"waived": writer.money(total)} if money(total) > 0 else {}


def _waived_sentence(offer: Mapping[str, Any], writer: Writer) -> Words:
    parts = [
        writer.sentence(f"waived_{part}", amount=writer.money(offer["waived"][part]))
        for part in ("penalty", "interest", "fees", "principal")
        if money(offer["waived"][part]) > 0
    ]
    if Decimal(offer["annual_rate"]) < Decimal(offer["contract_rate"]):
        parts.append(
            writer.sentence(
                "rate_lowered",
                before=writer.percent(offer["contract_rate"]),
                after=writer.percent(offer["annual_rate"]),
            )
        )
    joint = "，" if writer.locale == "zh" else ", "
    return {"waived_sentence": joint.join(parts)} if parts else {}


def counter_words(counter: Counter, writer: Writer) -> Words:
    """Write a counter-offer: the nearest plan, what it changes, and what stands against the asking."""
    answer, asked = counter.answer, counter.asked
    offer = answer["offer"]
    words = {
        "counter_pays": how_it_is_paid(offer, offer["kind"], writer),
        "counter_monthly": writer.money(offer["monthly"]),
        "counter_periods": str(offer["periods"]),
        "counter_total": writer.money(offer["total"]),
        "counter_change": _change(answer, writer),
        "counter_affordable": writer.money(answer["affordable"]),
        "counter_longest": str(answer["longest"]),
        "counter_asked": _asked(asked, writer),
    }
    if answer["needed"] is not None:
        words["counter_needed"] = writer.money(answer["needed"])
    return words


def _asked(asked: Mapping[str, Any], writer: Writer) -> str:
    if "periods" in asked:
        return _months(int(asked["periods"]), writer)
    (what, amount) = next(iter(asked.items()))
    key = "a_month" if what == "monthly" else "paid_first"
    return writer.sentence(key, amount=writer.round(money(amount)))


def _change(answer: Mapping[str, Any], writer: Writer) -> str:
    months, total = int(answer["months_more"]), money(answer["total_more"])
    parts = []
    if months:
        key = "counter_longer" if months > 0 else "counter_shorter"
        parts.append(writer.sentence(key, months=_months(abs(months), writer)))
    if total:
        key = "counter_more" if total > 0 else "counter_less"
        parts.append(writer.sentence(key, amount=writer.money(abs(total))))
    else:
        parts.append(writer.sentence("counter_same_total"))
    waived = money(answer["waived_more"])
    if waived:
        key = "counter_waived_more" if waived > 0 else "counter_waived_less"
        parts.append(writer.sentence(key, amount=writer.money(abs(waived))))
    return ("，" if writer.locale == "zh" else ", ").join(parts)


def _months(count: int, writer: Writer) -> str:
    return writer.sentence("months_one" if count == 1 else "months", n=str(count))


def terms_words(session: Session, agreement: Agreement, writer: Writer) -> Words:
    """Write the terms that are being read, or that were signed."""
    terms = agreement.terms
    repayment, debt = terms["repayment"], terms["debt"]
    words = {
        **_paying_words(repayment, terms["kind"], writer),
        **_waived(terms["relief"]["total"], writer),
        "debt_total": writer.money(debt["total"]),
        **debt_parts(
            {part: debt[part] for part in ("principal", "interest", "penalty", "fees")}, writer
        ),
    }
    if agreement.signed_at is not None and agreement.number is not None:
        words |= {
            "agreement_no": agreement.number,
            "cooling_end": writer.day(cooling_off_until(terms, agreement.signed_at)),
        }
        if writer.today <= cooling_off_until(terms, agreement.signed_at):
            words["cooling_left"] = words["cooling_end"]  # only while there is still time
    else:
        total_now = sum(
            (account.total for account in open_accounts(session, agreement.person_id)), ZERO
        )
        difference = abs(total_now - money(debt["total"]))
        if difference > 0:
            words["difference"] = writer.money(difference)
    return words


def debt_parts(parts: Mapping[str, Decimal | str], writer: Writer) -> Words:
    """Write a debt's parts; fees only where there are any, so that nobody reads of fees of nothing."""
    return {
        part: writer.money(amount)
        for part, amount in parts.items()
        if part != "fees" or money(amount) > 0
    }
