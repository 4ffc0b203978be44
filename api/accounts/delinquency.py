"""Days past due and the bucket they fall in. Pure."""

from __future__ import annotations

from datetime import date

__all__ = ["bucket", "days_past_due"]


def days_past_due(due_date: date, today: date) -> int:
    """Return the days since the payment date; 0 on the day itself and before it."""
    return max(0, (today - due_date).days)


def bucket(past_due: int) -> str:
    """Return the field's 30-day bucket: ``current``, ``M1`` (1–30 days) … ``M6``, ``M7+`` (over 180)."""
    if past_due <= 0:
        return "current"
    number = (past_due - 1) // 30 + 1
    return f"M{number}" if number <= 6 else "M7+"
