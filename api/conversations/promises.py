"""What we may promise about a human's answer: working hours in, a truthful time out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.kit.dates import LOCAL_ZONE

__all__ = ["OfficeHours", "Promise", "promise"]

LOOK_AHEAD_DAYS = 40
"""No run of holidays is as long."""


@dataclass(frozen=True)
class OfficeHours:
    """When colleagues work, in Asia/Shanghai. ``isoweekdays``: Monday is 1; ``holidays`` are days off."""

    opens: time
    closes: time
    isoweekdays: Collection[int]
    holidays: Collection[date] = frozenset()

    def works_on(self, day: date) -> bool:
        """Return whether anybody works on a day."""
        return day.isoweekday() in self.isoweekdays and day not in self.holidays


@dataclass(frozen=True)
class Promise:
    """Whether somebody is there now, when work next begins, and by when the person hears from us."""

    in_hours: bool
    opens_at: datetime
    reply_by: datetime


def _is_open(moment: datetime, hours: OfficeHours) -> bool:
    return hours.works_on(moment.date()) and hours.opens <= moment.time() < hours.closes


def _next_opening(moment: datetime, hours: OfficeHours) -> datetime:
    day = moment
    for _ in range(LOOK_AHEAD_DAYS):
        opening = datetime.combine(day.date(), hours.opens, LOCAL_ZONE)
        if opening > moment and hours.works_on(day.date()):
            return opening
        day += timedelta(days=1)
    msg = "office hours name no day on which anybody works"
    raise ValueError(msg)


def promise(now: datetime, hours: OfficeHours, within: timedelta) -> Promise:
    """Return what can be promised at ``now`` when a reply takes ``within`` of working time.

    Working time that runs past closing goes on at the next opening: a promise made at a quarter to
    six is for tomorrow morning, not for tonight.
    """
    local = now.astimezone(LOCAL_ZONE)
    in_hours = _is_open(local, hours)
    at = local if in_hours else _next_opening(local, hours)
    opens_at, left = at, within
    while True:
        closing = datetime.combine(at.date(), hours.closes, LOCAL_ZONE)
        if at + left <= closing:
            return Promise(in_hours, opens_at, at + left)
        left -= closing - at
        at = _next_opening(closing, hours)
