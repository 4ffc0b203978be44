"""A whole portfolio: taken in by ``make import``'s own program, aged, and planned for on every core."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import select

from api.accounts.delinquency import bucket, days_past_due
from api.accounts.models import CardAccount, Person
from api.kit.db import Database
from api.plans.debt import Debt
from api.plans.offers import Offered, plan_offers
from api.policy.lookup import Policy
from bench.machine import MEGABYTE, Resident, resident_peak
from bench.running import ROOT
from bench.situations import situation_of
from bench.synthetic_portfolio import AS_OF, SEED, save_portfolio, synthetic_rows
from bench.uci import is_uci, uci_rows
from reporting.charts import Line
from reporting.sections import Section, Table, progress

__all__ = ["import_into", "measure_portfolio"]

ROWS = 30_000
PERSONS_A_PIECE = 500


def measure_portfolio(
    folder: Path, *, given: Path | None = None, quick: bool = False, workers: int | None = None
) -> Section:
    """Import, compute delinquency, plan for everybody; all of it bounded by the portfolio's rows."""
    section = Section("portfolio", "A whole portfolio")
    file, source = _file(folder, given, 1_000 if quick else ROWS)
    section.notes.append(f"Source: {source}.")
    url = f"sqlite:///{folder / 'portfolio.db'}"
    environment = _migrated(folder, url)
    progress("portfolio: importing")
    first, memory = _import(file, environment)
    progress("portfolio: importing the same file again")
    again, _ = _import(file, environment)
    section.tables.append(
        Table(
            "`make import`, a process of its own (times include its start)",
            ("", "seconds", "what it said"),
            (
                ("first time", f"{first[0]:.1f}", first[1]),
                ("the same file again", f"{again[0]:.1f}", again[1]),
            ),
        )
    )
    section.tables.append(_import_memory(memory))
    section.charts.append(
        Line(
            "performance-import-memory.svg",
            "Memory while importing",
            "megabytes",
            "rows taken in",
            (
                (
                    "resident",
                    tuple((rows, size / MEGABYTE) for rows, size in memory.samples if rows),
                ),
            ),
        )
    )
    cores = workers or _cores()
    progress("portfolio: planning for everybody")
    section.tables += _planned(url, cores)
    return section


def import_into(file: Path, url: str, folder: Path) -> dict[str, str]:
    """Make a database with a portfolio in it; returns the settings that open it."""
    environment = _migrated(folder, url)
    _import(file, environment)
    return environment


def _migrated(folder: Path, url: str) -> dict[str, str]:
    environment = _settings(folder, url)
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/migrations/alembic.ini", "upgrade", "head"],
        cwd=ROOT, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return environment


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _file(folder: Path, given: Path | None, rows: int) -> tuple[Path, str]:
    """Return a file in our format, and in words where it comes from."""
    made = folder / "portfolio.csv"
    if given is None:
        save_portfolio(synthetic_rows(rows), made)
        return made, f"synthetic, {rows:,} accounts, seed {SEED} (bench/synthetic_portfolio.py)"
    if is_uci(given):
        count = save_portfolio(uci_rows(given), made)
        return made, f"the public data set of {count:,} accounts, mapped (bench/uci.py)"
    return given, f"a portfolio file in our format, {given.name}"


