"""A burst: a thousand texts arrive in one moment, and each is acknowledged, heard in its turn and answered.

They come as the provider brings them, signed, to the running product; what it answers leaves through the
outbox and the sandbox telephone. Times are printed; what is checked is that nothing is lost and that each
person's texts are answered in the order in which they were taken in.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice
from pathlib import Path

import httpx2
from twilio.request_validator import RequestValidator

from bench.running import Installation, installation
from bench.synthetic_portfolio import synthetic_rows, write_portfolio
from reporting.charts import Line
from reporting.sections import Section, Table, percentile, progress

__all__ = ["measure_burst"]

TEXTS = ("你好", "你们是谁", "怎么知道你们是真的", "发验证码")
"""What each person writes, all of it at once."""
PERSONS = 250
LOOK_SECONDS = 0.25
MOST_SECONDS = 600.0

WAITING = {
    "texts to be heard": "SELECT count(*) FROM inbox WHERE handled_at IS NULL",
    "answers to be sent": "SELECT count(*) FROM outbox WHERE state = 'queued'",
    "answers to be put into texts": (
        "SELECT count(*) FROM conversations WHERE channel = 'sms' AND texted_seq < last_seq"
    ),
}
OUT_OF_ORDER = """
    SELECT count(*) FROM inbox a JOIN inbox b ON a.conversation_id = b.conversation_id
    WHERE a.seq < b.seq AND (a.handled_at > b.handled_at OR a.answered_to_seq > b.answered_to_seq)
"""


@dataclass
class Burst:
    """What was measured; times in seconds since the first text was sent."""

    acknowledged: list[float] = field(default_factory=list)
    refused: int = 0
    waiting: list[tuple[float, int]] = field(default_factory=list)
    """How many texts were not answered yet, over time."""
    heard: float = 0.0
    answered: float = 0.0


def measure_burst(folder: Path, *, quick: bool = False) -> Section:
    """Start the product, send the burst, and wait until the last answer has left."""
    persons = 10 if quick else PERSONS
    place = folder / "burst"
    place.mkdir()
    progress("burst: starting the whole product")
    with installation(place) as running:
        numbers = _import(running, persons)
        progress(f"burst: {persons * len(TEXTS):,} texts at once")
        record = Path(str(running.settings["ANHUAN_DATA_DIR"])) / "anhuan.db"
        with closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True, timeout=30)) as looking:
            burst = asyncio.run(_send(running, numbers, looking))
            lost = persons * len(TEXTS) - _count(looking, "SELECT count(*) FROM inbound_texts")
            unheard = _count(looking, WAITING["texts to be heard"])
            disorder = _count(looking, OUT_OF_ORDER)
            unsent = _count(looking, "SELECT count(*) FROM outbox WHERE state != 'sent'")
            sent = _count(looking, "SELECT count(*) FROM outbox")
    if lost or unheard or disorder:
        msg = f"of the burst {lost} were lost, {unheard} not heard, {disorder} out of order"
        raise RuntimeError(msg)
    section = Section("burst", "A burst of text messages")
    rows = (
        ("texts at once, signed", f"{persons * len(TEXTS):,}"),
        ("persons", f"{persons:,}"),
        ("refused, and brought again", f"{burst.refused:,}"),
        ("acknowledged, p50", f"{percentile(burst.acknowledged, 50):.1f} s"),
        ("the last acknowledged", f"{max(burst.acknowledged):.1f} s"),
        ("the last heard and answered by the assistant", f"{burst.heard:.1f} s"),
        ("the last answer at the provider", f"{burst.answered:.1f} s"),
        ("answers sent", f"{sent - unsent:,}"),
        ("lost, heard twice or out of a person's order", "0"),
    )
    section.tables.append(Table("From the moment of the burst", ("", ""), rows))
    section.charts.append(
        Line(
            "performance-burst.svg", "Texts not answered yet", "texts", "seconds",
            (("waiting", tuple((at, float(count)) for at, count in burst.waiting)),),
        )
    )  # fmt: skip
    return section


def _import(running: Installation, persons: int) -> list[str]:
    """Take in a portfolio of so many people; returns their numbers."""
    rows: dict[str, dict[str, str]] = {}
    for row in synthetic_rows(4 * persons + 10):
        rows.setdefault(row["person_ref"], row)
    people = list(islice(rows.values(), persons))
    file = StringIO()
    write_portfolio(people, file)
    answer = httpx2.post(
        f"{running.address}/v1/accounts/import", content=file.getvalue().encode(), timeout=60,
        headers={"Authorization": f"Bearer {running.settings['ANHUAN_SERVICE_TOKEN']}"},
        trust_env=False,
    )  # fmt: skip
    answer.raise_for_status()
    return [row["telephone"] for row in people]


async def _send(running: Installation, numbers: list[str], looking: sqlite3.Connection) -> Burst:
    burst = Burst()
    address = f"{running.settings['ANHUAN_PUBLIC_URL']}/v1/sms/inbound"
    validator = RequestValidator(str(running.settings["TWILIO_AUTH_TOKEN"]))
    requests = []
    for person, number in enumerate(numbers):
        for place, body in enumerate(TEXTS):
            fields = {
                "MessageSid": f"SM-{person}-{place}", "From": number, "To": "+8610000000",
                "Body": body,
            }  # fmt: skip
            signature = validator.compute_signature(address, fields)
            requests.append((fields, {"X-Twilio-Signature": signature}))
    async with httpx2.AsyncClient(
        base_url=running.address, timeout=120, trust_env=False,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
    ) as client:  # fmt: skip
        begun = time.monotonic()

        async def bring(fields: dict[str, str], headers: dict[str, str]) -> None:
            while True:
                answer = await client.post("/v1/sms/inbound", data=fields, headers=headers)
                if answer.status_code == httpx2.codes.OK:
                    burst.acknowledged.append(time.monotonic() - begun)
                    return
                burst.refused += 1
                await asyncio.sleep(0.5)

        watching = asyncio.create_task(_watch(burst, looking, len(requests), begun))
        await asyncio.gather(*(bring(*request) for request in requests))
        await watching
    return burst


async def _watch(burst: Burst, looking: sqlite3.Connection, texts: int, begun: float) -> None:
    """Look at the record until everything is heard and every answer has left."""
    while (now := time.monotonic() - begun) < MOST_SECONDS:
        taken_in = _count(looking, "SELECT count(*) FROM inbox")
        left = {name: _count(looking, query) for name, query in WAITING.items()}
        unheard = texts - taken_in + left["texts to be heard"]
        burst.waiting.append((now, unheard))
        if not unheard and not burst.heard:
            burst.heard = now
        if not unheard and not any(left.values()):
            burst.answered = now
            return
        await asyncio.sleep(LOOK_SECONDS)


def _count(looking: sqlite3.Connection, query: str) -> int:
    return int(looking.execute(query).fetchone()[0])
