"""What if: recomputed at once, never a way to more relief."""

from decimal import Decimal

import pytest

from api.plans.counter import what_if
from tests.plans.someone import offered


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
    "asked", [{}, {"periods": 0}, {"monthly": Decimal(0)}, {"periods": 3, "monthly": Decimal(1)}]
)
def test_a_question_that_is_none_is_refused(asked: dict[str, int]) -> None:
    result = offered()
    with pytest.raises(ValueError, match=r"ask for|above zero"):
        what_if(result.basis, result.offers[0], **asked)  # type: ignore[arg-type]
