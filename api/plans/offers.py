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
from typing import TYPE_CHECKING, Literal, NamedTuple

from api.kit.exact import from_fen, to_fen
from api.plans.affordability import most_helpful_question
from api.plans.basis import Basis, Kind, Refused, Role
from api.plans.debt import Debt
from api.plans.deciding import affordable_basis
from api.plans.fitting import parted
from api.plans.payment_days import due_dates
from api.plans.rates import percent_by_dates
from api.plans.rates_of_plan import percent_by_months_of
from api.plans.schedule import Down, Instalment, Schedule, lay_out
from api.plans.situation import Situation
from api.plans.spreading import spread

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["Offer", "Offered", "Refused", "Tag", "Waived", "make_offer", "plan_offers"]

Tag = Literal["best", "soonest", "lowest_total", "lowest_monthly"]


class Waived(NamedTuple):
    """What is owed and not collected, in yuan. Interest that a lower rate avoids is not in it."""

    interest: Decimal
    penalty: Decimal
    fees: Decimal
    principal: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.interest + self.penalty + self.fees + self.principal


@dataclass(frozen=True)
class Offer:
    """One plan that the person could sign. Money in yuan, rates in percent a year."""

    basis: Basis
    number: int
    tag: Tag
    schedule: Schedule

    @property
    def kind(self) -> Kind:
        """Catch-up (a few payments), a personalised instalment agreement, a settlement, a deferral."""
        return self.basis.kind

    @property
    def down_payment(self) -> Instalment | None:
        """The first larger payment, if there is one: it stands before the monthly ones."""
        return self.schedule.instalments[0] if self.basis.shape.down else None

    @property
    def monthly_payments(self) -> tuple[Instalment, ...]:
        """The monthly payments (of a settlement, the one payment)."""
        rows = self.schedule.instalments
        return rows[1:] if self.basis.shape.down else rows

    @property
    def periods(self) -> int:
        """How many monthly payments."""
        return len(self.monthly_payments)

    @property
    def monthly(self) -> Decimal:
        """The regular monthly payment; the last one may differ by the remainder."""
        return self.monthly_payments[0].payment

    @property
    def highest_monthly(self) -> Decimal:
        """The largest of the monthly payments."""
        return max(row.payment for row in self.monthly_payments)

    @property
    def total(self) -> Decimal:
        """Everything that will be paid."""
        return self.schedule.total_payment

    @property
    def waived(self) -> Waived:
        """What is owed today and not collected."""
        relief, debt = self.basis.relief, self.basis.pooled
        return Waived(
            interest=from_fen(debt.interest - relief.interest),
            penalty=from_fen(debt.penalty - relief.penalty),
            fees=from_fen(debt.fees - relief.fees),
            principal=from_fen(relief.principal),
        )

    @property
    def left_after(self) -> Decimal | None:
        """What stays each month above living and other debts.

        ``None`` without an income stated, and where the payment does not come out of a month's income.
        """
        affordability = self.basis.affordability
        if affordability is None or self.basis.at_once:
            return None
        return affordability.surplus - self.highest_monthly

    @property
    def carried(self) -> Decimal:
        """What the plan starts from: principal and charges, as far as they are not waived."""
        relief = self.basis.relief
        return from_fen(self.basis.pooled.principal - relief.principal + relief.charges)

    @cached_property
    def annual_percentage_rate(self) -> Decimal:
        """The nominal annual rate by months (see ``api.plans.rates``), on what the plan carries."""
        basis = self.basis
        return percent_by_months_of(
            self.carried, self.schedule.payments, basis.start, basis.view.date
        )

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
    """Of the best fit; another kind beside it rests on its own."""
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
    return Offered(
        offers=_offers(basis),
        basis=basis,
        as_of=view.date,
        expires=view.date + timedelta(days=basis.terms.validity_days),
        would_help=most_helpful_question(situation),
    )


def make_offer(basis: Basis, months: int, *, number: int = 1, tag: Tag = "best") -> Offer:
    """Build the plan of that many monthly payments on the same relief and dates."""
    start = basis.start
    down, owed = parted(basis.shape, basis.relief)
    core = spread(owed.principal, basis.relief.annual_rate, months, "annuity", start.part)
    schedule = lay_out(
        core,
        owed,
        due_dates(start.first_due, start.due_day, months),
        down=None if start.down_due is None else Down(start.down_due, down),
        moved=basis.terms.moved,
    )
    return Offer(basis=basis, number=number, tag=tag, schedule=schedule)


def _offers(basis: Basis) -> tuple[Offer, ...]:
    shown = _terms_to_show(basis)
    beside = basis.beside
    if beside is None:
        return tuple(
            make_offer(basis, months, number=number, tag=tag)
            for number, (months, tag) in enumerate(shown, start=1)
        )
    if not beside.at_once:  # all at once is the best fit, and catching up month by month a choice
        return (
            make_offer(basis, 1),
            make_offer(beside, beside.longest, number=2, tag="lowest_monthly"),
        )
    # Nothing is done sooner than a settlement, so the soonest of the monthly plans gives way to it.
    monthly = [make_offer(basis, months, tag=tag) for months, tag in shown if tag != "soonest"]
    settled = make_offer(beside, 1)
    cheapest = all(settled.total < offer.total for offer in monthly)
    tagged: list[tuple[Offer, Tag]] = [(offer, offer.tag) for offer in monthly]
    tagged.insert(1, (settled, "lowest_total" if cheapest else "soonest"))
    return tuple(
        Offer(offer.basis, number, tag, offer.schedule)
        for number, (offer, tag) in enumerate(tagged, start=1)
    )


def _terms_to_show(basis: Basis) -> list[tuple[int, Tag]]:
    """Choose the terms worth showing; each is the best at something, none is dominated.

    At one rate a shorter plan never costs more in total, so the soonest is also the lowest total; and
    of two terms one always asks less a month, the other fewer months: neither dominates.
    """
    best = _best_months(basis)
    shown: list[tuple[int, Tag]] = [(best, "best")]
    if basis.soonest != best:
        shown.append((basis.soonest, "soonest"))
    if basis.longest == best:
        return shown
    longest_asks_less = basis.highest_payment(basis.longest) < basis.highest_payment(best)
    if longest_asks_less:
        shown.append((basis.longest, "lowest_monthly"))
    return shown


def _best_months(basis: Basis) -> int:
    """The soonest affordable plan, or the soonest within what the person proposes, if that is less."""
    proposed = basis.situation.proposed_payment
    if not proposed or to_fen(proposed) >= basis.affordable:
        return basis.soonest
    within = basis.shortest_within(to_fen(proposed))
    return basis.longest if within is None else within
