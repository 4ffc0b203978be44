"""The plan of monthly payments: its kind, its relief, and the fewest payments that are affordable.

Catching up comes first: only a debt beyond the person's ability to repay may become a personalised
instalment agreement (art. 70), whatever its relief would be. Both may begin now, after a first larger
payment, or when an expected income comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.plans.debt import PooledDebt
from api.plans.fitting import Fit, Relief, Shape, highest_payment, parted, shortest_term
from api.plans.relief import base_relief, least_relief
from api.plans.situation import Situation
from api.plans.start import Start, longest_from, start_of
from api.plans.terms import PlanningTerms

__all__ = ["Found", "Monthly"]

MonthlyKind = Literal["catch_up", "instalments", "deferral", "deferral_instalments"]


@dataclass(frozen=True, slots=True)
class Found:
    """A plan of monthly payments that can be afforded, and how long the person may choose it."""

    kind: MonthlyKind
    relief: Relief
    start: Start
    shape: Shape
    soonest: int
    longest: int


@dataclass(frozen=True, slots=True)
class Monthly:
    """Looks for plans of monthly payments for one debt."""

    pooled: PooledDebt
    situation: Situation
    today: date
    terms: PlanningTerms

    def now(self, affordable: int, down: int = 0) -> Found | None:
        """Return the plan that begins now, after a first larger payment of ``down`` fen, if any."""

        def start(kind: str) -> Start:
            return start_of(self.situation, self.today, self.terms, kind, down=down > 0)

        relief_known = self.situation.monthly_income is not None
        return self._found(affordable, start, ("catch_up", "instalments"), relief_known, down)

    def later(self, affordable: int, start: Start) -> Found | None:
        """Return the plan that begins with an expected income, if any."""
        return self._found(
            affordable, lambda _: start, ("deferral", "deferral_instalments"), relief_known=True
        )

    def _found(
        self,
        affordable: int,
        start_for: Callable[[str], Start],
        kinds: tuple[MonthlyKind, MonthlyKind],
        relief_known: bool,
        down: int = 0,
    ) -> Found | None:
        terms, few, many = self.terms, *kinds
        base = base_relief(self.pooled, self.situation.reason, terms)
        start = start_for(few)
        shape = Shape.of(self.pooled, start, down, terms)
        if few in terms.on:
            months = shortest_term(shape, base, affordable, range(1, terms.catch_up_longest + 1))
            if months is not None:
                return self._with_choice(few, base, start, shape, months, terms.catch_up_longest)
        elif shortest_term(shape, base, affordable, range(1, terms.catch_up_longest + 1)):
            return None  # within reach: never a personalised agreement in the place of catching up
        if many not in terms.on:
            return None
        start = start_for(many)
        shape = Shape.of(self.pooled, start, down, terms)
        lawful = longest_from(start, self.today, terms)
        preferred = min(terms.preferred_longest, lawful)
        relief, enough = base, True
        if relief_known:
            ladder = terms.ladder_for(self.pooled.days_past_due, self.situation.reason)
            relief, enough = least_relief(
                self.pooled, base, Fit(shape, preferred, affordable), ladder
            )
        longest = preferred if enough else lawful
        several = range(terms.catch_up_longest + 1, longest + 1)
        months = shortest_term(shape, relief, affordable, several)
        if months is None:
            return None
        choice = min(lawful, max(preferred, months + terms.choice_further))
        return self._with_choice(many, relief, start, shape, months, choice)

    def _with_choice(
        self,
        kind: MonthlyKind,
        relief: Relief,
        start: Start,
        shape: Shape,
        soonest: int,
        longest: int,
    ) -> Found:
        """How long a plan the person may choose for a lower payment: a little, never without end."""
        left = sum(parted(shape, relief).monthly)
        smallest = min(self.terms.smallest_instalment, left)
        while longest > soonest:
            if left >= longest and highest_payment(shape, relief, longest) >= smallest:
                break  # not below the smallest instalment, and at least a fen for each payment
            longest -= 1
        return Found(kind, relief, start, shape, soonest, longest)
