"""Facts of money that comes once or later: checked when told, read back, and reason to plan anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.agreements.facts import merge_facts
from tests.conftest import Visit

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"income_from": "2026-11-24"}, "date_past"),
        ({"income_from": "2025-01-01"}, "date_past"),
        ({"income_from": "2027-11-26"}, "date_too_far"),
        ({"income_from": "soon"}, "not_a_date"),
        ({"lump_sum": "-1"}, "negative"),
        ({"lump_sum": "99999999"}, "amount_absurd"),
        ({"expected_income": {"from": "9", "to": "1"}}, "range_reversed"),
    ],
)
def test_what_cannot_be_is_refused_by_name(facts: dict[str, Any], code: str) -> None:
    merged = merge_facts({}, facts, largest=Decimal("1000000"), today=TODAY)
    assert merged.refused == [{"field": next(iter(facts)), "code": code}]
    assert merged.facts == {}


@pytest.mark.parametrize("value", ["2026-11-25", "skipped"])
def test_a_day_to_come_is_kept_as_it_was_told(value: str) -> None:
    merged = merge_facts({}, {"income_from": value}, largest=Decimal("1"), today=TODAY)
    assert merged.facts == {"income_from": value}


def test_a_new_fact_sets_the_offers_aside_and_is_read_back(visit: Visit) -> None:
    visit.identify()
    visit.tell()
    visit.bot("offers", {})
    told = visit.bot("situation", {"facts": {"lump_sum": "5000.00"}})
    assert (told["stage"], told["has_offers"]) == ("situation", False)
    assert "5,000" in told["words"]["more_facts"]
    again = visit.bot("offers", {})
    assert again["words"]["pays"].startswith("先还5,000")
    assert "since_before" in again["words"]
    back = visit.bot("situation", {"facts": {"lump_sum": "skipped"}})
    assert "more_facts" not in back["words"]


def test_the_one_question_that_helps_comes_before_a_refusal(visit: Visit) -> None:
    visit.identify()
    visit.tell(monthly_income="4000.00")
    first = visit.bot("offers", {})
    assert (first["reason"], first["question"]) == ("needs_facts", "expected_income")
    assert first["case"] == "none"
    visit.bot("situation", {"facts": {"expected_income": "6500.00"}})
    assert visit.bot("offers", {})["question"] == "income_from"
    visit.bot("situation", {"facts": {"income_from": "2026-12-10"}})
    planned = visit.bot("offers", {})
    assert planned["kind"] == "deferral_instalments"
    assert visit.bot("choice", {"option": 1})["stage"] == "agree"
    assert visit.sign()["signed"] is True


def test_a_relative_after_a_death_is_the_same_matter(visit: Visit) -> None:
    visit.bot("handoff", {"reason": "death"})
    again = visit.bot("handoff", {"reason": "represents_holder"})
    assert again["bereaved"] is True
    assert again["words"]["case_no"] == "A0001"
