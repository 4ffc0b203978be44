"""Dates as people write them, and the local day of an instant. Stored times are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

__all__ = [
    "LOCAL_ZONE",
    "as_utc",
    "date_text",
    "iso_utc",
    "local_date",
    "local_iso",
    "month_day_text",
    "time_text",
]

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone in which times are shown and days are counted."""


# Looked up once: by its name a locale is searched among all of Babel's for every date that is written.
_EN, _ZH = Locale.parse("en_GB"), Locale.parse("zh_CN")


def local_date(moment: datetime) -> date:
    """Return the calendar day in Asia/Shanghai of a UTC instant."""
    return moment.astimezone(LOCAL_ZONE).date()


def as_utc(moment: datetime) -> datetime:
    """Return the instant in UTC; a naive one (as SQLite gives it back) is taken to be UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso_utc(moment: datetime) -> str:
    """Return an instant as ISO 8601 in UTC with a ``Z``, to the second."""
    return as_utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_iso(moment: str) -> str:
    """Return an ISO instant with the time of Asia/Shanghai: ``2026-11-24T12:00:00+08:00``."""
    return datetime.fromisoformat(moment).astimezone(LOCAL_ZONE).isoformat()


def month_day_text(day: date, locale: str, today: date) -> str:
    """Write a day without its weekday; the year is added when it is not this year.

    ``12月23日`` or ``2027年12月23日``; in English always ``23 Dec 2026``.
    """
    if locale != "zh":
        return format_date(day, "d MMM y", locale=_EN).replace("Sept", "Sep")
    pattern = "M月d日" if day.year == today.year else "y年M月d日"
    return format_date(day, pattern, locale=_ZH)


def date_text(day: date, locale: str, today: date) -> str:
    """Write a day as people do: ``12月23日 周三`` (with the year when not this one) or ``23 Dec 2026``."""
    text = month_day_text(day, locale, today)
    if locale == "zh" and day.year == today.year:
        return f"{text} {format_date(day, 'EEE', locale=_ZH)}"
    return text


def time_text(moment: datetime) -> str:
    """Write the time of day in Asia/Shanghai: ``21:14``."""
    return as_utc(moment).astimezone(LOCAL_ZONE).strftime("%H:%M")
