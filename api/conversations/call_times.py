"""Times for a call: which there are, how they are written, and which one a person means. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.conversations.promises import OfficeHours
from api.kit.dates import LOCAL_ZONE, date_text, local_date
from api.policy.values import Hours

__all__ = ["CallTime", "call_times", "meant", "spread", "written"]


@dataclass(frozen=True, order=True)
class CallTime:
    """A span of time in which somebody calls; both ends are instants."""

    starts_at: datetime
    ends_at: datetime


def call_times(
    now: datetime,
    hours: OfficeHours,
    windows: Sequence[Hours],
    *,
    notice: timedelta,
    days_ahead: int,
    full: Collection[datetime] = (),
) -> list[CallTime]:
    """Return the times still free: policy's windows on working days, after ``notice``, not ``full``."""
    found = []
    for ahead in range(days_ahead + 1):
        day = local_date(now) + timedelta(days=ahead)
        if not hours.works_on(day):
            continue
        for window in windows:
            start = datetime.combine(day, time.fromisoformat(window.start), LOCAL_ZONE)
            end = datetime.combine(day, time.fromisoformat(window.end), LOCAL_ZONE)
            if start >= now + notice and start not in full:
                found.append(CallTime(start, end))
    return found


def spread(times: Sequence[CallTime], most: int) -> list[CallTime]:
    """Return at most ``most`` of them that differ: the soonest, then other halves of days."""
    chosen: list[CallTime] = []
    halves: set[tuple[date, bool]] = set()
    for each in times:
        half = (local_date(each.starts_at), _morning(each))
        if half not in halves:
            halves.add(half)
            chosen.append(each)
        if len(chosen) == most:
            break
    return chosen


def _morning(each: CallTime) -> bool:
    return each.starts_at.astimezone(LOCAL_ZONE).hour < 12


NEAR = {"zh": ("今天", "明天", "后天"), "en": ("today", "tomorrow")}


def written(each: CallTime, locale: str, today: date) -> str:
    """Write a time as a person reads it: ``明天 9:00 到 11:00``, ``27 Nov 2026, 14:00 to 16:00``."""
    day = local_date(each.starts_at)
    ahead = (day - today).days
    near = NEAR[locale]
    named = near[ahead] if 0 <= ahead < len(near) else date_text(day, locale, today)
    start, end = (_clock(moment) for moment in (each.starts_at, each.ends_at))
    return f"{named} {start} 到 {end}" if locale == "zh" else f"{named}, {start} to {end}"


def _clock(moment: datetime) -> str:
    local = moment.astimezone(LOCAL_ZONE)
    return f"{local.hour}:{local.minute:02}"


ZH_WEEKDAYS = "一二三四五六日天"
EN_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = {"1": 0, "2": 1, "3": 2, "4": 3, "一": 0, "二": 1, "三": 2, "四": 3}
DAYS = (
    (re.compile(r"大后天"), 3),
    (re.compile(r"后天|後天|day after tomorrow"), 2),
    (re.compile(r"明天|明早|明日|tomorrow"), 1),
    (re.compile(r"今天|今日|today"), 0),
)
HALVES = (
    (re.compile(r"上午|早上|早晨|中午前|morning|\bam\b"), True),
    (re.compile(r"下午|午后|傍晚|afternoon|\bpm\b"), False),
)
MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")
CLOCK = re.compile(r"(\d{1,2})(?:[:：点](\d{2})?|\s*(am|pm))")
ORDINAL = re.compile(r"^(?:第|the\s*)?([1-4一二三四])(?:个|st|nd|rd|th)?[.。、)）]?$")


def meant(text: str, times: Sequence[CallTime], today: date) -> CallTime | None:
    """Return the one of ``times`` that a message means, or ``None`` when it is none or not clear.

    A message may repeat what was offered, give its number, or name a day, a half of it or an hour.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    for each in times:
        if plain in (written(each, locale, today).lower() for locale in ("zh", "en")):
            return each
    ordinal = ORDINAL.match(plain)
    if ordinal is not None:
        place = ORDINALS[ordinal.group(1)]
        return times[place] if place < len(times) else None
    fitting = _fitting(plain, times, today)
    return fitting[0] if len(fitting) == 1 else None


LONGEST = 40
"""Characters of a message that can be all about a time."""


def _fitting(plain: str, times: Sequence[CallTime], today: date) -> list[CallTime]:
    """Return the times that everything the message names fits; none where it names nothing."""
    if len(plain) > LONGEST:
        return []
    day = _day(plain, today)
    weekday = _weekday(plain)
    half = next((morning for pattern, morning in HALVES if pattern.search(plain)), None)
    hour = _hour(plain, half)
    if day is None and weekday is None and half is None and hour is None:
        return []
    return [
        each
        for each in times
        if (day is None or local_date(each.starts_at) == day)
        and (weekday is None or local_date(each.starts_at).weekday() == weekday)
        and (half is None or hour is not None or _morning(each) == half)
        and (hour is None or _within(each, hour))
    ]


def _day(plain: str, today: date) -> date | None:
    for pattern, ahead in DAYS:
        if pattern.search(plain):
            return today + timedelta(days=ahead)
    found = MONTH_DAY.search(plain)
    if found is None:
        return None
    month, number = int(found.group(1)), int(found.group(2))
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            return None
        if day >= today:
            return day
    return None


def _weekday(plain: str) -> int | None:
    found = re.search(rf"(?:周|星期|礼拜)([{ZH_WEEKDAYS}])", plain)
    if found is not None:
        return min(ZH_WEEKDAYS.index(found.group(1)), 6)
    found = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?\b", plain)
    return None if found is None else EN_WEEKDAYS.index(found.group(1))


def _hour(plain: str, half: bool | None) -> time | None:
    found = CLOCK.search(plain)
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if hour < 12 and (found.group(3) == "pm" or half is False):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _within(each: CallTime, at: time) -> bool:
    start, end = (moment.astimezone(LOCAL_ZONE).time() for moment in (each.starts_at, each.ends_at))
    return start <= at < end
