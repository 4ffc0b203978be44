"""A folder that lives in memory, where the system has one with room: databases of tests are quick there."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["clear_away", "in_memory", "memory_folder"]

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own
_MARK = "anhuan-tests-"


def in_memory(room: int) -> Path | None:
    """Return where files lie in memory, if the system has such a place with so many bytes free."""
    try:
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= room:
            return _MEMORY
    except OSError:
        pass
    return None


@contextmanager
def memory_folder(room: int) -> Iterator[Path | None]:
    """Make a folder in memory that is gone afterwards; none where there is no room for so many bytes."""
    place = in_memory(room)
    if place is None:
        yield None
        return
    clear_away(place, _MARK)
    with tempfile.TemporaryDirectory(
        prefix=f"{_MARK}{os.getpid()}-", dir=place, ignore_cleanup_errors=True
    ) as made:
        yield Path(made)


def clear_away(place: Path, mark: str) -> None:
    """Remove the folders ``<mark><process id>-…`` of processes that live no more: killed, they left them."""
    for left in place.glob(f"{mark}*-*"):
        owner = left.name.removeprefix(mark).split("-")[0]
        if owner.isdecimal() and not _lives(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
