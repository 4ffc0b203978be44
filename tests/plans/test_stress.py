"""What if it gets harder: figures that can be followed by hand, and words that may be said."""

from decimal import Decimal
from typing import Any

import pytest

from api.plans.debt import Debt
from api.plans.stress import Stressed, stress, stress_document
from tests.plans.someone import offered
from tests.plans.test_explanation import FORBIDDEN_EN, FORBIDDEN_ZH, LATE, LATER, PEOPLE


def of(**changes: Any) -> list[Stressed]:
    return list(stress(offered(**changes).offers[0]))


def test_income_ten_twenty_thirty_percent_lower_and_one_payment_missed() -> None:
    assert [(s.event, s.percent) for s in of()] == [
        ("income_drop", 10), ("income_drop", 20), ("income_drop", 30), ("missed_payment", None),
    ]  # fmt: skip


def test_what_lacks_each_month_can_be_followed_by_hand() -> None:
    ten, twenty, thirty, missed = of()
    # 6,000 less 10 % is 5,400; less 3,900 of living, 1,000 elsewhere and 1,000 of the plan: −500
    assert [s.short for s in (ten, twenty, thirty)] == [
        Decimal("500.00"), Decimal("1100.00"), Decimal("1700.00"),
    ]  # fmt: skip
    # 5,400 − 1,000 − 1,000 = 3,400, well above the floor of 1,500 for one person
    assert [s.floor_touched for s in (ten, twenty, thirty)] == [False, False, False]
    assert missed.short == Decimal("900.00")  # 6,000 − 3,900 − 1,000 − 2,000


def test_the_floor_is_touched_when_the_payment_takes_what_is_kept_for_living() -> None:
    # Two people: the floor is 2,300 and counts as their living. 4,000 − 2,300 = 1,700, 100 stays.
    facts = {"monthly_income": "4000.00", "essential_spending": "2300.00",
             "other_debt_payments": "0.00", "household_size": 2}  # fmt: skip
    ten = of(**facts)[0]
    payment = offered(**facts).offers[0].schedule.highest_payment
    assert ten.short == ten.below_floor == 2300 - (3600 - payment)
    assert ten.floor_touched is True
    assert "别这样硬还" in ten.words_zh
    assert "Don't pay from that" in ten.words_en


def test_a_drop_that_the_buffer_and_the_rest_can_take_says_so() -> None:
    ten = of(monthly_income="20000.00", proposed_payment="1500.00")[0]
    assert (ten.short, ten.floor_touched) == (Decimal("0.00"), False)
    assert ten.left is not None
    assert ten.left > 0
    assert "还剩" in ten.words_zh


def test_a_missed_payment_has_the_agreements_way_out() -> None:
    missed = of()[-1]
    assert missed.rule == "bank.agreement.moves_per_year"
    # The last of 36 payments from 24 December 2026 is on 24 November 2029; moved, a month later.
    assert "2029年12月24日" in missed.words_zh
    assert "24 Dec 2029" in missed.words_en


def test_without_an_income_only_the_dates_can_be_said() -> None:
    (missed,) = of(monthly_income="skipped", proposed_payment="2000.00")
    assert (missed.event, missed.short, missed.floor_touched) == ("missed_payment", None, None)


def test_as_json_money_is_text() -> None:
    first = stress_document(offered().offers[0])[0]
    assert (first["short"], first["income"], first["floor_touched"]) == ("500.00", "5400.00", False)


@pytest.mark.parametrize(("debt", "facts"), PEOPLE)
def test_every_sentence_may_be_said(debt: Debt, facts: dict[str, Any]) -> None:
    for offer in offered(debt, **facts).offers:
        for found in stress(offer):
            assert found.words_zh.endswith("。")
            assert found.words_en.endswith(".")
            assert not [word for word in FORBIDDEN_ZH if word in found.words_zh]
            assert not [word for word in FORBIDDEN_EN if word in found.words_en.lower()]


def test_a_settlement_that_is_not_paid_loses_nothing_but_itself() -> None:
    settled = offered(LATE, lump_sum="34000.00", monthly_income="3000.00").offers[0]
    (missed,) = stress(settled)
    assert (missed.event, missed.short, missed.floor_touched) == ("missed_payment", None, None)
    assert "2026年12月9日前没还上" in missed.words_zh  # 4 December and five days of grace
    assert "9 Dec 2026" in missed.words_en


def test_a_deferral_is_also_tried_with_an_income_that_comes_late() -> None:
    late, ten, *_ = stress(offered(LATE, **LATER).offers[0])
    assert (late.event, late.rule) == ("income_late", "bank.deferral.longest_days")
    assert "别借钱来还" in late.words_zh
    # 7,000 less 10 % is 6,300; less 3,900 of living, 1,000 elsewhere and 1,738.39: 338.39 short
    assert ten.short == Decimal("338.39")


def test_a_first_larger_payment_is_not_what_a_month_is_tried_with() -> None:
    found = offered(lump_sum="5000.00").offers[0]
    ten = stress(found)[0]
    assert found.highest_monthly < 1000
    # 5,400 − 3,900 − 1,000 = 500 is left for the payment
    assert ten.short == found.highest_monthly - 500
