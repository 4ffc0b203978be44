"""What every offer rests on, decided: relief, the range of terms and the dates; or a refusal.

The order of the questions is the order of the refusals: whose matter is it at all (a human's, nobody's,
a supervisor's), do we know enough, can anything be afforded (now, out of a lump sum, later), may this role
concede it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from api.kit.exact import ZERO, from_fen, to_fen
from api.plans.affordability import Affordability, assess
from api.plans.basis import Basis, Kind, NextStep, Reason, Refused, Role
from api.plans.debt import Debt, pool
from api.plans.deferral import NotYet, later
from api.plans.fitting import Relief, Shape, highest_payment
from api.plans.monthly import Found, Monthly
from api.plans.relief import base_relief
from api.plans.settlement import Settled, settle
from api.plans.situation import Situation
from api.plans.start import Start, at_once
from api.plans.terms import planning_terms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["affordable_basis"]


def affordable_basis(
    debts: Iterable[Debt], situation: Situation, view: PolicyView, *, role: Role = "assistant"
) -> Basis | Refused:
    """Decide what every offer rests on (relief, range of terms, dates), or refuse with a reason."""
    owed = tuple(sorted(debts, key=_in_order))
    return _Case(owed, situation, view, role).decided()


def _in_order(debt: Debt) -> tuple[object, ...]:
    """The order of a person's debts: by account; the rest decides only between equal names."""
    return (
        debt.account, debt.principal, debt.interest, debt.penalty, debt.fees,
        debt.days_past_due, debt.status, debt.currency,
    )  # fmt: skip


