"""Small SVG charts through Jinja2: bars in groups, and a line. Light and dark, no library besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["Bars", "Chart", "Line"]

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 30, 64, 44

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Chart:
    """What every chart has."""

    file_name: str
    title: str
    unit: str

    def svg(self) -> str:
        """Draw it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Bars(Chart):
    """Groups of bars: in each group one bar for each of ``series``.

    ``shades`` are the colours of the series (0 to 3), where the same thing has the same colour in
    another chart; in order unless given.
    """

    groups: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    shades: tuple[int, ...] = (0, 1, 2, 3)

    def svg(self) -> str:
        """Draw it."""
        axis = _Axis([value for _, values in self.series for value in values])
        group_width = (WIDTH - LEFT - RIGHT) / len(self.groups)
        bar_width = min(46.0, group_width * 0.8 / len(self.series))
        bars = []
        for place, (_, values) in enumerate(self.series):
            for number, value in enumerate(values):
                middle = LEFT + group_width * (number + 0.5)
                x = middle + (place - len(self.series) / 2) * bar_width
                y = axis.y(value)
                bars.append(
                    {"x": x, "y": y, "width": bar_width - 3, "height": HEIGHT - BOTTOM - y,
                     "shade": self.shades[place], "label": _short(value)}
                )  # fmt: skip
        ticks = [
            {"x": LEFT + group_width * (number + 0.5), "label": label}
            for number, label in enumerate(self.groups)
        ]
        return _draw(
            "bars.svg.jinja",
            self,
            axis,
            bars=bars,
            x_ticks=ticks,
            names=_names(self.series, self.shades),
        )


@dataclass(frozen=True)
class Line(Chart):
    """One or more lines over a common horizontal axis that begins at nothing."""

    across: str
    series: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]

    def svg(self) -> str:
        """Draw it."""
        axis = _Axis([y for _, points in self.series for _, y in points])
        furthest = max((x for _, points in self.series for x, _ in points), default=1) or 1
        scale = (WIDTH - LEFT - RIGHT) / furthest
        lines = [
            {"shade": place, "points": " ".join(f"{LEFT + x * scale:.1f},{axis.y(y):.1f}" for x, y in points)}
            for place, (_, points) in enumerate(self.series)
        ]  # fmt: skip
        ticks = [
            {"x": LEFT + value * scale, "label": f"{value:,.0f}"} for value in _steps(furthest)
        ]
        return _draw(
            "line.svg.jinja", self, axis, lines=lines, x_ticks=ticks, names=_names(self.series),
            across=self.across,
        )  # fmt: skip


class _Axis:
    """The vertical axis, from nothing to a round figure above the highest value."""

    def __init__(self, values: Sequence[float]) -> None:
        self.steps = _steps(max(values, default=1) or 1, beyond=True)
        self._scale = (HEIGHT - TOP - BOTTOM) / self.steps[-1]

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value * self._scale

    @property
    def ticks(self) -> list[dict[str, Any]]:
        return [{"y": self.y(value), "label": f"{value:,.4g}" if value < 1 else f"{value:,.0f}"} for value in self.steps]  # fmt: skip


def _steps(highest: float, *, beyond: bool = False) -> list[float]:
    """Round figures from 0 in four to eight steps, up to ``highest`` or just beyond."""
    rough = highest / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    count = ceil(highest / step) if beyond else floor(highest / step)
    return [step * number for number in range(count + 1)]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"


def _names(
    series: Sequence[tuple[str, Any]], shades: Sequence[int] = (0, 1, 2, 3)
) -> list[dict[str, Any]]:
    """Place the legend's entries one after another, by the room their words need."""
    starts = [float(LEFT)]
    for (name, _), _next in pairwise([*series, ("", None)]):
        starts.append(starts[-1] + 34 + 7.2 * len(name))
    return [
        {"shade": shades[n], "name": name, "x": starts[n]} for n, (name, _) in enumerate(series)
    ]


def _draw(template: str, chart: Chart, axis: _Axis, **figures: Any) -> str:
    return _templates.get_template(template).render(
        title=chart.title, unit=chart.unit, width=WIDTH, height=HEIGHT, left=LEFT, right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM, y_ticks=axis.ticks, **figures,
    )  # fmt: skip
