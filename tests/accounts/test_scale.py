"""A bank's whole portfolio goes in on one machine: flat memory, and doing it again changes nothing."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.accounts.models import CardAccount, Person
from api.accounts.portfolio import COLUMNS
from api.accounts.service import MOST_BAD_ROWS, import_portfolio
from api.kit.audit import Event
from bench.synthetic_portfolio import save_portfolio, synthetic_rows, write_portfolio
from tests.conftest import BANK, HEADING, portfolio_row

ROWS = 30_000
GROWTH = 25 * 1024 * 1024
"""Bytes that memory may grow from a twelfth of the file to its end; kept rows would be 60 MB."""

RSS = Path("/proc/self/statm")


def resident() -> int:
    """Memory of this process that is in use, in bytes."""
    gc.collect()
    return int(RSS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def counts(app: FastAPI) -> tuple[int, int, int]:
    with app.state.database.transaction() as session:
        accounts, persons, events = (
            session.scalar(select(func.count()).select_from(table))
            for table in (CardAccount, Person, Event)
        )
        return accounts, persons, events


def file_of(rows: int, **changes: str) -> StringIO:
    made = StringIO()
    write_portfolio(({**row, **changes} for row in synthetic_rows(rows)), made)
    made.seek(0)
    return made


@pytest.mark.long
@pytest.mark.skipif(not RSS.exists(), reason="reads memory from /proc")
def test_thirty_thousand_rows_go_in_with_flat_memory_and_again_change_nothing(
    app: FastAPI, tmp_path: Path
) -> None:
    path = tmp_path / "portfolio.csv"
    save_portfolio(synthetic_rows(ROWS), path)
    told: list[int] = []
    memory: list[int] = []

    def progress(rows: int) -> None:
        told.append(rows)
        if rows % 2500 == 0:
            memory.append(resident())

    database, clock = app.state.database, app.state.clock
    with path.open(encoding="utf-8", newline="") as lines:
        first = import_portfolio(database, clock, lines, progress=progress)
    assert (first.created, first.refused) == (ROWS, 0)
    assert told == sorted(set(told))
    assert (told[0], told[-1]) == (500, ROWS)
    assert max(memory) - memory[0] < GROWTH
    before = counts(app)
    assert before[0] == ROWS
    with path.open(encoding="utf-8", newline="") as lines:
        again = import_portfolio(database, clock, lines)
    assert (again.unchanged, again.rows) == (ROWS, ROWS)
    assert counts(app) == before


def test_a_newer_file_of_thousands_updates_every_account_with_its_event(app: FastAPI) -> None:
    database, clock = app.state.database, app.state.clock
    import_portfolio(database, clock, file_of(3000))
    accounts, persons, events = counts(app)
    newer = import_portfolio(database, clock, file_of(3000, as_of="2026-11-25", interest="1.23"))
    assert (newer.updated, newer.refused) == (3000, 0)
    assert counts(app) == (accounts, persons, events + 3000)


def test_an_account_that_stands_twice_in_one_file_is_created_and_then_updated(
    app: FastAPI, client: TestClient
) -> None:
    rows = (
        portfolio_row(),
        portfolio_row(as_of="2026-11-24", interest="4000.00", telephone="+8619900000009"),
        portfolio_row(as_of="2026-11-24", interest="4001.00"),
    )
    answer = client.post(
        "/v1/accounts/import", content=(HEADING + "".join(rows)).encode(), headers=BANK
    ).json()
    assert (answer["created"], answer["updated"], answer["refused"]) == (1, 1, 1)
    with app.state.database.transaction() as session:
        account = session.scalars(select(CardAccount)).one()
        person = session.get_one(Person, account.person_id)
        assert (str(account.interest), person.telephone) == ("4000.00", "+8619900000009")
        kinds = session.scalars(select(Event.kind).order_by(Event.id)).all()
    assert kinds == ["imported", "imported", "telephone_changed", "updated"]


def test_a_file_of_nothing_but_bad_rows_is_counted_whole_and_named_in_part(app: FastAPI) -> None:
    def lines() -> Iterator[str]:
        yield HEADING
        for number in range(MOST_BAD_ROWS + 500):
            yield portfolio_row(account_ref=f"A-{number}", principal="-1")

    report = import_portfolio(app.state.database, app.state.clock, lines())
    assert (report.refused, len(report.bad)) == (MOST_BAD_ROWS + 500, MOST_BAD_ROWS)
    assert report.rows == MOST_BAD_ROWS + 500


def test_a_stray_quotation_mark_spoils_its_own_row_alone(client: TestClient) -> None:
    rows = [portfolio_row(account_ref=f"A-{number}") for number in range(1, 6)]
    rows[1] = portfolio_row(account_ref="A-2", name='"沈禾')
    answer = client.post(
        "/v1/accounts/import", content=(HEADING + "".join(rows)).encode(), headers=BANK
    ).json()
    assert (answer["created"], answer["refused"]) == (4, 1)
    assert answer["refusals"][0]["line"] == 3


def test_text_that_is_not_utf8_far_into_a_file_is_refused_before_any_row_goes_in(
    app: FastAPI, client: TestClient
) -> None:
    good = "".join(portfolio_row(account_ref=f"A-{number}") for number in range(2000))
    body = (HEADING + good).encode() + "A-x,P-x,沈禾\n".encode("gb18030")
    answer = client.post("/v1/accounts/import", content=body, headers=BANK)
    assert (answer.status_code, answer.json()["code"]) == (422, "portfolio_encoding")
    assert counts(app) == (0, 0, 0)


def test_a_large_file_over_http_comes_out_as_a_small_one_does_and_leaves_no_copy(
    app: FastAPI, client: TestClient, tmp_path: Path
) -> None:
    body = file_of(9000).getvalue().encode("utf-8-sig")
    assert len(body) > 1024 * 1024
    answer = client.post("/v1/accounts/import", content=body, headers=BANK)
    assert (answer.status_code, answer.json()["created"]) == (200, 9000)
    assert {path.name for path in tmp_path.iterdir()} <= {
        "anhuan.db", "anhuan.db-wal", "anhuan.db-shm", "development-seal.pem",
    }  # fmt: skip


def test_a_synthetic_portfolio_is_the_same_each_time_and_each_row_stands_alone() -> None:
    rows = list(synthetic_rows(500))
    assert rows == list(synthetic_rows(500))
    assert rows[:100] == list(synthetic_rows(100))
    assert rows[200:300] == list(synthetic_rows(100, first=201))
    assert rows != list(synthetic_rows(500, seed=1))
    assert all(set(row) == set(COLUMNS) for row in rows)