class _Case:
    """One person's matter on one day, decided question by question."""

    def __init__(
        self, owed: Sequence[Debt], situation: Situation, view: PolicyView, role: Role
    ) -> None:
        self.owed = tuple(owed)
        self.pooled = pool(owed)
        self.situation = situation
        self.view = view
        self.role: Role = role
        self.terms = planning_terms(view)
        self.affordability: Affordability | None = None
        self.affordable: int | None = None
        lump = situation.lump_sum
        self.lump = to_fen(lump) if lump else 0

    def decided(self) -> Basis | Refused:
        refusal = self._refused_whatever_the_means()
        if refusal is not None:
            return refusal
        self.affordability = assess(self.situation, self.terms)
        self.affordable = (
            self._proposal_without_income()
            if self.affordability is None
            else to_fen(self.affordability.affordable)
        )
        if self.lump >= self.pooled.total:
            return self._all_at_once()
        if self.affordable is None:
            return self._refused("needs_facts", "ask", self._question())
        if self.lump:
            return self._with_lump_sum()
        return self._monthly_or_later(self._found())

    # ---- whose matter it is ---------------------------------------------------------------------

    def _refused_whatever_the_means(self) -> Refused | None:
        theirs = self.terms.with_human
        if any(debt.status in theirs or debt.currency != "CNY" for debt in self.owed):
            return self._refused("account_with_human", "human")
        if self.pooled.total == 0:
            return self._refused("nothing_due", "none")
        if from_fen(self.pooled.total) > self.terms.authority[self.role].largest_debt:
            return self._refused("beyond_authority", "supervisor")
        return None

    def _refused(self, reason: Reason, next_step: NextStep, question: str | None = None) -> Refused:
        return Refused(
            reason, next_step, self.view.date, self.view, self.affordability, question,
            self.pooled, self.situation, self.role,
        )  # fmt: skip

    # ---- what is known --------------------------------------------------------------------------

    def _proposal_without_income(self) -> int | None:
        """Who keeps their income to themselves may still say what they can pay: no relief then."""
        situation = self.situation
        withheld = "monthly_income" in situation.skipped or situation.reason == "forgot"
        return (
            to_fen(situation.proposed_payment) if withheld and situation.proposed_payment else None
        )

    def _question(self) -> str:
        """Ask for the income; where it was withheld, or the date was merely forgotten, for a figure."""
        skipped = self.situation.skipped
        withheld = "monthly_income" in skipped or self.situation.reason == "forgot"
        return (
            "proposed_payment"
            if withheld and "proposed_payment" not in skipped
            else "monthly_income"
        )

    # ---- what can be afforded -------------------------------------------------------------------

    def _found(self, down: int = 0) -> Found | None:
        """The plan of monthly payments now, after a first larger one of ``down`` fen."""
        least = min(self.terms.smallest_instalment, self.pooled.total)
        if self.affordable is None or self.affordable < least:
            return None
        monthly = Monthly(self.pooled, self.situation, self.view.date, self.terms)
        return monthly.now(self.affordable, down)

    def _all_at_once(self) -> Basis | Refused:
        """Who could pay everything now is not offered instalments; catching up stays a choice."""
        found = self._found()
        within_reach = None
        if found is not None and found.kind == "catch_up":
            if found.soonest == 1:
                return self._monthly_or_later(found)
            within_reach = self._basis(found)
        start = at_once(self.view.date, self.terms)
        shape = Shape.of(self.pooled, start, 0, self.terms)
        relief = base_relief(self.pooled, self.situation.reason, self.terms)
        if not self._within_authority(relief):
            return self._refused("beyond_authority", "supervisor")
        if highest_payment(shape, relief, 1) > self.lump:
            relief = replace(
                relief, annual_rate=ZERO
            )  # it is enough for all but the last days' interest
        return self._once("catch_up", relief, start, shape, beside=within_reach)

    def _with_lump_sum(self) -> Basis | Refused:
        """A first larger payment, unless the lump sum settles everything: then the person may keep it."""
        plain = self._found()
        if plain is not None and plain.soonest == 1:
            return self._monthly_or_later(plain)  # one payment is enough: no other before it
        down = self.lump if self.lump >= self.terms.down_payment_least else 0
        found = self._found(down)
        if found is not None and found.kind == "catch_up":
            return self._monthly_or_later(found)
        settled = Settled(None)
        if self.affordability is not None:
            settled = settle(self.pooled, self.lump, self.terms, self.role)
        if settled.relief is None:
            if found is None and settled.why_not == "beyond_authority":
                return self._refused("beyond_authority", "supervisor")
            return self._monthly_or_later(found or plain)
        start = at_once(self.view.date, self.terms)
        principal = self.pooled.principal - settled.relief.principal
        shape = replace(Shape.of(self.pooled, start, 0, self.terms), principal=principal)
        settlement = self._once("settlement", settled.relief, start, shape)
        if plain is None or not self._within_authority(plain.relief):
            return settlement
        if highest_payment(plain.shape, plain.relief, plain.soonest) >= self.lump:
            return settlement  # once what a month would ask for: nothing is left to choose
        return replace(self._basis(plain), beside=settlement)

    def _monthly_or_later(self, found: Found | None) -> Basis | Refused:
        if found is not None:
            if not self._within_authority(found.relief):
                return self._refused("beyond_authority", "supervisor")
            return self._basis(found)
        if self.affordability is None:  # relief needs facts: the income is what would help
            return self._refused("needs_facts", "ask", "monthly_income")
        then = later(self.situation, self.view.date, self.terms)
        if isinstance(then, NotYet):
            if then.question is not None:
                return self._refused("needs_facts", "ask", then.question)
            return self._refused("nothing_affordable", "pause_and_human")
        affordable = to_fen(then.affordability.affordable)
        deferred = None
        if affordable >= min(self.terms.smallest_instalment, self.pooled.total):
            monthly = Monthly(self.pooled, self.situation, self.view.date, self.terms)
            deferred = monthly.later(affordable, then.start)
        if deferred is None:
            return self._refused("nothing_affordable", "pause_and_human")
        if not self._within_authority(deferred.relief):
            return self._refused("beyond_authority", "supervisor")
        return replace(
            self._basis(deferred), affordability=then.affordability, affordable=affordable
        )

    # ---- what it rests on -----------------------------------------------------------------------

    def _within_authority(self, relief: Relief) -> bool:
        limits = self.terms.authority[self.role]
        steps = [step.id for step in self.terms.ladder]
        highest = max((steps.index(step) for step in relief.steps), default=-1)
        waived = from_fen(self.pooled.charges - relief.charges)
        return highest <= steps.index(limits.highest_step) and waived <= limits.largest_waiver

    def _basis(self, found: Found) -> Basis:
        return Basis(
            debts=self.owed,
            pooled=self.pooled,
            situation=self.situation,
            view=self.view,
            terms=self.terms,
            role=self.role,
            affordability=self.affordability,
            affordable=self.affordable or 0,
            relief=found.relief,
            kind=found.kind,
            soonest=found.soonest,
            longest=found.longest,
            start=found.start,
            shape=found.shape,
        )

    def _once(
        self, kind: Kind, relief: Relief, start: Start, shape: Shape, beside: Basis | None = None
    ) -> Basis:
        return Basis(
            debts=self.owed,
            pooled=self.pooled,
            situation=self.situation,
            view=self.view,
            terms=self.terms,
            role=self.role,
            affordability=self.affordability,
            affordable=self.affordable or 0,
            relief=relief,
            kind=kind,
            soonest=1,
            longest=1,
            start=start,
            shape=shape,
            at_once=True,
            beside=beside,
        )
