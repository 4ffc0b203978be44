"""Public holidays as days, from the policy of a day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # not at run time: a proof's check has no pydantic
    from api.policy.lookup import PolicyView

__all__ = ["public_holidays"]

YEARS_AHEAD = 8
"""How far ahead a day can matter: the longest plan and a year's deferral."""


@lru_cache(maxsize=64)
def public_holidays(view: PolicyView) -> frozenset[date]:
    """Return the public holidays (法定节假日) that the policy of a day knows, from its year on.

    Raises:
        PolicyGap: the policy of that day knows no holidays.
    """
    every_year = [month_day.split("-") for month_day in view.value("cn.holidays.fixed")]
    fixed = {
        date(year, int(month), int(day))
        for year in range(view.date.year, view.date.year + YEARS_AHEAD)
        for month, day in every_year
    }
    others = {date.fromisoformat(day) for day in view.value("cn.holidays.by_the_moon_and_sun")}
    return frozenset(fixed | others)
