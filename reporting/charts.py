"""Small SVG charts through Jinja2: bars in groups, lines, a grid. Light and dark, no library besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["Bars", "Chart", "Grid", "Line"]

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 30, 64, 44
END_ROW = 15
FIRST_NAME_Y, NAME_ROW, UNIT_ROOM = 35, 19, 96
"""The legend: its first row, the height of a row, and what is left for the unit beside it."""

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
        names = _names(self.series, self.shades)
        axis = _Axis([value for _, values in self.series for value in values], names)
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
        return _draw("bars.svg.jinja", self, axis, bars=bars, x_ticks=ticks, names=names)


@dataclass(frozen=True)
class Line(Chart):
    """One or more lines over a common horizontal axis that begins at nothing."""

    across: str
    series: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    across_step: float | None = None
    """Between the figures of the horizontal axis; without one, round figures are chosen."""

    def svg(self) -> str:
        """Draw it. Several lines are named at their ends; a single one above."""
        several = len(self.series) > 1
        names = [] if several else _names(self.series)
        axis = _Axis([y for _, points in self.series for _, y in points], names)
        ends = self._ends(axis) if several else []
        right = WIDTH - max([RIGHT, *(12 + 6.4 * len(end["label"]) for end in ends)])
        furthest = max((x for _, points in self.series for x, _ in points), default=1) or 1
        scale = (right - LEFT) / furthest
        lines = [
            {"shade": place, "points": " ".join(f"{LEFT + x * scale:.1f},{axis.y(y):.1f}" for x, y in points)}
            for place, (_, points) in enumerate(self.series)
        ]  # fmt: skip
        step = self.across_step
        places = (
            [step * number for number in range(int(furthest / step) + 1)]
            if step
            else _steps(furthest)
        )
        ticks = [{"x": LEFT + value * scale, "label": f"{value:,.0f}"} for value in places]
        return _draw(
            "line.svg.jinja", self, axis, lines=lines, x_ticks=ticks, names=names, across=self.across,
            ends=ends, right=right,
        )  # fmt: skip

    def _ends(self, axis: _Axis) -> list[dict[str, Any]]:
        """Name each line beside its end, from the lowest up, each at least a line of text apart."""
        ends: list[dict[str, Any]] = []
        lowest = float(HEIGHT - BOTTOM)
        for value, name in sorted((points[-1][1], name) for name, points in self.series if points):
            y = min(axis.y(value) + 4, lowest)
            lowest = y - END_ROW
            ends.append({"y": y, "label": f"{_short(value)}  {name}"})
        return ends


CELL, GRID_LEFT, GRID_TOP = 13, 190, 200


@dataclass(frozen=True)
class Grid(Chart):
    """What was taken for what: a square for each pair of names, the rows' names taken for the columns'.

    A square on the diagonal is as dark as the share of its row that is right; any other is a mistake,
    with its number in it.
    """

    names: tuple[str, ...]
    counts: tuple[tuple[str, str, int], ...]

    def svg(self) -> str:
        """Draw it."""
        place = {name: number for number, name in enumerate(self.names)}
        of_row: dict[str, int] = {}
        for row, _, count in self.counts:
            of_row[row] = of_row.get(row, 0) + count
        squares = [
            {"x": GRID_LEFT + place[column] * CELL, "y": GRID_TOP + place[row] * CELL,
             "kind": "right" if row == column else "wrong", "count": count,
             "shade": 0.12 + 0.88 * count / of_row[row] if row == column
             else 0.45 + 0.55 * min(1, 4 * count / of_row[row]),
             "words": f"{row} taken for {column}: {count} of {of_row[row]}"}
            for row, column, count in self.counts
        ]  # fmt: skip
        side = CELL * len(self.names)
        return _templates.get_template("grid.svg.jinja").render(
            title=self.title, unit=self.unit, names=self.names, squares=squares, cell=CELL,
            left=GRID_LEFT, top=GRID_TOP, right=GRID_LEFT + side, bottom=GRID_TOP + side,
            width=GRID_LEFT + side + 16, height=GRID_TOP + side + 16,
        )  # fmt: skip


class _Axis:
    """The vertical axis, from nothing to a round figure above the highest value."""

    def __init__(self, values: Sequence[float], names: Sequence[dict[str, Any]]) -> None:
        self.steps = _steps(max(values, default=1) or 1, beyond=True)
        top = TOP + max((name["y"] for name in names), default=FIRST_NAME_Y) - FIRST_NAME_Y
        self._scale = (HEIGHT - top - BOTTOM) / self.steps[-1]

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
    return f"{value:,.0f}" if value >= 20 or not value else f"{value:.1f}"


def _names(
    series: Sequence[tuple[str, Any]], shades: Sequence[int] = (0, 1, 2, 3)
) -> list[dict[str, Any]]:
    """Place the legend's entries one after another, by the room their words need, in rows."""
    names: list[dict[str, Any]] = []
    x, y = float(LEFT), float(FIRST_NAME_Y)
    for number, (name, _) in enumerate(series):
        room = 34 + 7.2 * len(name)
        if x > LEFT and x + room > WIDTH - RIGHT - UNIT_ROOM:
            x, y = float(LEFT), y + NAME_ROW
        names.append({"shade": shades[number], "name": name, "x": x, "y": y})
        x += room
    return names


def _draw(template: str, chart: Chart, axis: _Axis, **figures: Any) -> str:
    return _templates.get_template(template).render(
        title=chart.title, unit=chart.unit, width=WIDTH, height=HEIGHT, left=LEFT,
        bottom=HEIGHT - BOTTOM, y_ticks=axis.ticks, **{"right": WIDTH - RIGHT, **figures},
    )  # fmt: skip
