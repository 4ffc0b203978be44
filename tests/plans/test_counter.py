"""What if: recomputed at once, never a way to more relief."""

from dataclasses import replace
from decimal import Decimal

import pytest

from api.plans.counter import what_if
from tests.plans.someone import DEBT, offered


def test_a_lower_payment_takes_longer_at_the_same_relief() -> None:
    result = offered()
    counter = what_if(result.basis, result.offers[0], monthly=Decimal("850.00"))
    assert (counter.offer.periods, counter.months_more, counter.why_not) == (43, 7, None)
    assert counter.offer.waived == result.offers[0].waived
    assert counter.total_more == 0  # at 0 % a year more time costs nothing


def test_a_longer_term_at_a_rate_costs_more() -> None:
    result = offered(monthly_income="9000.00")
    counter = what_if(result.basis, result.offers[0], periods=30)
    assert counter.why_not is None
    assert counter.total_more > 0


@pytest.mark.parametrize(
    ("asked", "months", "why_not"),
    [
        ({"monthly": Decimal("1500.00")}, 36, "more_than_affordable"),
        ({"monthly": Decimal("100.00")}, 48, "longer_than_allowed"),
        ({"periods": 12}, 36, "shorter_than_affordable"),
        ({"periods": 60}, 48, "longer_than_allowed"),
        ({"periods": 40}, 40, None),
    ],
)
def test_the_nearest_possible_plan_says_why_it_is_not_what_was_asked(
    asked: dict[str, int], months: int, why_not: str | None
) -> None:
    result = offered()
    counter = what_if(result.basis, result.offers[0], **asked)  # type: ignore[arg-type]
    assert (counter.offer.periods, counter.why_not) == (months, why_not)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"periods": 0},
        {"monthly": Decimal(0)},
        {"lump_sum": Decimal(0)},
        {"periods": 3, "monthly": Decimal(1)},
        {"periods": 3, "lump_sum": Decimal(1)},
    ],
)
def test_a_question_that_is_none_is_refused(asked: dict[str, int]) -> None:
    result = offered()
    with pytest.raises(ValueError, match=r"ask for|above zero"):
        what_if(result.basis, result.offers[0], **asked)  # type: ignore[arg-type]


def test_a_lump_sum_first_is_sooner_and_cheaper_where_interest_runs() -> None:
    result = offered(monthly_income="9000.00")
    counter = what_if(result.basis, result.offers[0], lump_sum=Decimal("5000.00"))
    assert counter.why_not is None
    assert counter.offer.down_payment is not None
    assert counter.offer.down_payment.payment == Decimal("5000.00")
    assert counter.months_more < 0
    assert counter.total_more < 0
    assert counter.waived_more == 0


def test_a_lump_sum_is_means_like_any_other_and_says_what_relief_it_costs() -> None:
    result = offered()
    counter = what_if(result.basis, result.offers[0], lump_sum=Decimal("5000.00"))
    # 2,600 were waived; with 5,000 first, the penalty of 1,700 is enough
    assert (counter.waived_more, counter.why_not) == (Decimal("-900.00"), None)
    told = offered(lump_sum="5000.00").offers[0]
    assert counter.offer.schedule == told.schedule  # asking shows what telling brings
    assert counter.total_more == told.total - result.offers[0].total


def test_a_lump_sum_that_settles_everything_is_answered_with_the_settlement() -> None:
    result = offered(replace(DEBT, days_past_due=200))
    counter = what_if(result.basis, result.offers[0], lump_sum=Decimal("34000.00"))
    assert (counter.offer.kind, counter.offer.total) == ("settlement", Decimal("34000.00"))
    assert counter.total_more == Decimal("-2000.00")
    once = what_if(counter.offer.basis, counter.offer, periods=12)
    assert (once.offer.kind, once.why_not) == ("settlement", "one_payment_only")


def test_a_lump_sum_too_small_changes_nothing() -> None:
    result = offered()
    counter = what_if(result.basis, result.offers[0], lump_sum=Decimal("99.99"))
    assert (counter.total_more, counter.why_not) == (0, "lump_sum_too_small")
