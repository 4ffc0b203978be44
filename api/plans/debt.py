"""What is owed, with its structure. New interest arises from principal only, so the parts matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from api.kit.exact import ZERO, money, to_fen

__all__ = ["LARGEST_AMOUNT", "AccountStatus", "Debt", "DebtInvalid", "PooledDebt", "pool"]

AccountStatus = Literal["open", "litigated", "sold", "written_off"]

LARGEST_AMOUNT = Decimal("1000000000.00")
"""A technical bound (10^9 yuan): whatever is larger is a mistake, not a card debt."""


class DebtInvalid(ValueError):
    """A debt that cannot be one; ``code`` is stable and crosses HTTP, ``field`` names the part."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Debt:
    """What one card account owes, in yuan: principal, accrued interest, penalty (违约金), fees.

    Raises:
        DebtInvalid: a part is negative, not finite, finer than a fen, or absurdly large.
    """

    account: str
    principal: Decimal
    interest: Decimal = ZERO
    penalty: Decimal = ZERO
    fees: Decimal = ZERO
    status: AccountStatus = "open"
    currency: str = "CNY"
    days_past_due: int = 0

    def __post_init__(self) -> None:
        for field in ("principal", "interest", "penalty", "fees"):
            _check_amount(getattr(self, field), field)
        if self.days_past_due < 0:
            raise DebtInvalid("negative", "days_past_due")

    @property
    def charges(self) -> Decimal:
        """Charges already made: interest, penalty and fees."""
        return self.interest + self.penalty + self.fees

    @property
    def total(self) -> Decimal:
        """Everything this account owes."""
        return self.principal + self.charges


@dataclass(frozen=True, slots=True)
class PooledDebt:
    """All of a person's debts as one, in integer fen (exact and quick)."""

    principal: int
    interest: int
    penalty: int
    fees: int
    days_past_due: int

    @property
    def charges(self) -> int:
        """Charges already made, in fen."""
        return self.interest + self.penalty + self.fees

    @property
    def total(self) -> int:
        """Everything owed, in fen."""
        return self.principal + self.charges


def pool(debts: Iterable[Debt]) -> PooledDebt:
    """Add up a person's debts; ``days_past_due`` is that of the oldest. Order does not matter."""
    everything = list(debts)
    return PooledDebt(
        principal=sum(to_fen(debt.principal) for debt in everything),
        interest=sum(to_fen(debt.interest) for debt in everything),
        penalty=sum(to_fen(debt.penalty) for debt in everything),
        fees=sum(to_fen(debt.fees) for debt in everything),
        days_past_due=max((debt.days_past_due for debt in everything), default=0),
    )


def _check_amount(amount: Decimal, field: str) -> None:
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise DebtInvalid("amount_not_a_number", field)
    if amount < 0:
        raise DebtInvalid("negative", field)
    if amount >= LARGEST_AMOUNT:
        raise DebtInvalid("amount_absurd", field)
    if amount != money(amount):
        raise DebtInvalid("amount_too_precise", field)
