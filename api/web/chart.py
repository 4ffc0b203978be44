"""The comparison chart as plain geometry: width is months, height is the monthly payment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.web.formats import month_text

__all__ = ["Chart", "charted", "draw"]

WIDTH = 344
LEFT, RIGHT, TOP, BOTTOM = 40, 336, 26, 150
"""The drawing's box in SVG units; the plot lies inside it, the axis' words outside."""

STEPS = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000, 100000)
CHARACTER = 7.2
LINE = 15
"""Estimated width of a bold figure and height of a label's line, in SVG units."""


@dataclass(frozen=True)
class Plan:
    """One offer's rectangle and where its label and its last month go."""

    number: int
    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    anchor: str
    month: str
    month_x: float | None


@dataclass(frozen=True)
class Chart:
    """All that the SVG needs."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    first_month: str
    levels: list[tuple[str, float]]
    plans: list[Plan]
    crowded: bool
    """Labels would stand on one another's lines: they go into a list below."""


def charted(offers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the offers that a chart of months and monthly payments can show: not one large payment."""
    return [
        offer for offer in offers if offer["kind"] != "settlement" and int(offer["periods"]) > 1
    ]


def draw(offers: Sequence[Mapping[str, Any]], names: Sequence[str], locale: str) -> Chart:
    """Lay out two or three offers; ``names`` are their labels (``一：1,083.11 × 18``)."""
    highest = max(Decimal(offer["monthly"]) for offer in offers)
    longest = max(int(offer["periods"]) for offer in offers)
    step = next((s for s in STEPS if highest / s <= 4), STEPS[-1])
    ceiling = max(highest * Decimal("1.04"), Decimal(step))

    def x_of(periods: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * periods / longest, 1)

    def y_of(amount: Decimal) -> float:
        return round(float(BOTTOM - (BOTTOM - TOP) * amount / ceiling), 1)

    levels = [(str(step * n), y_of(Decimal(step * n))) for n in range(int(ceiling / step) + 1)]
    placed: list[tuple[float, float, float]] = []
    half = 24.0 if locale == "zh" else 28.0
    months: list[float] = [LEFT - 6 + half]
    plans: dict[int, Plan] = {}
    by_height = sorted(
        zip(offers, names, strict=True), key=lambda pair: -Decimal(pair[0]["monthly"])
    )
    for offer, name in by_height:
        x, y = x_of(int(offer["periods"])), y_of(Decimal(offer["monthly"]))
        label_x, label_y, anchor = _place(x, y, len(name) * CHARACTER, placed)
        plans[int(offer["number"])] = Plan(
            int(offer["number"]),
            x,
            y,
            name,
            label_x,
            label_y,
            anchor,
            month_text(offer["last_due_date"], locale),
            None,
        )
    for plan in sorted(plans.values(), key=lambda p: -p.x):
        centre = min(plan.x, WIDTH - half)
        if all(abs(centre - taken) >= 2 * half + 4 for taken in months):
            months.append(centre)
            plans[plan.number] = Plan(**{**plan.__dict__, "month_x": centre})
    return Chart(
        WIDTH,
        BOTTOM + 24,
        LEFT,
        RIGHT,
        BOTTOM,
        month_text(offers[0]["first_due_date"], locale),
        levels,
        [plans[int(offer["number"])] for offer in offers],
        _crowded(list(plans.values())),
    )


def _crowded(plans: Sequence[Plan]) -> bool:
    """Tell whether two lines run too close together, or a label crosses another plan's edge."""
    for plan in plans:
        width = len(plan.label) * CHARACTER
        start = plan.label_x if plan.anchor == "start" else plan.label_x - width
        for other in plans:
            if other is plan:
                continue
            if abs(plan.y - other.y) < LINE:
                return True
            if start < other.x < start + width and other.y < plan.label_y:
                return True
    return False


def _place(
    x: float, y: float, width: float, placed: list[tuple[float, float, float]]
) -> tuple[float, float, str]:
    """Put a label right of its line's end, or above the line; lower it until it is free."""
    if x + 8 + width <= WIDTH:
        start, level, anchor = x + 8, y + 4, "start"
    else:
        start, level, anchor = x - width - 4, y - 7, "end"
    while any(
        abs(level - other) < LINE and start < right and left < start + width
        for left, right, other in placed
    ):
        level += LINE if anchor == "start" else -LINE
    placed.append((start, start + width, level))
    return (start if anchor == "start" else x - 4, round(level, 1), anchor)
