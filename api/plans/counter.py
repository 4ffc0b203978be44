"""What if: "每月850呢", "24期呢". Only worked out, never chosen, and never a way to more relief.

The relief is the one that the facts allow (``api.plans.relief``); a counter-proposal moves along the
range of terms at that relief. Only a new fact changes the relief.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from api.kit.exact import to_fen
from api.plans.basis import Basis
from api.plans.offers import Offer, make_offer

__all__ = ["Counter", "what_if"]

WhyNot = Literal["more_than_affordable", "shorter_than_affordable", "longer_than_allowed"]


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


def what_if(
    basis: Basis,
    compared: Offer,
    *,
    monthly: Decimal | None = None,
    periods: int | None = None,
) -> Counter:
    """Work out another payment or another number of months; exactly one of the two is given.

    Raises:
        ValueError: both or neither are given, or the figure is not above zero.
    """
    if (monthly is None) == (periods is None):
        msg = "ask for a monthly payment or for a number of months"
        raise ValueError(msg)
    if monthly is not None:
        months, why_not = _for_payment(basis, monthly)
    else:
        months, why_not = _for_periods(basis, periods or 0)
    offer = make_offer(basis, months)
    return Counter(
        offer=offer,
        months_more=offer.periods - compared.periods,
        total_more=offer.total - compared.total,
        why_not=why_not,
    )


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
