"""The colleagues' desk: 200 open cases, 20 collectors connected; how soon each sees what another did.

Measured from the moment a request is sent to the moment the change is read off a collector's stream, so
the request itself is in the figure. All of it, the readers included, runs on the same machine.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import islice
from pathlib import Path

import httpx2

from bench.cardholders import able_to_agree
from bench.colleagues import Colleague, colleagues
from bench.running import Installation, installation
from bench.synthetic_portfolio import write_portfolio
from reporting.sections import Section, Table, milliseconds, percentile, progress

__all__ = ["measure_desk"]

CASE = re.compile(r'id="case-(\d+)"')
PATIENCE = 10.0
"""Seconds after which a change that nobody saw counts as not seen."""
PAUSE = 0.2
"""Seconds between two changes."""
SETTLING = 1.5
"""Seconds after the last reader has connected."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    cases: int
    collectors: int
    changes: int
    messages: int


FULL = Size(cases=200, collectors=20, changes=90, messages=60)
QUICK = Size(cases=8, collectors=2, changes=6, messages=4)


class Awaited:
    """Something that was done, and when each of its readers saw it, in seconds after it was begun."""

    def __init__(self, readers: int) -> None:
        self.begun = time.monotonic()
        self.seconds: dict[int, float] = {}
        self._readers = readers
        self._all = asyncio.Event()

    def seen(self, reader: int, at: float) -> None:
        """Note that a reader saw it."""
        if at >= self.begun:
            self.seconds.setdefault(reader, at - self.begun)
        if len(self.seconds) == self._readers:
            self._all.set()

    async def by_all(self) -> None:
        """Wait until all have seen it, or patience ends."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all.wait(), PATIENCE)


class Queue:
    """Twenty readers of the queue, and what they are waiting to see."""

    def __init__(self, staff: list[Colleague], known: set[int]) -> None:
        self.staff = staff
        self.known = known
        self.done: list[Awaited] = []
        self._now: Awaited | None = None
        self._case_id: int | None = None

    def heard(self, reader: int, line: str, at: float) -> None:
        """Look whether a line of a stream tells of what was done last; a new case is one not known yet."""
        if self._now is None:
            return
        for case_id in map(int, CASE.findall(line)):
            if case_id == self._case_id or (self._case_id is None and case_id not in self.known):
                self._now.seen(reader, at)

    async def change(self, case_id: int | None, doing: Awaitable[int | None]) -> int | None:
        """Do something to a case (``None``: a new one) and wait until everybody saw it."""
        self._case_id, self._now = case_id, Awaited(len(self.staff))
        found = await doing
        await self._now.by_all()
        self.done.append(self._now)
        self._now = None
        await asyncio.sleep(PAUSE)
        return found


@dataclass
class Visitor:
    """Somebody with a conversation: its id, the credential, and their case once there is one."""

    conversation_id: str
    token: str
    case_id: int = 0


def measure_desk(folder: Path, *, quick: bool = False) -> Section:
    """Run the whole product with a full queue and return section ``desk``."""
    size = QUICK if quick else FULL
    place = folder / "desk"
    place.mkdir()
    progress("desk: starting the whole product")
    with installation(place) as running:
        before = running.processor_seconds()
        begun = time.monotonic()
        found = asyncio.run(_measured(running, size))
        used = running.processor_seconds()["api"] - before["api"]
        found.notes.append(
            f"The api used {used:.0f} s of processor time in {time.monotonic() - begun:.0f} s, the "
            "opening of all conversations and the sign-ins included."
        )
        return found


async def _measured(running: Installation, size: Size) -> Section:
    client = httpx2.AsyncClient(base_url=running.address, timeout=60, trust_env=False)
    progress(f"desk: {size.cases} people ask for a person")
    waiting = await _visitors(running, client, size.cases + size.changes // 3 + 1)
    spare = waiting[size.cases :]
    for visitor in waiting[: size.cases]:
        visitor.case_id = await _ask(running, client, visitor)
    progress(f"desk: {size.collectors} collectors sign in")
    staff = await colleagues(running, size.collectors)
    progress("desk: changes of the queue")
    pages, seen, missed = await _changes(running, client, staff, waiting[: size.cases], spare, size)
    progress("desk: what people write, on the pages of their cases")
    said, unheard = await _messages(client, staff, waiting[: len(staff)], size)
    for one in staff:
        await one.client.aclose()
    await client.aclose()
    heading = (
        "from the request to the collector's page",
        "seen",
        "p50",
        "p95",
        "slowest",
        "not seen",
    )
    rows = (
        _row(f"a change of the queue, {size.collectors} pages of {size.cases} cases", seen, missed),
        _row("what the person writes, on the case's page", said, unheard),
    )
    opened = Table(
        "Opening the queue", ("", "pages", "p50", "p95"),
        ((f"{size.cases} cases", str(len(pages)), milliseconds(percentile(pages, 50)),
          milliseconds(percentile(pages, 95))),),
    )  # fmt: skip
    return Section("desk", "The colleagues' desk", [Table("Live updates", heading, rows), opened])


def _row(name: str, seconds: list[float], missed: int) -> tuple[str, ...]:
    if not seconds:
        return (name, "0", "", "", "", str(missed))
    return (
        name, f"{len(seconds):,}", milliseconds(percentile(seconds, 50)),
        milliseconds(percentile(seconds, 95)), milliseconds(max(seconds)), str(missed),
    )  # fmt: skip


async def _visitors(
    running: Installation, client: httpx2.AsyncClient, number: int
) -> list[Visitor]:
    """Import so many people and open a conversation for each, eight at a time."""
    bank = {"Authorization": f"Bearer {running.settings['ANHUAN_SERVICE_TOKEN']}"}
    people = list(islice(able_to_agree(), number))
    file = StringIO()
    write_portfolio(people, file)
    imported = await client.post(
        "/v1/accounts/import", content=file.getvalue().encode(), headers=bank
    )
    imported.raise_for_status()
    listed = await client.get("/v1/accounts?overdue=true&limit=1000", headers=bank)
    ids = {item["account_ref"]: item["id"] for item in listed.json()["items"]}
    places = asyncio.Semaphore(8)

    async def opened(person: dict[str, str]) -> Visitor:
        async with places:
            made = await client.post(
                f"/v1/accounts/{ids[person['account_ref']]}/invites", headers=bank
            )
            answer = await client.post(
                "/v1/chat/conversations", json={"invite": made.raise_for_status().json()["code"]}
            )
            found = answer.raise_for_status().json()
            return Visitor(found["conversation_id"], found["token"])

    return list(await asyncio.gather(*(opened(person) for person in people)))


async def _ask(running: Installation, client: httpx2.AsyncClient, visitor: Visitor) -> int:
    """Ask for a person as the assistant does; returns the case's id."""
    bot = {"Authorization": f"Bearer {running.settings['ANHUAN_BOT_TOKEN']}"}
    answer = await client.post(
        f"/v1/bot/conversations/{visitor.conversation_id}/handoff", json={"reason": "ask_human"},
        headers=bot,
    )  # fmt: skip
    number: str = answer.raise_for_status().json()["words"]["case_no"]
    return int(number.removeprefix("A"))


