"""Why this amount: sentences with their source, in words that may be said to a cardholder."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.plans.debt import Debt
from api.plans.documents import result_document
from api.plans.explanation import rules_applied, whose_rule
from tests.plans.someone import DEBT, offered, view

# From voice.md, section 5: what is never said.
FORBIDDEN_ZH = [
    "保证",
    "绝对",
    "您有权",
    "必须同意",
    "免息",
    "无息",
    "债务人",
    "欠款人",
    "综合评估",
    "！",
    "～",
    "…",
]
FORBIDDEN_EN = [
    "guarantee",
    "entitled",
    "debtor",
    "interest-free",
    "obligation",
    "unfortunately",
    "!",
    "…",
]

LATE = replace(DEBT, days_past_due=200)
LATER = {"monthly_income": "3000.00", "expected_income": "7000.00", "income_from": "2027-01-01"}

PEOPLE: list[tuple[Debt, dict[str, Any]]] = [
    (DEBT, {}),
    (DEBT, {"proposed_payment": "850.00"}),
    (DEBT, {"monthly_income": "9000.00", "agreed_payments": "100.00"}),
    (DEBT, {"monthly_income": "skipped", "proposed_payment": "2000.00"}),
    (
        DEBT,
        {
            "monthly_income": "3600.00",
            "essential_spending": "2000.00",
            "other_debt_payments": "900.00",
        },
    ),
    (LATE, {"lump_sum": "34000.00"}),
    (LATE, {"lump_sum": "34000.00", "monthly_income": "3000.00"}),
    (LATE, {"lump_sum": "39000.00"}),
    (LATE, {"lump_sum": "50.00"}),
    (LATE, {"lump_sum": "5000.00", "pay_day": 1, "expected_income": "9000.00"}),
    (DEBT, {"lump_sum": "5000.00"}),
    (LATE, LATER),
    (LATE, {**LATER, "expected_income": "50000.00"}),
    (replace(DEBT, principal=Decimal("110000.00")), {"monthly_income": "12000.00"}),
    (
        Debt("card", Decimal("2580.00"), penalty=Decimal("40.00"), days_past_due=12),
        {"reason": "forgot", "monthly_income": "9000.00"},
    ),
]


@pytest.mark.parametrize(("debt", "facts"), PEOPLE)
def test_every_rule_has_words_in_both_languages_a_source_in_force_and_nothing_forbidden(
    debt: Debt, facts: dict[str, Any]
) -> None:
    for offer in offered(debt, **facts).offers:
        rules = rules_applied(offer)
        assert len(rules) >= 3
        for rule in rules:
            parameter = view().parameter(rule.id)
            assert parameter.verified, "unverified rules are never quoted"
            assert rule.citation == parameter.citation.text
            assert rule.words_zh.endswith("。")
            assert rule.words_en.endswith(".")
            assert not rule.words_en[0].islower()
            assert not [word for word in FORBIDDEN_ZH if word in rule.words_zh]
            assert not [word for word in FORBIDDEN_EN if word in rule.words_en.lower()]


def test_the_sum_can_be_followed_line_by_line() -> None:
    first = rules_applied(offered().offers[0])[0]
    for figure in ("6,000.00", "3,900.00", "1,000.00", "1,100.00", "100.00"):
        assert figure in first.words_zh
        assert figure in first.words_en


def test_relief_is_named_part_by_part() -> None:
    relief = next(
        rule for rule in rules_applied(offered().offers[0]) if rule.id == "bank.relief.ladder"
    )
    assert "违约金1,700.00\u00a0元" in relief.words_zh
    assert "利息900.00\u00a0元" in relief.words_zh
    assert "18.25%降到0%" in relief.words_zh


def test_the_regulators_rule_is_may_and_never_must() -> None:
    lawful = rules_applied(offered().offers[0])
    rule = next(rule for rule in lawful if rule.id.startswith("cn.personalised_instalment"))
    assert "可以" in rule.words_zh
    assert " may " in rule.words_en


def test_a_catch_up_is_never_called_a_personalised_instalment_agreement() -> None:
    debt, facts = PEOPLE[-1]
    ids = {rule.id for rule in rules_applied(offered(debt, **facts).offers[0])}
    assert not [rule_id for rule_id in ids if rule_id.startswith("cn.personalised_instalment")]


def test_whose_rule_it_is_depends_on_the_source() -> None:
    assert whose_rule(view(), "cn.privacy.separate_consent", "zh") == "法律规定"
    assert whose_rule(view(), "cn.personalised_instalment.conditions", "zh") == "监管规定"
    assert whose_rule(view(), "cn.contact.quiet_hours", "en") == "the industry code"
    assert whose_rule(view(), "bank.pause.days", "zh") == "云汀银行的规定"


def ids_of(debt: Debt, **facts: Any) -> list[str]:
    return [rule.id for rule in rules_applied(offered(debt, **facts).offers[0])]


def test_a_settlement_says_what_is_waived_and_by_when_and_calls_itself_no_instalments() -> None:
    settled = offered(LATE, lump_sum="34000.00", monthly_income="3000.00").offers[0]
    ladder, day, *others = rules_applied(settled)
    assert ladder.id == "bank.settlement.ladder"
    for figure in ("38,600.00", "34,000.00", "1,700.00", "2,900.00"):
        assert figure in ladder.words_zh
        assert figure in ladder.words_en
    assert "2026年12月4日" in day.words_zh
    assert "4 Dec 2026" in day.words_en
    assert not [rule for rule in others if rule.id.startswith("cn.")]


def test_a_first_larger_payment_says_where_it_goes() -> None:
    charges_first = rules_applied(offered(DEBT, lump_sum="5000.00").offers[0])
    down = next(rule for rule in charges_first if rule.id == "bank.lump_sum.pay_within_days")
    assert "其中本金1,045.75\u00a0元，利息和费用3,954.25\u00a0元" in down.words_zh
    principal_first = rules_applied(offered(LATE, lump_sum="5000.00").offers[0])
    down = next(rule for rule in principal_first if rule.id == "bank.lump_sum.pay_within_days")
    assert "都算还本金" in down.words_zh
    assert "all of it for what you borrowed" in down.words_en
    # art. 57 is not verified, so it is never quoted to anybody
    assert not [rule for rule in principal_first if rule.id.startswith("cn.allocation")]


def test_a_deferral_says_until_when_and_what_becomes_of_interest() -> None:
    assert ids_of(LATE, **LATER)[:3] == [
        "bank.deferral.longest_days",
        "bank.deferral.interest_accrues",
        "bank.affordability.buffer_least",
    ]
    rules = rules_applied(offered(LATE, **LATER).offers[0])
    assert "2027年1月4日以前不用还" in rules[0].words_zh
    assert rules[1].words_zh == "这期间不加新利息。"
    assert rules[2].words_zh.startswith("到那时，每月到手7,000.00\u00a0元")
    assert "cn.personalised_instalment.longest_term_months" in {rule.id for rule in rules}
    soon = ids_of(LATE, **{**LATER, "expected_income": "50000.00"})
    assert "cn.personalised_instalment.longest_term_months" not in soon


def test_evidence_is_asked_for_from_the_sum_that_policy_names() -> None:
    debt = Debt("card", Decimal("99999.99"))
    assert "bank.evidence.wanted_from" not in ids_of(debt, monthly_income="15000.00")
    debt = Debt("card", Decimal("100000.00"))
    assert "bank.evidence.wanted_from" in ids_of(debt, monthly_income="15000.00")
    document = result_document(offered(debt, monthly_income="15000.00"))
    assert document["offers"][0]["evidence_wanted"] is True
