"""Four ways of offering a plan: the real planner, and three plain policies to compare it with.

A plain policy looks at nothing but the debt. It offers the same to everybody who asks, refuses nobody
and knows no way out; that is what makes it plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from api.kit.exact import from_fen
from api.plans.debt import Debt, PooledDebt, pool
from api.plans.offers import Offer, Refused, plan_offers
from api.plans.payment_days import first_due_on
from api.plans.schedule import Charges, Schedule, build_schedule, first_part
from api.plans.situation import Situation
from api.policy.lookup import PolicyView
from simulation.least_relief import Terms

__all__ = ["POLICIES", "Anhuan", "FixedTerm", "HighestRelief", "OfferPolicy", "Plan", "Share"]


class Share(NamedTuple):
    """One payment of a plan and where it goes, in fen."""

    payment: int
    principal: int
    new_interest: int
    interest: int
    penalty: int
    fees: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it was offered."""

    debt: PooledDebt
    terms: Terms
    part: Fraction
    """The first period as a part of a month."""
    shares: tuple[Share, ...]

    @property
    def highest(self) -> int:
        """The highest payment."""
        return max((share.payment for share in self.shares), default=0)

    @property
    def periods(self) -> int:
        """How many payments."""
        return len(self.shares)

    @property
    def waived(self) -> tuple[int, int, int]:
        """Interest, penalty and fees that are waived."""
        debt, terms = self.debt, self.terms
        return (
            debt.interest - terms.interest,
            debt.penalty - terms.penalty,
            debt.fees - terms.fees,
        )


class OfferPolicy(Protocol):
    """Decides what a person is offered."""

    @property
    def name(self) -> str:
        """What it is called in tables."""
        ...

    @property
    def moves(self) -> bool:
        """Whether a payment may be moved by a month, as often a year as the bank's policy says."""
        ...

    @property
    def plans_again(self) -> bool:
        """Whether who asks again with changed facts gets a plan that fits them."""
        ...

    def offer(
        self, debts: Sequence[Debt], told: Situation, view: PolicyView, *, lightest: bool
    ) -> Plan | None:
        """Return the plan that the person is offered and chooses, or ``None``: a pause."""
        ...


@dataclass(frozen=True, slots=True)
class Anhuan:
    """The product's planner with the policy of the day; a supervisor where authority ends."""

    name: str = "Anhuan's planner"
    moves: bool = True
    plans_again: bool = True

    def offer(
        self, debts: Sequence[Debt], told: Situation, view: PolicyView, *, lightest: bool
    ) -> Plan | None:
        """Ask the planner; ``lightest`` chooses the lowest payment, otherwise the best fit."""
        found = plan_offers(debts, told, view)
        if isinstance(found, Refused) and found.reason == "beyond_authority":
            found = plan_offers(debts, told, view, role="supervisor")
        if isinstance(found, Refused):
            return None
        chosen = found.offers[0]
        if lightest:
            chosen = min(found.offers, key=lambda offer: offer.schedule.highest_payment)
        return _as_plan(chosen)


def _as_plan(offer: Offer) -> Plan:
    relief = offer.basis.relief
    return Plan(
        debt=offer.basis.pooled,
        terms=Terms(relief.annual_rate, relief.interest, relief.penalty, relief.fees),
        part=offer.basis.start.part,
        shares=_shares(offer.schedule),
    )


@dataclass(frozen=True, slots=True)
class FixedTerm:
    """The same number of payments for everybody, at the contract's rate, with nothing conceded."""

    name: str
    periods: int
    moves: bool = False
    plans_again: bool = False

    def offer(
        self, debts: Sequence[Debt], told: Situation, view: PolicyView, *, lightest: bool
    ) -> Plan | None:
        """Offer the fixed term."""
        owed = pool(debts)
        rate = view.value("bank.contract.annual_rate")
        return _plain(
            owed, Terms(rate, owed.interest, owed.penalty, owed.fees), self.periods, told, view
        )


@dataclass(frozen=True, slots=True)
class HighestRelief:
    """Whoever asks gets the whole ladder, over the preferred longest term; and everybody asks."""

    name: str = "highest relief on demand"
    moves: bool = False
    plans_again: bool = False

    def offer(
        self, debts: Sequence[Debt], told: Situation, view: PolicyView, *, lightest: bool
    ) -> Plan | None:
        """Offer the principal alone, without interest where the ladder goes so far."""
        owed = pool(debts)
        rate: Decimal = view.value("bank.contract.annual_rate")
        kept = {"interest": owed.interest, "penalty": owed.penalty, "fees": owed.fees}
        for step in view.value("bank.relief.ladder"):
            if step.to_percent is not None:
                rate = min(rate, step.to_percent)
            else:
                charged = getattr(owed, step.concede)
                kept[step.concede] = charged - int(charged * step.up_to_percent / 100)
        periods = view.value("bank.terms.preferred_longest_months")
        return _plain(owed, Terms(rate, **kept), periods, told, view)


def _plain(
    owed: PooledDebt, terms: Terms, periods: int, told: Situation, view: PolicyView
) -> Plan | None:
    carried = owed.principal + terms.charges
    if not carried:  # all of it was charges, and all are waived
        return Plan(owed, terms, Fraction(1), ())
    periods = min(periods, carried)  # at least a fen for each payment
    pay_day = told.pay_day or view.date.day
    earliest = view.value("bank.first_payment.earliest_days")
    first_due: date = first_due_on(pay_day, view.date, earliest)
    schedule = build_schedule(
        principal=from_fen(owed.principal),
        annual_rate=terms.rate,
        periods=periods,
        method="annuity",
        start_date=view.date,
        first_due_date=first_due,
        due_day=pay_day,
        charges=Charges(from_fen(terms.interest), from_fen(terms.penalty), from_fen(terms.fees)),
        first_period="actual",
    )
    return Plan(owed, terms, first_part(view.date, first_due), _shares(schedule))


def _shares(schedule: Schedule) -> tuple[Share, ...]:
    """Return the payments in fen; a schedule's sums are whole fen, so nothing is cut off."""
    return tuple(
        Share(
            payment=int(item.payment.scaleb(2)),
            principal=int(item.principal.scaleb(2)),
            new_interest=int(item.interest.scaleb(2)),
            interest=int(item.accrued_interest.scaleb(2)),
            penalty=int(item.penalty.scaleb(2)),
            fees=int(item.fees.scaleb(2)),
        )
        for item in schedule.instalments
    )


POLICIES: tuple[OfferPolicy, ...] = (
    Anhuan(),
    FixedTerm("always 12 months", 12),
    FixedTerm("always 60 months", 60),
    HighestRelief(),
)
"""Ours first; the others in the order of the report."""
