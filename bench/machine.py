"""What the figures were measured on, and what memory and processor time others were taking."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from reporting.sections import Section, Table

__all__ = [
    "Resident", "machine", "processes_below", "processor_seconds", "resident", "resident_peak",
]  # fmt: skip

PROC = Path("/proc")
MEGABYTE = 1024 * 1024


def _busy() -> tuple[int, int]:
    """Ticks that all cores together were busy and that they had, since the machine started."""
    with suppress(OSError):
        ticks = [int(word) for word in (PROC / "stat").read_text().split("\n")[0].split()[1:9]]
        idle = ticks[3] + ticks[4]
        return sum(ticks) - idle, sum(ticks)
    return 0, 0


def machine(seconds: float = 3.0) -> Section:
    """Describe the machine, and how busy it was with other work before anything was measured."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0, 0.0, 0.0)
    busy, total = _busy()
    time.sleep(seconds)
    busy_after, total_after = _busy()
    share = 100 * (busy_after - busy) / max(1, total_after - total)
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1024**3
    rows = (
        ("measured", time.strftime("%Y-%m-%d %H:%M", time.gmtime()) + " UTC"),
        ("cores", str(cores)),
        ("memory", f"{memory:.0f} GB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python (api)", platform.python_version()),
        ("load average before the start (1, 5, 15 minutes)", ", ".join(f"{x:.2f}" for x in load)),
        (f"processor time taken by other work in the {seconds:.0f} s before", f"{share:.0f} %"),
    )
    return Section("machine", "The machine", [Table("Measured on", ("", ""), rows)])


def processes_below(root: int) -> dict[int, str]:
    """Return every process that descends from ``root``, with its command line."""
    parents: dict[int, int] = {}
    for place in PROC.glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parents[int(place.name)] = int(
                (place / "stat").read_text().rsplit(")", 1)[1].split()[1]
            )
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    commands: dict[int, str] = {}
    for pid in sorted(found - {root}):
        with suppress(OSError):
            commands[pid] = (PROC / str(pid) / "cmdline").read_bytes().decode().replace("\0", " ")
    return commands


def _status(pid: int | str, field_name: str) -> int:
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith(field_name):
            return int(line.split()[1]) * 1024
    return 0


def resident(pid: int) -> int:
    """Memory of a process that is in use now, in bytes; 0 when it is gone."""
    with suppress(OSError):
        return _status(pid, "VmRSS:")
    return 0


def resident_peak(pid: int | str = "self") -> int:
    """The most memory a process has had in use, in bytes; 0 when it is gone."""
    with suppress(OSError):
        return _status(pid, "VmHWM:")
    return 0


def processor_seconds(pid: int) -> float:
    """Processor time a process has used since it started, in seconds; 0 when it is gone."""
    with suppress(OSError):
        ticks = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return 0.0


@dataclass
class Resident:
    """Memory of processes over time: ``samples`` are (progress, bytes of all together)."""

    samples: list[tuple[float, int]] = field(default_factory=list)
    progress: float = 0.0

    @property
    def peak(self) -> int:
        """The highest sum sampled."""
        return max((size for _, size in self.samples), default=0)

    @contextmanager
    def watching(
        self, pid: int, every: float = 0.05, seconds_since: float | None = None
    ) -> Iterator[None]:
        """Sample a process and all below it while the block runs.

        Progress is the seconds since a moment of the monotonic clock, where one is given.
        """
        stop = Event()

        def watch() -> None:
            while not stop.wait(every):
                if seconds_since is not None:
                    self.progress = time.monotonic() - seconds_since
                pids = [pid, *processes_below(pid)]
                self.samples.append((self.progress, sum(map(resident, pids))))

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
