"""Terms and document of every kind of plan, from what the planner really makes; the sums hold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from api.agreements.document import render_pdf
from api.agreements.terms import TermsError, sections, summary_rows
from api.agreements.terms_policy import policy_values
from api.plans.debt import Debt
from api.plans.documents import result_document
from api.plans.offers import plan_offers
from api.plans.situation import Situation
from api.policy.lookup import Policy
from tests.agreements.sample_terms import build

DAY = date(2026, 11, 24)
LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])
MEANS = {
    "reason": "job_loss", "monthly_income": "6000.00", "essential_spending": "3900.00",
    "other_debt_payments": "1000.00", "pay_day": 15,
}  # fmt: skip
LATER = {"monthly_income": "4000.00", "income_from": "2027-01-10"}
OLD = {"principal": "33000.00", "interest": "3900.00", "penalty": "1700.00", "late": 200}
SMALL = {"principal": "3000.00", "interest": "200.00", "penalty": "100.00", "late": 40}
CASES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "instalments": ("instalments", OLD, {}),
    "first payment": ("instalments", OLD, {"lump_sum": "5000.00"}),
    "settlement": ("settlement", OLD, {"lump_sum": "34000.00"}),
    "deferral": ("deferral", SMALL, {**LATER, "expected_income": "9500.00"}),
    "deferral, instalments": ("deferral_instalments", OLD, {**LATER, "expected_income": "6500.00"}),
    "catch up": ("catch_up", SMALL, {"monthly_income": "9000.00"}),
}


@cache
def made(case: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first offer of the case's kind, and the card it is about."""
    kind, owed, more = CASES[case]
    sums = {part: owed[part] for part in ("principal", "interest", "penalty")}
    debt = Debt(
        "A-1", *(Decimal(amount) for amount in sums.values()), days_past_due=owed["late"]
    )  # fmt: skip
    view = Policy.shipped().on(DAY)
    result = result_document(plan_offers([debt], Situation.from_facts({**MEANS, **more}), view))
    offer = next(o for o in result["offers"] if o["kind"] == kind)
    return offer, {"card_tail": "3071", "currency": "CNY", "fees": "0.00", **sums}


def terms_of(case: str, locale: str, **changes: Any) -> dict[str, Any]:
    offer, card = made(case)
    return build(
        locale, offer={**offer, **changes}, card_accounts=[card],
        policy_values=policy_values(Policy.shipped().on(DAY)),
    )  # fmt: skip


def text_of(terms: dict[str, Any]) -> str:
    parts = [f"{row['label']} {row['text']}" for row in summary_rows(terms)]
    for section in sections(terms):
        parts += [section["heading"], *section["paragraphs"]]
        for row in section["table"]["rows"] if section["table"] else []:
            parts += row
    return "\n".join(parts)


@LOCALES
@pytest.mark.parametrize("case", CASES)
def test_every_kind_has_its_terms_and_its_document(case: str, locale: str) -> None:
    offer, _ = made(case)
    terms = terms_of(case, locale)
    text = text_of(terms)
    assert not re.search(r"[{}]", text)
    plain = text.replace(",", "")
    for line in offer["schedule"]:
        assert line["payment"] in plain
    assert offer["total"] in plain
    assert render_pdf(terms, signature=None).startswith(b"%PDF")


@LOCALES
@pytest.mark.parametrize("case", CASES)
def test_article_70_belongs_to_personalised_agreements_alone(case: str, locale: str) -> None:
    terms = terms_of(case, locale)
    personalised = CASES[case][0] in ("instalments", "deferral_instalments")
    promise = "不向任何一家银行" if locale == "zh" else "no credit card at any bank"
    assert (promise in text_of(terms)) == personalised
    marks = [section["article_70"] for section in sections(terms)]
    assert any(mark is not None for mark in marks) == personalised
    wrong = ("有权", "应当") if locale == "zh" else ("entitled", "your right to")
    assert not any(word in text_of(terms) for word in wrong)


@LOCALES
def test_a_settlement_says_what_is_waived_by_when_and_that_nothing_else_is_owed(
    locale: str,
) -> None:
    offer, _ = made("settlement")
    text = text_of(terms_of("settlement", locale))
    plain = text.replace(",", "")
    for part in ("interest", "penalty", "principal"):
        if Decimal(offer["waived"][part]):
            assert offer["waived"][part] in plain
    for words in {
        "zh": ("不再欠别的", "结清证明", "当天或以前", "到账那天"),
        "en": ("nothing else is owed", "settlement certificate", "on or before", "is cleared"),
    }[locale]:
        assert words in text
    assert ("往后挪" if locale == "zh" else "move back") not in text


@LOCALES
def test_waived_principal_is_named_as_such(locale: str) -> None:
    offer, _ = made("settlement")
    total = Decimal(offer["total"]) - 1000
    payment = f"{total:.2f}"
    line = {**offer["schedule"][0], "payment": payment, "balance": "0.00"}
    line["principal"] = f"{Decimal(line['principal']) - 1000:.2f}"
    waived = {**offer["waived"], "principal": "1000.00"}
    waived["total"] = f"{Decimal(offer['waived']['total']) + 1000:.2f}"
    changed = {"schedule": [line], "waived": waived, "monthly": payment, "total": payment}
    text = text_of(terms_of("settlement", locale, **changed))
    assert re.search(r"本金 1,000\.00" if locale == "zh" else r"¥1,000\.00 principal", text)
    with pytest.raises(TermsError):  # only a settlement waives principal
        terms_of("instalments", locale, waived=waived)


@LOCALES
def test_a_deferral_says_until_when_nothing_is_due_and_what_waiting_costs(locale: str) -> None:
    text = text_of(terms_of("deferral, instalments", locale))
    assert ("以前不用还" if locale == "zh" else "You pay nothing before") in text
    assert ("等的这段时间，不加" if locale == "zh" else "while you wait") in text


@LOCALES
def test_the_first_payment_stands_apart_and_adds_up(locale: str) -> None:
    offer, _ = made("first payment")
    terms = terms_of("first payment", locale)
    assert terms["repayment"]["periods"] == len(terms["repayment"]["schedule"]) - 1
    assert "5,000.00" in text_of(terms)
    paid = sum(Decimal(line["payment"]) for line in offer["schedule"])
    assert f"{paid:.2f}" == offer["total"]
    for wrong in (
        {"down_payment": {**offer["down_payment"], "amount": "5000.01"}},
        {"down_payment": None},
        {"periods": offer["periods"] + 1},
        {"deferred_until": offer["first_due_date"]},
    ):
        with pytest.raises(TermsError):
            terms_of("first payment", locale, **wrong)


@LOCALES
def test_a_settlement_whose_sums_disagree_is_refused(locale: str) -> None:
    offer, _ = made("settlement")
    with pytest.raises(TermsError):
        terms_of("settlement", locale, total=f"{Decimal(offer['total']) + 1:.2f}")
    with pytest.raises(TermsError):
        terms_of("settlement", locale, interest="1.00")


@LOCALES
def test_evidence_is_looked_at_before_a_signature_and_is_no_condition_after_it(locale: str) -> None:
    words = "收入证明" if locale == "zh" else "proof of income"
    assert words not in text_of(terms_of("instalments", locale, evidence_wanted=True))
