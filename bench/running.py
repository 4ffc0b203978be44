"""Processes that are measured: the whole product under its supervisor, and single servers."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from bench.machine import processes_below, processor_seconds, resident
from tooling.children import child
from tooling.ports import VARIABLES, free_ports

__all__ = ["Installation", "installation", "server"]

ROOT = Path(__file__).parents[1]
START_SECONDS = 600
STOP_SECONDS = 40
_NAMES = {
    "api.main:create_app": "api",
    "rasa run": "rasa",
    "sandbox.telephone": "sandbox telephone",
    "supervisord": "supervisor",
}


@dataclass
class Installation:
    """One running installation, the settings that reach it, and how long its start took."""

    settings: dict[str, Any]
    pid: int
    seconds: float
    log: Path

    @property
    def address(self) -> str:
        """The public edge."""
        return f"http://127.0.0.1:{self.settings['ANHUAN_PORT']}"

    @property
    def telephone(self) -> str:
        """The sandbox telephone."""
        return f"http://127.0.0.1:{self.settings['ANHUAN_TELEPHONE_PORT']}"

    def processes(self) -> dict[int, str]:
        """The process ids of the product, each with its name there."""
        return {
            pid: name
            for pid, command in processes_below(self.pid).items()
            if (name := next((name for mark, name in _NAMES.items() if mark in command), ""))
        }

    def memory(self) -> dict[str, int]:
        """Resident bytes of each process by its name in the product."""
        return _by_name(self.processes(), resident)

    def processor_seconds(self) -> dict[str, float]:
        """Processor time that each process has used so far, by its name in the product."""
        return _by_name(self.processes(), processor_seconds)

    def started(self) -> list[tuple[str, str]]:
        """When each process answered, as its own start log tells."""
        said = self.log.read_text(encoding="utf-8")
        return re.findall(r"^  (\w+): ready after ([\d.]+) s$", said, re.MULTILINE)


_Figure = TypeVar("_Figure", int, float)


def _by_name(processes: dict[int, str], figure: Callable[[int], _Figure]) -> dict[str, _Figure]:
    found: dict[str, _Figure] = {}
    for pid, name in processes.items():
        found[name] = figure(pid) + found[name] if name in found else figure(pid)
    return found


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """Run the whole product on ports and a data folder of its own, with an empty portfolio.

    Raises:
        RuntimeError: it did not start; the message is the end of its log.
    """
    ready, log = folder / "ready.json", folder / "run.log"
    environment = dict(os.environ)
    environment |= dict(zip(VARIABLES, map(str, free_ports(len(VARIABLES))), strict=True))
    for name in ("ANHUAN_PUBLIC_URL", "DATABASE_URL", "ANHUAN_DATA_DIR"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tooling.run", "--no-sample"]
    command += ["--data-dir", str(folder / "data"), "--ready-file", str(ready)]
    begun = time.monotonic()
    with (
        log.open("wb") as output,
        child(
            command, env=environment, cwd=str(ROOT), output=output.fileno(), patience=STOP_SECONDS
        ) as process,
    ):
        while not ready.exists():
            if process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(log.read_text(encoding="utf-8")[-2000:])
            time.sleep(0.05)
        seconds = time.monotonic() - begun
        settings = json.loads(ready.read_text(encoding="utf-8"))
        yield Installation(settings, process.pid, seconds, log)


@contextmanager
def server(
    command: list[str], *, answers_at: str, log: Path, environment: dict[str, str]
) -> Iterator[int]:
    """Run one server until the block ends; yields its process id once it answers.

    Raises:
        RuntimeError: it did not start; the message is the end of its log.
    """
    begun = time.monotonic()
    with (
        log.open("wb") as output,
        child(
            command, env={**os.environ, **environment}, cwd=str(ROOT), output=output.fileno(),
            patience=STOP_SECONDS,
        ) as process,
    ):  # fmt: skip
        while not _answers(answers_at):
            if process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.2)
        yield process.pid


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=2, trust_env=False).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False
