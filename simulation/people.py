"""The people: drawn from a seed and their number alone, so that person 17 is the same in every run.

Each carries, for every month to come, one random number for each thing that could happen. A policy
changes what happens, never the numbers: the same people with the same luck live under every policy
(common random numbers), which is what makes the differences between policies precise.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from api.kit.exact import from_fen, to_fen
from api.plans.debt import Debt
from api.plans.situation import Situation
from api.policy.lookup import PolicyView
from simulation.assumptions import REASONS, Assumptions, ReasonModel

__all__ = ["MONTHS", "PAY_DAYS", "Month", "Person", "draw_person", "facts_told", "months_of"]

MONTHS = 72
"""How long we look: the longest plan, and a year for what moved or was planned again."""

PAY_DAYS = (5, 10, 15, 20, 25)

_LUCK = (
    "noise", "shock", "shock_depth", "shock_ends", "extra", "extra_size", "recovers", "gives_up",
    "forgets", "makes_up", "tightens", "from_the_floor", "signs", "asks_again", "comes_back", "pays_unasked",
)  # fmt: skip
_DAILY_RATE_OF_TEN_THOUSAND = 5
_HOUSEHOLDS = (1, 1, 1, 2, 2, 2, 3, 3, 4)
_OTHER_DEBT_SHARES = (0, 0, 0, 0, 5, 10, 15)  # of the usual income, in percent


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an overdue card. Money in fen."""

    number: int
    reason: ReasonModel
    region: str
    household: int
    steadiness: float
    """Where they stand among all people in how steady the income is: 0 the steadiest."""
    pay_day: int
    usual_income: int
    spending: int
    """What living costs them a month; never below the floor."""
    floor: int
    """What the bank's policy keeps for living, a month."""
    other_debts: int
    debts: tuple[Debt, ...]
    temper: float
    """Where they stand among all people in giving up: 0 the firmest, 1 the least firm."""
    says_spending: float
    overstates: float
    keeps_silent: float
    chooses: float
    first_left: int
    """The share of the usual income left on the first day, in thousandths."""
    recovered: int
    luck: dict[str, tuple[float, ...]]
    """For each thing that could happen, a number for each month from 0 (the first day) on."""

    @property
    def owed(self) -> int:
        """Everything owed on the first day."""
        return sum(to_fen(debt.total) for debt in self.debts)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brings, whatever the policy: income and unforeseen costs, in fen."""

    income: int
    extra: int


def draw_person(seed: int, number: int, view: PolicyView) -> Person:
    """Draw a person. ``view`` gives the living floor of their region and household."""
    draw = Random(f"{seed}/person/{number}")
    reason = draw.choices(REASONS, [each.weight for each in REASONS])[0]
    city = draw.random() < 0.25
    region = "first_tier_city" if city else "default"
    household = draw.choice(_HOUSEHOLDS)
    row = view.value("bank.living_floor")[region]
    floor = to_fen(row.first_person) + (household - 1) * to_fen(row.each_further_person)
    earns = draw.triangular(5_000, 20_000, 8_500) if city else draw.triangular(3_000, 13_000, 5_500)
    usual = max(int(earns) * 100, floor * 13 // 10)
    spending = min(floor * draw.randint(100, 150) // 100, usual * 65 // 100)
    luck = Random(f"{seed}/luck/{number}")
    return Person(
        number=number,
        reason=reason,
        region=region,
        household=household,
        steadiness=draw.random(),
        pay_day=draw.choice(PAY_DAYS),
        usual_income=usual,
        spending=max(floor, spending),
        floor=floor,
        other_debts=usual * draw.choice(_OTHER_DEBT_SHARES) // 100,
        debts=_debts(draw, reason.reason, usual),
        temper=draw.random(),
        says_spending=draw.random(),
        overstates=draw.random(),
        keeps_silent=draw.random(),
        chooses=draw.random(),
        first_left=draw.randint(*reason.left),
        recovered=draw.randint(*reason.recovered),
        luck={name: tuple(luck.random() for _ in range(MONTHS + 1)) for name in _LUCK},
    )


def _debts(draw: Random, reason: str, usual: int) -> tuple[Debt, ...]:
    """One card, or two in one case of five; interest and penalty as the days late would make them."""
    forgot = reason == "forgot"
    months_owed = draw.triangular(0.1, 1.5) if forgot else draw.triangular(0.5, 14, 3)
    principal = min(14_000_000, max(30_000, usual * int(months_owed * 100) // 100))
    late = draw.randint(5, 30) if forgot else draw.choice((20, 45, 75, 75, 105, 150, 240))
    parts = [principal] if draw.random() < 0.8 else [principal * 6 // 10, principal * 4 // 10]
    return tuple(
        Debt(
            account=f"card-{number}",
            principal=from_fen(part),
            interest=from_fen(part * late * _DAILY_RATE_OF_TEN_THOUSAND // 10_000),
            penalty=from_fen(part * min(5, (late + 29) // 30) // 100),
            fees=from_fen(draw.choice((0, 0, 0, 3_000, 30_000))),
            days_past_due=late,
        )
        for number, part in enumerate(parts, start=1)
    )


def months_of(person: Person, assumed: Assumptions) -> tuple[Month, ...]:
    """Return what each month brings, from 0 (the first day) on.

    The usual income is lowered by the reason until most of it comes back, lowered again while a shock
    lasts, and moves a little each month. Thousandths keep it in whole numbers.
    """
    luck, reason = person.luck, person.reason
    spread = 20 if person.steadiness < assumed.steady else 150
    level, shock = person.first_left, 0
    months: list[Month] = []
    for number in range(MONTHS + 1):
        may_recover = number and reason.recovery_months and level < person.recovered
        if may_recover and luck["recovers"][number] < 1 / reason.recovery_months:
            level = person.recovered
        if shock and luck["shock_ends"][number] < assumed.shock_ends:
            shock = 0
        elif number and not shock and luck["shock"][number] < assumed.shock:
            shock = 200 + int(300 * luck["shock_depth"][number])
        noise = 1000 - spread + int(2 * spread * luck["noise"][number])
        income = person.usual_income * level * (1000 - shock) * noise // 1000**3
        extra = 0
        if number and luck["extra"][number] < reason.extra_costs:
            extra = 30_000 + int(270_000 * luck["extra_size"][number])
        months.append(Month(income, extra))
    return tuple(months)


def facts_told(person: Person, income: int, assumed: Assumptions, *, first_time: bool) -> Situation:
    """Return what the person tells the bank in a month of that income.

    The first time not all of it is told and not all of it is true; who asks again tells it all. Incomes are told in whole hundreds of yuan, rounded down; an irregular one as a range around it.
    """
    overstated = first_time and person.overstates < assumed.overstate
    told = income * 11 // 10 if overstated else income
    steady = person.steadiness < assumed.steady
    low, high = (told, told) if steady else (told * 85 // 100, told * 105 // 100)
    facts: dict[str, Any] = {
        "reason": person.reason.reason,
        "monthly_income": {"from": _hundreds(low), "to": _hundreds(high)},
        "income_steady": steady,
        "household_size": person.household,
        "region": person.region,
        "other_debt_payments": str(from_fen(person.other_debts)),
        "pay_day": person.pay_day,
    }
    if not first_time or person.says_spending < assumed.spending_told:
        facts["essential_spending"] = str(from_fen(person.spending))
    return Situation.from_facts(facts)


def _hundreds(fen: int) -> str:
    return str(Decimal(fen // 10_000 * 100))
