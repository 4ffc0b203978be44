"""Draws planner-term.svg for docs/planner.md: payment against term, and what is affordable.

    python docs/pictures/planner_chart.py      # writes the file beside this one

The figures are the planner's own, for the worked example of docs/planner.md; a test compares the file
with what this draws, so that the picture cannot fall behind the rules.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1]))

from api.plans.debt import Debt  # noqa: E402
from api.plans.fitting import highest_payment  # noqa: E402
from api.plans.offers import Offered, plan_offers  # noqa: E402
from api.plans.relief import base_relief  # noqa: E402
from api.plans.situation import Situation  # noqa: E402
from api.policy.lookup import Policy  # noqa: E402

FILE = FOLDER / "planner-term.svg"
DAY = date(2026, 11, 24)
DEBT = Debt("card", Decimal(33000), Decimal(3900), Decimal(1700), days_past_due=75)
FACTS = {
    "monthly_income": "6000.00",
    "essential_spending": "3900.00",
    "other_debt_payments": "1000.00",
}
LEFT, RIGHT, TOP, BOTTOM = 64, 696, 24, 300
MOST = 3000
MONTHS = range(12, 61)


def x(months: int) -> float:
    """The place of a term on the page."""
    return LEFT + (months - MONTHS.start) * (RIGHT - LEFT) / (MONTHS.stop - 1 - MONTHS.start)


def y(yuan: float) -> float:
    """The place of a payment on the page."""
    return BOTTOM - yuan * (BOTTOM - TOP) / MOST


def line(payment: Callable[[int], int]) -> str:
    """The points of a payment over the terms."""
    points = ((months, payment(months) / 100) for months in MONTHS)
    return " ".join(f"{x(m):.1f},{y(yuan):.1f}" for m, yuan in points if yuan <= MOST)


def parts() -> Iterator[str]:
    """The chart, element by element."""
    result = plan_offers([DEBT], Situation.from_facts(FACTS), Policy.shipped().on(DAY))
    if not isinstance(result, Offered):
        raise TypeError("the example is offered a plan")
    basis = result.basis
    none = base_relief(basis.pooled, None, basis.terms)
    affordable = basis.affordable / 100
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 348" role="img" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#44524F">'
    )
    yield (
        f"<title>Monthly payment by term: with the relief granted, {basis.soonest} payments are the "
        f"fewest within the affordable {affordable:,.2f}</title>"
    )
    yield '<rect width="720" height="348" rx="8" fill="#FFFFFF"/>'
    chosen = x(basis.longest) - x(basis.soonest)
    yield f'<rect x="{x(basis.soonest):.1f}" y="{TOP}" width="{chosen:.1f}" height="{BOTTOM - TOP}" fill="#DFEDE9"/>'
    for yuan in range(0, MOST + 1, 500):
        yield f'<path d="M{LEFT} {y(yuan):.1f}H{RIGHT}" stroke="#DDD8CD"/>'
        yield f'<text x="{LEFT - 8}" y="{y(yuan) + 4:.1f}" text-anchor="end">{yuan:,}</text>'
    for months in range(MONTHS.start, MONTHS.stop, 12):
        yield f'<text x="{x(months):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{months}</text>'
    yield f'<text x="{(LEFT + RIGHT) / 2}" y="{BOTTOM + 40}" text-anchor="middle">monthly payments</text>'
    without = line(lambda months: highest_payment(basis.shape, none, months))
    yield f'<polyline points="{without}" fill="none" stroke="#77827F" stroke-width="2" stroke-dasharray="6 4"/>'
    yield f'<polyline points="{line(basis.highest_payment)}" fill="none" stroke="#0E5A52" stroke-width="2.5"/>'
    yield f'<path d="M{LEFT} {y(affordable):.1f}H{RIGHT}" stroke="#7A4506" stroke-width="2"/>'
    yield f'<text x="{LEFT + 8}" y="{y(affordable) + 18:.1f}" fill="#7A4506">affordable: {affordable:,.0f} yuan a month</text>'
    yield f'<text x="{x(22) + 10:.1f}" y="{y(2150):.1f}">nothing conceded, 18.25 % a year</text>'
    yield f'<text x="{x(13):.1f}" y="{y(1300):.1f}" fill="#0E5A52">with the relief granted</text>'
    for offer in result.offers:
        across, up = x(offer.periods), y(float(offer.monthly))
        yield f'<circle cx="{across:.1f}" cy="{up:.1f}" r="5" fill="#0E5A52"/>'
        yield f'<text x="{across:.1f}" y="{up + 22:.1f}" text-anchor="middle" fill="#1B2928">{offer.monthly:,.0f} × {offer.periods}</text>'
    yield "</svg>"


def chart() -> str:
    """The whole file."""
    return "\n".join(parts()) + "\n"


if __name__ == "__main__":
    FILE.write_text(chart(), encoding="utf-8")
