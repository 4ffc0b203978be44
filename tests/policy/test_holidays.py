"""Public holidays as data: their dates follow from the moon and the sun, and a moved day changes no amount.

The dates are compared with an astronomical calculation made here: new moons by the periodic terms of Jean
Meeus, Astronomical Algorithms (1991), chapter 47, and the sun's apparent longitude by its chapter 24. Both are
good to a few minutes. Month names follow GB/T 33661-2017: the first month holds the sun's 330°, the fifth 90°,
the eighth 180°; days are Beijing's.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from math import radians, sin

import pytest

from api.plans.documents import result_document
from api.plans.offers import Offered, plan_offers
from api.plans.payment_days import next_working_day
from api.plans.situation import Situation
from api.plans.terms import planning_terms
from api.policy.lookup import Policy
from tests.plans.someone import DEBT, FACTS, TODAY

VIEW = Policy.shipped().on(TODAY)
BEIJING = timedelta(hours=8)
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
CLOCK_LAG = timedelta(seconds=72)
"""What dynamical time runs ahead of the clock in these years, to a few seconds."""


def new_moon(lunation: int) -> datetime:
    """Return the new moon of that number (0 is that of 6 January 2000), by the clock of Greenwich."""
    k, t = lunation, lunation / 1236.85
    days = 2451550.09765 + 29.530588853 * k + 0.0001337 * t * t
    e = 1 - 0.002516 * t
    sun = radians(2.5534 + 29.10535669 * k)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107438 * t * t)
    f = radians(160.7108 + 390.67050274 * k - 0.0016341 * t * t)
    node = radians(124.7746 - 1.56375580 * k + 0.0020691 * t * t)
    for size, angle in (
        (-0.40720, moon), (0.17241 * e, sun), (0.01608, 2 * moon), (0.01039, 2 * f),
        (0.00739 * e, moon - sun), (-0.00514 * e, moon + sun), (0.00208 * e * e, 2 * sun),
        (-0.00111, moon - 2 * f), (-0.00057, moon + 2 * f), (0.00056 * e, 2 * moon + sun),
        (-0.00042, 3 * moon), (0.00042 * e, sun + 2 * f), (0.00038 * e, sun - 2 * f),
        (-0.00024 * e, 2 * moon - sun), (-0.00017, node),
    ):  # fmt: skip
        days += size * sin(angle)
    days += 0.000325 * sin(radians(299.77 + 0.107408 * k - 0.009173 * t * t))
    return J2000 + timedelta(days=days - 2451545.0) - CLOCK_LAG


def sun_at(moment: datetime) -> float:
    """Return the sun's apparent longitude in degrees."""
    t = (moment + CLOCK_LAG - J2000).total_seconds() / 86400 / 36525
    m = radians(357.52910 + 35999.05030 * t - 0.0001559 * t * t)
    centre = (
        (1.914600 - 0.004817 * t) * sin(m)
        + (0.019993 - 0.000101 * t) * sin(2 * m)
        + 0.000290 * sin(3 * m)
    )
    true = 280.46645 + 36000.76983 * t + 0.0003032 * t * t + centre
    node = radians(125.04 - 1934.136 * t)
    return (true - 0.00569 - 0.00478 * sin(node)) % 360


def day_of(moment: datetime) -> date:
    return (moment + BEIJING).date()


def reached(longitude: float, year: int) -> datetime:
    """Return when in that year the sun reaches the longitude."""
    found = datetime(year, 3, 20, tzinfo=UTC) + timedelta(days=longitude * 365.2422 / 360)
    if longitude > 280:
        found -= timedelta(days=365.2422)
    for _ in range(8):
        short = (longitude - sun_at(found) + 180) % 360 - 180
        found += timedelta(days=short * 365.2422 / 360)
    return found


def month_with(longitude: float, year: int) -> date:
    """Return the first day of the month in which the sun reaches the longitude."""
    day = day_of(reached(longitude, year))
    lunation = round((year - 2000) * 12.3685)
    starts = [day_of(new_moon(k)) for k in range(lunation - 2, lunation + 15)]
    return max(start for start in starts if start <= day)


def holidays_of(year: int) -> set[date]:
    spring = month_with(330, year)
    return {
        *(spring + timedelta(days=number) for number in (-1, 0, 1, 2)),
        day_of(reached(15, year)),
        month_with(90, year) + timedelta(days=4),
        month_with(180, year) + timedelta(days=14),
    }


