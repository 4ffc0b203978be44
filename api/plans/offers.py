"""Offers: a pure function of debts, situation and the policy of a day.

No randomness, no clock, no records; the order of accounts, the language, the tone and the number of
times somebody asks do not reach this function. At most three offers are shown: the best fit first,
then what is done soonest, the lowest total and the lowest monthly payment, where these differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from api.kit.exact import from_fen, to_fen
from api.plans.affordability import most_helpful_question
from api.plans.basis import Basis, Kind, Refused, Role, affordable_basis
from api.plans.debt import Debt
from api.plans.rates import percent_by_dates, percent_by_months
from api.plans.schedule import Charges, Schedule, build_schedule
from api.plans.situation import Situation

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["Offer", "Offered", "Refused", "Tag", "make_offer", "plan_offers"]

Tag = Literal["best", "soonest", "lowest_total", "lowest_monthly"]
"""``lowest_total`` is the soonest while all offers of one person share one rate; it is kept for kinds
of offer to come (settlement), where it is not."""


@dataclass(frozen=True)
class Offer:
    """One plan that the person could sign. Money in yuan, rates in percent a year."""

    basis: Basis
    number: int
    tag: Tag
    schedule: Schedule

    @property
    def kind(self) -> Kind:
        """Catch-up (a few payments) or instalments (a personalised instalment agreement)."""
        return self.basis.kind

    @property
    def periods(self) -> int:
        """How many monthly payments."""
        return len(self.schedule.instalments)

    @property
    def monthly(self) -> Decimal:
        """The regular monthly payment; the last one may differ by the remainder."""
        return self.schedule.instalments[0].payment

    @property
    def total(self) -> Decimal:
        """Everything that will be paid."""
        return self.schedule.total_payment

    @property
    def waived(self) -> Charges:
        """Charges already made that are not collected. Interest a lower rate avoids is not in it."""
        relief, debt = self.basis.relief, self.basis.pooled
        return Charges(
            interest=from_fen(debt.interest - relief.interest),
            penalty=from_fen(debt.penalty - relief.penalty),
            fees=from_fen(debt.fees - relief.fees),
        )

    @property
    def left_after(self) -> Decimal | None:
        """What stays each month above living and other debts; ``None`` without an income stated."""
        affordability = self.basis.affordability
        if affordability is None:
            return None
        return affordability.surplus - self.schedule.highest_payment

    @property
    def carried(self) -> Decimal:
        """What the plan starts from: principal and the charges that are not waived."""
        return from_fen(self.basis.pooled.principal + self.basis.relief.charges)

    @cached_property
    def annual_percentage_rate(self) -> Decimal:
        """The nominal annual rate by months (see ``api.plans.rates``), on what the plan carries."""
        part = self.basis.first_part
        if part == 1:
            return percent_by_months(self.carried, self.schedule.payments)
        return percent_by_months(self.carried, self.schedule.payments, whole_months=0, part=part)

    @cached_property
    def effective_annual_rate(self) -> Decimal:
        """The effective annual rate by exact dates (XIRR), on what the plan carries."""
        payments = [(item.due_date, item.payment) for item in self.schedule.instalments]
        return percent_by_dates(self.carried, self.basis.view.date, payments)


@dataclass(frozen=True)
class Offered:
    """One to three offers, the best fit first."""

    offers: tuple[Offer, ...]
    basis: Basis
    as_of: date
    expires: date
    would_help: str | None
    """The one unanswered question whose answer would change the plan most."""


def plan_offers(
    debts: Iterable[Debt], situation: Situation, view: PolicyView, *, role: Role = "assistant"
) -> Offered | Refused:
    """Plan for one person: all their debts with this bank, what they told us, the policy of the day.

    ``view.date`` is the day of the calculation. ``role`` sets the authority that applies.

    Raises:
        PolicyGap, PolicyInvalid: the policy of that day does not hold the planner's figures.
        SituationInvalid: policy has no living floor for the region.
    """
    basis = affordable_basis(debts, situation, view, role=role)
    if isinstance(basis, Refused):
        return basis
    terms_to_show = _terms_to_show(basis)
    offers = tuple(
        make_offer(basis, months, number=number, tag=tag)
        for number, (months, tag) in enumerate(terms_to_show, start=1)
    )
    return Offered(
        offers=offers,
        basis=basis,
        as_of=view.date,
        expires=view.date + timedelta(days=basis.terms.validity_days),
        would_help=most_helpful_question(situation),
    )


def make_offer(basis: Basis, months: int, *, number: int = 1, tag: Tag = "best") -> Offer:
    """Build the plan of that many payments on the same relief and dates."""
    relief = basis.relief
    schedule = build_schedule(
        principal=from_fen(basis.pooled.principal),
        annual_rate=relief.annual_rate,
        periods=months,
        method="annuity",
        start_date=basis.view.date,
        first_due_date=basis.first_due,
        due_day=basis.due_day,
        charges=Charges(from_fen(relief.interest), from_fen(relief.penalty), from_fen(relief.fees)),
        first_period="actual",
    )
    return Offer(basis=basis, number=number, tag=tag, schedule=schedule)


def _terms_to_show(basis: Basis) -> list[tuple[int, Tag]]:
    """Choose the terms worth showing; each is the best at something, none is dominated.

    At one rate a shorter plan never costs more in total, so the soonest is also the lowest total; and
    of two terms one always asks less a month, the other fewer months: neither dominates.
    """
    best = _best_months(basis)
    shown: list[tuple[int, Tag]] = [(best, "best")]
    if basis.soonest != best:
        shown.append((basis.soonest, "soonest"))
    longest_asks_less = basis.highest_payment(basis.longest) < basis.highest_payment(best)
    if basis.longest != best and longest_asks_less:
        shown.append((basis.longest, "lowest_monthly"))
    return shown


def _best_months(basis: Basis) -> int:
    """The soonest affordable plan, or the soonest within what the person proposes, if that is less."""
    proposed = basis.situation.proposed_payment
    if not proposed or to_fen(proposed) >= basis.affordable:
        return basis.soonest
    within = basis.shortest_within(to_fen(proposed))
    return basis.longest if within is None else within