async def _changes(
    running: Installation, client: httpx2.AsyncClient, staff: list[Colleague],
    waiting: list[Visitor], spare: list[Visitor], size: Size,
) -> tuple[list[float], list[float], int]:  # fmt: skip
    """Make changes one after another while everybody reads; returns pages, latencies and what was missed."""
    queue = Queue(staff, {visitor.case_id for visitor in waiting})
    pages: list[float] = []
    streams = []
    for one in staff:
        stream, taken = await one.open("/console/queue")
        pages.append(taken)
        streams.append(stream)
    async with _reading(staff, streams, queue.heard):
        for number in range(size.changes // 3):
            who, old = staff[number % len(staff)], waiting[-1 - number]
            found = await queue.change(None, _ask(running, client, spare[number]))
            queue.known.add(found or 0)
            case = f"/console/cases/{old.case_id}"
            await queue.change(old.case_id, who.act(f"{case}/take"))
            await queue.change(old.case_id, who.act(f"{case}/acts/close", outcome="resolved"))
    seen = [seconds for change in queue.done for seconds in change.seconds.values()]
    return pages, seen, len(queue.done) * len(staff) - len(seen)


@asynccontextmanager
async def _reading(
    staff: list[Colleague], streams: list[str], heard: Callable[[int, str, float], None]
) -> AsyncIterator[None]:
    """Have everybody read their stream until the block ends; it begins when all are connected."""
    ready = asyncio.Semaphore(0)
    readers = [
        asyncio.create_task(one.read(stream, partial(heard, number), ready.release))
        for number, (one, stream) in enumerate(zip(staff, streams, strict=True))
    ]
    for _ in staff:
        await ready.acquire()
    await asyncio.sleep(SETTLING)
    try:
        yield
    finally:
        for task in readers:
            task.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _messages(
    client: httpx2.AsyncClient, staff: list[Colleague], talking: list[Visitor], size: Size
) -> tuple[list[float], int]:
    """Let each collector take a case and the people write, one after another; each page reads its own."""
    streams = []
    for one, visitor in zip(staff, talking, strict=True):
        await one.act(f"/console/cases/{visitor.case_id}/take")
        streams.append((await one.open(f"/console/cases/{visitor.case_id}"))[0])
    pending: dict[str, Awaited] = {}

    def heard(reader: int, line: str, at: float) -> None:
        for text, change in pending.items():
            if text in line:
                change.seen(reader, at)

    async with _reading(staff, streams, heard):
        for number in range(size.messages):
            visitor = talking[number % len(talking)]
            text = f"这是第{number:04}句话。"
            pending[text] = change = Awaited(1)
            answer = await client.post(
                f"/v1/chat/conversations/{visitor.conversation_id}/messages",
                json={"text": text, "client_message_id": f"b{number}"},
                headers={"Authorization": f"Bearer {visitor.token}"},
            )
            answer.raise_for_status()
            await change.by_all()
            await asyncio.sleep(PAUSE)
    seen = [seconds for change in pending.values() for seconds in change.seconds.values()]
    return seen, len(pending) - len(seen)
