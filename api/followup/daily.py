"""The daily outreach: once a day from policy's hour on, whoever and however many processes there are.

The day is a row. Who takes it holds it for a while; a process that dies in the middle leaves it to the
next, and nobody is written to twice, since each text has its key. The clock is the application's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.followup.models import DailyRun
from api.followup.outreach import Tally, outreach
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.dates import LOCAL_ZONE, local_date
from api.kit.db import Database
from api.policy.lookup import Policy

__all__ = ["daily_outreach"]

log = structlog.get_logger(__name__)

NAME = "outreach"
HELD = timedelta(minutes=15)
"""How long a run may take before another process thinks that it died. 10,000 persons take a minute."""


def daily_outreach(database: Database, clock: Clock, policy: Policy, address: str) -> Tally | None:
    """Run today's outreach if it is due and nobody has it in hand; returns what became of it."""
    now = clock.now()
    today = local_date(now)
    if now.astimezone(LOCAL_ZONE).hour < policy.on(today).value("bank.outreach.at_hour"):
        return None
    with database.reading() as session:
        if not _free(session.get(DailyRun, (NAME, today)), now):
            return None
    if not _taken(database, now):
        return None
    tally = Tally()
    for found in outreach(database, clock, policy, address=address):
        tally.add(found)
    with database.transaction() as session:
        session.get_one(DailyRun, (NAME, today)).finished_at = clock.now()
        append_event(
            session, at=clock.now(), actor="system", subject=("day", today.isoformat()),
            kind="outreach_run", verdicts=dict(tally.verdicts), rules=dict(tally.rules),
        )  # fmt: skip
    log.info("outreach_run", verdicts=dict(tally.verdicts))
    return tally


def _free(run: DailyRun | None, now: datetime) -> bool:
    return run is None or (run.finished_at is None and run.held_until <= now)


def _taken(database: Database, now: datetime) -> bool:
    """Take the day in hand; one process of several that try at once does."""
    try:
        with database.transaction() as session:
            return _take(session, now)
    except IntegrityError:  # another wrote the row between our look and ours
        return False


def _take(session: Session, now: datetime) -> bool:
    key = (NAME, local_date(now))
    run = session.get(DailyRun, key, with_for_update=True)
    if not _free(run, now):
        return False
    if run is None:
        session.add(DailyRun(name=NAME, day=key[1], held_until=now + HELD))
    else:
        run.held_until = now + HELD
    return True
