"""The planning API over HTTP: exact answers, and a stable code for everything that cannot be."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.kit.auth import BankCaller, ServiceTokens, bank_caller
from api.kit.clock import SetClock
from api.kit.errors import install_problem_handlers
from api.plans.debt import Debt
from api.plans.routes import router
from tests.plans.someone import FACTS

SCHEDULE: dict[str, Any] = {
    "principal": "12000.00",
    "annual_rate": "12.00",
    "periods": 12,
    "method": "annuity",
    "start_date": "2026-12-15",
    "first_due_date": "2027-01-15",
    "due_day": 15,
}
DEBT = {"principal": "33000.00", "interest": "3900.00", "penalty": "1700.00", "fees": "0.00"}


class Client:
    """Posts JSON (or raw text, for what is no JSON) to the application without a server."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.http = TestClient(app)

    def post(self, path: str, body: Any) -> Any:
        content = body if isinstance(body, str) else json.dumps(body)
        return self.http.post(path, content=content, headers={"content-type": "application/json"})


@pytest.fixture
def client() -> Client:
    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(router)
    app.dependency_overrides[bank_caller] = BankCaller
    app.state.clock = SetClock(datetime(2026, 11, 24, 4, tzinfo=UTC))

    def debts_of(account_ref: str) -> Sequence[Debt] | None:
        return [Debt("a-1", Decimal("5000.00"))] if account_ref == "a-1" else None

    app.state.debt_source = debts_of
    return Client(app)


def test_a_schedule_is_exact_to_the_fen(client: Client) -> None:
    answer = client.post("/v1/plans/schedule", SCHEDULE)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["instalments"][0] == {
        "number": 1,
        "due_date": "2027-01-15",
        "payment": "1066.19",
        "principal": "946.19",
        "interest": "120.00",
        "balance": "11053.81",
    }
    assert body["instalments"][-1]["balance"] == "0.00"
    assert body["total_payment"] == "12794.23"
    assert body["total_interest"] == "794.23"
    assert body["annual_percentage_rate"] == "12.00"
    assert body["effective_annual_rate"] == "12.70"  # 1.01^12 − 1 = 12.68 %, by exact days 12.70


