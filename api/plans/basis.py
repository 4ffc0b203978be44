"""What every offer rests on: relief, the range of terms and the dates; or a refusal and what is next.

The order of the questions is the order of the refusals: whose matter is it at all (a human's, nobody's,
a supervisor's), do we know enough, can anything be afforded, may this role concede it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from api.kit.exact import from_fen, to_fen
from api.plans.affordability import Affordability, assess
from api.plans.debt import Debt, PooledDebt, pool
from api.plans.payment_days import first_due_on, same_day_next_month
from api.plans.relief import Relief, base_relief, highest_payment, least_relief, shortest_term
from api.plans.schedule import first_part
from api.plans.situation import Situation
from api.plans.terms import PlanningTerms, planning_terms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = [
    "Basis",
    "Kind",
    "NextStep",
    "Reason",
    "Refused",
    "Role",
    "Start",
    "affordable_basis",
    "start_of",
]

Kind = Literal["catch_up", "instalments"]
Role = Literal["assistant", "collector", "supervisor"]
Reason = Literal[
    "nothing_due", "account_with_human", "beyond_authority", "needs_facts", "nothing_affordable"
]
NextStep = Literal["none", "human", "supervisor", "ask", "pause_and_human"]


@dataclass(frozen=True)
class Basis:
    """What every offer of one calculation shares: facts, relief, dates."""

    debts: tuple[Debt, ...]
    pooled: PooledDebt
    situation: Situation
    view: PolicyView
    terms: PlanningTerms
    affordability: Affordability | None
    affordable: int
    """The most that may be asked for in a month, in fen."""
    relief: Relief
    kind: Kind
    soonest: int
    """The fewest monthly payments that are affordable."""
    longest: int
    """The most monthly payments that the person may choose."""
    first_due: date
    due_day: int
    first_part: Fraction
    """The first period as a part of a month (one, where it is a month or longer)."""

    def highest_payment(self, months: int) -> int:
        """Return the largest single payment (fen) of the plan of that many payments."""
        return highest_payment(self.pooled.principal, self.relief, months, self.first_part)

    def shortest_within(self, payment: int) -> int | None:
        """Return the fewest payments within the person's range that stay within ``payment`` (fen)."""
        choice = range(self.soonest, self.longest + 1)
        return shortest_term(self.pooled.principal, self.relief, payment, self.first_part, choice)


@dataclass(frozen=True)
class Refused:
    """No offer, why, and what comes next. Never a worse offer instead."""

    reason: Reason
    next_step: NextStep
    as_of: date
    view: PolicyView
    affordability: Affordability | None = None
    question: str | None = None
    """With ``needs_facts``: the one question that helps most."""
    pooled: PooledDebt | None = None
    """What is owed in all; with the next two, what it takes to say which plans were looked at."""
    situation: Situation | None = None
    role: Role = "assistant"


def affordable_basis(
    debts: Iterable[Debt], situation: Situation, view: PolicyView, *, role: Role = "assistant"
) -> Basis | Refused:
    """Decide what every offer rests on (relief, range of terms, dates), or refuse with a reason."""
    terms = planning_terms(view)
    owed = tuple(sorted(debts, key=_in_order))
    pooled = pool(owed)

    def refused(reason: Reason, next_step: NextStep, question: str | None = None) -> Refused:
        return Refused(
            reason, next_step, view.date, view, affordability, question, pooled, situation, role
        )

    affordability: Affordability | None = None
    refusal = _refused_whatever_the_means(owed, pooled, terms, role)
    if refusal is not None:
        return refused(*refusal)

    affordability = assess(situation, terms)
    if affordability is None:
        affordable = _proposal_without_income(situation)
        if affordable is None:
            return refused("needs_facts", "ask", _question(situation))
    else:
        affordable = to_fen(affordability.affordable)
    if affordable < min(terms.smallest_instalment, pooled.total):
        if affordability is None:
            return refused("needs_facts", "ask", "monthly_income")
        return refused("nothing_affordable", "pause_and_human")

    found = _relief_and_term(pooled, situation, view, terms, affordable)
    if found is None:
        if affordability is None:  # relief needs facts: the income is what would help
            return refused("needs_facts", "ask", "monthly_income")
        return refused("nothing_affordable", "pause_and_human")
    if not _within_authority(found.relief, pooled, terms, role):
        return refused("beyond_authority", "supervisor")
    return Basis(
        debts=owed,
        pooled=pooled,
        situation=situation,
        view=view,
        terms=terms,
        affordability=affordability,
        affordable=affordable,
        relief=found.relief,
        kind=found.kind,
        soonest=found.soonest,
        longest=_longest_choice(pooled, found, terms),
        first_due=found.start.first_due,
        due_day=found.start.due_day,
        first_part=found.start.part,
    )


