"""The overview on a year of events: how long a page of figures takes, and one number's rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import insert
from sqlalchemy.orm import Session

from api.agreements.reason_marks import mark_of
from api.console.counting import cube_of, how_many, things
from api.console.figures_dates import Span, preset
from api.console.sheets import SHEETS
from api.kit.audit import Event
from api.kit.clock import SystemClock
from api.kit.db import Database
from api.kit.secrecy import Keyring, use_keyring
from bench.synthetic_portfolio import SEED
from reporting.sections import Section, Table, milliseconds, percentile

__all__ = ["measure_overview"]

PERSONS = 5_000
ROUNDS = 15
A_PAGE = 50

WAY: tuple[tuple[str, str, dict[str, Any], float], ...] = (
    ("opened", "conversation", {"channel": "web", "locale": "zh", "bucket": "M2"}, 0.8),
    ("identified", "conversation", {}, 0.8),
    ("stage_changed", "conversation", {}, 0.95),
    ("situation_told", "person", {}, 0.95),
    ("plan_offered", "person", {}, 0.85),
    ("presented", "agreement", {}, 0.8),
    ("signed", "agreement", {"plan": "instalments", "bucket": "M2", "waived_fen": 120_000}, 0.8),
    ("instalment_paid", "agreement", {"number": 1}, 0.85),
    ("instalment_paid", "agreement", {"number": 2}, 0.85),
)
"""What follows an invitation, and how likely each step is once the one before it is done."""


def measure_overview(folder: Path, *, quick: bool = False) -> Section:
    """Write a year of events into a database of its own, and count as the page does."""
    use_keyring(Keyring([Fernet.generate_key().decode()], "the bench's key of hashes"))
    database = Database(f"sqlite:///{folder / 'overview.db'}")
    database.create_all()
    today = SystemClock().today()
    events = list(_events(200 if quick else PERSONS, preset("today", today).begins))
    with database.transaction() as session:
        session.execute(insert(Event), events)
    rows, rounds = [], 3 if quick else ROUNDS
    for name, span in (
        ("30 days", preset("month", today)), ("90 days", preset("quarter", today)),
        ("a year", Span(today - timedelta(days=364), today)),
    ):  # fmt: skip
        whole = _times(database, rounds, partial(_page, span))
        opened = _times(database, rounds, partial(_rows, span))
        rows.append(
            (name, milliseconds(percentile(whole, 50)), milliseconds(percentile(whole, 95)),
             milliseconds(percentile(opened, 50)), milliseconds(percentile(opened, 95)))
        )  # fmt: skip
    database.close()
    return Section(
        "overview", "Overview",
        [Table(
            f"Figures counted from {len(events):,} events of a year, SQLite, one reader",
            ("days", "all tables, p50", "p95", "a number's first page of rows, p50", "p95"),
            tuple(rows),
        )],
    )  # fmt: skip


def _events(persons: int, until: datetime) -> Iterator[dict[str, Any]]:
    """Invent them in the order in which they happen to each person."""
    draw = Random(SEED)
    begun: list[tuple[datetime, dict[str, Any]]] = []
    for number in range(persons):
        at = until - timedelta(days=draw.uniform(1, 364))
        person = f"p_{number}"

        def happens(kind: str, subject: str, actor: str = "system", **data: Any) -> None:
            nonlocal at
            begun.append(
                (at, {"at": at.astimezone(UTC), "actor": actor, "subject_kind": subject,
                      "subject_id": f"{subject}_{person}", "kind": kind, "person_id": person,  # noqa: B023
                      "data": data})
            )  # fmt: skip
            at += timedelta(minutes=draw.randint(1, 240))

        happens("created", "invite", "bank", purpose="invitation", bucket="M2", locale="zh")
        for _ in range(draw.randint(1, 4)):
            happens("contact_attempted", "person", "assistant", channel="sms", purpose="outreach")
        if draw.random() < 0.3:
            happens("case_opened", "conversation", case=number, reason="ask_human",
                    role="collector", channel="web", locale="zh", promised_minutes=240)  # fmt: skip
            happens("colleague_said", "conversation", "staff:s", case=number)
            happens("case_closed", "conversation", "staff:s", case=number, outcome="resolved")
        for kind, subject, data, likely in WAY:
            if draw.random() > likely:
                break
            more = {"reason": mark_of("job_loss")} if kind == "situation_told" else {}
            happens(kind, subject, "person", **data, **more)
    return (row for _, row in sorted(begun, key=lambda pair: pair[0]))


def _page(span: Span, session: Session) -> None:
    for sheet in SHEETS:
        cube_of(session, sheet, span)


def _rows(span: Span, session: Session) -> None:
    where = {"step": ("signed", "kept")}
    how_many(session, "people", span, where)
    things(session, "people", span, where, limit=A_PAGE)


def _times(database: Database, rounds: int, work: Callable[[Session], None]) -> list[float]:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with database.reading() as session:
            work(session)
        times.append(time.perf_counter() - begun)
    return times
