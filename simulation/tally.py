"""What the lives under one policy came to, added up by groups of people. Money in fen, days whole."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import accumulate

from api.kit.exact import to_fen
from api.plans.payment_days import add_months
from simulation.life import DAY_ZERO, Life
from simulation.people import MONTHS, PAY_DAYS, Person

__all__ = ["COUNTED", "DISCOUNT_PERCENT", "Tally", "days_to"]

DISCOUNT_PERCENT = Decimal(3)
"""What waiting a year costs the bank, for the worth of later payments today. Invented."""

_BILLION = 1_000_000_000

COUNTED = (
    "people", "owed", "principal_owed", "paid", "paid_principal", "paid_charges", "paid_interest",
    "worth_today", "worth_at_contract", "waived", "left", "signed", "kept", "kept_as_signed", "settled", "broken",
    "planned_again", "moves", "paused_months", "no_offer", "days_below", "people_below",
    "hard_months", "first_offers", "from_the_floor", "relief", "over", "people_over", "over_later", "plans",
    "not_least", "under", "unbalanced",
)  # fmt: skip


class Tally:
    """Sums for each group, and what each group had paid by each pay day."""

    def __init__(self, groups: int, contract_rate: Decimal) -> None:
        self.contract_rate = contract_rate
        self.sums: dict[str, list[int]] = {name: [0] * groups for name in COUNTED}
        self._paid_on = [[0] * (MONTHS * len(PAY_DAYS)) for _ in range(groups)]

    def add(self, group: int, person: Person, life: Life) -> None:
        """Count one life."""
        for name, amount in _counted(person, life, self.contract_rate).items():
            self.sums[name][group] += amount
        slot = PAY_DAYS.index(person.pay_day)
        for month, amount in life.payments:
            self._paid_on[group][(month - 1) * len(PAY_DAYS) + slot] += amount

    def total(self, name: str) -> int:
        """Return a sum over all groups."""
        return sum(self.sums[name])

    def by_pay_day(self) -> list[list[int]]:
        """Return, for each pay day, what each group had paid by then."""
        return [list(day) for day in zip(*map(accumulate, self._paid_on), strict=True)]

    def by_month(self) -> list[int]:
        """Return what all had paid by the end of each month, from month 0 on."""
        width = len(PAY_DAYS)
        months = (
            sum(sum(group[month * width : (month + 1) * width]) for group in self._paid_on)
            for month in range(MONTHS)
        )
        return [0, *accumulate(months)]


def days_to(
    percent: int, paid: Sequence[Sequence[int]], owed: Sequence[int], drawn: Sequence[int]
) -> float | None:
    """Return after how many days the groups drawn had paid ``percent`` of what all of them owed.

    ``paid`` is ``Tally.by_pay_day()``; ``None`` when they never had.
    """
    wanted = sum(map(owed.__getitem__, drawn)) * percent
    found = bisect_left(paid, wanted, key=lambda groups: 100 * sum(map(groups.__getitem__, drawn)))
    return None if found == len(paid) else float(_day_of(found))


@cache
def _day_of(index: int) -> int:
    month, slot = divmod(index, len(PAY_DAYS))
    day = add_months(DAY_ZERO.year, DAY_ZERO.month, month + 1, PAY_DAYS[slot])
    return (day - DAY_ZERO).days


@cache
def _worth_of_a_billion(month: int, percent: Decimal) -> int:
    return int(_BILLION / (1 + percent / 1200) ** month)


def _worth(life: Life, percent: Decimal) -> int:
    """Return what the payments are worth on the first day, at so many percent a year, by months."""
    return sum(a * _worth_of_a_billion(month, percent) // _BILLION for month, a in life.payments)


def _counted(person: Person, life: Life, contract_rate: Decimal) -> dict[str, int]:
    ledger, first, plans = life.ledger, life.first_offer, life.plans
    later = [each.offered for each in plans if each.offered is not first]
    return {
        "people": 1,
        "owed": ledger.owed,
        "principal_owed": sum(to_fen(debt.principal) for debt in person.debts),
        "paid": ledger.paid,
        "paid_principal": ledger.paid_principal,
        "paid_charges": ledger.paid_charges,
        "paid_interest": ledger.paid_plan_interest,
        "worth_today": _worth(life, DISCOUNT_PERCENT),
        "worth_at_contract": _worth(life, contract_rate),
        "waived": ledger.waived,
        "left": ledger.left,
        "signed": bool(plans),
        "kept": life.kept,
        "kept_as_signed": life.kept_as_signed,
        "settled": life.cleared is not None,
        "broken": any(each.end == "broken" for each in plans),
        "planned_again": any(each.end in ("replaced", "paused") for each in plans),
        "moves": life.moves,
        "paused_months": life.paused_months,
        "no_offer": first is None,
        "days_below": life.days_below,
        "people_below": life.days_below > 0,
        "hard_months": life.hard_months,
        "first_offers": first is not None,
        "from_the_floor": first is not None and first.from_the_floor > 0,
        "relief": first.relief if first else 0,
        "over": first.relief_over if first else 0,
        "people_over": first is not None and first.relief_over > 0,
        "over_later": sum(each.relief_over for each in later),
        "plans": len(plans),
        "not_least": sum(not each.offered.exactly_least for each in plans),
        "under": first.relief_under if first else 0,
        "unbalanced": not ledger.balanced or ledger.paid != sum(a for _, a in life.payments),
    }
