"""Payments from the bank: recorded once, counted towards the agreement, answered by one receipt."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.contact.models import OutboxMessage
from api.followup import importing
from api.followup.models import Payment
from api.kit.clock import SetClock
from api.settings import Settings
from tests.conftest import BANK, BOT, Telephone, import_rows, portfolio_row
from tests.followup.conftest import Months

pytestmark = pytest.mark.each_database


def test_a_payment_is_recorded_once_and_answered_once(months: Months) -> None:
    months.ticks()
    first = months.pay("359.33", reference="T-1")
    assert (first["status_code"], first["paid_total"]) == (201, "359.33")
    again = months.pay("359.33", reference="T-1")
    assert (again["status_code"], again["new"], again["id"]) == (200, False, first["id"])
    (receipt,) = months.ticks()
    assert "收到了，这一次的办好了。下一次是2027年1月15日" in receipt
    assert re.search(r"/i/[\w-]+$", receipt)
    assert not re.search(r"元|¥|还款|欠|359", receipt)
    other = months.pay("359.34", reference="T-1")
    assert (other["status_code"], other["code"]) == (409, "payment_differs")
    assert months.ticks() == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"account_ref": "A-9"}, 404, "account_unknown"),
        ({"amount": "0.00"}, 422, "invalid_request"),
        ({"amount": "1.234"}, 422, "invalid_request"),
        ({"amount": 1.5}, 422, "invalid_request"),
        ({"paid_on": "2026-11-25"}, 422, "date_ahead"),
        ({"currency": "USD"}, 422, "currency_differs"),
        ({"reference": ""}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_a_payment_is_refused(
    app: FastAPI, changes: dict[str, object], status: int, code: str
) -> None:
    client = TestClient(app)
    import_rows(client, portfolio_row())
    body = {"reference": "T", "account_ref": "A-1", "amount": "1.00", "paid_on": "2026-11-24"}
    answer = client.post("/v1/payments", json={**body, **changes}, headers=BANK)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.post("/v1/payments", json=body, headers=BOT).status_code == 401


def test_without_an_agreement_it_is_recorded_and_nothing_else(
    app: FastAPI, telephone: Telephone
) -> None:
    client = TestClient(app)
    import_rows(client, portfolio_row())
    body = {"reference": "T", "account_ref": "A-1", "amount": "50.00", "paid_on": "2026-11-24"}
    answer = client.post("/v1/payments", json=body, headers=BANK)
    assert (answer.status_code, answer.json()["agreement"]) == (201, None)
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_what_came_before_the_agreement_is_in_its_balance_already(months: Months) -> None:
    months.ticks()
    assert months.pay("359.33", paid_on=months.today - timedelta(days=1))["agreement"] is None
    assert months.progress()["paid_total"] == "0.00"
    assert months.ticks() == []


def test_in_parts_early_and_too_much(months: Months) -> None:
    months.ticks()
    months.pay("100.00")
    (part,) = months.ticks()
    assert "先记上。这一次剩下的，12月20日前补上就行" in part
    months.pay("618.66")
    months.ticks()
    assert months.states()[:3] == ["paid", "paid", "due"]
    months.pay("718.66")
    (half,) = months.ticks()
    assert "已经办好一半" in half
    assert months.pay("2000.00")["left_total"] == "0.00"
    (done,) = months.ticks()
    assert "全部办好了。证明在这里" in done
    progress = months.progress()
    assert (progress["state"], progress["over"]) == ("fulfilled", "562.68")
    assert months.events("case_opened") == ["case_opened"]  # what is too much goes back


def test_a_file_taken_in_twice_counts_once(
    app: FastAPI, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], clock: SetClock,
) -> None:  # fmt: skip
    import_rows(TestClient(app), portfolio_row())
    monkeypatch.setattr(importing, "Settings", lambda: settings)
    monkeypatch.setattr(type(settings), "clock", lambda _: clock)
    file = tmp_path / "payments.csv"
    file.write_text(
        "reference,account_ref,amount,paid_on\n"
        "T-1,A-1,359.33,2026-11-24\nT-2,A-1,10,2026-11-24\nT-3,A-9,1.00,2026-11-24\n"
        "T-4,A-1,1.005,2026-11-24\nT-5,A-1,1.00,soon\n",
        encoding="utf-8",
    )
    for told in ("2 recorded, 0 known before, 3 refused", "0 recorded, 2 known before, 3 refused"):
        assert importing.main([str(file)]) == 1
        said = capsys.readouterr()
        assert told in said.out
        assert "line 4: account_unknown" in said.out
        assert "line 6: row_unreadable" in said.out
        assert "5 of 5 rows (100 %)" in said.err
    with app.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 2
    assert importing.main([str(tmp_path / "none.csv")]) == 2
    file.write_text("reference,amount\n", encoding="utf-8")
    assert importing.main([str(file)]) == 2
    assert "account_ref, paid_on" in capsys.readouterr().out
