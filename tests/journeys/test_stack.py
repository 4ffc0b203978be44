"""The installation that the journeys run on ends with them, however they end."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.journeys.stack import Stack


def _processes_of(folder: Path) -> list[str]:
    listed = subprocess.run(
        ["ps", "-axww", "-o", "command="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in listed.splitlines() if str(folder) in line]


def test_a_start_that_is_broken_off_leaves_nothing_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(stack: Stack, _: Path) -> None:
        deadline = time.monotonic() + 30
        while not any("supervisord" in line for line in _processes_of(stack.folder)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr(Stack, "_wait_for", broken_off)
    with pytest.raises(KeyboardInterrupt):
        Stack(tmp_path)
    assert _processes_of(tmp_path) == []
