"""Counting payments towards a schedule: exact to the fen, whatever the order in which they become known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.followup.instalments import Line, Received, Standing, standing_of
from api.followup.moving_days import moved_back
from api.kit.money import ZERO, from_fen
from api.plans.payment_days import due_dates, next_working_day, unmoved

FIRST = date(2026, 12, 15)
LINES = [
    Line(number, day, Decimal("1000.00"))
    for number, day in enumerate(due_dates(FIRST, 15, 3), start=1)
]


def on(today: date, *payments: tuple[str, date]) -> Standing:
    """Return how three instalments of 1,000 stand."""
    received = [
        Received(f"P{place}", day, Decimal(amount)) for place, (amount, day) in enumerate(payments)
    ]
    return standing_of(LINES, received, today=today, grace_days=5)


@pytest.mark.parametrize(
    ("today", "payments", "states"),
    [
        (FIRST, [], ["due", "due", "due"]),
        (FIRST, [("1000.00", FIRST)], ["paid", "due", "due"]),
        (FIRST, [("400.00", FIRST)], ["part_paid", "due", "due"]),
        (FIRST + timedelta(days=1), [("400.00", FIRST)], ["in_grace", "due", "due"]),
        (FIRST + timedelta(days=5), [], ["in_grace", "due", "due"]),
        (FIRST + timedelta(days=6), [("999.99", FIRST)], ["missed", "due", "due"]),
        (FIRST + timedelta(days=9), [("1000.00", FIRST + timedelta(days=8))], ["paid", "due", "due"]),
        (FIRST, [("2500.00", FIRST)], ["paid", "paid", "part_paid"]),
    ],
)  # fmt: skip
def test_states(today: date, payments: list[tuple[str, date]], states: list[str]) -> None:
    assert [each.state for each in on(today, *payments).instalments] == states


def test_too_much_is_kept_apart_and_belongs_to_the_person() -> None:
    standing = on(FIRST, ("2500.00", FIRST), ("600.05", FIRST))
    assert (standing.paid_count, standing.left_total, standing.over) == (3, ZERO, Decimal("100.05"))
    assert standing.open == ()


def test_the_day_it_was_completed_is_that_of_the_last_part() -> None:
    standing = on(FIRST, ("600.00", FIRST - timedelta(days=9)), ("400.00", FIRST))
    assert standing.numbered(1).paid_on == FIRST


amounts = st.integers(1, 5_000_00).map(from_fen)
payment = st.tuples(amounts, st.integers(-40, 200).map(lambda days: FIRST + timedelta(days=days)))


@given(
    due=st.lists(amounts, min_size=1, max_size=12), told=st.lists(payment, max_size=20),
    days=st.integers(-40, 400), shuffled=st.randoms(use_true_random=False),
)  # fmt: skip
def test_no_fen_is_lost_and_the_order_of_arrival_is_nothing(
    due: list[Decimal], told: list[tuple[Decimal, date]], days: int, shuffled: object
) -> None:
    lines = [
        Line(number, day, amount)
        for number, (day, amount) in enumerate(
            zip(due_dates(FIRST, 15, len(due)), due, strict=True), start=1
        )
    ]
    received = [Received(f"P{n}", day, amount) for n, (amount, day) in enumerate(told)]
    today = FIRST + timedelta(days=days)
    standing = standing_of(lines, received, today=today, grace_days=5)
    assert standing.paid_total + standing.over == sum((amount for amount, _ in told), ZERO)
    assert standing.paid_total + standing.left_total == sum(due, ZERO)
    for one, following in zip(standing.instalments, standing.instalments[1:], strict=False):
        assert one.left == ZERO or following.received == ZERO  # the oldest first
    assert (standing.over == ZERO) or not standing.open
    again = list(received)
    shuffled.shuffle(again)  # type: ignore[attr-defined]
    assert standing_of(lines, again, today=today, grace_days=5) == standing


def test_a_move_gives_each_the_day_of_the_next_and_the_last_a_new_one() -> None:
    moved = moved_back(LINES, 2, due_day=15, moved=unmoved)
    assert [line.due.isoformat() for line in moved] == ["2026-12-15", "2027-02-15", "2027-03-15"]
    assert [line.moved_from for line in moved] == [None, LINES[1].due, LINES[2].due]
    assert [line.amount for line in moved] == [line.amount for line in LINES]


def test_a_moved_last_day_is_counted_from_the_wanted_day_not_from_where_a_holiday_put_it() -> None:
    holidays = frozenset({date(2027, 1, 31), date(2027, 2, 28)})

    def moved(day: date) -> date:
        return next_working_day(day, holidays, weekends=False)

    lines = [Line(1, moved(date(2027, 1, 31)), Decimal(1))]
    assert lines[0].due == date(2027, 2, 1)
    (line,) = moved_back(lines, 1, due_day=31, moved=moved)
    assert line.due == date(2027, 3, 1)  # 28 February, and past it