def test_the_calculation_gives_known_moments() -> None:
    # Meeus, example 47.a: the new moon of 18 February 1977, 3:37:42 dynamical time.
    moon = new_moon(-283) + CLOCK_LAG
    assert abs(moon - datetime(1977, 2, 18, 3, 37, 42, tzinfo=UTC)) < timedelta(minutes=1)
    # Meeus, example 24.a: 13 October 1992, 0h dynamical time, 199.90895 degrees.
    sun = sun_at(datetime(1992, 10, 13, tzinfo=UTC) - CLOCK_LAG)
    assert abs(sun - 199.90895) < 0.001


def test_dates_of_past_holidays_as_they_were_announced() -> None:
    # Spring Festival (second day of the list), Dragon Boat and Mid-Autumn of years gone by.
    for year, spring, boat, autumn in (
        (2023, (1, 22), (6, 22), (9, 29)),
        (2024, (2, 10), (6, 10), (9, 17)),
        (2025, (1, 29), (5, 31), (10, 6)),
    ):
        found = holidays_of(year)
        for month, day in (spring, boat, autumn):
            assert date(year, month, day) in found, year


@pytest.mark.parametrize("year", range(2026, 2033))
def test_each_date_by_moon_and_sun_is_that_of_the_sky(year: int) -> None:
    listed = {date.fromisoformat(day) for day in VIEW.value("cn.holidays.by_the_moon_and_sun")}
    assert {day for day in listed if day.year == year} == holidays_of(year)


def test_thirteen_days_a_year_since_2025_and_eleven_before() -> None:
    fixed = VIEW.value("cn.holidays.fixed")
    others = [day for day in VIEW.value("cn.holidays.by_the_moon_and_sun") if day[:4] == "2027"]
    assert len(fixed) + len(others) == 13
    # The older text: one day at Labour Day, and three (not four) at the Spring Festival.
    before = Policy.shipped().on(date(2024, 12, 31)).value("cn.holidays.fixed")
    assert len(before) + len(others) - 1 == 11


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2027-01-01", "2027-01-04"),  # New Year on a Friday
        ("2027-02-05", "2027-02-09"),  # New Year's Eve to the third day, Friday to Monday
        ("2027-05-01", "2027-05-03"),  # Labour Day on a Saturday
        ("2027-10-01", "2027-10-04"),  # three days that end on a Sunday
        ("2028-10-01", "2028-10-04"),  # National Day and Mid-Autumn together
        ("2031-10-03", "2031-10-06"),  # a Friday
        ("2026-12-05", "2026-12-05"),  # a plain Saturday stays
        ("2026-12-15", "2026-12-15"),
    ],
)
def test_where_a_payment_day_comes_to_lie(day: str, moved: str) -> None:
    assert planning_terms(VIEW).moved(date.fromisoformat(day)).isoformat() == moved


def test_weekends_move_only_where_the_bank_says_so() -> None:
    friday, saturday = date(2026, 12, 4), date(2026, 12, 5)
    move: Callable[[date], date] = lambda day: next_working_day(day, frozenset(), weekends=True)  # noqa: E731
    assert (move(friday), move(saturday)) == (friday, date(2026, 12, 7))
    weekends = Policy.shipped().amended({"bank.due_day.weekends_move": True}, TODAY).on(TODAY)
    assert planning_terms(weekends).moved(saturday) == date(2026, 12, 7)


def test_a_moved_day_changes_no_amount_and_a_bank_may_leave_days_where_they_are() -> None:
    facts = Situation.from_facts({**FACTS, "monthly_income": "9000.00", "pay_day": 1})
    unmoved_view = Policy.shipped().amended({"bank.due_day.on_holiday": "unmoved"}, TODAY).on(TODAY)
    moved, unmoved = plan_offers([DEBT], facts, VIEW), plan_offers([DEBT], facts, unmoved_view)
    assert isinstance(moved, Offered)
    assert isinstance(unmoved, Offered)
    rows, plain = moved.offers[0].schedule.instalments, unmoved.offers[0].schedule.instalments
    assert [row.due_date for row in rows] != [row.due_date for row in plain]
    assert [row.due_date.day for row in plain] == [1] * len(plain)
    assert (rows[0].due_date, plain[0].due_date) == (date(2027, 1, 4), date(2027, 1, 1))
    assert [row._replace(due_date=TODAY) for row in rows] == [
        row._replace(due_date=TODAY) for row in plain
    ]
    one, other = moved.offers[0], unmoved.offers[0]
    assert one.annual_percentage_rate == other.annual_percentage_rate
    ids = [rule["id"] for rule in result_document(moved)["offers"][0]["rules"]]
    assert "bank.due_day.on_holiday" in ids
    ids = [rule["id"] for rule in result_document(unmoved)["offers"][0]["rules"]]
    assert "bank.due_day.on_holiday" not in ids
