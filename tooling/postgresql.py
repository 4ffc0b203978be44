"""Find PostgreSQL's server programs for the tests, and install them where that can be done."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tooling.apt import ensure_programs

VARIABLE = "POSTGRESQL_BIN"
"""Names the folder of the server's programs, where it is not one of the usual."""

_USUAL = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


def ensure_postgresql() -> tuple[Path | None, str]:
    """Return the folder with ``initdb`` and ``postgres``, or nothing and the reason why not."""
    missing = f"no server found; name its folder: {VARIABLE}=/path/to/bin make test"
    return ensure_programs("postgresql", find_postgresql, "postgresql", missing)


def find_postgresql() -> Path | None:
    """Return the folder of a server's programs that run here; of several, the newest."""
    return next(filter(_runs, _candidates()), None)


def _candidates() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    if named:
        yield Path(named)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    usual = [path for pattern in _USUAL for path in Path("/").glob(pattern.removeprefix("/"))]
    yield from sorted(usual, key=_version, reverse=True)


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdecimal, folder.parent.name))
    return int(digits or 0)


def _runs(folder: Path) -> bool:
    if not (folder / "initdb").is_file():
        return False
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
