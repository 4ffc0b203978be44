"""Why this amount: sentences with their source, in words that may be said to a cardholder."""

from decimal import Decimal
from typing import Any

import pytest

from api.plans.debt import Debt
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
        assert len(rules) >= 4
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
    assert "违约金1,700.00元" in relief.words_zh
    assert "利息900.00元" in relief.words_zh
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
