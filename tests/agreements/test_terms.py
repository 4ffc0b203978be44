"""The terms say what article 70 asks, in both languages, from the figures and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.agreements.terms import (
    TermsError,
    clause_number,
    cooling_off_until,
    sections,
    summary_rows,
)
from tests.agreements.sample_terms import CARDS, OFFERS, POLICY, build, instalments, with_interest

LOCALES = ("zh", "en")


def whole_text(terms: dict[str, Any]) -> str:
    parts = [row["label"] + row["text"] for row in summary_rows(terms)]
    for section in sections(terms):
        parts += [section["heading"], *section["paragraphs"]]
        if section["table"]:
            parts += [cell for row in section["table"]["rows"] for cell in row]
    return "\n".join(parts)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", OFFERS)
def test_every_item_of_article_70_is_answered_by_a_section(locale: str, kind: str) -> None:
    terms = build(locale, offer=OFFERS[kind]())
    answered = {item for section in sections(terms) for item in _items(section["article_70"])}
    assert answered >= {1, 2, 3, 4, 5, 6}


def _items(mark: Any) -> list[int]:
    if mark is None:
        return []
    return [int(number) for number in re.findall(r"\d", str(mark))]


@pytest.mark.parametrize("locale", LOCALES)
def test_balance_structure_and_every_payment_are_stated(locale: str) -> None:
    offer = with_interest()
    text = whole_text(build(locale, offer=offer)).replace(",", "")
    for part in ("33000.00", "3900.00", "1700.00", "38600.00"):
        assert part in text
    for line in offer["schedule"]:
        assert line["payment"] in text


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_has_an_unfilled_placeholder(locale: str) -> None:
    for make in OFFERS.values():
        assert not re.search(r"[{}]", whole_text(build(locale, offer=make())))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catch_up_arrangement_asks_for_no_promise_about_new_cards(locale: str) -> None:
    offer = instalments(3, kind="catch_up")
    text = whole_text(build(locale, offer=offer))
    assert ("不向任何一家银行" if locale == "zh" else "no credit card") not in text
    assert all(section["article_70"] is None for section in sections(build(locale, offer=offer)))


def test_the_evidence_is_never_called_equal_to_handwriting() -> None:
    for locale, words in (
        ("zh", ("等同", "同等法律效力")),
        ("en", ("same as signing by hand", "equal to")),
    ):
        text = whole_text(build(locale))
        assert not any(word in text for word in words)


def test_figures_that_disagree_are_refused() -> None:
    wrong = instalments()
    wrong["schedule"][3]["payment"] = str(Decimal(wrong["schedule"][3]["payment"]) + 1)
    with pytest.raises(TermsError):
        build(offer=wrong)
    with pytest.raises(TermsError):
        build(offer=instalments(debt_total="38600.01"))
    with pytest.raises(TermsError):
        build(card_accounts=[CARDS[0] | {"principal": "32999.99"}])


def test_a_term_beyond_five_years_is_refused() -> None:
    with pytest.raises(TermsError):
        build(offer=instalments(61))


@pytest.mark.parametrize("missing", sorted(POLICY))
def test_a_missing_policy_value_is_refused(missing: str) -> None:
    values = {name: value for name, value in POLICY.items() if name != missing}
    with pytest.raises(TermsError):
        build(policy_values=values)


def test_cooling_off_counts_days_in_shanghai() -> None:
    late_evening_in_utc = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # already the 25th there
    assert cooling_off_until(build(), late_evening_in_utc).isoformat() == "2026-12-02"


def test_a_clause_is_found_by_its_subject() -> None:
    assert clause_number(build(), "breach") > 0
    with pytest.raises(KeyError):
        clause_number(build(), "nothing")
