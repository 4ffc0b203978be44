"""Turns through the whole chain beside a plain Rasa, the cold start, and memory of each process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bench.arrivals import Arrivals, open_loop
from bench.cardholders import SCRIPT, Cardholders
from bench.long_talk import measure_long_talk
from bench.loop import HEADING, Bounds, Load, Turn, closed_loop
from bench.machine import MEGABYTE, resident
from bench.plain_rasa import PlainRasa, plain_rasa
from bench.running import Installation, installation
from reporting.charts import Bars
from reporting.sections import Section, Table, milliseconds, percentile, progress

__all__ = ["measure_chain"]

AT_ONCE = (1, 8, 32)
FULL = {1: Bounds(152, 40.0), 8: Bounds(456, 40.0), 32: Bounds(912, 50.0)}
"""Eight, twenty-four and forty-eight whole conversations, or the time, whichever is over first."""
QUICK = {1: Bounds(19, 20.0), 2: Bounds(24, 20.0)}
ARRIVING = {False: Arrivals(20.0, 30.0, 64), True: Arrivals(4.0, 5.0, 8)}
"""By whether it is quick: six hundred turns of sixty-four conversations, each of which begins in it."""


Memory = dict[str, int]
Conversation = Callable[[int], AsyncIterator[Turn | None]]


def measure_chain(folder: Path, *, quick: bool = False, plain: bool = True) -> list[Section]:
    """Run both and return sections ``turns``, ``arrivals``, ``long``, ``start`` and ``memory``.

    The two take turns at each number of conversations, so that what else goes on meets both alike.
    """
    bounds = QUICK if quick else FULL
    progress("chain: starting the whole product")
    with installation(folder) as running, ExitStack() as stack:
        start = _start(running)
        before = running.memory()
        beside = None
        if plain:
            place = folder / "plain"
            place.mkdir()
            progress("chain: starting a plain Rasa")
            beside = stack.enter_context(plain_rasa(place))
        plain_before = _memory_of(beside)
        measured = asyncio.run(_measure(running, beside, bounds, quick=quick))
        after, plain_after = running.memory(), _memory_of(beside)
    count = sum(len(load.turns) for load in measured.ours)
    turns = _turns(measured.ours, measured.theirs)
    if measured.busy:
        turns.notes.append(
            f"{measured.busy} times the database was busy too long: a message was sent again."
        )
    memory = _memory(before, after, (plain_before, plain_after), count)
    return [turns, _arrivals(measured, ARRIVING[quick]), measured.long, start, memory]


@dataclass
class _Measured:
    """What was found: of the whole chain and of the plain Rasa, in the order of the bounds."""

    long: Section
    ours: list[Load] = field(default_factory=list)
    theirs: list[Load] = field(default_factory=list)
    arrived: list[tuple[str, Load]] = field(default_factory=list)
    busy: int = 0


def _memory_of(rasa: PlainRasa | None) -> Memory:
    return {} if rasa is None else {name: resident(pid) for name, pid in rasa.pids.items()}


async def _measure(
    running: Installation, rasa: PlainRasa | None, bounds: dict[int, Bounds], *, quick: bool
) -> _Measured:
    arrivals = ARRIVING[quick]
    turns = sum(bound.turns for bound in bounds.values()) + len(arrivals.moments())
    at_once = sum(bounds) + arrivals.conversations
    people = Cardholders(running, 2 + at_once + -(-turns // (len(SCRIPT) + 1)))
    found = _Measured(Section("long", ""))
    try:
        await people.load()
        await closed_loop(1, Bounds(len(SCRIPT) + 1, 60), people.conversation)  # warm
        if rasa is not None:
            await closed_loop(1, Bounds(len(SCRIPT), 60), rasa.conversation)  # warm
        for number, bound in bounds.items():
            loop = partial(closed_loop, number, bound)
            progress(f"chain: {number} at once, whole chain")
            found.ours.append(await _load(loop, people.conversation, running.processor_seconds))
            if rasa is not None:
                progress(f"chain: {number} at once, plain Rasa")
                found.theirs.append(await _load(loop, rasa.conversation, rasa.processor_seconds))
        progress(f"chain: {arrivals.a_second:g} arriving turns a second, whole chain")
        loop = partial(open_loop, arrivals)
        load = await _load(loop, people.conversation, running.processor_seconds)
        found.arrived.append(("whole chain", load))
        if rasa is not None:
            progress(f"chain: {arrivals.a_second:g} arriving turns a second, plain Rasa")
            load = await _load(loop, rasa.conversation, rasa.processor_seconds)
            found.arrived.append(("plain Rasa", load))
        progress("chain: one long conversation")
        found.long = await measure_long_talk(people, quick=quick)
    finally:
        await people.close()
        if rasa is not None:
            await rasa.client.aclose()
    found.busy = people.busy
    return found


async def _load(
    loop: Callable[[Conversation], Awaitable[Load]],
    conversation: Conversation,
    used: Callable[[], dict[str, float]],
) -> Load:
    before = used()
    load = await loop(conversation)
    load.processor = {name: seconds - before.get(name, 0.0) for name, seconds in used().items()}
    return load


def _turns(ours: list[Load], theirs: list[Load]) -> Section:
    section = Section("turns", "Turns")
    rows = []
    for place, load in enumerate(ours):
        words = "1 conversation" if load.at_once == 1 else f"{load.at_once} conversations"
        rows.append(load.row(f"{words}, whole chain"))
        if theirs:
            rows.append(theirs[place].row(f"{words}, plain Rasa"))
    section.tables.append(Table("Latency of a turn, and turns a second", HEADING, tuple(rows)))
    kinds = dict.fromkeys(("opening", *(kind for kind, _ in SCRIPT)))
    alone = ours[0].turns
    by_kind = []
    for kind in kinds:
        times = [turn.seconds for turn in alone if turn.kind == kind]
        if times:
            middle, most = percentile(times, 50), percentile(times, 95)
            by_kind.append((kind, str(len(times)), milliseconds(middle), milliseconds(most)))
    heading = ("one conversation at a time", "turns", "p50", "p95")
    section.tables.append(Table("The same by what the turn is about", heading, tuple(by_kind)))
    section.tables.append(_processor_time(ours, theirs))
    broken = sum(load.failures for load in (*ours, *theirs))
    if broken:
        section.notes.append(f"{broken} conversations broke off and are not in the figures.")
    if theirs:
        groups = tuple(f"{load.at_once} at once" for load in ours)

        def figures(loads: list[Load], percent: int) -> tuple[float, ...]:
            return tuple(
                percentile(load.latencies, percent) * 1000 if load.turns else 0.0 for load in loads
            )

        section.charts += [
            Bars(
                "performance-latency.svg", "Latency of a turn", "milliseconds", groups,
                (
                    ("whole chain, p50", figures(ours, 50)),
                    ("whole chain, p95", figures(ours, 95)),
                    ("plain Rasa, p50", figures(theirs, 50)),
                    ("plain Rasa, p95", figures(theirs, 95)),
                ),
            ),
            Bars(
                "performance-throughput.svg", "Turns a second", "turns a second", groups,
                (
                    ("whole chain", tuple(load.a_second for load in ours)),
                    ("plain Rasa", tuple(load.a_second for load in theirs)),
                ),
                shades=(0, 2),
            ),
        ]  # fmt: skip
    return section


def _arrivals(measured: _Measured, arrivals: Arrivals) -> Section:
    """The open loop: its latencies begin when a turn arrives, not when somebody has time for it."""
    rows = tuple(load.row(name) for name, load in measured.arrived)
    title = f"{arrivals.a_second:g} arriving turns a second, among {arrivals.conversations} conversations"
    section = Section("arrivals", "Turns that arrive", [Table(title, HEADING, rows)])
    broken = sum(load.failures for _, load in measured.arrived)
    if broken:
        section.notes.append(f"{broken} conversations broke off and are not in the figures.")
    return section


def _processor_time(ours: list[Load], theirs: list[Load]) -> Table:
    """What a turn costs whatever else the machine does: the processor time of each process."""

    def figures(loads: list[Load], name: str) -> list[str]:
        return [
            milliseconds(load.processor.get(name, 0.0) / max(1, len(load.turns))) for load in loads
        ]

    rows = [(name, *figures(ours, name)) for name in ours[0].processor]
    if theirs:
        rows += [(f"plain Rasa: {name}", *figures(theirs, name)) for name in theirs[0].processor]
    heading = ("processor time of a turn", *(f"{load.at_once} at once" for load in ours))
    return Table("Where the time of a turn goes, by process", heading, tuple(rows))


def _start(running: Installation) -> Section:
    rows = [("everything, from the command to ready and warm", f"{running.seconds:.1f} s")]
    rows += [(f"{name} answers", f"{float(seconds):.1f} s") for name, seconds in running.started()]
    table = Table("Cold start (model trained, empty portfolio)", ("", "after"), tuple(rows))
    return Section("start", "Cold start", [table])


def _memory(
    before: Memory,
    after: Memory,
    plain: tuple[Memory, Memory],
    turns: int,
) -> Section:
    rows = [_memory_row(name, before[name], after.get(name, 0)) for name in before]
    rows.append(_memory_row("all of it", sum(before.values()), sum(after.values())))
    rows += [
        _memory_row(f"plain Rasa: {name}", size, plain[1][name]) for name, size in plain[0].items()
    ]
    heading = ("process", "when ready", f"after {turns:,} turns")
    return Section("memory", "Memory", [Table("Resident memory", heading, tuple(rows))])


def _memory_row(name: str, before: int, after: int) -> tuple[str, str, str]:
    return name, f"{before / MEGABYTE:,.0f} MB", f"{after / MEGABYTE:,.0f} MB"
