"""A closed loop: so many conversations at once, each sending its next message when it has an answer.

Bounded both ways: it ends when the turns asked for are done or the time is over, whichever is first.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from reporting.sections import milliseconds, percentile

__all__ = ["HEADING", "Bounds", "Load", "Turn", "closed_loop"]

HEADING = ("", "turns", "p50", "p95", "slowest", "turns/s", "load")


@dataclass(frozen=True)
class Bounds:
    """How many turns at most, and for how long at most."""

    turns: int
    seconds: float


@dataclass(frozen=True)
class Turn:
    """One message and its answer: what it was about, and how long it took in seconds."""

    kind: str
    seconds: float


@dataclass
class Load:
    """What one closed loop measured."""

    at_once: int
    turns: list[Turn] = field(default_factory=list)
    seconds: float = 0.0
    failures: int = 0
    machine_load: float = 0.0
    """The machine's load average of a minute at the loop's end: this load and all else."""

    processor: dict[str, float] = field(default_factory=dict)
    """Seconds of processor time that each process used meanwhile, where somebody measured it."""

    @property
    def latencies(self) -> list[float]:
        """All latencies in seconds."""
        return [turn.seconds for turn in self.turns]

    @property
    def a_second(self) -> float:
        """Turns per second over the whole loop."""
        return len(self.turns) / self.seconds if self.seconds else 0.0

    def row(self, name: str) -> tuple[str, ...]:
        """Return the figures as a row under ``HEADING``."""
        times = self.latencies
        if not times:
            return (name, "0", "–", "–", "–", "–", "–")
        middle, most = percentile(times, 50), percentile(times, 95)
        return (
            name, f"{len(times):,}", milliseconds(middle), milliseconds(most),
            milliseconds(max(times)), f"{self.a_second:.1f}", f"{self.machine_load:.1f}",
        )  # fmt: skip


async def closed_loop(
    at_once: int, bounds: Bounds, conversation: Callable[[int], AsyncIterator[Turn | None]]
) -> Load:
    """Hold conversations, ``at_once`` at a time, until the bounds are reached.

    ``conversation(n)`` holds the n-th and yields after each turn; ``None`` for something that is no
    turn (reading a code off the telephone). An exception ends that conversation and is counted.
    """
    load = Load(at_once)
    begun = time.monotonic()
    upcoming = iter(range(1_000_000))

    def over() -> bool:
        return len(load.turns) >= bounds.turns or time.monotonic() - begun >= bounds.seconds

    async def hold() -> None:
        while not over():
            try:
                async for turn in conversation(next(upcoming)):
                    if turn is not None:
                        load.turns.append(turn)
                    if over():
                        return
            except Exception as failure:  # noqa: BLE001  (a measurement goes on and says how many)
                load.failures += 1
                print(f"  a conversation broke off: {type(failure).__name__}: {failure}")
                if load.failures > 3 * at_once:
                    return

    await asyncio.gather(*(hold() for _ in range(at_once)))
    load.seconds = time.monotonic() - begun
    load.machine_load = os.getloadavg()[0]
    return load
