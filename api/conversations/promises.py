"""What we may promise about a human's answer: working hours in, a truthful time out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from api.kit.dates import LOCAL_ZONE

__all__ = ["OfficeHours", "Promise", "promise"]


@dataclass(frozen=True)
class OfficeHours:
    """When colleagues work, in Asia/Shanghai. ``isoweekdays``: Monday is 1."""

    opens: time
    closes: time
    isoweekdays: Collection[int]


@dataclass(frozen=True)
class Promise:
    """Whether somebody is there now, when work next begins, and by when the person hears from us."""

    in_hours: bool
    opens_at: datetime
    reply_by: datetime


def _is_open(moment: datetime, hours: OfficeHours) -> bool:
    return moment.isoweekday() in hours.isoweekdays and hours.opens <= moment.time() < hours.closes


def _next_opening(moment: datetime, hours: OfficeHours) -> datetime:
    day = moment
    for _ in range(8):
        opening = datetime.combine(day.date(), hours.opens, LOCAL_ZONE)
        if opening > moment and day.isoweekday() in hours.isoweekdays:
            return opening
        day += timedelta(days=1)
    msg = "office hours name no weekday"
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
