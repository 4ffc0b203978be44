"""The file of data keys: one Fernet key a line, the newest first. It is how keys change while processes run.

Every process looks at it again soon after it has changed, and at once when it meets something that none of
its keys opens. What stands in the environment comes after it, so that nothing becomes unreadable.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

__all__ = ["LOOK_SECONDS", "KeysFile"]

LOOK_SECONDS = 1.0
"""How long a process may go on with the keys it has before it looks at the file again."""


class KeysFile:
    """Keys in a file that may not be there yet, followed by those that were given otherwise."""

    def __init__(
        self, path: Path, given: Sequence[str], tell_time: Callable[[], float] = time.monotonic
    ) -> None:
        self.path = path
        self._given = tuple(key for key in given if key)
        self._tell_time = tell_time
        self._lock = Lock()
        self._looked_at = float("-inf")
        self._mark: tuple[int, int] | None = None
        self._keys = self._given

    def keys(self, *, now: bool = False) -> tuple[str, ...]:
        """Return the keys, newest first; ``now``: looks at the file even if it has just done so."""
        with self._lock:
            if now or self._tell_time() - self._looked_at >= LOOK_SECONDS:
                self._look()
            return self._keys

    def in_file(self) -> tuple[str, ...]:
        """Return the keys that stand in the file itself."""
        try:
            lines = self.path.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return ()
        return tuple(line.strip() for line in lines if line.strip())

    def write(self, keys: Sequence[str]) -> None:
        """Put keys into the file, whole or not at all, readable by its owner only."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.keys(now=True)

    def _look(self) -> None:
        self._looked_at = self._tell_time()
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._mark, self._keys = None, self._given
            return
        mark = (found.st_mtime_ns, found.st_ino)
        if mark != self._mark:
            self._keys = tuple(dict.fromkeys((*self.in_file(), *self._given)))
            self._mark = mark
