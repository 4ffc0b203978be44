"""What every offer of one kind rests on, and what a refusal is. Decided in ``api.plans.deciding``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from api.plans.affordability import Affordability
from api.plans.debt import Debt, PooledDebt
from api.plans.fitting import Relief, Shape, highest_payment, shortest_term
from api.plans.situation import Situation
from api.plans.start import Start
from api.plans.terms import PlanningTerms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["Basis", "Kind", "NextStep", "Reason", "Refused", "Role"]

Kind = Literal["catch_up", "instalments", "settlement", "deferral", "deferral_instalments"]
Role = Literal["assistant", "collector", "supervisor"]
Reason = Literal[
    "nothing_due", "account_with_human", "beyond_authority", "needs_facts", "nothing_affordable"
]
NextStep = Literal["none", "human", "supervisor", "ask", "pause_and_human"]


@dataclass(frozen=True)
class Basis:
    """What every offer of one calculation and kind shares: facts, relief, dates."""

    debts: tuple[Debt, ...]
    pooled: PooledDebt
    situation: Situation
    view: PolicyView
    terms: PlanningTerms
    role: Role
    affordability: Affordability | None
    """Of the income now; of the expected one, for the kinds that begin with it."""
    affordable: int
    """The most that may be asked for in a month, in fen."""
    relief: Relief
    kind: Kind
    soonest: int
    """The fewest monthly payments that are affordable."""
    longest: int
    """The most monthly payments that the person may choose."""
    start: Start
    shape: Shape
    at_once: bool = False
    """One payment out of the lump sum, whatever is affordable in a month."""
    beside: Basis | None = None
    """Another kind that is shown beside this one."""

    @property
    def deferred(self) -> bool:
        """Whether nothing is due before an expected income comes."""
        return self.kind in {"deferral", "deferral_instalments"}

    @property
    def personalised(self) -> bool:
        """Whether it is a personalised instalment agreement (信用卡办法 art. 70)."""
        return self.kind in {"instalments", "deferral_instalments"}

    def highest_payment(self, months: int) -> int:
        """Return the largest monthly payment (fen) of the plan of that many payments."""
        return highest_payment(self.shape, self.relief, months)

    def shortest_within(self, payment: int) -> int | None:
        """Return the fewest payments within the person's range that stay within ``payment`` (fen)."""
        return shortest_term(
            self.shape, self.relief, payment, range(self.soonest, self.longest + 1)
        )


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
