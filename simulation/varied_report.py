"""What changes under other assumptions, and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reporting.sections import Section, Table
from simulation import cells
from simulation.assumptions import REASONS, Assumptions, described
from simulation.comparing import OURS, PLAIN
from simulation.intervals import Bootstrap, Estimate
from simulation.sensitivity import BASE
from simulation.tally import Tally

__all__ = ["assumed_section", "varied_section"]

Tallies = Mapping[str, Tally]
POLICY_NAMES = (OURS, *PLAIN)


def varied_section(varied: Mapping[str, Tallies], people: int, seed: int) -> Section:
    """Return the tables of ``simulation.sensitivity``, and in which rows the ranking does not hold."""
    draws = Bootstrap(len(varied[BASE][OURS].sums["people"]), seed)
    tables: list[Table] = []
    leads: dict[str, dict[str, Estimate]] = {}
    for title, above, below in (
        ("Plans kept, of all people", "kept", "people"),
        ("Principal recovered, of all principal", "paid_principal", "principal_owed"),
        ("Worth today of what was collected, of what was owed", "worth_today", "owed"),
    ):
        leads[title] = {}
        rows = []
        for name, tallies in varied.items():
            shares = {
                by: tallies[by].total(above) / tallies[by].total(below) for by in POLICY_NAMES
            }
            best = max(PLAIN, key=shares.__getitem__)
            ours = tallies[OURS]
            less = draws.difference(ours.sums[above], tallies[best].sums[above], ours.sums[below])
            leads[title][name] = less
            shown = (f"{shares[by] * 100:.1f} %" for by in POLICY_NAMES)
            rows.append((name, *shown, cells.points(less)))
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
            f"The first {people:,} of the people, with the same luck, one assumption changed at a time.",
            *(_lead(title, rows) for title, rows in leads.items()),
        ],
    )


def _lead(title: str, rows: Mapping[str, Estimate]) -> str:
    """Say in which rows ours leads or trails the best of the others with the whole interval."""
    ahead = [name for name, less in rows.items() if less.above_zero]
    behind = [name for name, less in rows.items() if less.below_zero]
    level = [name for name in rows if name not in {*ahead, *behind}]
    said = [f"**{title}**: ours leads the best of the others in {len(ahead)} of {len(rows)} rows"]
    if level:
        said.append(f"no difference can be told in {_rows(level, rows)}")
    if behind:
        said.append(f"it trails in {_rows(behind, rows)}")
    return "; ".join(said) + "."


def _rows(names: Sequence[str], all_rows: Mapping[str, Estimate]) -> str:
    """Name a few rows; count many."""
    if 2 * len(names) > len(all_rows):
        return f"{len(names)} of them"
    return ", ".join(f"“{name}”" for name in names)


def assumed_section() -> Section:
    """Return every assumption with its source."""
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
