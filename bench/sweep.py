"""A whole day of a portfolio: who is invited to talk, and what falls due in the months of agreements.

The day is the worst of the month: every agreement's reminder is due at the same hour. It is swept by a
process of its own, as the product sweeps it, whose memory is watched from outside.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from api.accounts.models import CardAccount
from api.contact.sending import deliver_due
from api.followup.models import FollowupStep
from api.followup.outreach import Tally, outreach
from api.followup.tick import follow_up
from api.kit.clock import SetClock
from api.kit.dates import LOCAL_ZONE
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring
from api.policy.lookup import Policy
from api.settings import Settings
from bench.machine import MEGABYTE, Resident, resident_peak
from bench.portfolio import import_into
from bench.running import ROOT
from bench.signed_portfolio import sign_some
from bench.synthetic_portfolio import AS_OF, SEED, save_portfolio, synthetic_rows
from reporting.charts import Line
from reporting.sections import Section, Table, progress

__all__ = ["measure_sweep"]

ACCOUNTS = 10_000
SIGNED_OF = 4
"""One person in so many has an agreement, as far as a plan fits them."""
ADDRESS = "https://bank.example"


class AtOnce:
    """A provider that has every text the moment it is given it."""

    def __init__(self) -> None:
        self.count = 0

    def send(self, recipient: str, body: str) -> str:
        """Count a text."""
        del recipient, body
        self.count += 1
        return f"SM{self.count}-{id(self)}"

    def sent_before(self, recipient: str, body: str) -> Sequence[str]:
        """Nothing was ever lost on the way."""
        del recipient, body
        return ()


def measure_sweep(folder: Path, *, quick: bool = False) -> Section:
    """Import, let agreements be signed, and sweep the day of their first reminders."""
    section = Section("sweep", "A day of a whole portfolio")
    count = 500 if quick else ACCOUNTS
    place = folder / "sweep"
    place.mkdir()
    save_portfolio(_reachable(synthetic_rows(count)), place / "portfolio.csv")
    environment = import_into(place / "portfolio.csv", f"sqlite:///{place / 'sweep.db'}", place)
    keys = environment["ANHUAN_DATA_KEYS"], environment["ANHUAN_HASH_KEY"]
    use_keyring(Keyring([keys[0]], keys[1]))
    policy = Policy.shipped()
    database = Database(environment["DATABASE_URL"])
    progress("sweep: signing agreements")
    signed = sign_some(database, policy, now=_at(AS_OF, 9), every=SIGNED_OF)
    day = _first_reminders(database, policy, signed)
    with database.reading() as session:
        accounts = session.scalar(select(func.count()).select_from(CardAccount)) or 0
    database.close()
    progress("sweep: a day")
    figures, memory = _swept(environment, day)
    if not (figures["invited"] and figures["sent"]):
        msg = "nobody was invited or reminded: this day measures nothing"
        raise RuntimeError(msg)
    rows = (
        ("accounts", f"{accounts:,}"),
        ("agreements in force, all due on one day", f"{signed:,}"),
        ("persons that outreach looked at", f"{figures['looked_at']:,.0f}"),
        ("invited (the gate asked for each)", f"{figures['invited']:,.0f}"),
        ("outreach took", f"{figures['outreach_seconds']:.1f} s"),
        ("steps of agreements due, each said or kept", f"{figures['steps']:,.0f}"),
        ("they took", f"{figures['follow_up_seconds']:.1f} s"),
        ("texts handed over (the gate asked again, the budget spent)", f"{figures['sent']:,.0f}"),
        ("that took, with a provider that answers at once", f"{figures['sending_seconds']:.1f} s"),
        ("the whole day", f"{figures['seconds']:.1f} s"),
        ("processor time it took", f"{figures['processor_seconds']:.1f} s"),
    )
    section.tables.append(Table("The worst day of a month, one process on SQLite", ("", ""), rows))
    begin, peak = memory.samples[0][1] if memory.samples else 0, figures["peak"]
    section.tables.append(
        Table(
            "Memory of that process", ("", "resident"),
            (
                ("when it had read its programs", f"{begin / MEGABYTE:,.0f} MB"),
                ("after a tenth of the day", f"{_highest(memory, 0, 0.1) / MEGABYTE:,.0f} MB"),
                ("in its middle", f"{_highest(memory, 0.4, 0.6) / MEGABYTE:,.0f} MB"),
                ("the most at any moment", f"{peak / MEGABYTE:,.0f} MB"),
            ),
        )
    )  # fmt: skip
    section.charts.append(
        Line(
            "performance-sweep-memory.svg", "Memory while a day is swept", "megabytes", "seconds",
            (("resident", tuple((at, size / MEGABYTE) for at, size in memory.samples)),),
        )
    )  # fmt: skip
    section.notes.append(f"Synthetic portfolio, seed {SEED} (bench/synthetic_portfolio.py).")
    return section


def _reachable(rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Give everybody a number in Hong Kong: the default provider carries no such text to the mainland."""
    for row in rows:
        yield {**row, "telephone": f"+8526{row['telephone'][-7:]}"}


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL_ZONE).astimezone(UTC)


