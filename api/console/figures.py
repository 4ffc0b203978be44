"""Figures: counts of things by what is known of them, and tables whose every number can be opened.

Pure. A *sheet* is a set of things of one sort (persons on their way, cases, agreements …), each with a
value in every dimension of the sheet. A ``Cube`` holds how many things there are in each cell. As every
thing is in exactly one cell, the rows of any split add up to its total, and the things behind a number
are those whose values lie in its ``where``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Amount", "Column", "Cube", "Number", "Row", "Table", "Where", "split"]

Where = Mapping[str, tuple[str, ...]]
"""A condition: of each dimension named, the values a thing may have. The empty one holds for all."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How many things, and the sum of what is measured of them (fen, or nothing)."""

    count: int = 0
    total: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.count + other.count, self.total + other.total)


NOTHING = Amount()


@dataclass(frozen=True)
class Cube:
    """How many things of a sheet lie in each cell; a cell names one value of each dimension, in order."""

    dims: tuple[str, ...]
    cells: Mapping[tuple[str, ...], Amount]

    def amount(self, where: Where) -> Amount:
        """Return what lies within a condition.

        Raises:
            ValueError: the condition names a dimension that the sheet does not have.
        """
        unknown = sorted(set(where) - set(self.dims))
        if unknown:
            msg = f"no such dimension: {', '.join(unknown)}"
            raise ValueError(msg)
        wanted = [(self.dims.index(dim), values) for dim, values in where.items()]
        return sum(
            (
                amount for cell, amount in self.cells.items()
                if all(cell[place] in values for place, values in wanted)
            ),
            start=NOTHING,
        )  # fmt: skip

    def values(self, dim: str) -> list[str]:
        """Return the values that occur in a dimension, sorted."""
        place = self.dims.index(dim)
        return sorted({cell[place] for cell in self.cells})


@dataclass(frozen=True)
class Column:
    """A column of a table: its key in the words, and the condition it adds to its row's."""

    key: str
    where: Where = field(default_factory=dict)
    measured: bool = False
    """Shows the sum of what is measured, in yuan, instead of the count."""


@dataclass(frozen=True)
class Number:
    """One number of a table; ``where`` is the condition on the things behind it."""

    amount: Amount
    where: Where
    measured: bool = False


@dataclass(frozen=True)
class Row:
    """One row: the value it stands for (empty: the row of totals), and its numbers."""

    key: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Table:
    """A split of a sheet by one dimension, with the row of totals last."""

    name: str
    sheet: str
    dim: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it at all."""
        return not any(number.amount.count for number in self.total.numbers)


def split(
    cube: Cube, *, name: str, sheet: str, dim: str, columns: Sequence[Column],
    order: Sequence[str] = (), within: Where | None = None, keep: Collection[str] = (),
) -> Table:  # fmt: skip
    """Return a sheet split by a dimension.

    Rows stand in ``order``; values that it does not name follow, the largest first column first. Of
    ``keep`` there is a row even where there is nothing. ``within`` is a condition on the whole table.
    """
    base = dict(within or {})
    found = [
        value for value in cube.values(dim)
        if value in keep or cube.amount(_both(base, {dim: (value,)})).count
    ]  # fmt: skip
    named = [value for value in order if value in found or value in keep]
    first = dict(columns[0].where) if columns else {}
    others = sorted(
        (value for value in found if value not in order),
        key=lambda value: (-cube.amount(_both(_both(base, first), {dim: (value,)})).count, value),
    )
    rows = tuple(
        _row(cube, value, _both(base, {dim: (value,)}), columns) for value in (*named, *others)
    )
    return Table(name, sheet, dim, tuple(columns), rows, _row(cube, "", base, columns))


def _row(cube: Cube, key: str, where: Where, columns: Sequence[Column]) -> Row:
    return Row(
        key,
        tuple(
            Number(cube.amount(both), both, column.measured)
            for column in columns
            for both in [_both(where, column.where)]
        ),
    )


def _both(one: Where, other: Where) -> Where:
    """Return the condition that holds where both do."""
    return {
        dim: tuple(
            value for value in one.get(dim, other.get(dim, ()))
            if dim not in other or value in other[dim]
        )
        for dim in sorted({*one, *other})
    }  # fmt: skip
