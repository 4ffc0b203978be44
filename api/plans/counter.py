"""What if: "每月850呢", "24期呢", "先还一部分". Only worked out, never chosen, and never a way to more relief.

The relief is the one that the facts allow (``api.plans.relief``); a counter-proposal moves along the
range of terms at that relief. Only a new fact changes the relief. A lump sum is such a fact: it is worked
out as if it had been told, so that saying it brings exactly what asking about it showed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from api.kit.exact import from_fen, to_fen
from api.plans.basis import Basis
from api.plans.offers import Offer, Refused, make_offer, plan_offers

__all__ = ["Counter", "WhyNot", "what_if"]

WhyNot = Literal[
    "more_than_affordable", "shorter_than_affordable", "longer_than_allowed", "one_payment_only",
    "lump_sum_too_small", "lump_sum_not_taken",
]  # fmt: skip


@dataclass(frozen=True)
class Counter:
    """The nearest possible plan, what it changes, and why it is not exactly what was asked."""

    offer: Offer
    months_more: int
    """Months more (or fewer, negative) than the plan compared with."""
    total_more: Decimal
    """Yuan more (or less) in total than the plan compared with."""
    why_not: WhyNot | None
    """``None`` when the plan is what was asked for."""
    waived_more: Decimal = Decimal("0.00")
    """Yuan more (or less) waived: who can pay more needs less relief, so a lump sum may cost some of it."""


def what_if(
    basis: Basis,
    compared: Offer,
    *,
    monthly: Decimal | None = None,
    periods: int | None = None,
    lump_sum: Decimal | None = None,
) -> Counter:
    """Work out another payment, another number of months, or a lump sum first; exactly one is given.

    A lump sum that settles everything is answered with the settlement, otherwise it is a first payment
    before the monthly ones.

    Raises:
        ValueError: none or several are given, or the figure is not above zero.
    """
    if sum(asked is not None for asked in (monthly, periods, lump_sum)) != 1:
        msg = "ask for a monthly payment, for a number of months, or about a lump sum"
        raise ValueError(msg)
    why_not: WhyNot | None
    if lump_sum is not None:
        offer, why_not = _with_lump_sum(basis, compared, lump_sum)
    elif basis.at_once:
        offer, why_not = make_offer(basis, 1), "one_payment_only"
    else:
        months, why_not = (
            _for_periods(basis, periods or 0) if monthly is None else _for_payment(basis, monthly)
        )
        offer = make_offer(basis, months)
    return Counter(
        offer=offer,
        months_more=offer.periods - compared.periods,
        total_more=offer.total - compared.total,
        why_not=why_not,
        waived_more=offer.waived.total - compared.waived.total,
    )


def _with_lump_sum(basis: Basis, compared: Offer, lump_sum: Decimal) -> tuple[Offer, WhyNot | None]:
    lump = to_fen(lump_sum)
    if lump <= 0:
        msg = "a lump sum is above zero"
        raise ValueError(msg)
    least = min(basis.terms.down_payment_least, basis.pooled.total)
    if lump < least:
        return compared, "lump_sum_too_small"
    situation = replace(basis.situation, lump_sum=from_fen(lump))
    found = plan_offers(basis.debts, situation, basis.view, role=basis.role)
    if isinstance(found, Refused):
        return compared, "lump_sum_not_taken"
    settled = [offer for offer in found.offers if offer.basis.at_once]
    offer = settled[0] if settled else found.offers[0]
    taken = offer.basis.at_once or offer.down_payment is not None
    return offer, None if taken else "lump_sum_not_taken"


def _for_payment(basis: Basis, monthly: Decimal) -> tuple[int, WhyNot | None]:
    asked = to_fen(monthly)
    if asked <= 0:
        msg = "a payment is above zero"
        raise ValueError(msg)
    if asked > basis.affordable:
        return basis.soonest, "more_than_affordable"
    within = basis.shortest_within(asked)
    return (basis.longest, "longer_than_allowed") if within is None else (within, None)


def _for_periods(basis: Basis, periods: int) -> tuple[int, WhyNot | None]:
    if periods <= 0:
        msg = "a number of months is above zero"
        raise ValueError(msg)
    if periods < basis.soonest:
        return basis.soonest, "shorter_than_affordable"
    if periods > basis.longest:
        return basis.longest, "longer_than_allowed"
    return periods, None
