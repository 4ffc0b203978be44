"""Which tables the overview has: of which sheet, split by what, with which columns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from api.console.figures import Amount, Column, Cube, Number, Table, Where, split
from api.console.sheets import WAITS
from api.console.ways import STEPS

__all__ = ["FUNNELS", "OWN", "TABLES", "Bar", "Spec", "bars_of", "table_of"]

WAIT_NAMES = (*(name for name, _ in WAITS), "longer", "unanswered", "waiting")
STATES = ("begun", "on_track", "behind", "fulfilled", "broken", "withdrawn")
BUCKETS = ("current", "M1", "M2", "M3", "M4", "M5", "M6", "M7+", "unknown")
CHANNELS = ("web", "sms", "none", "unknown")
LOCALES = ("zh", "en", "unknown")
CALLERS = ("assistant", "colleague", "agency")


@dataclass(frozen=True)
class Spec:
    """One table; ``drawn`` says whether its chart shows the rows (by their first number) or the columns."""

    sheet: str
    dim: str
    columns: tuple[Column, ...]
    drawn: Literal["rows", "columns"] = "rows"
    order: Sequence[str] = ()
    keep: Sequence[str] = ()
    drawn_column: int = 0
    steps: bool = False
    """Each column is what became of the one before it, so that a share of that one is told."""


def _reached(step: str) -> Column:
    """Return the column of those who got to a step: to it or beyond."""
    return Column(step, {"step": STEPS[STEPS.index(step) :]})


FUNNEL = tuple(_reached(step) for step in STEPS)


def _funnel(dim: str, order: Sequence[str] = ()) -> Spec:
    return Spec("people", dim, FUNNEL, drawn="columns", order=order, steps=True)


FUNNELS = ("channel", "language", "reason", "bucket")
"""The splits of the funnel, by the name of their table after ``way_``."""

PROMISE = (
    Column("cases"),
    Column("in_time", {"promise": ("kept",)}),
    Column("late", {"promise": ("late",)}),
    Column("waiting", {"waited": ("waiting",)}),
)

TABLES: Mapping[str, Spec] = {
    "way_channel": _funnel("channel", CHANNELS),
    "way_language": _funnel("locale", LOCALES),
    "way_reason": _funnel("reason"),
    "way_bucket": _funnel("bucket", BUCKETS),
    "answers": Spec("cases", "waited", PROMISE, order=WAIT_NAMES, keep=WAIT_NAMES[:5]),
    "handoffs": Spec("cases", "why", (*PROMISE, Column("closed", {"done": ("yes",)}))),
    "plans": Spec(
        "agreements", "plan", (Column("agreements"), *(Column(s, {"state": (s,)}) for s in STATES)),
        drawn="columns",
    ),
    "relief": Spec(
        "agreements", "bucket",
        (Column("agreements"), Column("with_relief", {"relief": ("yes",)}),
         Column("waived", {"relief": ("yes",)}, measured=True)),
        order=BUCKETS, drawn_column=2,
    ),
    "attempts": Spec(
        "attempts", "purpose",
        (Column("attempts"), *(Column(f"by_{who}", {"by": (who,)}) for who in CALLERS),
         Column("counted", {"counted": ("yes",)})),
    ),
    "budget": Spec("budget_days", "times", (Column("person_days"),)),
    "stopped": Spec(
        "stopped", "rule",
        (Column("messages"), *(Column(v, {"verdict": (v,)}) for v in ("held", "dropped"))),
    ),
}  # fmt: skip
"""Every table by its name."""

OWN = ("answers", "handoffs")
"""The tables that a collector sees of their own cases."""


def table_of(name: str, cube: Cube, within: Where | None = None) -> Table:
    """Return a table of the overview, filled from its sheet; raises ``KeyError`` for an unknown name."""
    spec = TABLES[name]
    return split(
        cube, name=name, sheet=spec.sheet, dim=spec.dim, columns=spec.columns, order=spec.order,
        keep=spec.keep, within=within,
    )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: what it stands for, its number, and its length in percent of the longest."""

    key: str
    number: Number
    length: float
    share: str | None
    """Percent of the bar before it, where each is what became of that one."""


def bars_of(table: Table) -> list[Bar]:
    """Return the bars that draw a table."""
    spec = TABLES[table.name]
    if spec.drawn == "columns":
        total = table.total.numbers
        drawn = [(column.key, number) for column, number in zip(table.columns, total, strict=True)]
    else:
        drawn = [(row.key, row.numbers[spec.drawn_column]) for row in table.rows]
    longest = max((_size(number) for _, number in drawn), default=0)
    bars = []
    for place, (key, number) in enumerate(drawn):
        before = _size(drawn[place - 1][1]) if spec.steps and place else 0
        bars.append(
            Bar(
                key, number,
                length=round(100 * _size(number) / longest, 2) if longest else 0.0,
                share=f"{100 * _size(number) / before:.1f}" if before else None,
            )
        )  # fmt: skip
    return bars


def _size(number: Number) -> int:
    amount: Amount = number.amount
    return amount.total if number.measured else amount.count
