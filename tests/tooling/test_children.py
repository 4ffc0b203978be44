"""Nothing that we start is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tooling.children import child
from tooling.processes import Dead, Process, Stack, running
from tooling.say import ROOT
from tooling.settings import sandbox_settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

PARENT = """
import os, time
from tooling.children import child
with child(["sleep", "60"], env=dict(os.environ), cwd="/") as process:
    print(process.pid, flush=True)
    time.sleep(60)
"""


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(*pids: int, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not all(map(gone, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_child_follows_a_parent_that_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    assert wait_until_gone(pid)


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done"]
    log = tmp_path / "log"
    with (
        log.open("wb") as output,
        child(stubborn, env={}, cwd="/", output=output.fileno(), patience=0.2) as process,
    ):
        while not log.stat().st_size:
            time.sleep(0.02)
    assert process.returncode == -signal.SIGKILL


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, **sandbox_settings({}, tmp_path)}


def program(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def wait_for_pids(stack: Stack, count: int) -> list[int]:
    while True:
        stack.check()
        pids = [pid for pid in stack.pids.values() if pid]
        # A signal between fork and exec would still reach supervisord's own handlers.
        if len(pids) == count and all(program(pid) == "sleep" for pid in pids):
            return pids
        time.sleep(0.05)


@pytest.fixture
def two_sleepers(settings: dict[str, str]) -> Iterator[Stack]:
    sleepers = [Process(name, ("sleep", "60")) for name in ("one", "two")]
    with running(sleepers, settings) as stack:
        yield stack


def look_until_dead(stack: Stack) -> None:
    while True:
        stack.check()
        time.sleep(0.05)


def test_leaving_ends_every_process(settings: dict[str, str]) -> None:
    with running([Process("one", ("sleep", "60"))], settings) as stack:
        pids = wait_for_pids(stack, 1)
    assert wait_until_gone(*pids, seconds=1)


def test_a_killed_process_is_started_again(two_sleepers: Stack) -> None:
    before = wait_for_pids(two_sleepers, 2)
    os.kill(two_sleepers.pids["one"], signal.SIGKILL)
    again: list[str] = []
    while not again:
        again = two_sleepers.check()
        time.sleep(0.05)
    assert again == ["one"]
    assert two_sleepers.pids["two"] in before


def test_a_process_that_cannot_live_is_reported_with_its_log(settings: dict[str, str]) -> None:
    failing = Process("api", ("sh", "-c", "echo no such setting; exit 1"))
    with running([failing], settings) as stack, pytest.raises(Dead) as caught:
        look_until_dead(stack)
    assert caught.value.name == "api"
    assert "no such setting" in caught.value.log.read_text()


def test_when_the_supervisor_is_killed_its_processes_are_too(settings: dict[str, str]) -> None:
    with running([Process("one", ("sleep", "60"))], settings) as stack:
        pids = wait_for_pids(stack, 1)
        parent = int(Path(f"/proc/{pids[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(parent, signal.SIGKILL)
        with pytest.raises(Dead, match="supervisord"):
            look_until_dead(stack)
    assert wait_until_gone(*pids, seconds=2)
