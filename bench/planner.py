"""The planner alone, on one core: offer sets a second, schedules a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from api.accounts.delinquency import days_past_due
from api.plans.debt import Debt
from api.plans.offers import Offered, plan_offers
from api.plans.schedule import build_schedule
from api.plans.situation import Situation
from api.policy.lookup import Policy, PolicyView
from bench.situations import situation_of
from bench.synthetic_portfolio import AS_OF, SEED, synthetic_rows
from reporting.sections import Section, Table, milliseconds, percentile

__all__ = ["debt_of", "measure_planner"]


def debt_of(row: dict[str, str], today: date) -> Debt:
    """Return a portfolio row's debt as the planner takes it."""
    return Debt(
        account=row["account_ref"],
        principal=Decimal(row["principal"]),
        interest=Decimal(row["interest"]),
        penalty=Decimal(row["penalty"]),
        fees=Decimal(row["fees"]),
        days_past_due=days_past_due(date.fromisoformat(row["due_date"]), today),
    )


def measure_planner(*, quick: bool = False) -> Section:
    """Plan for one person after another, each a person not seen before, and build schedules."""
    count = 200 if quick else 5_000
    view = Policy.shipped().on(AS_OF)
    cases = [
        (debt_of(row, AS_OF), situation_of(row["person_ref"], SEED))
        for row in synthetic_rows(count)
        if row["status"] == "open"
    ]
    plan_offers([cases[0][0]], cases[0][1], view)  # policy is read once, not once a person
    times, offered, offers = _plan(cases, view)
    explained = _timed(min(count, 1_000), lambda n: _with_proof(cases[n % len(cases)], view))
    schedules = _timed(count, _schedules(view))
    rows = (
        ("offer sets a second", f"{len(times) / sum(times):,.0f}"),
        ("one offer set, p50", milliseconds(percentile(times, 50))),
        ("one offer set, p95", milliseconds(percentile(times, 95))),
        ("persons with offers", f"{offered:,} of {len(cases):,}"),
        ("offers in all", f"{offers:,}"),
        ("offer sets with both annual rates of every offer, a second", f"{explained:,.0f}"),
        ("schedules a second (annuity, 3 to 60 months)", f"{schedules:,.0f}"),
    )
    return Section("planner", "Planner", [Table("On one core", ("", ""), rows)])


def _plan(cases: list[tuple[Debt, Situation]], view: PolicyView) -> tuple[list[float], int, int]:
    times: list[float] = []
    offered = offers = 0
    for debt, situation in cases:
        begun = time.perf_counter()
        result = plan_offers([debt], situation, view)
        times.append(time.perf_counter() - begun)
        if isinstance(result, Offered):
            offered += 1
            offers += len(result.offers)
    return times, offered, offers


def _with_proof(case: tuple[Debt, Situation], view: PolicyView) -> None:
    result = plan_offers([case[0]], case[1], view)
    if isinstance(result, Offered):
        for offer in result.offers:
            _ = offer.annual_percentage_rate, offer.effective_annual_rate


def _schedules(view: PolicyView) -> Callable[[int], None]:
    draw = Random(SEED)
    figures = [
        (Decimal(draw.randrange(100_000, 12_000_000)).scaleb(-2), draw.randint(3, 60))
        for _ in range(5_000)
    ]
    first = date(view.date.year + 1, 1, 15)

    def build(number: int) -> None:
        principal, periods = figures[number % len(figures)]
        build_schedule(
            principal=principal, annual_rate=Decimal("12.00"), periods=periods, method="annuity",
            start_date=view.date, first_due_date=first, due_day=15,
        )  # fmt: skip

    return build


def _timed(count: int, work: Callable[[int], None]) -> float:
    begun = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - begun)
