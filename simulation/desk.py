"""Where people ask for a plan: the offer of a policy on a day, and what is measured of it at once.

Answers are remembered while one person lives under several policies and assumptions, since the same
question on the same day has the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from api.plans.debt import Debt, PooledDebt
from api.plans.situation import Situation
from api.policy.lookup import Policy
from simulation.least_relief import Least, above_floor, least_terms, worth
from simulation.policies import OfferPolicy, Plan

__all__ = ["Desk", "Offered"]

_Question = tuple[str, tuple[Debt, ...], Situation, date, bool]


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan, and what the facts told say of it. Money in fen."""

    plan: Plan
    least: Least
    above_floor: int
    """What the facts told leave above the living floor in a month."""
    relief: int
    """What is conceded over the plan's term: charges not carried, and interest not charged."""
    relief_over: int
    """Relief beyond the least that keeps the person above the floor, over the same term."""
    relief_under: int
    """Relief short of that least; zero where not even the whole ladder makes a plan affordable."""
    exactly_least: bool
    """Rate, interest, penalty and fees are those of the least relief, to the fen."""
    relief_share: float
    """The share of charges and contract interest that is conceded, 0 to 1."""

    @property
    def from_the_floor(self) -> int:
        """What its highest payment would take out of the floor in a month of the facts told."""
        return max(0, self.plan.highest - max(0, self.above_floor))


class Desk:
    """Answers for one policy of the bank over all its days."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._offers: dict[_Question, Offered | None] = {}
        self._least: dict[tuple[PooledDebt, Situation, Fraction], Least] = {}

    def forget(self) -> None:
        """Begin with the next person."""
        self._offers.clear()
        self._least.clear()

    def offer(
        self, by: OfferPolicy, debts: Sequence[Debt], told: Situation, day: date, *, lightest: bool
    ) -> Offered | None:
        """Return what ``by`` offers on ``day``; ``None`` is a pause."""
        question = (by.name, tuple(debts), told, day, lightest)
        if question not in self._offers:
            view = self.policy.on(day)
            plan = by.offer(debts, told, view, lightest=lightest)
            self._offers[question] = None if plan is None else self._measured(plan, told, day)
        return self._offers[question]

    def _measured(self, plan: Plan, told: Situation, day: date) -> Offered:
        view = self.policy.on(day)
        contract = view.value("bank.contract.annual_rate")
        question = (plan.debt, told, plan.part)
        least = self._least.get(question)
        if least is None:
            least = self._least[question] = least_terms(plan.debt, told, view, plan.part)

        granted, needed = (
            worth(plan.debt, terms, contract, plan.periods, plan.part)
            for terms in (plan.terms, least.terms)
        )
        new_interest = sum(share.new_interest for share in plan.shares)
        most = new_interest + granted + plan.terms.charges
        return Offered(
            plan=plan,
            least=least,
            above_floor=above_floor(told, view)[0],
            relief=granted,
            relief_over=max(0, granted - needed),
            relief_under=0 if least.periods is None else max(0, needed - granted),
            exactly_least=plan.terms == least.terms,
            relief_share=granted / most if most else 0.0,
        )
