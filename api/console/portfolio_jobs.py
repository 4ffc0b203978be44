"""A portfolio file sent from the console: taken in by a thread, its progress kept where any process sees it."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.portfolio import PortfolioUnreadable, checked_lines
from api.accounts.service import ImportReport, import_portfolio
from api.console.models import PortfolioImport
from api.kit.audit import append_event
from api.kit.clock import Clock
from api.kit.db import Database
from api.kit.errors import Problem, storage_problem, where
from api.kit.secrecy import new_id

__all__ = ["begin", "died", "latest_imports", "take_in"]

log = structlog.get_logger(__name__)

SILENCE = timedelta(minutes=2)
"""A running import that was not heard of for so long has died with its process."""
MOST_REFUSALS = 200
MOST_SHOWN = 10


def begin(
    database: Database, clock: Clock, file: SpooledTemporaryFile[bytes], *, staff_id: str
) -> str:
    """Look a file through and note that it is taken in from now on; returns the import's id.

    Raises:
        Problem: ``portfolio_encoding`` (422), the file is not UTF-8; nothing was taken in.
    """
    file.seek(0)
    try:
        rows = max(0, checked_lines(cast(BinaryIO, file)) - 1)
    except PortfolioUnreadable as error:
        raise Problem(error.code, 422, str(error)) from error
    now, made = clock.now(), new_id("pi")
    with database.transaction() as session:
        session.add(
            PortfolioImport(
                id=made, staff_id=staff_id, state="running", rows=rows, begun_at=now, heard_at=now
            )
        )
        append_event(
            session, at=now, actor=f"staff:{staff_id}", subject=("import", made),
            kind="import_begun", rows=rows,
        )  # fmt: skip
    return made


def take_in(
    database: Database, clock: Clock, file: SpooledTemporaryFile[bytes], import_id: str
) -> None:
    """Take a file in and note each batch; never raises, for nobody waits for it."""

    def progress(done: int) -> None:
        _note(database, clock, import_id, done=done)

    try:
        with TextIOWrapper(cast(BinaryIO, file), encoding="utf-8-sig", newline="") as lines:
            report = import_portfolio(database, clock, lines, progress=progress)
    except Problem as problem:
        _note(database, clock, import_id, state="failed", report={"code": problem.code})
    except Exception as error:  # noqa: BLE001 - whatever it was, the page must say that it ended
        known = storage_problem(error)
        log.error("import_failed", kind=type(error).__name__, where=where(error))
        code = known.code if known else "internal_error"
        _note(database, clock, import_id, state="failed", report={"code": code})
    else:
        _note(database, clock, import_id, state="done", done=report.rows, report=_summary(report))


def _summary(report: ImportReport) -> dict[str, Any]:
    """Return a report as it is kept: counts, and the first refused rows with line and reason."""
    return {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "stale": report.stale,
        "refused": report.refused,
        "bad": [[bad.line, bad.reason] for bad in report.bad[:MOST_REFUSALS]],
    }


def _note(
    database: Database, clock: Clock, import_id: str, *, state: str = "", done: int | None = None,
    report: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    now = clock.now()
    with database.transaction() as session:
        row = session.get_one(PortfolioImport, import_id)
        row.heard_at = now
        row.done = row.done if done is None else done
        if state:
            row.state, row.report = state, report or {}
            counts = {name: value for name, value in row.report.items() if name != "bad"}
            append_event(
                session, at=now, actor=f"staff:{row.staff_id}", subject=("import", import_id),
                kind="import_ended", state=state, **counts,
            )  # fmt: skip


def died(row: PortfolioImport, now: datetime) -> bool:
    """Return whether an import ended without being able to say so."""
    return row.state == "running" and row.heard_at <= now - SILENCE


def latest_imports(session: Session) -> list[PortfolioImport]:
    """Return the newest imports, by whomever."""
    newest = select(PortfolioImport).order_by(PortfolioImport.begun_at.desc()).limit(MOST_SHOWN)
    return list(session.scalars(newest))
