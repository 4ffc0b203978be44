"""Where the days of a schedule come to lie when one instalment moves back by a month. Pure.

The instalment takes the day of the one after it, that one the next, and so on: nobody ever pays two in
one month. Only the last needs a new day, a month after the one it had.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from api.followup.instalments import Line
from api.plans.payment_days import Moved, add_months

__all__ = ["moved_back"]


def moved_back(lines: Sequence[Line], number: int, *, due_day: int, moved: Moved) -> list[Line]:
    """Return the schedule with ``number`` and all after it a month later; amounts stay.

    ``moved`` says where a wanted day comes to lie (holidays).
    """
    days = [line.due for line in lines]
    days.append(moved(_month_after(days[-1], due_day)))
    return [
        line
        if line.number < number
        else replace(line, due=days[place + 1], moved_from=line.moved_from or line.due)
        for place, line in enumerate(lines)
    ]


def _month_after(day: date, due_day: int) -> date:
    """Return the payment day of the month after a day's own, which a holiday may have carried over."""
    last = monthrange(day.year, day.month)[1]
    months = 1 if day.day >= min(due_day, last) else 0
    return add_months(day.year, day.month, months, due_day)
