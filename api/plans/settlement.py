"""A settlement: one payment now, out of a lump sum, and the debt is done.

Only for a debt beyond catching up, so many days past due as policy says. What is waived is the least with
which the lump sum covers the debt: penalty first, then accrued interest, fees, and principal last, each
at most to the share of the band that the debt's days past due fall into, and never more in all than
leaves the least share of the debt to be paid. Interest does not go on in the
few days until the payment: the amount agreed is the amount paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from api.kit.exact import ZERO, from_fen
from api.plans.debt import PooledDebt
from api.plans.fitting import Relief
from api.plans.terms import PlanningTerms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.values import SettlementBand

__all__ = ["SETTLEMENT", "Settled", "WhyNotSettled", "settle"]

SETTLEMENT = "settlement"
PARTS: tuple[Literal["penalty", "interest", "fees", "principal"], ...] = (
    "penalty", "interest", "fees", "principal",
)  # fmt: skip
"""What is waived first."""
ROLES = ("assistant", "collector", "supervisor")

WhyNotSettled = Literal["not_on", "too_early", "too_small", "beyond_authority"]


class Settled(NamedTuple):
    """The relief of a settlement, or why there is none."""

    relief: Relief | None
    why_not: WhyNotSettled | None = None
    least: int | None = None
    """With ``too_small``: the least (fen) that would settle the debt."""


def settle(debt: PooledDebt, lump: int, terms: PlanningTerms, role: str) -> Settled:
    """Return the settlement that ``lump`` (fen, less than what is owed) reaches, or why it does not."""
    if SETTLEMENT not in terms.on:
        return Settled(None, "not_on")
    open_to = [
        band for band in terms.settlement_ladder if band.from_days_past_due <= debt.days_past_due
    ]
    if not open_to:
        return Settled(None, "too_early")
    needed = debt.total - lump
    at_most = debt.total * (100 - terms.settlement_least_percent) / 100
    most = min(sum(_shares(debt, open_to[-1])), int(at_most))
    if needed > most:
        return Settled(None, "too_small", debt.total - most)
    decided = [band for band in open_to if ROLES.index(band.decided_by) <= ROLES.index(role)]
    waived = _least_waiver(debt, needed, decided[-1]) if decided else None
    if waived is None or from_fen(needed) > terms.authority[role].largest_waiver:
        return Settled(None, "beyond_authority")
    penalty, interest, fees, principal = waived
    return Settled(
        Relief(
            annual_rate=ZERO,
            interest=debt.interest - interest,
            penalty=debt.penalty - penalty,
            fees=debt.fees - fees,
            steps=(SETTLEMENT,),
            principal=principal,
        )
    )


def _least_waiver(debt: PooledDebt, needed: int, band: SettlementBand) -> list[int] | None:
    waived: list[int] = []
    for share in _shares(debt, band):
        waived.append(min(share, needed))
        needed -= waived[-1]
    return waived if needed == 0 else None


def _shares(debt: PooledDebt, band: SettlementBand) -> Sequence[int]:
    """The most that may be waived of each part, in whole fen, never rounded up beyond the share."""
    return [int(getattr(debt, part) * getattr(band, part) / 100) for part in PARTS]
