"""When the payments of a plan begin, and from when they bear interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from api.plans.payment_days import add_months, first_due_on, same_day_next_month
from api.plans.schedule import first_part
from api.plans.situation import Situation
from api.plans.terms import PlanningTerms

__all__ = ["Start", "at_once", "from_an_income", "longest_from", "start_of"]


@dataclass(frozen=True, slots=True)
class Start:
    """When the payments begin. The days are the wanted ones: where they are moved to changes no amount."""

    due_day: int
    first_due: date
    part: Fraction
    """The first period as a part of a month, for its interest."""
    days_before: int = 0
    """Days of interest on all of the principal before the first period begins."""
    down_due: date | None = None
    """When a first larger payment is due."""


def start_of(
    situation: Situation, today: date, terms: PlanningTerms, kind: str, *, down: bool = False
) -> Start:
    """On the person's pay day; without one, in a month (a catch-up: as soon as policy allows).

    With a first larger payment (``down``) the monthly ones are counted from the day of that payment.
    """
    begins = today + timedelta(days=terms.lump_sum_days) if down else today
    if situation.pay_day is not None:
        due_day = situation.pay_day
        first = first_due_on(due_day, begins, terms.first_payment_earliest)
    else:
        if kind == "catch_up":
            first = begins + timedelta(days=terms.first_payment_earliest)
        else:
            first = same_day_next_month(begins)
        due_day = first.day
    if not down:
        return Start(due_day, first, first_part(today, first))
    if terms.moved(first) <= terms.moved(begins):  # both before the same holidays
        first = add_months(first.year, first.month, 1, due_day)
    return Start(due_day, first, first_part(begins, first), terms.lump_sum_days, begins)


def at_once(today: date, terms: PlanningTerms) -> Start:
    """A single payment out of a lump sum, within the days that policy gives for it."""
    day = today + timedelta(days=terms.lump_sum_days)
    return Start(day.day, day, first_part(today, day))


def from_an_income(day: date, situation: Situation, today: date, terms: PlanningTerms) -> Start:
    """From the day on which an income comes: that day, or the first pay day from it on.

    No first period bears interest by itself. Where policy lets interest arise meanwhile, it is that of
    the days until the first payment, on the principal.
    """
    begins = max(day, today + timedelta(days=terms.first_payment_earliest))
    first = begins if situation.pay_day is None else first_due_on(situation.pay_day, begins, 0)
    days_before = (first - today).days if terms.deferral_accrues else 0
    return Start(situation.pay_day or first.day, first, Fraction(0), days_before)


def longest_from(start: Start, today: date, terms: PlanningTerms) -> int:
    """Return the most monthly payments the bank agrees to that end within the lawful term, by date.

    Art. 70 counts five years: what begins later has fewer payments, not a later end.
    """
    first = start.first_due
    end = add_months(today.year, today.month, terms.lawful_longest, today.day)
    most = (end.year - first.year) * 12 + end.month - first.month + 1
    if add_months(first.year, first.month, most - 1, start.due_day) > end:
        most -= 1
    return min(terms.longest, most)
