"""Ours beside each plain policy, person by person: where it does better, where worse, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from simulation.intervals import Bootstrap, Drawn, Estimate
from simulation.policies import POLICIES
from simulation.tally import Tally, days_to

__all__ = ["COMPARED", "Compared", "Difference", "differences", "losses", "milestones"]

OURS = POLICIES[0].name
PLAIN = tuple(by.name for by in POLICIES[1:])


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure that two policies are compared in, as a share of a sum."""

    name: str
    above: str
    below: str


COMPARED = (
    Compared("collected, of what was owed", "paid", "owed"),
    Compared("its worth today", "worth_today", "owed"),
    Compared("its worth at the contract's rate", "worth_at_contract", "owed"),
    Compared("principal recovered", "paid_principal", "principal_owed"),
    Compared("settled, of all people", "settled", "people"),
    Compared("plans kept, of all people", "kept", "people"),
    Compared("kept as first signed, of all people", "kept_as_signed", "people"),
    Compared("signed, of all people", "signed", "people"),
)
MILESTONES = (25, 50, 100)

WHY = {
    ("always 60 months", "its worth at the contract's rate"): (
        "full interest over five years is worth its debt at that same rate; what we concede is not"
    ),
    ("highest relief on demand", "kept as first signed, of all people"): (
        "a payment without interest and charges leaves room for a bad month; ours takes nearly all "
        "that is affordable, so as to end soon, and rests on being moved or planned again"
    ),
    ("always 60 months", "collected, of what was owed"): (
        "five years at the full contract rate collect more interest from those who can bear it than "
        "a plan that ends as soon as they can end it, and that concedes interest to those who cannot"
    ),
    ("always 60 months", "its worth today"): (
        "the same interest, which at a low cost of money outweighs that it comes late"
    ),
    ("always 60 months", "signed, of all people"): (
        "it refuses nobody: also those sign for whom nothing is affordable, and for whom we pause"
    ),
    ("always 12 months", "signed, of all people"): (
        "it refuses nobody: also those sign for whom nothing is affordable, and for whom we pause"
    ),
    ("highest relief on demand", "signed, of all people"): (
        "it refuses nobody, and what it asks for is small: also those sign for whom we pause"
    ),
    ("highest relief on demand", "principal recovered"): (
        "without interest or charges every payment is principal"
    ),
    ("highest relief on demand", "plans kept, of all people"): (
        "a payment without interest and charges is light for those who could have paid more"
    ),
    ("highest relief on demand", "settled, of all people"): (
        "a payment without interest and charges is light for those who could have paid more"
    ),
}
"""Why a plain policy can do better, by the mechanism that makes it so in this simulation."""

EARLY = "it asks much more of everybody at first, also out of what they live on, before plans break"
SLOW = "it begins with everybody at once, while we pause for those who can pay nothing yet"
BEYOND = (
    "some debts are never paid, so that only new interest takes the sum to all that was owed, and it "
    "charges that in full to everybody"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours less a plain policy's: shares as parts of one, or days (fewer is better)."""

    other: str
    measure: str
    estimate: Estimate
    days: bool = False
    only: Literal["ours", "other", "neither"] | None = None
    """Of days: who came so far, where not both did."""

    @property
    def loss(self) -> bool:
        """The plain policy does better, and the whole interval says so."""
        if self.days:
            return self.only == "other" or (self.only is None and self.estimate.above_zero)
        return self.estimate.below_zero

    @property
    def why(self) -> str | None:
        """What makes the plain policy better here; ``None`` where nobody has said yet."""
        if self.measure == "days to 100 %":
            return BEYOND if self.other == "always 60 months" else None
        if self.days:
            return EARLY if self.other == "always 12 months" else SLOW
        return WHY.get((self.other, self.measure))


def differences(
    tallies: Mapping[str, Tally], draws: Bootstrap, days: Mapping[tuple[str, int], Drawn]
) -> list[Difference]:
    """Return ours less each plain policy, measure by measure."""
    ours = tallies[OURS]
    found: list[Difference] = []
    for measure in COMPARED:
        for name in PLAIN:
            estimate = draws.difference(
                ours.sums[measure.above],
                tallies[name].sums[measure.above],
                ours.sums[measure.below],
            )
            found.append(Difference(name, measure.name, estimate))
    found += [
        _sooner(name, percent, days[OURS, percent], days[name, percent])
        for percent in MILESTONES
        for name in PLAIN
    ]
    return found


def _sooner(name: str, percent: int, ours: Drawn, other: Drawn) -> Difference:
    only: Literal["ours", "other", "neither"] | None = None
    if ours.value is None or other.value is None:
        only = (
            "ours" if ours.value is not None else "other" if other.value is not None else "neither"
        )
    estimate = ours.less(other).estimate
    return Difference(name, f"days to {percent} %", estimate, days=True, only=only)


def milestones(tallies: Mapping[str, Tally], draws: Bootstrap) -> dict[tuple[str, int], Drawn]:
    """Return, for each policy and milestone, the days until so much was recovered."""
    found: dict[tuple[str, int], Drawn] = {}
    for name, tally in tallies.items():
        paid, owed = tally.by_pay_day(), tally.sums["owed"]
        for percent in MILESTONES:
            found[name, percent] = draws.of(partial(days_to, percent, paid, owed))
    return found


def losses(found: list[Difference]) -> list[Difference]:
    """Return where a plain policy does better with its whole interval."""
    return [each for each in found if each.loss]
