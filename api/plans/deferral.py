"""A deferral: nothing is due until an income comes that is named with its day.

Only where nothing can be paid now. What can be paid then is worked out as for today's income, cautiously:
the expected income stands in the place of today's, its lower end counts, and as much stays untouched as
with an irregular one, because nobody has seen it yet. Whether new interest arises meanwhile is policy.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from api.plans.affordability import Affordability, assess
from api.plans.situation import Situation, SituationInvalid, check_income_day
from api.plans.start import Start, from_an_income
from api.plans.terms import PlanningTerms

__all__ = ["DEFERRALS", "Later", "NotYet", "later"]

DEFERRALS = frozenset({"deferral", "deferral_instalments"})

WhyNotLater = Literal["not_on", "not_told", "too_far"]


class Later(NamedTuple):
    """What can be paid from the day on which the income comes."""

    affordability: Affordability
    start: Start


class NotYet(NamedTuple):
    """Why nothing can be planned for later, and the question that would help."""

    why: WhyNotLater
    question: str | None = None


def later(situation: Situation, today: date, terms: PlanningTerms) -> Later | NotYet:
    """Return what an expected income makes affordable, from when; or why nothing can be said of it."""
    if not terms.on & DEFERRALS:
        return NotYet("not_on")
    expected = situation.expected_income
    if expected is None:
        return NotYet("not_told", _unless_skipped("expected_income", situation))
    day = _still_to_come(situation.income_from, today)
    if day is None:
        return NotYet("not_told", _unless_skipped("income_from", situation))
    if (day - today).days > terms.deferral_longest_days:
        return NotYet("too_far")
    then = replace(situation, monthly_income=expected, income_steady=False)
    affordability = assess(then, terms)
    assert affordability is not None, "the income is known"  # noqa: S101 - narrowed above
    return Later(affordability, from_an_income(day, situation, today, terms))


def _still_to_come(day: date | None, today: date) -> date | None:
    """A day on record that has passed is none any more: it has to be asked for again."""
    if day is None:
        return None
    try:
        check_income_day(day, today)
    except SituationInvalid:
        return None
    return day


def _unless_skipped(question: str, situation: Situation) -> str | None:
    return None if question in situation.skipped else question
