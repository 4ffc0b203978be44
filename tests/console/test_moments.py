"""Waiting and promised times, as the queue writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.console.frame import console_entries
from api.console.moments import promised, promised_words, waited_words
from api.web.words import Words

NOW = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
"""21:20 in Shanghai."""
ZH, EN = (Words(locale, console_entries(locale)) for locale in ("zh", "en"))


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "刚刚", "just now"),
        (14, "14分钟", "14 min"),
        (60, "1小时", "1 h"),
        (65, "1小时5分", "1 h 5 min"),
        (24 * 60 + 59, "1天", "1 d"),
        (-3, "刚刚", "just now"),
    ],
)
def test_waiting_is_minutes_then_hours_then_days(minutes: int, zh: str, en: str) -> None:
    since = NOW - timedelta(minutes=minutes)
    assert waited_words(ZH, since, NOW) == zh
    assert waited_words(EN, since, NOW) == en


@pytest.mark.parametrize(
    ("due", "state", "zh", "en"),
    [
        (timedelta(minutes=16, seconds=40), "soon", "还有16分钟", "16 min left"),
        (timedelta(seconds=20), "soon", "还有1分钟", "1 min left"),
        (timedelta(0), "late", "刚到时间", "due now"),
        (timedelta(minutes=-7), "late", "过了7分钟", "7 min late"),
        (timedelta(hours=2), "later", "今天23:20前", "today by 23:20"),
        (timedelta(hours=3), "later", "明天00:20前", "tomorrow by 00:20"),
        (timedelta(days=3), "later", "11月27日21:20前", "27 Nov 2026 by 21:20"),
    ],
)
def test_a_promise_is_minutes_left_a_time_or_how_late(
    due: timedelta, state: str, zh: str, en: str
) -> None:
    assert promised(NOW + due, NOW) == state
    assert promised_words(ZH, NOW + due, NOW) == zh
    assert promised_words(EN, NOW + due, NOW) == en
