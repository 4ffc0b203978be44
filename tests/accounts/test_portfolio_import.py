"""The bank's portfolio: good rows go in, bad ones are named, doing it twice changes nothing."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.accounts.models import CardAccount, Person
from api.kit.audit import Event
from tests.conftest import BANK, import_rows, portfolio_row


def test_a_bad_row_is_named_by_line_and_reason_and_the_good_ones_go_in(client: TestClient) -> None:
    report = import_rows(
        client,
        portfolio_row(),
        portfolio_row(account_ref="A-2", principal="-1"),
        portfolio_row(account_ref="A-3", due_date="2026-02-31"),
        portfolio_row(account_ref="A-4", telephone="abc"),
        portfolio_row(account_ref="A-5", penalty="1.005"),
        portfolio_row(account_ref="A-6", id_last4="12X3"),
        portfolio_row(account_ref="A-7", status="gone"),
        "A-8,too,few\n",
        portfolio_row(account_ref="A-9"),
    )
    assert (report["created"], report["refused"]) == (2, 7)
    assert [refusal["line"] for refusal in report["refusals"]] == [3, 4, 5, 6, 7, 8, 9]
    reasons = [refusal["reason"] for refusal in report["refusals"]]
    for reason, word in zip(
        reasons,
        ("principal", "due_date", "telephone", "penalty", "id_last4", "status", "columns"),
        strict=True,
    ):
        assert word in reason
    assert not any("沈禾" in reason or "1990000" in reason for reason in reasons)


@pytest.mark.each_database
def test_importing_twice_changes_nothing(client: TestClient, app: FastAPI) -> None:
    import_rows(client, portfolio_row())
    with app.state.database.transaction() as session:
        events = session.scalar(select(func.count()).select_from(Event))
    report = import_rows(client, portfolio_row())
    assert report == {
        "created": 0, "updated": 0, "unchanged": 1, "stale": 0, "refused": 0, "refusals": [],
    }  # fmt: skip
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == events


@pytest.mark.each_database
def test_newer_figures_update_with_an_event_and_older_ones_change_nothing(
    client: TestClient, app: FastAPI
) -> None:
    import_rows(client, portfolio_row())
    newer = import_rows(client, portfolio_row(as_of="2026-11-24", interest="3950.00"))
    older = import_rows(client, portfolio_row(as_of="2026-11-01", interest="1.00"))
    assert (newer["updated"], older["stale"]) == (1, 1)
    with app.state.database.transaction() as session:
        account = session.scalars(select(CardAccount)).one()
        assert str(account.interest) == "3950.00"
        kinds = session.scalars(select(Event.kind).where(Event.subject_kind == "account")).all()
        assert kinds == ["imported", "updated"]


def test_other_figures_for_the_same_day_are_refused_rather_than_guessed(client: TestClient) -> None:
    import_rows(client, portfolio_row())
    report = import_rows(client, portfolio_row(interest="1.00"))
    assert "already recorded" in report["refusals"][0]["reason"]


def test_two_cards_of_one_person_share_the_person(client: TestClient, app: FastAPI) -> None:
    import_rows(client, portfolio_row(), portfolio_row(account_ref="A-2", card_tail="9911"))
    with app.state.database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_heading_without_the_columns_is_refused_whole(client: TestClient) -> None:
    answer = client.post("/v1/accounts/import", content=b"a,b\n1,2\n", headers=BANK)
    assert (answer.status_code, answer.json()["code"]) == (422, "portfolio_heading")


def test_days_past_due_and_bucket_are_computed(client: TestClient) -> None:
    import_rows(
        client,
        portfolio_row(due_date="2026-11-12"),
        portfolio_row(account_ref="A-2", person_ref="P-2", due_date="2026-11-24"),
    )
    items = client.get("/v1/accounts?overdue=true", headers=BANK).json()["items"]
    assert [(item["account_ref"], item["days_past_due"], item["bucket"]) for item in items] == [
        ("A-1", 12, "M1")
    ]


def test_names_telephones_and_digits_are_not_in_the_database_in_the_clear(
    client: TestClient, app: FastAPI, settings: object
) -> None:
    import_rows(client, portfolio_row(id_last4="987X"))
    with app.state.database.transaction() as session:
        raw = session.connection().exec_driver_sql("SELECT * FROM persons").one()
    text = " ".join(str(value) for value in raw)
    assert "沈禾" not in text
    assert "19900000001" not in text
    assert "987X" not in text


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Bearer bot-token"])
def test_only_the_banks_token_opens_the_accounts(client: TestClient, token: str) -> None:
    answer = client.get("/v1/accounts", headers={"Authorization": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
