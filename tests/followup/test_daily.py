"""The daily outreach: once a day, from its hour on, by whichever process comes first, and not in a sandbox."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from api.contact.models import OutboxMessage
from api.followup import daily
from api.followup.daily import daily_outreach
from api.followup.models import DailyRun
from api.followup.outreach import Tally
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.main import create_app
from api.settings import Settings
from tests.conftest import Telephone, import_rows, portfolio_row

OVERDUE = portfolio_row(due_date="2026-11-19")


def run(app: FastAPI, clock: SetClock) -> Tally | None:
    """One look, as the application's loop takes it."""
    state = app.state
    return daily_outreach(state.database, clock, state.policy, "https://bank.example")


def written(app: FastAPI) -> int:
    """How many texts were written."""
    with app.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_it_runs_once_a_day_from_its_hour_on(app: FastAPI, clock: SetClock) -> None:
    import_rows(TestClient(app), OVERDUE)
    clock.at = clock.at.replace(hour=1, minute=59)  # 9:59 in Shanghai
    assert run(app, clock) is None
    clock.forward(timedelta(minutes=1))
    first = run(app, clock)
    assert first is not None
    assert dict(first.verdicts) == {"send": 1}
    for hours in (0, 1, 12, 21):
        clock.at = clock.at.replace(hour=2) + timedelta(hours=hours)
        assert run(app, clock) is None
    clock.forward(timedelta(hours=3))
    again = run(app, clock)
    assert again is not None
    assert dict(again.verdicts) == {"done": 1}
    assert written(app) == 1
    with app.state.database.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "outreach_run")).all()
        assert [event.subject_id for event in events] == ["2026-11-24", "2026-11-25"]


def test_a_run_that_died_is_taken_up_and_nobody_is_written_to_twice(
    app: FastAPI, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_rows(TestClient(app), OVERDUE)
    whole = daily.outreach

    def dies(*given: object, **named: object) -> object:
        yield from whole(*given, **named)  # type: ignore[arg-type]
        raise InterruptedError

    monkeypatch.setattr(daily, "outreach", dies)
    with pytest.raises(InterruptedError):
        run(app, clock)
    monkeypatch.setattr(daily, "outreach", whole)
    assert written(app) == 1
    assert run(app, clock) is None  # it may still be at work
    clock.forward(daily.HELD)
    again = run(app, clock)
    assert again is not None
    assert dict(again.verdicts) == {"done": 1}
    assert written(app) == 1


def test_of_many_that_look_at_once_one_runs_it(app: FastAPI, clock: SetClock) -> None:
    import_rows(TestClient(app), OVERDUE)
    found: list[Tally | None] = []
    threads = [threading.Thread(target=lambda: found.append(run(app, clock))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tally is not None for tally in found) == 1
    assert written(app) == 1


@pytest.mark.parametrize(
    ("environment", "wanted", "runs"),
    [("sandbox", None, False), ("sandbox", True, True), ("production", False, False),
     ("production", None, True)],
)  # fmt: skip
def test_where_it_runs_by_itself(
    settings: Settings, in_production: Settings, clock: SetClock, environment: str,
    wanted: bool | None, runs: bool,
) -> None:  # fmt: skip
    chosen = in_production if environment == "production" else settings
    settings = chosen.model_copy(update={"daily_outreach": wanted})
    app = create_app(settings, clock)
    app.state.database.create_all()
    app.state.transports["sms"] = telephone = Telephone()
    import_rows(TestClient(app), portfolio_row(due_date="2026-11-19", telephone="+85251234567"))

    def finished() -> int:
        with app.state.database.reading() as session:
            rows = session.scalars(select(DailyRun.finished_at)).all()
        return sum(one is not None for one in rows)

    with TestClient(app):
        deadline = time.monotonic() + (20 if runs else 1)
        while not (telephone.texts and finished()) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert len(telephone.texts) == runs
    assert finished() == runs
