"""Other assumptions, one at a time: does what we say of the policies still hold?

The first two are the ones that the argument leans on (how burden and relief change willingness); the
last three take the policies apart: ours without its way out, the plain ones with a part of it.
"""

from __future__ import annotations

from dataclasses import replace

from simulation.assumptions import Assumptions
from simulation.policies import POLICIES, Anhuan, FixedTerm, HighestRelief
from simulation.population import World

__all__ = ["BASE", "worlds"]

BASE = "as assumed"

_MOVING = (
    Anhuan(),
    FixedTerm("always 12 months", 12, moves=True),
    FixedTerm("always 60 months", 60, moves=True),
    HighestRelief(moves=True),
)
_NO_WAY_OUT = (Anhuan(moves=False, plans_again=False), *POLICIES[1:])


def worlds() -> tuple[World, ...]:
    """Return the run as assumed, and each variation of it."""
    base = Assumptions()

    def varied(name: str, **changes: float) -> World:
        return World(name, replace(base, **changes), POLICIES, way_out="silent" not in changes)

    return (
        World(BASE, base, POLICIES),
        varied("burden decides, relief does nothing", burden_hurts=2.0, relief_helps=0.0),
        varied("relief decides, burden does nothing", burden_hurts=0.0, relief_helps=0.8),
        varied("neither does anything", burden_hurts=0.0, relief_helps=0.0),
        varied("people give up twice as often", firm=0.004, wavering=0.012, fragile=0.05),
        varied("no income breaks in again", shock=0.0),
        varied("incomes break in twice as often", shock=0.04),
        varied("everybody chooses the lowest payment", lightest=1.0),
        varied("four in ten ask again after a pause", asks_again=0.4),
        varied("nobody comes back or pays unasked", comes_back=0.0, pays_unasked=0.0),
        varied("nobody pays out of the floor", from_the_floor=0.0),
        varied("three in ten never use the way out", silent=0.3),
        World("ours without its way out", base, _NO_WAY_OUT, way_out=False),
        World("the plain ones may move a payment too", base, _MOVING),
    )
