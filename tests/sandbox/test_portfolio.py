from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import phonenumbers
import pytest

from sandbox.portfolio import COLUMNS, people, sample_csv, sample_rows

DAYS = [date(2026, 11, 24), date(2027, 1, 31), date(2028, 2, 29)]


def by_ref(today: date = DAYS[0]) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in sample_rows(today):
        rows.setdefault(row["person_ref"], []).append(row)
    return rows


def owed(row: dict[str, str]) -> Decimal:
    return sum((Decimal(row[p]) for p in ("principal", "interest", "penalty", "fees")), Decimal(0))


@pytest.mark.parametrize("today", DAYS)
def test_the_file_has_exactly_the_columns_and_is_drawn_up_today(today: date) -> None:
    lines = list(csv.reader(io.StringIO(sample_csv(today))))

    assert tuple(lines[0]) == tuple(COLUMNS)
    assert all(len(line) == len(COLUMNS) for line in lines)
    assert {line[-1] for line in lines[1:]} == {today.isoformat()}


@pytest.mark.parametrize("today", DAYS)
def test_days_late_do_not_depend_on_the_day_it_is_loaded(today: date) -> None:
    late = {
        ref: [(today - date.fromisoformat(row["due_date"])).days for row in rows]
        for ref, rows in by_ref(today).items()
    }

    assert late["P-1001"] == [12]
    assert late["P-1015"] == [-5]
    assert all(days > 0 for ref, each in late.items() if ref != "P-1015" for days in each)
    paid = [date.fromisoformat(row["last_payment_date"]) for row in sample_rows(today)]
    assert all(day < today for day in paid)


def test_every_number_is_valid_and_belongs_to_one_person() -> None:
    numbers = {row["telephone"]: row["person_ref"] for row in sample_rows(DAYS[0])}

    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
    assert len(set(numbers.values())) == len(numbers) == len(people())
    regions = [
        phonenumbers.region_code_for_number(phonenumbers.parse(number)) for number in numbers
    ]
    assert regions.count("HK") == 1
    assert regions.count("CN") == len(regions) - 1


def test_every_row_is_well_formed() -> None:
    for row in sample_rows(DAYS[0]):
        for part in ("principal", "interest", "penalty", "fees", "last_payment_amount"):
            assert re.fullmatch(r"\d+\.\d{2}", row[part]), (row["account_ref"], part)
        assert re.fullmatch(r"\d{3}[\dX]", row["id_last4"])
        assert re.fullmatch(r"\d{4}", row["card_tail"])
        assert row["locale"] in ("zh", "en")
        assert row["status"] in ("open", "litigated", "sold", "written_off")
        assert row["currency"] == "CNY"


def test_the_situations_that_were_asked_for_are_there() -> None:
    rows = by_ref()
    told = {person.person_ref: person for person in people()}

    assert told["P-1001"].facts["reason"] == "forgot"
    assert owed(rows["P-1002"][0]) == Decimal("38600.00")
    assert told["P-1002"].facts["reason"] == "job_loss"
    assert told["P-1003"].channel == "sms"
    assert told["P-1003"].facts["monthly_income"] == {"from": "2900.00", "to": "2900.00"}
    assert rows["P-1004"][0]["telephone"].startswith("+852")
    assert rows["P-1004"][0]["locale"] == "en"
    assert len(rows["P-1005"]) == 2
    assert rows["P-1006"][0]["id_last4"].endswith("X")
    assert owed(rows["P-1007"][0]) == Decimal("210000.00")
    assert told["P-1007"].expected["reason"] == "beyond_authority"
    assert (rows["P-1008"][0]["locale"], told["P-1008"].expected["reason"]) == ("en", "dispute")
    assert rows["P-1009"][0]["status"] == "litigated"
    assert told["P-1010"].expected["reason"] == "distress"
    assert (rows["P-1011"][0]["status"], told["P-1011"].expected["reason"]) == ("open", "death")
    assert told["P-1012"].expected["outcome"] == "agreement_in_force"


def test_whoever_is_expected_an_offer_can_pay_what_they_propose() -> None:
    for person in people():
        if person.expected["outcome"] != "offered" or person.expected["kind"] != "instalments":
            continue
        facts = {name: person.facts[name] for name in ("essential_spending", "other_debt_payments")}
        income = Decimal(person.facts["monthly_income"]["from"])
        left = income - sum(Decimal(amount) for amount in facts.values())
        assert Decimal(person.facts["proposed_payment"]) <= left, person.person_ref
        principal = sum(Decimal(row["principal"]) for row in by_ref()[person.person_ref])
        assert principal <= 60 * Decimal(person.facts["proposed_payment"]), person.person_ref


def test_four_people_are_introduced_in_both_languages() -> None:
    introduced = sorted(person.welcome for person in people() if person.welcome)

    assert introduced == [1, 2, 3, 4]
    assert {person.locale for person in people() if person.welcome} == {"zh", "en"}
    assert DAYS[0] + timedelta(days=5) == date.fromisoformat(by_ref()["P-1015"][0]["due_date"])
