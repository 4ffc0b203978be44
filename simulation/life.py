"""One person's life under one policy, a month at a time, on the person's pay day.

Income comes, other lenders are paid, then what the plan asks for is paid, moved, planned again, missed,
or taken out of the floor. A plan whose payments stay two behind is ended: relief that it granted is
owed again where policy says so, and the card contract's interest runs on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from api.plans.payment_days import add_months
from simulation.assumptions import Assumptions
from simulation.desk import Desk, Offered
from simulation.ledger import DAYS_A_MONTH, Ledger, month_of_interest
from simulation.people import Month, Person, facts_told
from simulation.policies import OfferPolicy, Share

__all__ = ["DAY_ZERO", "Life", "Signed", "days_below", "live"]

DAY_ZERO = date(2026, 11, 24)
"""The first day. On it everybody asks for a plan."""

BEHIND_AT_MOST = 2
"""Payments behind, after grace and talk, at which a plan is ended; the same under every policy."""

End = Literal["running", "kept", "replaced", "paused", "broken"]


@dataclass(slots=True)
class Signed:
    """A plan that was signed, and how far it came."""

    offered: Offered
    month: int
    end: End = "running"
    paid: int = 0
    """Instalments paid in full."""
    due: int = 0
    """Instalments that have fallen due."""
    late_months: int = 0
    """Months in a row that ended with a payment behind."""
    moved: list[int] = field(default_factory=list)
    """The years of the agreement in which a payment was moved."""


@dataclass(slots=True)
class Life:
    """What came of it. Money in fen, days whole."""

    ledger: Ledger
    first_offer: Offered | None
    plans: list[Signed] = field(default_factory=list)
    payments: list[tuple[int, int]] = field(default_factory=list)
    """Month and amount of what was paid."""
    days_below: int = 0
    """Days below the living floor that a payment caused, beyond those there were anyway."""
    hard_months: int = 0
    """Months in which a plan asked for a payment that would have touched the floor."""
    moves: int = 0
    paused_months: int = 0
    cleared: int | None = None
    """The month in which nothing was left."""

    @property
    def kept(self) -> bool:
        """Signed, no plan ended by the bank, and the last one settled or still being paid."""
        ends = [each.end for each in self.plans]
        return bool(ends) and "broken" not in ends and ends[-1] in ("kept", "running")

    @property
    def kept_as_signed(self) -> bool:
        """The first plan was settled, or is still being paid, on the terms first signed."""
        return bool(self.plans) and self.plans[0].end in ("kept", "running")


def days_below(money: int, floor: int) -> int:
    """Return for how many days of a month the money to live on does not last, at the floor's pace."""
    short = min(floor, max(0, floor - money))
    return -(-short * DAYS_A_MONTH // floor)


def live(
    person: Person, months: Sequence[Month], by: OfferPolicy, assumed: Assumptions, desk: Desk
) -> Life:
    """Let the person live through ``months`` (see ``months_of``) under ``by``."""
    return _Living(person, months, by, assumed, desk).through()


class _Living:
    def __init__(
        self,
        person: Person,
        months: Sequence[Month],
        by: OfferPolicy,
        assumed: Assumptions,
        desk: Desk,
    ) -> None:
        self.person, self.months, self.by = person, months, by
        self.assumed, self.desk, self.policy = assumed, desk, desk.policy
        self.ledger = Ledger.of(person.debts)
        self.plan: Signed | None = None
        self.paused_until: int | None = None
        self.gave_up = False
        self.savings = 0
        speaks = person.keeps_silent >= assumed.silent
        self.may_move, self.may_plan_again = by.moves and speaks, by.plans_again and speaks
        self.life = Life(self.ledger, self._asked(0))

    def through(self) -> Life:
        self._answer(0, self.life.first_offer)
        for number in range(1, len(self.months)):
            month = self.months[number]
            money = month.income - self.person.other_debts - month.extra + self.savings
            paid = self._pay(number, money)
            self._after(number, money, paid)
            if self.ledger.left == 0:
                self.life.cleared = number
                break
        return self.life

    def _pay(self, number: int, money: int) -> int:
        if self.plan is not None:
            return self._pay_plan(number, money, self.plan)
        if self.paused_until is not None:
            self.life.paused_months += 1
            if number >= self.paused_until:
                self.paused_until = None
                if self.person.luck["asks_again"][number] < self.assumed.asks_again:
                    self._answer(number, self._asked(number))
            return 0
        return self._without_plan(number, money)

    def _after(self, number: int, money: int, paid: int) -> None:
        """Record the payment, what it did to living, and what is put by."""
        floor = self.person.floor
        if paid:
            self.life.payments.append((number, paid))
            self.life.days_below += days_below(money - paid, floor) - days_below(money, floor)
        left = money - paid - self.person.spending
        kept = max(0, min(self.savings, left))
        more = max(0, left - self.savings) * int(self.assumed.saved * 1000) // 1000
        self.savings = min(floor, kept + more)

    # ---- a month of a plan --------------------------------------------------------------------

    def _pay_plan(self, number: int, money: int, plan: Signed) -> int:
        falls_due = plan.due < plan.offered.plan.periods
        shares = plan.offered.plan.shares[plan.paid : plan.due + falls_due]
        payment = shares[0].payment
        room, above = money - self.person.spending, money - self.person.floor
        if above < payment:
            self.life.hard_months += 1
        wants_to = self._still_wants_to(number, payment, room, plan) and not self._forgot(number)
        count = self._how_many(number, money, shares) if wants_to else 0
        if wants_to and not count and self._way_out(number, plan, falls_due):
            return 0
        if wants_to and not count and not self.may_plan_again and money >= payment > above:
            count = self._from_the_floor(number)
        if falls_due:
            self.ledger.fall_due(plan.offered.plan.shares[plan.due].new_interest)
            plan.due += 1
        for share in shares[:count]:
            self.ledger.pay_instalment(*share[1:])
        plan.paid += count
        self._settle(plan)
        return sum(share.payment for share in shares[:count])

    def _how_many(self, number: int, money: int, shares: tuple[Share, ...]) -> int:
        """Pay all that is due, or the oldest, or nothing."""
        luck, payment = self.person.luck, shares[0].payment
        room, above = money - self.person.spending, money - self.person.floor
        if room >= sum(share.payment for share in shares):
            return len(shares)
        if room >= payment:
            return 1
        if above >= payment:
            return int(luck["tightens"][number] < self.assumed.tightens)
        return 0

    def _from_the_floor(self, number: int) -> int:
        """No way out is left: pay out of what is kept for living, or miss the payment."""
        return int(self.person.luck["from_the_floor"][number] < self.assumed.from_the_floor)

    def _still_wants_to(self, number: int, payment: int, room: int, plan: Signed) -> bool:
        assumed, temper = self.assumed, self.person.temper
        base = (
            assumed.firm if temper < 0.6 else assumed.wavering if temper < 0.9 else assumed.fragile
        )
        burden = min(2.0, payment / room) if room > 0 else 2.0
        relief = 1 - assumed.relief_helps * plan.offered.relief_share
        hazard = base * (1 + assumed.burden_hurts * burden) * relief
        self.gave_up = self.gave_up or self.person.luck["gives_up"][number] < hazard
        return not self.gave_up

    def _forgot(self, number: int) -> bool:
        luck = self.person.luck
        forgot = luck["forgets"][number] < self.assumed.forgets
        return forgot and luck["makes_up"][number] >= self.assumed.made_up

    def _way_out(self, number: int, plan: Signed, falls_due: bool) -> bool:
        """Move the payment, or plan again on the facts of today; false where neither is agreed."""
        year = (number - plan.month) // 12
        a_year = self.policy.on(self._day(number)).value("bank.agreement.moves_per_year")
        if self.may_move and falls_due and plan.moved.count(year) < a_year:
            plan.moved.append(year)
            self.life.moves += 1
            return True
        if not self.may_plan_again:
            return False
        fresh = self._asked(number)
        if fresh is not None and not self._signs(number, fresh):
            return False
        if falls_due:
            self.ledger.fall_due(plan.offered.plan.shares[plan.due].new_interest)
        self.ledger.leave_plan()
        self.plan = None
        self._answer(number, self._asked(number), signs=True)
        plan.end = "paused" if self.paused_until is not None else "replaced"
        return True

    def _settle(self, plan: Signed) -> None:
        behind = plan.due - plan.paid
        plan.late_months = plan.late_months + 1 if behind else 0
        complete = plan.offered.plan.periods
        if plan.paid == complete:
            plan.end, self.plan = "kept", None
        elif behind >= BEHIND_AT_MOST or (
            plan.due == complete and plan.late_months > BEHIND_AT_MOST
        ):
            plan.end, self.plan = "broken", None
            self.ledger.leave_plan()
            if self.policy.on(DAY_ZERO).value("bank.agreement.relief_when_broken") == "returns":
                self.ledger.waive(*(-waived for waived in plan.offered.plan.waived))

    # ---- without a plan -----------------------------------------------------------------------

    def _without_plan(self, number: int, money: int) -> int:
        luck, assumed = self.person.luck, self.assumed
        rate = self.policy.on(DAY_ZERO).value("bank.contract.annual_rate")
        self.ledger.grow(month_of_interest(self.ledger.principal, rate))
        if luck["comes_back"][number] < assumed.comes_back:
            self.gave_up = False
            self._answer(number, self._asked(number))
            return 0
        room = money - self.savings - self.person.spending
        if room > 0 and luck["pays_unasked"][number] < assumed.pays_unasked:
            return self.ledger.pay_unasked(room // 5)
        return 0

    def _day(self, number: int) -> date:
        if not number:
            return DAY_ZERO
        return add_months(DAY_ZERO.year, DAY_ZERO.month, number, self.person.pay_day)

    def _asked(self, number: int) -> Offered | None:
        """Ask for a plan with what is owed and true today. Who asks again tells it all, as it is."""
        told = facts_told(
            self.person, self.months[number].income, self.assumed, first_time=number == 0
        )
        debts = self.person.debts if not number else (self.ledger.as_debt(number),)
        lightest = self.person.chooses < self.assumed.lightest
        return self.desk.offer(self.by, debts, told, self._day(number), lightest=lightest)

    def _signs(self, number: int, offered: Offered) -> bool:
        month = self.months[number]
        room = month.income - self.person.other_debts - self.person.spending
        burden = min(2.0, offered.plan.highest / room) if room > 0 else 2.0
        chance = self.assumed.signs - self.assumed.signs_less * max(0.0, burden - 1)
        return self.person.luck["signs"][number] < chance

    def _answer(self, number: int, offered: Offered | None, *, signs: bool = False) -> None:
        """Sign what is offered, or not; with nothing to offer the bank pauses."""
        if offered is None:
            days = self.policy.on(self._day(number)).value("bank.pause.days")
            self.paused_until = number + days // DAYS_A_MONTH
        elif signs or self._signs(number, offered):
            self.ledger.waive(*offered.plan.waived)
            self.plan = Signed(offered, number)
            self.life.plans.append(self.plan)
            if not offered.plan.shares:
                self._settle(self.plan)
