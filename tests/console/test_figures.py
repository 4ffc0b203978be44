"""Figures: what the database counts, what its numbers open to, and that any split adds up."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from api.console.counting import cube_of, how_many, things
from api.console.figures import Amount, Column, Cube, split
from api.console.figures_dates import FIRST_DAY, PRESETS, Span, preset, span_of
from api.console.sheets import SHEETS
from api.kit.audit import Event
from api.kit.db import Database
from tests.console.histories import Happened, figures, histories

FIRST = date(2026, 11, 20)

spans = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(
    lambda days: Span(FIRST + timedelta(min(days)), FIRST + timedelta(max(days)))
)


def record(database: Database, history: list[Happened]) -> None:
    """Make a history the only one that a database knows."""
    with database.transaction() as session:
        session.execute(delete(Event))
        for event in history:
            session.add(event.row())
            session.flush()


@pytest.mark.each_database
@pytest.mark.parametrize("sheet", SHEETS)
def test_the_database_counts_what_happened(counted: Database, sheet: str) -> None:
    @settings(max_examples=20)
    @given(histories, spans)
    def counts(history: list[Happened], span: Span) -> None:
        record(counted, history)
        with counted.reading() as session:
            cube = cube_of(session, sheet, span)
        assert {cell: amount.count for cell, amount in cube.cells.items()} == dict(
            figures(history, span)[sheet]
        )

    counts()


@pytest.mark.each_database
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_number_opens_to_exactly_as_many_rows(counted: Database, sheet: str) -> None:
    dims = SHEETS[sheet].dims

    @settings(max_examples=8)
    @given(histories, spans, st.data())
    def opens(history: list[Happened], span: Span, data: st.DataObject) -> None:
        record(counted, history)
        with counted.reading() as session:
            cube = cube_of(session, sheet, span)
            dim, other = data.draw(st.sampled_from(dims)), data.draw(st.sampled_from(dims))
            columns = [Column("all"), *(Column(v, {other: (v,)}) for v in cube.values(other))]
            table = split(cube, name="t", sheet=sheet, dim=dim, columns=columns)
            for row in (*table.rows, table.total):
                for number in row.numbers:
                    found = things(session, sheet, span, number.where)
                    assert len(found) == number.amount.count
                    assert how_many(session, sheet, span, number.where) == number.amount.count
                    assert sum(each.measured for each in found) == number.amount.total
                    if sheet not in ("cases", "agreements"):  # invented twice under one id at times
                        assert len({each.thing for each in found}) == len(found)
                    for each in found:
                        assert all(each.values[d] in values for d, values in number.where.items())

    opens()


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_sheet_reads_all_events_there_are(tmp_path: Path, keys: None, sheet: str) -> None:
    """SQLite keeps no statistics by itself: it must find the right index without them."""
    database = Database(f"sqlite:///{tmp_path / 'plan.db'}")
    database.create_all()
    rows = SHEETS[sheet].rows(Span(FIRST, FIRST)).subquery()
    query = select(func.count()).select_from(rows).compile(
        database.engine, compile_kwargs={"literal_binds": True}
    )  # fmt: skip
    with database.engine.connect() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    database.close()
    events = re.compile(r"(events|seen|later|answer|entered|opening|spoke|told)\b")
    found = [line for line in plan if events.search(line)]
    assert found
    assert [line for line in found if not line.startswith("SEARCH")] == []
    for line in found:
        if line.startswith("SEARCH later"):
            assert "ix_events_subject_id_subject_kind" in line


cubes = st.integers(1, 4).flatmap(
    lambda width: st.dictionaries(
        st.tuples(*[st.sampled_from("abc")] * width),
        st.builds(Amount, st.integers(1, 50), st.integers(0, 10_000)),
        max_size=12,
    ).map(lambda cells: Cube(tuple("wxyz"[:width]), cells))
)


@given(cubes, st.data())
def test_the_rows_of_any_split_add_up_to_its_total(cube: Cube, data: st.DataObject) -> None:
    dim, other = data.draw(st.sampled_from(cube.dims)), data.draw(st.sampled_from(cube.dims))
    within = data.draw(st.sampled_from([{}, {other: ("a",)}, {other: ("a", "b")}]))
    columns = [Column("all"), *(Column(v, {other: (v,)}) for v in "abc")]
    order = data.draw(st.permutations(["c", "a"]))
    table = split(
        cube, name="t", sheet="s", dim=dim, columns=columns, order=order, within=within, keep=("a",)
    )
    for place in range(len(columns)):
        rows = sum((row.numbers[place].amount for row in table.rows), start=Amount())
        assert rows == table.total.numbers[place].amount
    first = table.total.numbers[0].amount
    assert sum((n.amount for n in table.total.numbers[1:]), start=Amount()) == first
    assert table.empty == (first.count == 0)
    assert len({row.key for row in table.rows}) == len(table.rows)
    assert "a" in {row.key for row in table.rows}


def test_a_condition_on_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Cube(("w",), {}).amount({"colour": ("red",)})


def test_spans_are_whole_days_in_shanghai_and_never_ahead() -> None:
    today = date(2026, 3, 1)
    spans = {name: preset(name, today) for name in PRESETS}
    assert spans["today"] == Span(today, today)
    assert (spans["week"].days, spans["month"].days, spans["quarter"].days) == (7, 30, 90)
    assert spans["this_month"] == Span(today, today)
    assert spans["last_month"] == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert spans["all"].first == FIRST_DAY
    assert spans["today"].begins.isoformat() == "2026-02-28T16:00:00+00:00"
    assert spans["today"].ends - spans["today"].begins == timedelta(days=1)
    assert span_of(date(2026, 3, 9), date(2026, 2, 1), today) == Span(date(2026, 2, 1), today)
    assert span_of(date(1, 1, 1), date(9999, 12, 31), today) == Span(FIRST_DAY, today)