def _in_order(debt: Debt) -> tuple[object, ...]:
    """The order of a person's debts: by account; the rest decides only between equal names."""
    return (
        debt.account, debt.principal, debt.interest, debt.penalty, debt.fees,
        debt.days_past_due, debt.status, debt.currency,
    )  # fmt: skip


def _refused_whatever_the_means(
    owed: Sequence[Debt], pooled: PooledDebt, terms: PlanningTerms, role: Role
) -> tuple[Reason, NextStep] | None:
    if any(debt.status != "open" or debt.currency != "CNY" for debt in owed):
        return "account_with_human", "human"
    if pooled.total == 0:
        return "nothing_due", "none"
    if from_fen(pooled.total) > terms.authority[role].largest_debt:
        return "beyond_authority", "supervisor"
    return None


def _proposal_without_income(situation: Situation) -> int | None:
    """Someone who keeps their income to themselves may still say what they can pay: no relief then."""
    income_withheld = "monthly_income" in situation.skipped or situation.reason == "forgot"
    if income_withheld and situation.proposed_payment:
        return to_fen(situation.proposed_payment)
    return None


def _question(situation: Situation) -> str:
    """Ask for the income; where it was withheld, or the date was merely forgotten, for a figure."""
    if "monthly_income" in situation.skipped or situation.reason == "forgot":
        return (
            "proposed_payment" if "proposed_payment" not in situation.skipped else "monthly_income"
        )
    return "monthly_income"


@dataclass(frozen=True, slots=True)
class Start:
    """When the payments begin."""

    due_day: int
    first_due: date
    part: Fraction


@dataclass(frozen=True, slots=True)
class _Found:
    relief: Relief
    soonest: int
    kind: Kind
    start: Start


def _relief_and_term(
    pooled: PooledDebt,
    situation: Situation,
    view: PolicyView,
    terms: PlanningTerms,
    affordable: int,
) -> _Found | None:
    """Return relief, the fewest affordable payments, and the kind; ``None`` if nothing is affordable.

    Catching up comes first: only a debt beyond the person's ability to repay may become a
    personalised instalment agreement (art. 70), whatever its relief would be.
    """
    base = base_relief(pooled, situation.reason, terms)
    start = start_of(situation, view.date, terms, "catch_up")
    few = range(1, terms.catch_up_longest + 1)
    months = shortest_term(pooled.principal, base, affordable, start.part, few)
    if months is not None:
        return _Found(base, months, "catch_up", start)
    start = start_of(situation, view.date, terms, "instalments")
    relief, enough = base, True
    if situation.monthly_income is not None:
        relief, enough = least_relief(pooled, base, affordable, start.part, terms)
    longest = terms.preferred_longest if enough else terms.longest
    several = range(terms.catch_up_longest + 1, longest + 1)
    months = shortest_term(pooled.principal, relief, affordable, start.part, several)
    return None if months is None else _Found(relief, months, "instalments", start)


def _within_authority(relief: Relief, pooled: PooledDebt, terms: PlanningTerms, role: Role) -> bool:
    limits = terms.authority[role]
    steps = [step.id for step in terms.ladder]
    highest = max((steps.index(step) for step in relief.steps), default=-1)
    waived = from_fen(pooled.charges - relief.charges)
    return highest <= steps.index(limits.highest_step) and waived <= limits.largest_waiver


def _longest_choice(pooled: PooledDebt, found: _Found, terms: PlanningTerms) -> int:
    """How long a plan the person may choose for a lower payment: a little, never without end."""
    if found.kind == "catch_up":
        longest = terms.catch_up_longest
    else:
        further = found.soonest + terms.choice_further
        longest = min(terms.longest, max(terms.preferred_longest, further))
    smallest = min(terms.smallest_instalment, pooled.total)
    while longest > found.soonest:
        payment = highest_payment(pooled.principal, found.relief, longest, found.start.part)
        if payment >= smallest and pooled.principal + found.relief.charges >= longest:
            break  # not below the smallest instalment, and at least a fen for each payment
        longest -= 1
    return longest


def start_of(situation: Situation, today: date, terms: PlanningTerms, kind: Kind) -> Start:
    """On the person's pay day; without one, in a month (a catch-up: as soon as policy allows)."""
    if situation.pay_day is not None:
        due_day = situation.pay_day
        first = first_due_on(due_day, today, terms.first_payment_earliest)
    else:
        if kind == "catch_up":
            first = today + timedelta(days=terms.first_payment_earliest)
        else:
            first = same_day_next_month(today)
        due_day = first.day
    return Start(due_day, first, first_part(today, first))
