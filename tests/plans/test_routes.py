"""The planning API over HTTP: exact answers, and a stable code for everything that cannot be."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BANK, import_rows, portfolio_row
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
    """Posts JSON (or raw text, for what is no JSON) to the real application, as the bank."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        content = body if isinstance(body, str) else json.dumps(body)
        headers = BANK if headers is None else headers
        return self.http.post(
            path, content=content, headers={"content-type": "application/json", **headers}
        )


@pytest.fixture
def bank(client: TestClient) -> Client:
    return Client(client)


def test_a_schedule_is_exact_to_the_fen(bank: Client) -> None:
    answer = bank.post("/v1/plans/schedule", SCHEDULE)
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


def test_an_interest_free_schedule_needs_no_rate(bank: Client) -> None:
    body = {key: value for key, value in SCHEDULE.items() if key != "annual_rate"}
    answer = bank.post("/v1/plans/schedule", {**body, "method": "interest_free"})
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
    bank: Client, change: dict[str, Any], code: str
) -> None:
    answer = bank.post("/v1/plans/schedule", {**SCHEDULE, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_json_that_python_reads_though_it_is_none_is_refused(bank: Client, literal: str) -> None:
    body = json.dumps(SCHEDULE).replace('"12000.00"', literal)
    answer = bank.post("/v1/plans/schedule", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "amount_not_a_number")


def test_no_json_at_all_and_missing_fields_are_refused(bank: Client) -> None:
    assert bank.post("/v1/plans/schedule", "{").json()["code"] == "invalid_json"
    assert bank.post("/v1/plans/schedule", {}).json()["code"] == "field_missing"
    assert bank.post("/v1/plans/schedule", "[]").status_code == 422


def test_sixty_periods_are_allowed(bank: Client) -> None:
    answer = bank.post("/v1/plans/schedule", {**SCHEDULE, "periods": 60})
    assert len(answer.json()["instalments"]) == 60


def test_offers_follow_the_contract(bank: Client) -> None:
    answer = bank.post("/v1/plans/offers", {"debt": DEBT, "situation": FACTS})
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


def test_offers_by_account_reference_use_the_banks_records(bank: Client) -> None:
    import_rows(
        bank.http,
        portfolio_row(),
        portfolio_row(
            account_ref="A-2",
            card_tail="9902",
            principal="5000.00",
            interest="0.00",
            penalty="0.00",
        ),
    )
    answer = bank.post("/v1/plans/offers", {"account": "A-2", "situation": FACTS})
    assert answer.json()["outcome"] == "offered", answer.text
    offer = answer.json()["offers"][0]
    assert offer["debt_total"] == "43600.00"  # both of the person's cards
    assert [card["account"] for card in offer["accounts"]] == ["A-1", "A-2"]


def test_an_unknown_account_is_a_problem(bank: Client) -> None:
    answer = bank.post("/v1/plans/offers", {"account": "nobody", "situation": FACTS})
    assert (answer.status_code, answer.json()["code"]) == (404, "account_unknown")


def test_a_refusal_is_an_answer_with_its_reason_and_next_step(bank: Client) -> None:
    answer = bank.post("/v1/plans/offers", {"debt": {"principal": "210000.00"}, "situation": {}})
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
        ({"debt": {"principal": "NaN"}, "situation": {}}, "amount_not_a_number"),
        ({"debt": {"principal": "1000000000000"}, "situation": {}}, "amount_absurd"),
        ({"debt": {"principal": "5.00", "days_past_due": -1}, "situation": {}}, "negative"),
        ({"debts": [], "situation": {}}, "invalid_request"),
        ({"debt": {"principal": "5.00"}, "situation": {"lump_sum": "-1"}}, "negative"),
        ({"debt": {"principal": "5.00"}, "situation": {"lump_sum": "NaN"}}, "amount_not_a_number"),
        ({"debt": {"principal": "5.00"}, "situation": {"lump_sum": "1000000000000"}}, "amount_absurd"),
        ({"debt": {"principal": "5.00"}, "situation": {"expected_income": {"from": "9", "to": "8"}}}, "range_reversed"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2026-11-24"}}, "date_past"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2025-01-01"}}, "date_past"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2027-11-26"}}, "date_too_far"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2027-02-30"}}, "not_a_date"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2027-W03-5"}}, "not_a_date"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": 20270115}}, "not_a_date"),
        ({"debt": {"principal": "5.00"}, "situation": {"income_from": "2027-01-15", "expected_income": "skipped"}}, "facts_contradict"),
    ],
)  # fmt: skip
def test_offers_that_cannot_be_are_a_problem_with_a_stable_code(
    bank: Client, body: dict[str, Any], code: str
) -> None:
    answer = bank.post("/v1/plans/offers", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_income_to_come_and_a_lump_sum_are_facts_like_any_other(bank: Client) -> None:
    debt = {**DEBT, "days_past_due": 200}
    poor = {**FACTS, "monthly_income": "3000.00"}
    later = {**poor, "expected_income": "7000.00", "income_from": "2027-01-15"}
    offer = bank.post("/v1/plans/offers", {"debt": debt, "situation": later}).json()["offers"][0]
    assert (offer["kind"], offer["deferred_until"]) == ("deferral_instalments", "2027-01-15")
    lump = {**poor, "lump_sum": {"from": "34000.00", "to": "36000.00"}}
    (offer,) = bank.post("/v1/plans/offers", {"debt": debt, "situation": lump}).json()["offers"]
    assert (offer["kind"], offer["total"], offer["periods"]) == ("settlement", "34000.00", 1)
    first = {**FACTS, "lump_sum": "5000.00"}
    offer = bank.post("/v1/plans/offers", {"debt": DEBT, "situation": first}).json()["offers"][0]
    assert offer["down_payment"] == {"due_date": "2026-12-04", "amount": "5000.00"}
    assert len(offer["schedule"]) == offer["periods"] + 1
    assert offer["monthly"] == offer["schedule"][1]["payment"]
    assert offer["first_due_date"] == offer["schedule"][1]["due_date"]


def test_where_nothing_is_affordable_the_next_question_is_what_will_come_in(bank: Client) -> None:
    asked: list[str | None] = []
    facts: dict[str, Any] = {**FACTS, "monthly_income": "3000.00"}
    for told in ({}, {"expected_income": "7000.00"}, {"income_from": "skipped"}):
        facts |= told
        answer = bank.post("/v1/plans/offers", {"debt": DEBT, "situation": facts}).json()
        asked.append(answer["question"])
    assert asked == ["expected_income", "income_from", None]
    assert (answer["reason"], answer["next_step"]) == ("nothing_affordable", "pause_and_human")


def test_age_sex_and_schooling_have_no_place_in_a_plan(bank: Client) -> None:
    for protected in ("sex", "age", "education", "marriage", "language"):
        body = {"debt": DEBT, "situation": {**FACTS, protected: 1}}
        assert bank.post("/v1/plans/offers", body).json()["code"] == "unknown_fact"


def test_a_caller_without_the_banks_token_is_refused(bank: Client) -> None:
    assert bank.post("/v1/plans/schedule", SCHEDULE, headers={}).status_code == 401
