"""Let everybody live under every policy, and again under other assumptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.policy.lookup import Policy
from simulation.assumptions import Assumptions
from simulation.desk import Desk
from simulation.intervals import GROUPS
from simulation.life import DAY_ZERO, live
from simulation.people import draw_person, months_of
from simulation.policies import OfferPolicy
from simulation.tally import Tally

__all__ = ["Progress", "World", "live_through"]

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class World:
    """The assumptions of a run, and the policies that people live under."""

    name: str
    assumed: Assumptions
    policies: tuple[OfferPolicy, ...]
    way_out: bool = True
    """Everybody under our planner has the agreement's way out, and uses it."""


def live_through(
    worlds: Sequence[World], people: int, seed: int, policy: Policy, progress: Progress
) -> dict[str, dict[str, Tally]]:
    """Return the tally of each policy in each world. The people and their luck are the same in all."""
    groups = min(GROUPS, people)
    rate = policy.on(DAY_ZERO).value("bank.contract.annual_rate")
    tallies: Mapping[str, dict[str, Tally]] = {
        world.name: {by.name: Tally(groups, rate) for by in world.policies} for world in worlds
    }
    desk = Desk(policy)
    for number in range(people):
        person = draw_person(seed, number, policy.on(DAY_ZERO))
        desk.forget()
        for world in worlds:
            months = months_of(person, world.assumed)
            for by in world.policies:
                life = live(person, months, by, world.assumed, desk)
                tallies[world.name][by.name].add(number % groups, person, life)
        progress(number + 1)
    return dict(tallies)
