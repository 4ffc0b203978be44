"""One conversation that does not end: is its thousandth turn as quick as its tenth?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import chain, cycle, islice

from bench.cardholders import SCRIPT, Cardholders
from bench.loop import Turn
from reporting.sections import Section, Table, milliseconds, percentile

__all__ = ["measure_long_talk"]

BEGINNING = SCRIPT[:3]
"""Until identity is proven: what follows is asked before anything is consented to, outside any form."""
QUESTIONS = ("会影响征信吗", "年化利率是什么意思", "我一共欠多少", "你们会打给我家里人吗")
AROUND = 20
"""Turns whose middle is shown, since one turn alone says little: each question is among them equally often."""
FULL, QUICK = 1_000, 60
OPENING = 1
"""The opening is a turn too, before the script's."""


async def measure_long_talk(people: Cardholders, *, quick: bool = False) -> Section:
    """Hold one conversation of so many turns; returns section ``long``."""
    turns = QUICK if quick else FULL
    questions = (("questions", words) for words in cycle(QUESTIONS))
    script = tuple(islice(chain(BEGINNING, questions), turns - OPENING))
    seconds = [turn.seconds async for turn in _told(people.conversation(0, script))]
    first = len(BEGINNING) + OPENING
    rows = []
    for middle in (first + AROUND // 2, turns // 2, turns - AROUND // 2):
        begin = middle - AROUND // 2
        some = seconds[begin : begin + AROUND]
        rows.append(
            (
                f"turns {begin + 1:,} to {begin + AROUND:,}", f"{len(some)}",
                milliseconds(percentile(some, 50)), milliseconds(percentile(some, 95)),
                f"{percentile(some, 50) / percentile(seconds[first : first + AROUND], 50):.2f}",
            )
        )  # fmt: skip
    heading = ("one conversation, alone", "turns", "p50", "p95", "p50 beside the first")
    return Section("long", "A long conversation", [Table("The same questions, over and over", heading, tuple(rows))])  # fmt: skip


async def _told(talk: AsyncIterator[Turn | None]) -> AsyncIterator[Turn]:
    async for turn in talk:
        if turn is not None:
            yield turn
