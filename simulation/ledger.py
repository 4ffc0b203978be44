"""One person's debt as it is paid, waived, charged again and grows. Integer fen.

``paid + waived + left == owed + new_interest`` holds after every step; the tests ask for it in every
life under every policy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from api.kit.exact import from_fen
from api.plans.debt import Debt, pool

__all__ = ["Ledger", "month_of_interest"]

DAYS_A_MONTH = 30


@dataclass(slots=True)
class Ledger:
    """What is owed, by its parts, and what became of it."""

    principal: int
    interest: int
    penalty: int
    fees: int
    days_past_due: int
    owed: int = field(init=False)
    plan_interest: int = 0
    """New interest of a plan that has fallen due and is not paid yet."""
    new_interest: int = 0
    paid_principal: int = 0
    paid_charges: int = 0
    """Paid on interest (old and new outside plans), penalty and fees."""
    paid_plan_interest: int = 0
    waived: int = 0

    def __post_init__(self) -> None:
        self.owed = self.left

    @classmethod
    def of(cls, debts: Iterable[Debt]) -> Ledger:
        """Open the ledger of a person's debts."""
        pooled = pool(debts)
        return cls(
            pooled.principal, pooled.interest, pooled.penalty, pooled.fees, pooled.days_past_due
        )

    @property
    def left(self) -> int:
        """What is still owed."""
        return self.principal + self.interest + self.penalty + self.fees + self.plan_interest

    @property
    def paid(self) -> int:
        """Everything paid so far."""
        return self.paid_principal + self.paid_charges + self.paid_plan_interest

    @property
    def balanced(self) -> bool:
        """Whether every fen is accounted for and no part is below zero."""
        parts = (self.principal, self.interest, self.penalty, self.fees, self.plan_interest)
        whole = self.paid + self.waived + self.left == self.owed + self.new_interest
        return whole and min(*parts, self.waived, self.paid) >= 0

    def as_debt(self, months: int) -> Debt:
        """Return what is left as one debt, ``months`` after the first day."""
        return Debt(
            account="card",
            principal=from_fen(self.principal),
            interest=from_fen(self.interest + self.plan_interest),
            penalty=from_fen(self.penalty),
            fees=from_fen(self.fees),
            days_past_due=self.days_past_due + DAYS_A_MONTH * months,
        )

    def waive(self, interest: int, penalty: int, fees: int) -> None:
        """Waive charges; negative figures charge them again."""
        self.interest -= interest
        self.penalty -= penalty
        self.fees -= fees
        self.waived += interest + penalty + fees

    def fall_due(self, interest: int) -> None:
        """A plan's instalment falls due, and its new interest with it."""
        self.plan_interest += interest
        self.new_interest += interest

    def pay_instalment(
        self, principal: int, plan_interest: int, interest: int, penalty: int, fees: int
    ) -> None:
        """Pay a plan's instalment, part by part."""
        self.principal -= principal
        self.plan_interest -= plan_interest
        self.interest -= interest
        self.penalty -= penalty
        self.fees -= fees
        self.paid_principal += principal
        self.paid_plan_interest += plan_interest
        self.paid_charges += interest + penalty + fees

    def leave_plan(self) -> None:
        """A plan ends or is replaced: its unpaid new interest is interest like any other."""
        self.interest += self.plan_interest
        self.plan_interest = 0

    def grow(self, interest: int) -> None:
        """A month of the card contract's interest, outside any plan."""
        self.interest += interest
        self.new_interest += interest

    def pay_unasked(self, amount: int) -> int:
        """Pay outside a plan, principal first (see docs); returns what was taken."""
        paid = min(amount, self.left)
        principal = min(paid, self.principal)
        rest = paid - principal
        interest = min(rest, self.interest)
        fees = min(rest - interest, self.fees)
        self.pay_instalment(principal, 0, interest, rest - interest - fees, fees)
        return paid


def month_of_interest(principal: int, annual_rate: Decimal) -> int:
    """Return a twelfth of the annual rate (percent) on ``principal``, half up to the fen."""
    hundredths = int(annual_rate * 100)
    return (2 * principal * hundredths + 120_000) // 240_000
