"""The least relief that keeps a person above the living floor, found without asking the planner.

Only the published rules are used (policy's figures, the ladder, the conventions of schedules), and
every candidate is laid out payment by payment. What the planner grants is then compared to the fen.

The rules: income at its lower end, less living (never below the floor), other debts and the buffer, is
what a payment may reach. A debt that can be caught up in a few payments gets no relief (but goodwill
for who forgot). Otherwise the ladder is climbed, step after step, until the preferred longest term
fits; a step that waives charges waives not a fen more than needed. If the whole ladder is not enough,
all of it is granted and the term may become longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from api.kit.exact import to_fen
from api.plans.debt import PooledDebt
from api.plans.situation import Situation
from api.plans.spreading import fill_up, spread
from api.policy.lookup import PolicyView
from api.policy.values import LadderStep

__all__ = ["Least", "Terms", "above_floor", "highest_of", "least_terms", "worth"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan charges: the annual rate in percent, and the charges it carries, in fen."""

    rate: Decimal
    interest: int
    penalty: int
    fees: int

    @property
    def charges(self) -> int:
        """All charges carried."""
        return self.interest + self.penalty + self.fees

    def keeping(self, kind: str, kept: int) -> Terms:
        """Return these terms with another sum of one kind of charge."""
        charges = {
            "interest": self.interest,
            "penalty": self.penalty,
            "fees": self.fees,
            kind: kept,
        }
        return Terms(self.rate, **charges)


@dataclass(frozen=True, slots=True)
class Least:
    """The least relief and the fewest payments; ``periods`` is ``None`` when nothing is affordable."""

    terms: Terms
    periods: int | None


def above_floor(told: Situation, view: PolicyView) -> tuple[int, int]:
    """Return what a payment may take on the facts told: above the floor, and by the planner's rules."""
    row = view.value("bank.living_floor")[told.region]
    further = max(0, (told.household_size or 1) - 1)
    floor = to_fen(row.first_person) + further * to_fen(row.each_further_person)
    spending = 0 if told.essential_spending is None else to_fen(told.essential_spending.high)
    others = 0 if told.other_debt_payments is None else to_fen(told.other_debt_payments.high)
    if told.monthly_income is None:
        return 0, 0
    free = to_fen(told.monthly_income.low) - others - to_fen(told.agreed_payments)
    surplus = free - max(floor, spending)
    if surplus <= 0:
        return free - floor, 0
    unsteady = "_irregular" if told.income_steady is False else ""
    percent = view.value(f"bank.affordability.buffer_percent{unsteady}")
    buffer = max(to_fen(view.value("bank.affordability.buffer_least")), _part(surplus, percent))
    return free - floor, max(0, surplus - buffer)


def highest_of(principal: int, terms: Terms, periods: int, part: Fraction) -> int:
    """Lay the plan out payment by payment and return the highest."""
    core = spread(principal, terms.rate, periods, "annuity", part)
    charged = fill_up(core, terms.charges)
    return max(map(sum, zip(core.principal, core.interest, charged, strict=True)))


def worth(debt: PooledDebt, terms: Terms, contract: Decimal, periods: int, part: Fraction) -> int:
    """Return what relief is worth over a term: charges not carried, and interest not charged."""
    if not periods:
        return debt.charges - terms.charges
    full = spread(debt.principal, contract, periods, "annuity", part)
    less = spread(debt.principal, terms.rate, periods, "annuity", part)
    return debt.charges - terms.charges + sum(full.interest) - sum(less.interest)


def least_terms(debt: PooledDebt, told: Situation, view: PolicyView, part: Fraction) -> Least:
    """Search the ladder from its foot for the first terms that fit."""
    _, affordable = above_floor(told, view)
    contract = view.value("bank.contract.annual_rate")
    nothing = Terms(contract, debt.interest, debt.penalty, debt.fees)
    base = replace(nothing, penalty=0) if _simply_forgot(debt, told, view) else nothing
    few = view.value("bank.terms.catch_up_longest_months")
    preferred = view.value("bank.terms.preferred_longest_months")

    def fewest(terms: Terms, first: int, last: int) -> int | None:
        return next(
            (n for n in range(first, last + 1) if _fits(debt, terms, n, part, affordable)), None
        )

    if affordable < min(to_fen(view.value("bank.instalment.smallest")), debt.total):
        return Least(_whole_ladder(debt, base, _ladder(debt, told, view)), None)
    caught_up = fewest(base, 1, few)
    if caught_up is not None:
        return Least(base, caught_up)
    terms = base
    for step in (None, *_ladder(debt, told, view)):
        if step is not None and step.to_percent is not None:
            terms = replace(terms, rate=min(terms.rate, step.to_percent))
        elif step is not None:
            kept = _most_kept(
                debt, terms, step.concede, step.up_to_percent, preferred, part, affordable
            )
            terms = terms.keeping(step.concede, kept)
        if _fits(debt, terms, preferred, part, affordable):
            return Least(terms, fewest(terms, few + 1, preferred))
    return Least(terms, fewest(terms, few + 1, view.value("bank.terms.longest_months")))


def _fits(debt: PooledDebt, terms: Terms, periods: int, part: Fraction, affordable: int) -> bool:
    if debt.principal + terms.charges > affordable * periods:
        return False  # whatever the interest
    return highest_of(debt.principal, terms, periods, part) <= affordable


def _most_kept(
    debt: PooledDebt,
    terms: Terms,
    kind: str,
    up_to_percent: Decimal | None,
    periods: int,
    part: Fraction,
    affordable: int,
) -> int:
    """Return the most of a charge (fen) that may stay for the plan to fit, or all that must go.

    No more can stay than all payments together can hold; from there every fen is tried, downwards.
    Halving would be quicker and wrong: where the remainder of a rounding falls on the last payment, a
    few fen less can make that payment higher.
    """
    charged: int = getattr(debt, kind)
    most: int = getattr(terms, kind)
    least = min(most, charged - _part(charged, up_to_percent))
    core = spread(debt.principal, terms.rate, periods, "annuity", part)
    room = affordable * periods - core.total - (terms.charges - most)
    tried = range(min(most, room), least - 1, -1)
    return next(
        (
            kept
            for kept in tried
            if _fits(debt, terms.keeping(kind, kept), periods, part, affordable)
        ),
        least,
    )


def _ladder(debt: PooledDebt, told: Situation, view: PolicyView) -> list[LadderStep]:
    """Return the steps that are meant for this debt and reason."""
    return [
        step
        for step in view.value("bank.relief.ladder")
        if debt.days_past_due >= step.from_days_past_due
        and (step.only_for is None or told.reason in step.only_for)
    ]


def _whole_ladder(debt: PooledDebt, terms: Terms, ladder: Sequence[LadderStep]) -> Terms:
    for step in ladder:
        if step.to_percent is not None:
            terms = replace(terms, rate=min(terms.rate, step.to_percent))
            continue
        charged: int = getattr(debt, step.concede)
        kept = min(getattr(terms, step.concede), charged - _part(charged, step.up_to_percent))
        terms = terms.keeping(step.concede, kept)
    return terms


def _simply_forgot(debt: PooledDebt, told: Situation, view: PolicyView) -> bool:
    largest = to_fen(view.value("bank.relief.goodwill_largest"))
    in_time = debt.days_past_due <= view.value("bank.relief.goodwill_days")
    return told.reason == "forgot" and in_time and 0 < debt.penalty <= largest


def _part(amount: int, percent: Decimal | None) -> int:
    return int(
        (Decimal(amount) * (percent or 0) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    )
