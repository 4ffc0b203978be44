"""The queue as all who read it share it: looked up once for each change, each row rendered once.

Twenty readers of two hundred cases would else mean twenty look-ups of the same rows at every change. A
reader gets what became different of what it shows, as parts that htmx puts in their place.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from threading import Lock
from urllib.parse import urlencode

from api.console.admission import ROLES
from api.conversations.case_list import CaseRow, queue, queue_mark
from api.conversations.colleagues import may_read
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["SHOWS", "Asked", "QueueBoard", "Seen", "changes", "everything", "found_in", "mark_of"]

SHOWS = ("all", "mine", "open", "soon")

LOOK_AGAIN = timedelta(seconds=10)
"""After this, rows are read again though nothing was written: times go by, and "soon" with them."""

MOST_FOUND = 300
"""How many finds of a search stand in the address of its stream."""

Render = Callable[[CaseRow], str]


@dataclass(frozen=True)
class Asked:
    """What a reader narrows the queue to. Empty means everything.

    ``found`` holds the ids of what a search found (``2.17``, ``0`` for nothing): what was looked for may be
    a name, and no name stands in an address.
    """

    show: str = "all"
    channel: str = ""
    reason: str = ""
    language: str = ""
    found: str = ""

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in named.items() if value})

    def with_show(self, show: str) -> str:
        """Return the address's query with another choice of whose cases to show."""
        return replace(self, show=show).query

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Asked()

    def fits(self, row: CaseRow) -> bool:
        """Return whether a case fits in channel, reason and language, and was found."""
        return (
            self.channel in ("", row.channel)
            and self.reason in ("", row.reason)
            and self.language in ("", row.language)
            and (not self.found or str(row.id) in self.found.split("."))
        )


@dataclass(frozen=True)
class Seen:
    """The queue as one reader sees it: the rows, how many there are by each choice, and what is hidden."""

    rows: tuple[CaseRow, ...]
    counts: dict[str, int]
    reasons: tuple[str, ...]
    """The reasons that occur, for the filter."""
    hidden: int
    """Open cases of which the reader only knows that they are."""


class QueueBoard:
    """The rows of the queue, read once however many look at them (``app.state.queue_board``)."""

    def __init__(self, database: Database, clock: Clock, policy: Policy) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._lock = Lock()
        self._looked_at = 0.0
        self._read_at: datetime | None = None
        self._mark = ""
        self._rows: tuple[CaseRow, ...] = ()

    def rows(self, since: float | None = None) -> tuple[CaseRow, ...]:
        """Return every open case, the most pressing first.

        ``since`` (``time.monotonic()``): what was looked up after that moment is new enough; without it,
        whether anything was written is looked at now.
        """
        with self._lock:
            if since is None or self._looked_at < since:
                begun = time.monotonic()
                self._look()
                self._looked_at = begun
            return self._rows

    def _look(self) -> None:
        now = self._clock.now()
        with self._database.reading() as session:
            mark = queue_mark(session)
            recent = self._read_at is not None and now - self._read_at < LOOK_AGAIN
            if mark == self._mark and recent:
                return
            policy = self._policy.on(local_date(now))
            self._rows = tuple(queue(session, roles=ROLES, now=now, policy=policy))
        self._mark, self._read_at = mark, now

    def seen_by(
        self, staff_id: str, roles: frozenset[str], asked: Asked, since: float | None = None
    ) -> Seen:
        """Return the queue as a colleague sees it with these filters."""
        rows = self.rows(since)
        now = self._clock.now()
        policy = self._policy.on(local_date(now))
        read_by = policy.value("bank.care.read_by")
        readable = [row for row in rows if may_read(row.role, roles, read_by)]
        hidden = len(rows) - len(readable)
        reasons = tuple(sorted({row.reason for row in readable}))
        fitting = [row for row in readable if asked.fits(row)]
        shows: dict[str, Callable[[CaseRow], bool]] = {
            "all": lambda _: True,
            "mine": lambda row: row.holder_id == staff_id,
            "open": lambda row: row.holder_id is None,
            "soon": lambda row: row.due_soon,
        }
        return Seen(
            rows=tuple(row for row in fitting if shows[asked.show](row)),
            counts={name: sum(map(shows[name], fitting)) for name in SHOWS},
            reasons=reasons,
            hidden=hidden,
        )


def found_in(
    database: Database, clock: Clock, policies: Policy, roles: Collection[str], text: str
) -> str:
    """Return the ids of the cases that a search finds, as ``Asked.found`` holds them; empty for no search."""
    if not text.strip():
        return ""
    now = clock.now()
    policy = policies.on(local_date(now))
    with database.reading() as session:
        rows = queue(session, roles=roles, now=now, policy=policy, text=text)
    return ".".join(str(row.id) for row in rows[:MOST_FOUND]) or "0"


def mark_of(seen: Seen) -> str:
    """Return a short mark of what a reader sees: the same for the same."""
    return hashlib.sha256(repr((seen.rows, seen.hidden)).encode()).hexdigest()[:16]


def _placed(inner: str) -> str:
    """Wrap a part so that a browser keeps table rows where they stand until htmx places them."""
    return f"<template>{inner}</template>"


def everything(after: Sequence[CaseRow], render: Render) -> str:
    """Return all rows anew, for a reader of whom nobody knows what it shows."""
    inner = "".join(render(row) for row in after)
    return _placed(f'<tbody id="rows" hx-swap-oob="innerHTML">{inner}</tbody>')


def changes(before: Sequence[CaseRow], after: Sequence[CaseRow], render: Render) -> str:
    """Return the parts that make of the rows ``before`` the rows ``after``; empty where they are the same.

    A row that only changed is replaced where it stands, so that whoever is on it stays on it.
    """
    if tuple(before) == tuple(after):
        return ""
    was = {row.id: row for row in before}
    order = SequenceMatcher(
        None, [row.id for row in before], [row.id for row in after], autojunk=False
    )
    stays = {
        before[block.a + place].id
        for block in order.get_matching_blocks()
        for place in range(block.size)
    }
    parts = [
        _placed(f'<tr id="case-{row.id}" hx-swap-oob="delete"></tr>')
        for row in before
        if row.id not in stays
    ]
    place = "afterbegin:#rows"
    for row in after:
        if row.id not in stays:
            parts.append(_placed(f'<tbody hx-swap-oob="{place}">{render(row)}</tbody>'))
        elif row != was[row.id]:
            marked = render(row).replace("<tr ", '<tr hx-swap-oob="true" ', 1)
            parts.append(_placed(marked))
        place = f"afterend:#case-{row.id}"
    return "".join(parts)
