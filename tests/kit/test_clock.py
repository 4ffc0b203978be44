"""The sandbox's clock goes forward for everybody who reads it, and exists in no other place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.kit.clock import MovableClock, SandboxClock, SetClock, SystemClock
from api.main import create_app
from api.settings import Settings


def close(one: datetime, other: datetime) -> bool:
    """Tell whether two instants are the same but for the time that a test takes."""
    return abs(one - other) < timedelta(minutes=2)


def test_it_is_the_machines_until_it_is_moved_and_then_ahead_for_everybody(tmp_path: Path) -> None:
    one, other = SandboxClock(tmp_path / "clock"), SandboxClock(tmp_path / "clock")
    assert close(one.now(), datetime.now(UTC))
    one.forward(timedelta(days=30))
    other.forward(timedelta(hours=1, microseconds=1))
    assert one.ahead == other.ahead == timedelta(days=30, hours=1, seconds=1)
    assert close(SandboxClock(tmp_path / "clock").now(), datetime.now(UTC) + one.ahead)
    assert one.today() > SystemClock().today()


@pytest.mark.parametrize("step", [timedelta(), timedelta(seconds=-1)])
def test_it_never_goes_back(tmp_path: Path, step: timedelta) -> None:
    clock = SandboxClock(tmp_path / "clock")
    with pytest.raises(ValueError, match="forward"):
        clock.forward(step)
    assert clock.ahead == timedelta()


def test_a_file_that_says_no_time_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("soon", encoding="ascii")
    with pytest.raises(ValueError, match="soon"):
        SandboxClock(tmp_path / "clock")


def test_only_some_clocks_can_be_moved(tmp_path: Path) -> None:
    assert isinstance(SandboxClock(tmp_path / "clock"), MovableClock)
    assert isinstance(SetClock(), MovableClock)
    assert not isinstance(SystemClock(), MovableClock)


def test_production_has_the_machines_clock_and_refuses_a_folder_whose_clock_was_moved(
    settings: Settings, in_production: Settings
) -> None:
    assert isinstance(settings.clock(), SandboxClock)
    app = create_app(in_production)
    assert isinstance(app.state.clock, SystemClock)
    assert "/v1/sandbox/clock" not in app.openapi()["paths"]
    app.state.database.close()
    settings.clock().forward(timedelta(days=1))  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="production"):
        create_app(in_production)
