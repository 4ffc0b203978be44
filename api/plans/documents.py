"""Offers and refusals as plain JSON documents: money as decimal strings, dates ISO.

These are the OFFER of the team contract: stored with a case, shown as a card, digested for proof.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from api.kit.exact import from_fen
from api.plans.affordability import Affordability
from api.plans.explanation import rules_applied
from api.plans.offers import Offer, Offered, Refused, Waived
from api.plans.rejected import rejected_document
from api.plans.schedule import Instalment
from api.plans.stress import stress_document

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["offer_document", "result_document"]

REFUSAL_RULES = {
    "nothing_affordable": "bank.pause.days",
    "beyond_authority": "bank.authority",
    "account_with_human": "bank.accounts.with_human",
}


def result_document(result: Offered | Refused, *, explain: bool = False) -> dict[str, Any]:
    """Return an offered or refused result as a JSON document (``outcome`` tells which).

    ``explain`` adds what takes longer to say: ``rejected`` (the plans that were not offered, with the
    rule that rejected each) and for each offer its ``stress`` (what if income drops, or a payment is
    missed). The rest is the same with and without it.
    """
    document = _refused(result) if isinstance(result, Refused) else _offered(result)
    if explain:
        document["rejected"] = rejected_document(result)
    if explain and isinstance(result, Offered):
        for offer, shown in zip(result.offers, document["offers"], strict=True):
            shown["stress"] = stress_document(offer)
    return document


def _offered(result: Offered) -> dict[str, Any]:
    basis = result.basis
    return {
        "outcome": "offered",
        "as_of": result.as_of.isoformat(),
        "expires": result.expires.isoformat(),
        "policy_digest": basis.view.digest,
        "affordability": _affordability(basis.affordability),
        "would_help": result.would_help,
        "offers": [
            offer_document(offer, expires=result.expires.isoformat()) for offer in result.offers
        ],
    }


def offer_document(offer: Offer, *, expires: str) -> dict[str, Any]:
    """Return one offer as the contract's OFFER."""
    basis = offer.basis
    instalments, monthly, down = (
        offer.schedule.instalments,
        offer.monthly_payments,
        offer.down_payment,
    )
    return {
        "number": offer.number,
        "tag": offer.tag,
        "kind": offer.kind,
        "monthly": _money(offer.monthly),
        "periods": offer.periods,
        "down_payment": None
        if down is None
        else {"due_date": down.due_date.isoformat(), "amount": _money(down.payment)},
        "deferred_until": monthly[0].due_date.isoformat() if basis.deferred else None,
        "first_due_date": monthly[0].due_date.isoformat(),
        "last_due_date": instalments[-1].due_date.isoformat(),
        "due_day": basis.start.due_day,
        "total": _money(offer.total),
        "interest": _money(offer.schedule.total_interest),
        "waived": _waived(offer.waived),
        "carried": _money(offer.carried),
        "annual_rate": _money(basis.relief.annual_rate),
        "annual_percentage_rate": _money(offer.annual_percentage_rate),
        "effective_annual_rate": _money(offer.effective_annual_rate),
        "contract_rate": _money(basis.terms.contract_rate),
        "left_after": None if offer.left_after is None else _money(offer.left_after),
        "debt_total": _money(from_fen(basis.pooled.total)),
        "principal": _money(from_fen(basis.pooled.principal)),
        "evidence_wanted": basis.pooled.total >= basis.terms.evidence_from,
        "accounts": [
            {
                "account": debt.account,
                "principal": _money(debt.principal),
                "interest": _money(debt.interest),
                "penalty": _money(debt.penalty),
                "fees": _money(debt.fees),
                "total": _money(debt.total),
            }
            for debt in basis.debts
        ],
        "schedule": [_instalment(item) for item in instalments],
        "rules": [
            {
                "id": rule.id,
                "words_zh": rule.words_zh,
                "words_en": rule.words_en,
                "citation": rule.citation,
            }
            for rule in rules_applied(offer)
        ],
        "as_of": basis.view.date.isoformat(),
        "expires": expires,
    }


def _refused(result: Refused) -> dict[str, Any]:
    return {
        "outcome": "refused",
        "reason": result.reason,
        "next_step": result.next_step,
        "question": result.question,
        "as_of": result.as_of.isoformat(),
        "policy_digest": result.view.digest,
        "affordability": _affordability(result.affordability),
        "rules": _refusal_rules(result.reason, result.view),
    }


def _refusal_rules(reason: str, view: PolicyView) -> list[dict[str, str]]:
    parameter_id = REFUSAL_RULES.get(reason)
    if parameter_id is None:
        return []
    parameter = view.parameter(parameter_id)
    return [{"id": parameter.id, "title": parameter.title, "citation": parameter.citation.text}]


def _affordability(found: Affordability | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "income": _money(found.income),
        "living": _money(found.living),
        "living_from": found.living_from,
        "floor": _money(found.floor),
        "other_debts": _money(found.other_debts),
        "agreed": _money(found.agreed),
        "surplus": _money(found.surplus),
        "buffer": _money(found.buffer),
        "affordable": _money(found.affordable),
        "assumed": list(found.assumed),
    }


def _instalment(item: Instalment) -> dict[str, Any]:
    return {
        "number": item.number,
        "due_date": item.due_date.isoformat(),
        "payment": _money(item.payment),
        "principal": _money(item.principal),
        "interest": _money(item.interest),
        "charges": _money(item.charges),
        "accrued_interest": _money(item.accrued_interest),
        "penalty": _money(item.penalty),
        "fees": _money(item.fees),
        "balance": _money(item.balance),
    }


def _waived(waived: Waived) -> dict[str, str]:
    return {
        "interest": _money(waived.interest),
        "penalty": _money(waived.penalty),
        "fees": _money(waived.fees),
        "principal": _money(waived.principal),
        "total": _money(waived.total),
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