def _first_reminders(database: Database, policy: Policy, signed: int) -> datetime:
    """Plan for all the agreements; returns the moment at which most of their first words are due."""
    clock = SetClock(_at(AS_OF, 11))
    for _ in range(signed // 50 + 1):
        follow_up(database, clock, policy, ADDRESS)
    with database.reading() as session:
        most = session.execute(
            select(FollowupStep.due_at, func.count().label("count"))
            .where(FollowupStep.kind == "before")
            .group_by(FollowupStep.due_at)
            .order_by(func.count().desc())
            .limit(1)
        ).one()
    due: datetime = most.due_at
    return due + timedelta(minutes=1)


def _swept(environment: dict[str, str], day: datetime) -> tuple[dict[str, float], Resident]:
    """Sweep the day in a process of its own; returns what it tells, and its memory by the second."""
    memory = Resident()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sweep", day.isoformat()],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if process.stdout is None:
        raise RuntimeError
    process.stdout.readline()  # it has read its programs
    begun = time.monotonic()
    with memory.watching(process.pid, every=0.1, seconds_since=begun):
        told = process.stdout.readline()
    if process.wait():
        msg = "the sweep failed"
        raise RuntimeError(msg)
    figures: dict[str, float] = json.loads(told)
    return figures, memory


def _highest(memory: Resident, begin: float, end: float) -> int:
    last = memory.samples[-1][0] if memory.samples else 0
    within = [size for at, size in memory.samples if begin * last <= at <= end * last]
    return max(within, default=0)


def sweep(database: Database, policy: Policy, clock: SetClock) -> dict[str, float]:
    """Do all that a day asks for, as the product's loops and its command do; returns the figures."""
    begun, used = time.monotonic(), time.process_time()
    tally, steps, sent, provider = Tally(), 0, 0, AtOnce()
    for found in outreach(database, clock, policy, address=ADDRESS):
        tally.add(found)
    invited_at = time.monotonic()
    while count := follow_up(database, clock, policy, ADDRESS):
        steps += count
    followed_at = time.monotonic()
    while count := deliver_due(database, clock, policy, {"sms": provider}):
        sent += count
    ended = time.monotonic()
    return {
        "looked_at": sum(tally.verdicts.values()), "invited": tally.verdicts["send"],
        "steps": steps, "sent": sent, "outreach_seconds": invited_at - begun,
        "follow_up_seconds": followed_at - invited_at, "sending_seconds": ended - followed_at,
        "seconds": ended - begun, "processor_seconds": time.process_time() - used,
        "peak": resident_peak(),
    }  # fmt: skip


def main() -> None:
    """Sweep the day named on the command line, in the database of the environment."""
    settings = Settings()
    use_keyring(settings.keyring())
    policy, database = Policy.shipped(), Database(settings.database)
    print("ready", flush=True)
    print(json.dumps(sweep(database, policy, SetClock(datetime.fromisoformat(sys.argv[1])))))
    database.close()


if __name__ == "__main__":
    main()
