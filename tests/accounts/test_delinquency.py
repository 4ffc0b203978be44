"""Days past due and buckets at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from api.accounts.delinquency import bucket, days_past_due


@pytest.mark.parametrize(
    ("due", "expected"), [(date(2026, 11, 24), 0), (date(2026, 11, 25), 0), (date(2026, 11, 23), 1)]
)
def test_the_due_day_itself_is_not_late(due: date, expected: int) -> None:
    assert days_past_due(due, date(2026, 11, 24)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "current"), (1, "M1"), (30, "M1"), (31, "M2"), (180, "M6"), (181, "M7+"), (900, "M7+")],
)
def test_a_bucket_is_thirty_days(days: int, expected: str) -> None:
    assert bucket(days) == expected
