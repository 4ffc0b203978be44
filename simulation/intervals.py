"""Intervals: how far a figure would move with other people drawn from the same population.

- A share of people (signed, kept, settled): **Wilson's score interval**, which stays within 0 and 100 %
  and holds its coverage for shares near either end, where the plain normal interval does not.
- Everything else (sums of money over sums of money, days, and every difference between two policies):
  the **percentile bootstrap** over people. Large debts weigh more than small ones, and the differences
  are paired: one person's outcomes under all policies are drawn together.

People are drawn independently, so groups of them are too: the bootstrap draws groups (200 of them, or
single people when there are fewer), which gives the same intervals at a fraction of the cost.
Neither says anything about the assumptions being right: for that there is the sensitivity table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

__all__ = ["GROUPS", "Bootstrap", "Estimate", "wilson"]

GROUPS = 200
DRAWS = 1000
_Z = 1.959964  # the 97.5 % point of the normal distribution: 95 % two-sided


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval. ``None`` is beyond what was looked at."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.low is not None and self.low > 0

    @property
    def below_zero(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.high is not None and self.high < 0


def wilson(count: int, of: int) -> Estimate:
    """Return the share ``count / of`` with Wilson's score interval; nothing of nothing is unknown."""
    if not of:
        return Estimate(None, None, None)
    share = count / of
    middle = (share + _Z * _Z / (2 * of)) / (1 + _Z * _Z / of)
    spread = _Z * sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of)) / (1 + _Z * _Z / of)
    return Estimate(share, max(0.0, middle - spread), min(1.0, middle + spread))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure of everybody, and of each draw of people."""

    value: float | None
    draws: tuple[float | None, ...]

    def less(self, other: Drawn) -> Drawn:
        """Return how much more this is than ``other``, draw by draw: paired."""
        pairs = zip(self.draws, other.draws, strict=True)
        return Drawn(_less(self.value, other.value), tuple(_less(*pair) for pair in pairs))

    @property
    def estimate(self) -> Estimate:
        """The figure, and between which values 95 % of the draws put it."""
        ordered = sorted(self.draws, key=lambda value: (value is None, value or 0.0))
        cut = len(ordered) // 40
        return Estimate(self.value, ordered[cut], ordered[-1 - cut])


class Bootstrap:
    """The same seeded draws of groups for every figure, so that differences stay paired."""

    def __init__(self, groups: int, seed: int, draws: int = DRAWS) -> None:
        chance = Random(f"{seed}/bootstrap")
        everyone = range(groups)
        self._once = list(everyone)
        self._draws = [chance.choices(everyone, k=groups) for _ in range(draws)]

    def of(self, figure: Callable[[Sequence[int]], float | None]) -> Drawn:
        """Return ``figure`` of all groups and of each draw of them."""
        return Drawn(figure(self._once), tuple(figure(draw) for draw in self._draws))

    def ratio(self, above: Sequence[int], below: Sequence[int]) -> Estimate:
        """Return a sum over a sum."""
        return self.of(lambda drawn: _ratio(above, below, drawn)).estimate

    def difference(
        self, one: Sequence[int], other: Sequence[int], below: Sequence[int]
    ) -> Estimate:
        """Return how much more ``one`` is than ``other``, over the same sum below."""
        more = [a - b for a, b in zip(one, other, strict=True)]
        return self.ratio(more, below)


def _ratio(above: Sequence[int], below: Sequence[int], drawn: Sequence[int]) -> float | None:
    under = sum(map(below.__getitem__, drawn))
    return sum(map(above.__getitem__, drawn)) / under if under else None


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
