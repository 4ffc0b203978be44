"""What holds for every schedule, whatever the figures."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from api.kit.money import from_fen
from api.plans.rates import percent_by_months
from api.plans.schedule import Charges, Method, Schedule, build_schedule

fen = st.integers(min_value=0, max_value=20_000_000)
principals = st.integers(min_value=6_000, max_value=20_000_000)
rates = st.integers(min_value=0, max_value=3600).map(lambda percent: Decimal(percent) / 100)
periods = st.integers(min_value=1, max_value=60)
methods = st.sampled_from(["annuity", "equal_principal", "interest_free"])
starts = st.dates(min_value=date(2026, 1, 1), max_value=date(2040, 12, 31))
gaps = st.integers(min_value=1, max_value=45)
charges = st.builds(
    Charges,
    interest=fen.map(from_fen),
    penalty=fen.map(from_fen),
    fees=fen.map(from_fen),
)


def built(
    principal: int,
    rate: Decimal,
    count: int,
    method: Method = "annuity",
    start: date = date(2026, 11, 24),
    gap: int = 30,
    carried: Charges | None = None,
) -> Schedule:
    return build_schedule(
        principal=from_fen(principal),
        annual_rate=Decimal(0) if method == "interest_free" else rate,
        periods=count,
        method=method,
        start_date=start,
        first_due_date=start + timedelta(days=gap),
        charges=carried,
        first_period="actual",
    )


@settings(max_examples=400)
@given(principals, rates, periods, methods, starts, gaps, charges)
def test_everything_adds_up_to_the_fen(
    principal: int,
    rate: Decimal,
    count: int,
    method: Method,
    start: date,
    gap: int,
    carried: Charges,
) -> None:
    schedule = built(principal, rate, count, method, start, gap, carried)
    rows = schedule.instalments
    assert len(rows) == count
    assert sum(row.principal for row in rows) == from_fen(principal)
    assert sum(row.accrued_interest for row in rows) == carried.interest
    assert sum(row.penalty for row in rows) == carried.penalty
    assert sum(row.fees for row in rows) == carried.fees
    assert sum(row.payment for row in rows) == schedule.total_payment
    assert sum(row.interest for row in rows) == schedule.total_interest
    assert schedule.total_payment == from_fen(principal) + schedule.total_interest + carried.total
    owed = from_fen(principal) + carried.total
    for row in rows:
        assert row.payment == row.principal + row.interest + row.charges
        assert row.charges == row.accrued_interest + row.penalty + row.fees
        owed -= row.principal + row.charges
        assert row.balance == owed
    assert rows[-1].balance == 0


@settings(max_examples=200)
@given(st.integers(1, 100_000), rates, periods, methods, charges)
def test_no_part_of_a_payment_is_ever_negative(
    principal: int, rate: Decimal, count: int, method: Method, carried: Charges
) -> None:
    for row in built(max(principal, count), rate, count, method, carried=carried).instalments:
        assert min(row.payment, row.principal, row.interest, row.charges, row.balance) >= 0
        assert min(row.accrued_interest, row.penalty, row.fees) >= 0


@settings(max_examples=300)
@given(st.integers(1, 100_000), rates, periods)
def test_a_debt_is_never_paid_off_before_its_last_payment(
    principal: int, rate: Decimal, count: int
) -> None:
    rows = built(max(principal, count), rate, count).instalments
    assert all(row.balance > 0 for row in rows[:-1])
    assert rows[-1].principal > 0


@settings(max_examples=200)
@given(principals, rates, periods, methods, charges)
def test_penalty_fees_and_accrued_interest_never_change_new_interest(
    principal: int, rate: Decimal, count: int, method: Method, carried: Charges
) -> None:
    bare = built(principal, rate, count, method)
    loaded = built(principal, rate, count, method, carried=carried)
    assert [row.interest for row in bare.instalments] == [
        row.interest for row in loaded.instalments
    ]
    assert [row.principal for row in bare.instalments] == [
        row.principal for row in loaded.instalments
    ]


@settings(max_examples=200)
@given(principals, rates, st.integers(1, 59), gaps)
def test_a_longer_term_never_costs_less_at_the_same_rate(
    principal: int, rate: Decimal, count: int, gap: int
) -> None:
    # Rounding each month's interest to the fen may lose at most half a fen a month.
    slack = from_fen(count + 1)
    shorter = built(principal, rate, count, gap=gap).total_payment
    assert built(principal, rate, count + 1, gap=gap).total_payment >= shorter - slack


@settings(max_examples=200)
@given(principals, st.integers(1, 3600), periods)
def test_the_annual_percentage_rate_of_a_plain_annuity_is_its_own_rate(
    principal: int, rate: int, count: int
) -> None:
    percent = Decimal(rate) / 100
    start = date(2026, 11, 24)
    schedule = build_schedule(
        principal=from_fen(principal * 100),  # large, so that rounding to the fen weighs nothing
        annual_rate=percent,
        periods=count,
        method="annuity",
        start_date=start,
        first_due_date=date(2026, 12, 24),
    )
    found = percent_by_months(from_fen(principal * 100), schedule.payments)
    assert abs(found - percent) <= Decimal("0.10")


@settings(max_examples=200)
@given(principals, rates, st.integers(1, 60), st.integers(1, 31), starts)
def test_payment_days_are_monthly_and_on_the_wanted_day_or_the_months_last(
    principal: int, rate: Decimal, count: int, due_day: int, start: date
) -> None:
    from api.plans.payment_days import first_due_on

    first = first_due_on(due_day, start, 10)
    assert start + timedelta(days=10) <= first <= start + timedelta(days=42)
    schedule = build_schedule(
        principal=from_fen(principal),
        annual_rate=rate,
        periods=count,
        method="annuity",
        start_date=start,
        first_due_date=first,
        due_day=due_day,
    )
    days = [row.due_date for row in schedule.instalments]
    months = [day.year * 12 + day.month for day in days]
    assert months == list(range(months[0], months[0] + count))
    for day in days:
        last_of_month = (day + timedelta(days=1)).day == 1
        assert day.day == due_day or (last_of_month and day.day < due_day)
