"""Find the best built Python for the api: the same version may run half as fast again.

A version manager compiles Python without the optimisation that a distribution's own is built with.
No build says so of itself reliably, so each that is there does a little work and its processor time
is compared. Another one is taken only where it gains clearly, so that the choice does not waver.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tooling.say import say

__all__ = ["find_fast_python"]

_WORTH_IT = 0.85
"""Another Python is taken when it needs at most this share of the time that the caller's needs."""
_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
_PROBE = """
import ctypes, json, sqlite3, ssl, sys, time, zlib

def nth(n):
    return n if n < 2 else nth(n - 1) + nth(n - 2)

def work():
    nth(21)
    found = {str(i % 500): [i, str(i)] for i in range(40_000)}
    json.loads(json.dumps(found))

def seconds():
    begun = time.process_time()
    work()
    return time.process_time() - begun

assert sys.implementation.name == "cpython"
print(*sys.version_info[:2], min(seconds() for _ in range(8)), sys.executable)
"""


@dataclass(frozen=True)
class _Measured:
    """Seconds of processor time for the work, and where the Python that did it says it is."""

    seconds: float
    python: Path


def find_fast_python() -> Path:
    """Return the Python that runs this, or a clearly faster build of the same version.

    Where one was named (``make PYTHON=...``), it is the named one.
    """
    ours = Path(sys.executable)
    if os.environ.get("PYTHON"):
        return ours
    own = _measured(ours)
    others = [found for found in map(_measured, _candidates()) if found is not None]
    if own is None or not others:
        return ours
    best = min(others, key=lambda found: found.seconds)
    if best.seconds > own.seconds * _WORTH_IT:
        return ours
    say(f"  {best.python} is {own.seconds / best.seconds:.1f} times as fast as {ours}")
    return best.python


def _candidates() -> Iterator[Path]:
    """Yield where else a Python of this version may stand."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    seen = {Path(sys.executable).resolve()}
    for folder in (*os.get_exec_path(), *_FOLDERS):
        found = shutil.which(name, path=folder)
        if found and Path(found).resolve() not in seen:
            seen.add(Path(found).resolve())
            yield Path(found)


def _measured(python: Path) -> _Measured | None:
    """Have a Python do the work, or return nothing where it is of another version or will not run."""
    try:
        done = subprocess.run(
            [python, "-c", _PROBE], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.strip().split(maxsplit=3)
    if done.returncode or len(words) != 4 or [int(w) for w in words[:2]] != [*sys.version_info[:2]]:
        return None
    return _Measured(float(words[2]), Path(words[3]))
