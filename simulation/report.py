"""The report: tables, charts and what must hold exactly. Nothing in it depends on the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reporting.charts import Bars, Line
from reporting.sections import Section, Table
from simulation import cells
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
from simulation.intervals import DRAWS, Bootstrap, Drawn, wilson
from simulation.people import MONTHS
from simulation.tally import DISCOUNT_PERCENT, Tally
from simulation.varied_report import assumed_section, varied_section

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
        sections.append(varied_section(varied, varied_people, seed))
    return [*sections, assumed_section()]


def sound(lived: Tallies, *, with_floor: bool = True) -> list[str]:
    """Return what must hold exactly and does not; empty when all is well.

    ``with_floor`` asks it of days below the floor too: not where an assumption takes the way out away.
    """
    ours = lived[OURS]
    exact = {
        "days_below": "days below the living floor caused by our plans",
        "over": "fen of relief beyond the least in first offers of ours",
        "over_later": "fen of relief beyond the least in later plans of ours",
        "not_least": "plans of ours whose relief is not the least, part by part",
        "under": "fen of relief short of the least in first offers of ours",
        "from_the_floor": "first offers of ours that would reach into the floor",
    }
    if not with_floor:
        del exact["days_below"]
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
        return row(label, lambda of: cells.percent(draws.ratio(of.sums[above], of.sums[below])))

    def people_share(label: str, count: str, of: str = "people") -> tuple[str, ...]:
        return row(label, lambda tally: cells.percent(wilson(tally.total(count), tally.total(of))))

    def mean(label: str, count: str, scale: int = 1) -> tuple[str, ...]:
        return row(
            label, lambda of: cells.mean(draws.ratio(of.sums[count], of.sums["people"]), scale)
        )

    def days_row(percent: int) -> tuple[str, ...]:
        found = (cells.days(days[name, percent].estimate) for name in POLICY_NAMES)
        return (f"days to {percent} % recovered", *found)

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
        mean("months in which a payment would touch the floor, a person", "hard_months"),
        people_share("first offers that reach into the floor", "from_the_floor", "first_offers"),
        mean("relief in the first offer, yuan a person", "relief", 100),
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
            "population, not for other assumptions; of so many, one in twenty misses by chance.",
            "The first three rows under *collected* add up to it. A person can pay more than was owed: "
            "new interest is collected too.",
        ],
    )


def _compared(found: Sequence[Difference]) -> Section:
    rows = [
        (
            f"{measure.name} (points)",
            *(cells.points(each.estimate) for each in _of(found, measure.name)),
        )
        for measure in COMPARED
    ]
    rows += [
        (f"days to {percent} %", *(cells.more_days(each) for each in _of(found, f"days to {percent} %")))
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
