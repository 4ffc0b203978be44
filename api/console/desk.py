"""What the pages of the desk share: the colleague behind a session, the rows in words, the wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.channels.live import Live
from api.console.admission import Staff, still_signed_in
from api.console.frame import Frame
from api.console.moments import promised, promised_words, waited_words
from api.console.queue_board import QueueBoard
from api.conversations.case_list import CaseRow
from api.conversations.colleagues import Colleague
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.kit.db import Database
from api.policy.lookup import Policy, PolicyView

__all__ = ["LOOK_SECONDS", "Desk", "TheDesk", "colleague_of", "level_of", "row_html", "signed_in"]

LOOK_SECONDS = 1.0
"""How often a stream looks by itself, so that what another process wrote is seen too."""

URGENT, FIRST = 3, 4
"""Priorities (1 is first) up to which a case is called urgent, and high."""

MOST_RENDERED = 4096


@dataclass(frozen=True)
class Desk:
    """The parts of the application that the desk's routes use."""

    database: Database
    clock: Clock
    policies: Policy
    live: Live
    frame: Frame
    board: QueueBoard

    @property
    def now(self) -> datetime:
        """The application's present instant."""
        return self.clock.now()

    @property
    def policy(self) -> PolicyView:
        """The policy in force today."""
        return self.policies.on(local_date(self.now))


def _desk(request: Request) -> Desk:
    state = request.app.state
    return Desk(
        state.database, state.clock, state.policy, state.live, state.console, state.queue_board
    )


TheDesk = Annotated[Desk, Depends(_desk)]


def colleague_of(staff: Staff) -> Colleague:
    """Return a signed-in member of staff as conversations know them."""
    return Colleague(staff.id, staff.name, frozenset(staff.roles))


def level_of(priority: int) -> str:
    """Return the word by which a priority is called: ``urgent``, ``first`` or ``usual``."""
    if priority <= URGENT:
        return "urgent"
    return "first" if priority <= FIRST else "usual"


def row_html(desk: Desk, staff: Staff) -> Callable[[CaseRow], str]:
    """Return what renders a row for readers of a colleague's language: once a minute at most."""
    now = desk.now
    minute = int(now.timestamp()) // 60
    return lambda row: _rendered(desk.frame, staff.locale, row, minute)


@lru_cache(maxsize=MOST_RENDERED)
def _rendered(frame: Frame, locale: str, row: CaseRow, minute: int) -> str:
    w = frame.words[locale]
    now = datetime.fromtimestamp(minute * 60, tz=row.opened_at.tzinfo)
    words: dict[str, Any] = {
        "level": level_of(row.priority),
        "waited": waited_words(w, row.opened_at, now),
        "promised": promised(row.promised_by, now),
        "promised_words": promised_words(w, row.promised_by, now),
    }
    template = frame.env.get_template("desk/_row.html")
    return template.render(locale=locale, w=w, row=row, **words)


async def signed_in(request: Request, staff: Staff) -> bool:
    """Return whether the session behind a stream still stands; asked from an event loop."""
    return await run_in_threadpool(still_signed_in, request, staff)
