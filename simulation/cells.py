"""How an estimate is written in a cell: the figure, and its 95 % interval in brackets."""

from __future__ import annotations

from simulation.comparing import Difference
from simulation.intervals import Estimate

__all__ = ["days", "mean", "more_days", "percent", "points"]


def percent(found: Estimate) -> str:
    """A share of one, in percent."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f})"


def mean(found: Estimate, scale: int) -> str:
    """A mean, divided by ``scale``; a plain nought where there is nothing at all."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    value, low, high = (each / scale for each in (found.value, found.low, found.high))
    if not (value or low or high):
        return "0"
    places = 0 if value >= 100 else 2
    return f"{value:,.{places}f} ({low:,.{places}f}–{high:,.{places}f})"


def days(found: Estimate) -> str:
    """Days; a bound beyond what was looked at is ``never``."""
    if found.value is None:
        return "not reached"
    return f"{found.value:,.0f} ({_day(found.low)}–{_day(found.high)})"


def _day(value: float | None) -> str:
    return "never" if value is None else f"{value:,.0f}"


def points(found: Estimate) -> str:
    """A difference of shares, in percentage points."""
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def more_days(found: Difference) -> str:
    """A difference of days, or who alone came so far."""
    estimate = found.estimate
    if found.only is not None:
        who = {
            "ours": "only ours came so far",
            "other": "only it came so far",
            "neither": "neither",
        }
        return who[found.only]
    if estimate.value is None or estimate.low is None:
        return "–"
    high = "never" if estimate.high is None else f"{estimate.high:+,.0f}"
    return f"{estimate.value:+,.0f} ({estimate.low:+,.0f} to {high})"
