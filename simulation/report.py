"""The report: tables, charts and what must hold exactly. Nothing in it depends on the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench.charts import Bars, Line
from bench.report import Section, Table
from simulation.assumptions import REASONS, Assumptions, described
from simulation.comparing import (
    COMPARED,
    MILESTONES,
    OURS,
    PLAIN,
    Difference,
    differences,
    losses,
    milestones,
)
from simulation.intervals import DRAWS, Bootstrap, Drawn, Estimate, wilson
from simulation.people import MONTHS
from simulation.sensitivity import BASE
from simulation.tally import DISCOUNT_PERCENT, Tally

__all__ = ["report", "sound"]

Tallies = Mapping[str, Tally]
POLICY_NAMES = (OURS, *PLAIN)


def report(
    lived: Tallies, varied: Mapping[str, Tallies], people: int, varied_people: int, seed: int
) -> list[Section]:
    """Return every section, in the order of the document."""
    draws = Bootstrap(len(lived[OURS].sums["people"]), seed)
    days = milestones(lived, draws)
    found = differences(lived, draws, days)
    sections = [_results(lived, draws, days, people, seed), _compared(found)]
    if varied:
        sections.append(_sensitivity(varied, varied_people, seed))
    return [*sections, _assumed()]


def sound(lived: Tallies) -> list[str]:
    """Return what must hold exactly and does not; empty when all is well."""
    ours = lived[OURS]
    exact = {
        "days_below": "days below the living floor caused by our plans",
        "over": "fen of relief beyond the least in first offers of ours",
        "over_later": "fen of relief beyond the least in later plans of ours",
        "not_least": "plans of ours whose relief is not the least, part by part",
        "under": "fen of relief short of the least in first offers of ours",
        "from_the_floor": "first offers of ours that would reach into the floor",
    }
    wrong = [f"{ours.total(name):,} {words}" for name, words in exact.items() if ours.total(name)]
    return wrong + [
        f"{tally.total('unbalanced')} lives under {name!r} whose books do not balance"
        for name, tally in lived.items()
        if tally.total("unbalanced")
    ]


def _results(
    lived: Tallies,
    draws: Bootstrap,
    days: Mapping[tuple[str, int], Drawn],
    people: int,
    seed: int,
) -> Section:
    def row(label: str, cell: Callable[[Tally], str]) -> tuple[str, ...]:
        return (label, *(cell(lived[name]) for name in POLICY_NAMES))

    def money_share(label: str, above: str, below: str = "owed") -> tuple[str, ...]:
        return row(label, lambda of: _percent(draws.ratio(of.sums[above], of.sums[below])))

    def people_share(label: str, count: str, of: str = "people") -> tuple[str, ...]:
        return row(label, lambda tally: _percent(wilson(tally.total(count), tally.total(of))))

    def mean(label: str, count: str, scale: int = 1) -> tuple[str, ...]:
        return row(label, lambda of: _mean(draws.ratio(of.sums[count], of.sums["people"]), scale))

    def days_row(percent: int) -> tuple[str, ...]:
        cells = (_days(days[name, percent].estimate) for name in POLICY_NAMES)
        return (f"days to {percent} % recovered", *cells)

    recovered = (
        money_share("collected, of what was owed", "paid"),
        money_share("… principal", "paid_principal"),
        money_share("… charges, and interest outside plans", "paid_charges"),
        money_share("… new interest of plans", "paid_interest"),
        money_share(f"its worth today, at {DISCOUNT_PERCENT} % a year", "worth_today"),
        money_share("… at the contract's own rate", "worth_at_contract"),
        money_share("principal recovered, of all principal", "paid_principal", "principal_owed"),
        money_share("waived in the end", "waived"),
        money_share(f"still owed after {MONTHS} months", "left"),
        *(days_row(percent) for percent in MILESTONES),
    )
    kept = (
        people_share("offered a plan on the first day", "first_offers"),
        people_share("signed a plan at some time", "signed"),
        people_share("plans kept, of those who signed", "kept", "signed"),
        people_share(
            "… as first signed, with at most the moves agreed", "kept_as_signed", "signed"
        ),
        people_share("plans kept, of all people", "kept"),
        people_share("settled, of all people", "settled"),
        people_share("had a plan that was ended", "broken"),
        people_share("planned again, or paused, on changed facts", "planned_again"),
        mean("payments moved, a person", "moves"),
        mean("months of pause, a person", "paused_months"),
    )
    living = (
        row("days below the living floor caused by a plan", lambda of: f"{of.total('days_below'):,}"),
        mean("… a person", "days_below"),
        people_share("people with such days", "people_below"),
        people_share("first offers that reach into the floor", "from_the_floor", "first_offers"),
        mean("over-concession in the first offer, yuan a person", "over", 100),
        people_share("… people given more than the least", "people_over"),
        row("over-concession in later plans, yuan in all", lambda of: f"{of.total('over_later') / 100:,.0f}"),
        mean("relief short of the least, yuan a person", "under", 100),
        row("plans signed whose relief is exactly the least", lambda of: f"{of.total('plans') - of.total('not_least'):,} of {of.total('plans'):,}"),
    )  # fmt: skip
    heading = ("", *POLICY_NAMES)
    shown = f"{people:,} people, seed {seed}, {MONTHS} months"
    return Section(
        "results",
        "What came of it",
        [
            Table(f"Recovered ({shown})", heading, recovered),
            Table("Plans", heading, kept),
            Table("Living floor and relief", heading, living),
        ],
        [_curves(lived), _bars(lived)],
        [
            "In brackets: 95 % intervals. Shares of people: Wilson's score interval; everything else: "
            f"percentile bootstrap over people, {DRAWS:,} draws. They hold for other people of the same "
            "population, not for other assumptions.",
            "The first three rows under *collected* add up to it. A person can pay more than was owed: "
            "new interest is collected too.",
        ],
    )


def _compared(found: Sequence[Difference]) -> Section:
    rows = [
        (f"{measure.name} (points)", *(_points(each.estimate) for each in _of(found, measure.name)))
        for measure in COMPARED
    ]
    rows += [
        (f"days to {percent} %", *(_more_days(each.estimate) for each in _of(found, f"days to {percent} %")))
        for percent in MILESTONES
    ]  # fmt: skip
    notes = [
        f"**{each.other} does better** in *{each.measure}*: {each.why or 'not explained yet'}."
        for each in losses(list(found))
    ]
    return Section(
        "differences",
        "Ours less each plain policy",
        [Table("The same people, paired", ("", *(f"less {name}" for name in PLAIN)), tuple(rows))],
        notes=notes or ["No plain policy does better in any of these with its whole interval."],
    )


def _of(found: Sequence[Difference], measure: str) -> list[Difference]:
    return [each for each in found if each.measure == measure]


def _sensitivity(varied: Mapping[str, Tallies], people: int, seed: int) -> Section:
    draws = Bootstrap(len(varied[BASE][OURS].sums["people"]), seed)
    tables = []
    for title, above, below in (
        ("Plans kept, of all people", "kept", "people"),
        ("Worth today of what was collected, of what was owed", "worth_today", "owed"),
    ):
        rows = []
        for name, tallies in varied.items():
            shares = {
                by: tallies[by].total(above) / tallies[by].total(below) for by in POLICY_NAMES
            }
            best = max(PLAIN, key=shares.__getitem__)
            ours = tallies[OURS]
            less = draws.difference(ours.sums[above], tallies[best].sums[above], ours.sums[below])
            cells = (f"{shares[by] * 100:.1f} %" for by in POLICY_NAMES)
            rows.append((name, *cells, _points(less)))
        heading = ("", *POLICY_NAMES, "ours less the best of the others")
        tables.append(Table(title, heading, tuple(rows)))
    days = tuple(
        (name, *(f"{tallies[by].total('days_below') / people:,.2f}" for by in POLICY_NAMES))
        for name, tallies in varied.items()
    )
    tables.append(
        Table("Days below the living floor caused by a plan, a person", ("", *POLICY_NAMES), days)
    )
    return Section(
        "sensitivity",
        "Under other assumptions",
        tables,
        notes=[
            f"The first {people:,} of the people, with the same luck, one assumption changed at a time."
        ],
    )


def _assumed() -> Section:
    figures = tuple(
        (each.means, f"{each.value:g}", each.source) for each in described(Assumptions())
    )
    reasons = tuple(
        (
            each.reason, f"{each.weight} %", f"{each.left[0] / 10:g}–{each.left[1] / 10:g} %",
            f"{each.recovery_months} months" if each.recovery_months else "nothing to recover",
            f"{each.recovered[0] / 10:g}–{each.recovered[1] / 10:g} %", f"{each.extra_costs:.0%}",
        )
        for each in REASONS
    )  # fmt: skip
    return Section(
        "assumptions",
        "What is assumed",
        [
            Table("Behaviour and incomes", ("what happens", "probability or share", "source"), figures),
            Table(
                "Reasons (all invented)",
                ("", "of people", "income left", "mean time to recover", "comes back", "extra costs a month"),
                reasons,
            ),
        ],
    )  # fmt: skip


def _curves(lived: Tallies) -> Line:
    def points(tally: Tally) -> tuple[tuple[float, float], ...]:
        owed = tally.total("owed")
        return tuple((month, 100 * paid / owed) for month, paid in enumerate(tally.by_month()))

    return Line(
        "simulation-recovered.svg",
        "Collected, in percent of what was owed on the first day",
        "%",
        "months",
        tuple((name, points(lived[name])) for name in POLICY_NAMES),
        across_step=12,
    )


def _bars(lived: Tallies) -> Bars:
    groups = (
        ("plans kept", "kept"),
        ("debts settled", "settled"),
        ("ever below the floor by a plan", "people_below"),
    )
    return Bars(
        "simulation-people.svg",
        "What became of people",
        "% of all people",
        tuple(label for label, _ in groups),
        tuple(
            (name, tuple(100 * lived[name].total(key) / lived[name].total("people") for _, key in groups))
            for name in POLICY_NAMES
        ),
    )  # fmt: skip


def _percent(found: Estimate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{100 * found.value:.1f} % ({100 * found.low:.1f}–{100 * found.high:.1f})"


def _mean(found: Estimate, scale: int) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "–"
    value, low, high = (each / scale for each in (found.value, found.low, found.high))
    if not (value or low or high):
        return "0"
    places = 0 if value >= 100 else 2
    return f"{value:,.{places}f} ({low:,.{places}f}–{high:,.{places}f})"


def _days(found: Estimate) -> str:
    if found.value is None:
        return "not reached"
    return f"{found.value:,.0f} ({_day(found.low)}–{_day(found.high)})"


def _day(value: float | None) -> str:
    return "never" if value is None else f"{value:,.0f}"


def _points(found: Estimate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{100 * found.value:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def _more_days(found: Estimate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "not reached by both"
    return f"{found.value:+,.0f} ({found.low:+,.0f} to {found.high:+,.0f})"