def test_an_interest_free_schedule_needs_no_rate(client: Client) -> None:
    body = {key: value for key, value in SCHEDULE.items() if key != "annual_rate"}
    answer = client.post("/v1/plans/schedule", {**body, "method": "interest_free"})
    assert answer.json()["total_interest"] == "0.00"
    assert answer.json()["annual_percentage_rate"] == "0.00"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"principal": "-1.00"}, "negative"),
        ({"principal": "NaN"}, "amount_not_a_number"),
        ({"principal": "1000000000000"}, "amount_absurd"),
        ({"principal": 10**12}, "amount_absurd"),
        ({"principal": 12000.5}, "amount_not_decimal_string"),
        ({"principal": "12000.005"}, "amount_too_precise"),
        ({"principal": "0.00"}, "principal_zero"),
        ({"principal": "0.05"}, "principal_too_small"),
        ({"principal": "twelve"}, "amount_not_a_number"),
        ({"principal": None}, "amount_not_a_number"),
        ({"principal": True}, "amount_not_a_number"),
        ({"principal": "1" * 500}, "amount_absurd"),
        ({"annual_rate": "-0.01"}, "negative"),
        ({"annual_rate": "101"}, "rate_absurd"),
        ({"annual_rate": "1.1234567"}, "rate_too_precise"),
        ({"annual_rate": "Infinity"}, "amount_not_a_number"),
        ({"periods": 0}, "periods_out_of_range"),
        ({"periods": 61}, "periods_out_of_range"),
        ({"periods": -1}, "periods_out_of_range"),
        ({"periods": "12"}, "not_a_whole_number"),
        ({"periods": 12.0}, "not_a_whole_number"),
        ({"periods": 10**30}, "number_absurd"),
        ({"method": "balloon"}, "unknown_choice"),
        ({"start_date": "2026-11-23"}, "date_past"),
        ({"start_date": "2026-02-30"}, "not_a_date"),
        ({"start_date": 1766448000}, "not_a_date"),
        ({"first_due_date": "2026-12-15"}, "first_due_not_after_start"),
        ({"start_date": "9999-11-15", "first_due_date": "9999-12-15"}, "date_absurd"),
        ({"due_day": 16}, "due_day_mismatch"),
        ({"due_day": 32}, "not_a_day"),
        ({"method": "interest_free"}, "interest_free_with_rate"),
        ({"surprise": 1}, "unknown_field"),
    ],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_a_problem_with_a_stable_code(
    client: Client, change: dict[str, Any], code: str
) -> None:
    answer = client.post("/v1/plans/schedule", {**SCHEDULE, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_json_that_python_reads_though_it_is_none_is_refused(client: Client, literal: str) -> None:
    body = json.dumps(SCHEDULE).replace('"12000.00"', literal)
    answer = client.post("/v1/plans/schedule", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "amount_not_a_number")


def test_no_json_at_all_and_missing_fields_are_refused(client: Client) -> None:
    assert client.post("/v1/plans/schedule", "{").json()["code"] == "invalid_json"
    assert client.post("/v1/plans/schedule", {}).json()["code"] == "field_missing"
    assert client.post("/v1/plans/schedule", "[]").status_code == 422


def test_sixty_periods_are_allowed(client: Client) -> None:
    answer = client.post("/v1/plans/schedule", {**SCHEDULE, "periods": 60})
    assert len(answer.json()["instalments"]) == 60


def test_offers_follow_the_contract(client: Client) -> None:
    answer = client.post("/v1/plans/offers", {"debt": DEBT, "situation": FACTS})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["outcome"] == "offered"
    assert body["expires"] == "2026-12-01"
    assert len(body["policy_digest"]) == 64
    offer = body["offers"][0]
    assert {
        key: offer[key] for key in ("number", "tag", "kind", "monthly", "periods", "total")
    } == {
        "number": 1,
        "tag": "best",
        "kind": "instalments",
        "monthly": "1000.00",
        "periods": 36,
        "total": "36000.00",
    }
    assert offer["waived"] == {
        "interest": "900.00",
        "penalty": "1700.00",
        "fees": "0.00",
        "principal": "0.00",
        "total": "2600.00",
    }
    assert (offer["down_payment"], offer["deferred_until"]) == (None, None)
    assert offer["evidence_wanted"] is False
    assert offer["annual_rate"] == offer["annual_percentage_rate"] == "0.00"
    assert offer["contract_rate"] == "18.25"
    assert offer["left_after"] == "100.00"
    assert offer["debt_total"] == "38600.00"
    assert len(offer["schedule"]) == 36
    assert offer["schedule"][0]["payment"] == "1000.00"
    assert {rule["id"] for rule in offer["rules"]} >= {"bank.relief.ladder"}
    assert all(rule["citation"] for rule in offer["rules"])


def test_offers_by_account_reference_use_the_banks_records(client: Client) -> None:
    answer = client.post("/v1/plans/offers", {"account": "a-1", "situation": FACTS})
    assert answer.json()["offers"][0]["debt_total"] == "5000.00"


def test_an_unknown_account_is_a_problem(client: Client) -> None:
    answer = client.post("/v1/plans/offers", {"account": "nobody", "situation": FACTS})
    assert (answer.status_code, answer.json()["code"]) == (404, "account_unknown")


def test_a_refusal_is_an_answer_with_its_reason_and_next_step(client: Client) -> None:
    answer = client.post("/v1/plans/offers", {"debt": {"principal": "210000.00"}, "situation": {}})
    assert answer.status_code == 200
    assert answer.json()["reason"] == "beyond_authority"
    assert answer.json()["next_step"] == "supervisor"
    assert answer.json()["rules"][0]["id"] == "bank.authority"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"debt": {"principal": "0.00"}, "situation": {}}, "debt_zero"),
        ({"debt": {"principal": "-5.00"}, "situation": {}}, "negative"),
        ({"debt": {"principal": "5.00", "total": "6.00"}, "situation": {}}, "total_mismatch"),
        ({"debt": {"principal": "5.00", "status": "lost"}, "situation": {}}, "unknown_choice"),
        ({"debts": [{"principal": "5.00"}, {"principal": "6.00"}], "situation": {}}, "account_twice"),
        ({"situation": {}}, "debt_or_account"),
        ({"debt": {"principal": "5.00"}, "account": "a-1", "situation": {}}, "debt_or_account"),
        ({"debt": {"principal": "5.00"}}, "field_missing"),
        ({"debt": {"principal": "5.00"}, "situation": {"age": 30}}, "unknown_fact"),
        ({"debt": {"principal": "5.00"}, "situation": {"monthly_income": "-1"}}, "negative"),
        ({"debt": {"principal": "5.00"}, "situation": {"monthly_income": {"from": "2", "to": "1"}}}, "range_reversed"),
        ({"debt": {"principal": "5.00"}, "situation": {"monthly_income": "5", "region": "moon"}}, "unknown_region"),
        ({"debt": {"principal": "5.00"}, "situation": {"pay_day": 99}}, "not_a_day"),
    ],
)  # fmt: skip
def test_offers_that_cannot_be_are_a_problem_with_a_stable_code(
    client: Client, body: dict[str, Any], code: str
) -> None:
    answer = client.post("/v1/plans/offers", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_age_sex_and_schooling_have_no_place_in_a_plan(client: Client) -> None:
    for protected in ("sex", "age", "education", "marriage", "language"):
        body = {"debt": DEBT, "situation": {**FACTS, protected: 1}}
        assert client.post("/v1/plans/offers", body).json()["code"] == "unknown_fact"


def test_a_caller_without_the_banks_token_is_refused(client: Client) -> None:
    client.app.dependency_overrides.clear()
    client.app.state.tokens = ServiceTokens(bank="bank-token", bot="bot-token")
    assert client.post("/v1/plans/schedule", SCHEDULE).status_code == 401
