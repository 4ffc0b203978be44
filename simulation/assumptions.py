"""Everything the simulation assumes about people, each with its source or the word "invented".

What is "published" is the evidence that shapes the planner (see docs/planner.md and relief.py). None of
it is a rule of the product: rules come from ``api/policy/parameters`` alone. The figures are
probabilities and shares; money is never among them. ``simulation.sensitivity`` varies the ones that
could decide the ranking.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

__all__ = ["REASONS", "Assumptions", "Described", "ReasonModel", "described"]

INVENTED = "invented"
PUBLISHED = "published"
CALIBRATED = (
    f"{PUBLISHED} (observational, 1 M accounts): 11 % of plans arranged online break; so many give "
    "up in 24 months by this"
)


@dataclass(frozen=True, slots=True)
class ReasonModel:
    """Why somebody fell behind, and what it does to their income. All of it is invented.

    ``weight`` is how many of a hundred people; ``left`` the share of the usual income that is left on
    the first day, from .. to, in thousandths; ``recovery_months`` the mean time until most of it is
    back (0: nothing to recover); ``recovered`` the share that comes back, from .. to, in thousandths.
    """

    reason: str
    weight: int
    left: tuple[int, int]
    recovery_months: int
    recovered: tuple[int, int]
    extra_costs: float
    """The probability of an unforeseen cost in a month."""


REASONS: tuple[ReasonModel, ...] = (
    ReasonModel("job_loss", 22, (500, 800), 8, (800, 1000), 0.04),
    ReasonModel("income_drop", 22, (650, 900), 14, (850, 1000), 0.04),
    ReasonModel("illness", 12, (600, 900), 9, (850, 1000), 0.12),
    ReasonModel("business_failure", 12, (500, 800), 18, (700, 1000), 0.04),
    ReasonModel("family", 8, (800, 1000), 12, (950, 1000), 0.10),
    ReasonModel("overspending", 14, (1000, 1000), 0, (1000, 1000), 0.05),
    ReasonModel("forgot", 5, (1000, 1000), 0, (1000, 1000), 0.03),
    ReasonModel("other", 5, (700, 1000), 12, (900, 1000), 0.04),
)


def _figure(default: float, means: str, source: str = INVENTED) -> float:
    described: float = field(default=default, metadata={"means": means, "source": source})
    return described


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The figures of one run; see each field's own words."""

    shock: float = _figure(
        0.02, "a month in which an income breaks in, for a fifth to a half of it"
    )
    shock_ends: float = _figure(0.20, "such a spell ends in a month: five months on average")
    steady: float = _figure(0.6, "have a steady income (±2 % a month); the others ±15 %")
    spending_told: float = _figure(0.85, "say what they spend; for the others the floor is taken")
    overstate: float = _figure(0.10, "say their income a tenth too high")
    saved: float = _figure(0.3, "of what is left over a month is put by, up to one month's floor")

    firm: float = _figure(0.002, "a firm person gives up, a month (six in ten people)", CALIBRATED)
    wavering: float = _figure(
        0.006, "a wavering person gives up, a month (three in ten)", CALIBRATED
    )
    fragile: float = _figure(0.025, "a fragile person gives up, a month (one in ten)", CALIBRATED)
    burden_hurts: float = _figure(
        0.5,
        "giving up rises by this times the payment's share of what is left after living (≤ 2)",
        f"{PUBLISHED} (Dobbie & Song, field experiment): lower payments alone do not help; size {INVENTED}",
    )
    relief_helps: float = _figure(
        0.5,
        "giving up falls by this times the share of interest and charges conceded",
        f"{PUBLISHED} (Dobbie & Song, field experiment): interest write-downs help; size {INVENTED}",
    )
    forgets: float = _figure(0.05, "a payment day is forgotten")
    made_up: float = _figure(
        0.643,
        "a forgotten payment is made up within grace (every policy is given our reminder)",
        f"{PUBLISHED} (randomised trial): 61.9 % without, 64.3 % with a kind reminder",
    )
    tightens: float = _figure(0.7, "spends less, down to the floor, to make a payment")
    from_the_floor: float = _figure(
        0.5, "pays out of the floor when it is the only way to keep a plan (else misses it)"
    )
    silent: float = _figure(0.0, "never uses the way out, and acts as under a plan without one")
    signs: float = _figure(0.92, "signs an offer that fits what is left after living")
    signs_less: float = _figure(
        0.5, "less likely to sign at twice what is left after living, in between in proportion"
    )
    lightest: float = _figure(0.3, "chooses the lowest payment where several are offered")
    asks_again: float = _figure(
        0.8, "asks again when a pause ends; the others are without a plan, and interest runs"
    )
    comes_back: float = _figure(0.03, "asks for a plan (again) in a month without one")
    pays_unasked: float = _figure(
        0.08, "pays a fifth of what is left after living in a month without a plan"
    )


@dataclass(frozen=True, slots=True)
class Described:
    """One assumption as it is printed beside the results."""

    name: str
    value: float
    means: str
    source: str


def described(assumptions: Assumptions) -> tuple[Described, ...]:
    """Return every assumption in words."""
    return tuple(
        Described(
            each.name,
            getattr(assumptions, each.name),
            each.metadata["means"],
            each.metadata["source"],
        )
        for each in fields(assumptions)
    )
