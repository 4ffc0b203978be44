"""An open loop: turns arrive when they arrive, whether or not those before them are answered.

A closed loop waits for a slow answer and so asks less of whoever is slow; people do not. The moments are
drawn from a fixed seed, with pauses as between independent arrivals, and a turn's time begins at its moment:
waiting for its turn anywhere is part of it.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from bench.loop import Load, Turn

__all__ = ["Arrivals", "open_loop"]

SEED = 20261124


@dataclass(frozen=True)
class Arrivals:
    """How many turns arrive a second, for how long, among how many conversations that go on at once."""

    a_second: float
    seconds: float
    conversations: int

    def moments(self) -> list[float]:
        """Return when turns arrive, in seconds from the beginning; the same every time."""
        drawn, moments, at = random.Random(SEED), list[float](), 0.0
        while (at := at + drawn.expovariate(self.a_second)) < self.seconds:
            moments.append(at)
        return moments


async def open_loop(
    arrivals: Arrivals, conversation: Callable[[int], AsyncIterator[Turn | None]]
) -> Load:
    """Have each arriving turn said by the conversation that has been silent longest.

    Where none is silent the turn waits for one, and that counts. ``conversation(n)`` is as in a closed
    loop; what it does that is no turn (``None``) is not counted. One that breaks off is counted, and
    another begins in its place.
    """
    load = Load(arrivals.conversations)
    silent: asyncio.Queue[AsyncIterator[Turn | None]] = asyncio.Queue()
    upcoming = iter(range(1_000_000))
    for _ in range(arrivals.conversations):
        silent.put_nowait(conversation(next(upcoming)))

    async def arrive(due: float) -> None:
        talk = await silent.get()
        waited = time.monotonic() - due
        try:
            while (turn := await _next(talk)) is None:
                talk = conversation(next(upcoming))  # that one had said everything
            load.turns.append(Turn(turn.kind, waited + turn.seconds))
        except Exception as failure:  # noqa: BLE001  (a measurement goes on and says how many)
            load.failures += 1
            print(f"  a conversation broke off: {type(failure).__name__}: {failure}")
            talk = conversation(next(upcoming))
        silent.put_nowait(talk)

    begun = time.monotonic()
    under_way: deque[asyncio.Task[None]] = deque()
    for moment in arrivals.moments():
        await asyncio.sleep(begun + moment - time.monotonic())
        under_way.append(asyncio.create_task(arrive(begun + moment)))
    await asyncio.gather(*under_way)
    load.seconds = time.monotonic() - begun
    load.machine_load = os.getloadavg()[0]
    return load


async def _next(talk: AsyncIterator[Turn | None]) -> Turn | None:
    """Return a conversation's next turn; ``None`` when it is over."""
    async for turn in talk:
        if turn is not None:
            return turn
    return None