def _settings(folder: Path, url: str) -> dict[str, str]:
    """A sandbox's settings for one import: fresh keys, a database that is thrown away."""
    names = ("ANHUAN_BOT_TOKEN", "ANHUAN_SERVICE_TOKEN", "ANHUAN_RASA_TOKEN", "ANHUAN_HASH_KEY")
    return {
        **os.environ,
        **{name: secrets.token_urlsafe(16) for name in names},
        "ANHUAN_DATA_KEYS": Fernet.generate_key().decode(),
        "ANHUAN_ENVIRONMENT": "sandbox",
        "ANHUAN_DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def _import(file: Path, environment: dict[str, str]) -> tuple[tuple[float, str], Resident]:
    """Run the import, sampling its memory beside the rows that its progress line tells."""
    memory = Resident()
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.accounts.importing", str(file)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if process.stderr is None or process.stdout is None:
        raise RuntimeError
    with memory.watching(process.pid):
        told = b""
        while piece := os.read(process.stderr.fileno(), 4096):
            told = (told + piece)[-200:]
            count = told.rsplit(b"\r", 1)[-1].split(b" of ", 1)[0].replace(b",", b"")
            if count.isdigit():
                memory.progress = int(count)
    said = process.stdout.read().decode().strip().splitlines()
    if process.wait() not in (0, 1):
        raise RuntimeError("\n".join(said) or "the import failed")
    return (time.monotonic() - begun, said[0].split(";", 1)[0]), memory


def _import_memory(memory: Resident) -> Table:
    during = [(rows, size) for rows, size in memory.samples if rows]
    last = max((rows for rows, _ in during), default=0)

    def highest(begin: float, end: float) -> str:
        sizes = [size for rows, size in during if begin * last <= rows <= end * last]
        return f"{max(sizes, default=0) / MEGABYTE:,.0f} MB"

    rows = (
        ("first tenth of the rows", highest(0, 0.1)),
        ("middle", highest(0.4, 0.6)),
        ("last tenth", highest(0.9, 1)),
        ("the most at any moment", f"{memory.peak / MEGABYTE:,.0f} MB"),
    )
    return Table("Memory of the import, sampled every 50 ms", ("", "resident, at most"), rows)


def _planned(url: str, workers: int) -> list[Table]:
    """Age every account and plan for every person, pieces of the portfolio on every core."""
    begun = time.monotonic()
    ends = _pieces(url)
    aged, outcomes, peaks, worked = Counter[str](), Counter[str](), [], 0.0
    with get_context("spawn").Pool(workers) as pool:
        jobs = ((url, after, until) for after, until in ends)
        for buckets, results, peak, work in pool.imap_unordered(_plan_piece, jobs):
            aged.update(buckets)
            outcomes.update(results)
            peaks.append(peak)
            worked += work
    seconds = time.monotonic() - begun
    persons = sum(outcomes.values())
    speed = (
        ("accounts aged", f"{aged.total():,}"),
        ("persons planned for", f"{persons:,}"),
        (f"wall time on {workers} cores", f"{seconds:.1f} s"),
        ("offer sets a second, all cores together", f"{persons / seconds:,.0f}"),
        ("processor time it took, all cores together", f"{worked:.1f} s"),
        ("offer sets a second of one core's processor time", f"{persons / worked:,.0f}"),
        ("memory of one worker, at most", f"{max(peaks, default=0) / MEGABYTE:,.0f} MB"),
    )
    order = ["current", *(f"M{number}" for number in range(1, 7)), "M7+"]
    return [
        Table("Delinquency and a plan for everybody", ("", ""), speed),
        Table("Days past due", ("bucket", "accounts"), _counted(aged, order)),
        Table("What came of planning", ("", "persons"), _counted(outcomes, sorted(outcomes))),
    ]


def _counted(counts: Counter[str], order: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{counts[name]:,}") for name in order if counts[name])


def _pieces(url: str) -> list[tuple[str, str]]:
    """Cut the portfolio by person: no person is torn apart, no piece depends on another."""
    database = Database(url)
    try:
        with database.transaction() as session:
            refs = select(Person.person_ref).order_by(Person.person_ref)
            cuts = [
                ref
                for number, ref in enumerate(session.scalars(refs).yield_per(5_000), start=1)
                if number % PERSONS_A_PIECE == 0
            ]
    finally:
        database.close()
    return list(zip(["", *cuts], [*cuts, "\U0010ffff"], strict=True))


def _plan_piece(job: tuple[str, str, str]) -> tuple[Counter[str], Counter[str], int, float]:
    """Plan for the persons of one piece.

    Returns buckets, outcomes, the worker's peak memory, and the processor time in seconds: what it
    takes where no other work takes the cores away.
    """
    url, after, until = job
    begun = time.process_time()
    view = Policy.shipped().on(AS_OF)
    aged, outcomes = Counter[str](), Counter[str]()
    for person_ref, debts in _debts(url, after, until, AS_OF):
        aged.update(bucket(debt.days_past_due) for debt in debts)
        result = plan_offers(debts, situation_of(person_ref, SEED), view)
        outcomes["offered" if isinstance(result, Offered) else result.reason] += 1
    return aged, outcomes, resident_peak(), time.process_time() - begun


def _debts(url: str, after: str, until: str, today: date) -> Iterator[tuple[str, list[Debt]]]:
    database = Database(url)
    rows = (
        select(
            Person.person_ref, CardAccount.account_ref, CardAccount.principal,
            CardAccount.interest, CardAccount.penalty, CardAccount.fees, CardAccount.status,
            CardAccount.currency, CardAccount.due_date,
        )
        .join(CardAccount, CardAccount.person_id == Person.id)
        .where(Person.person_ref > after, Person.person_ref <= until)
        .order_by(Person.person_ref, CardAccount.account_ref)
    )  # fmt: skip
    try:
        with database.transaction() as session:
            found = session.execute(rows).all()
    finally:
        database.close()
    for person_ref, theirs in groupby(found, key=lambda row: row.person_ref):
        yield person_ref, [
            Debt(
                account=row.account_ref, principal=row.principal, interest=row.interest,
                penalty=row.penalty, fees=row.fees, status=row.status, currency=row.currency,
                days_past_due=days_past_due(row.due_date, today),
            )
            for row in theirs
        ]  # fmt: skip
