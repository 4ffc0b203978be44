"""Find a Python 3.10 for Rasa, whose pins install on no later one.

Every candidate is executed: a version manager's shim can be on PATH and fail when run.
"""

import glob
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tooling.say import CannotGoOn, say

# Modules that Rasa needs and that a Python built without its system libraries lacks.
_PROBE = (
    "import sys, ctypes, ssl, sqlite3, bz2, zlib; "
    "assert sys.version_info[:2] == (3, 10) and sys.implementation.name == 'cpython'; "
    "print(sys.executable)"
)
_FOLDERS = (
    "~/.pyenv/versions/3.10*/bin/python3.10",
    "$PYENV_ROOT/versions/3.10*/bin/python3.10",
    "~/.asdf/installs/python/3.10*/bin/python3.10",
    "~/.local/share/mise/installs/python/3.10*/bin/python3.10",
    "~/.local/share/rtx/installs/python/3.10*/bin/python3.10",
    "~/.local/share/uv/python/cpython-3.10*/bin/python3.10",
    "~/*conda*/bin/python3.10",
    "~/*conda*/envs/*/bin/python3.10",
    "~/miniforge*/envs/*/bin/python3.10",
    "/opt/*conda*/envs/*/bin/python3.10",
    "/usr/bin/python3.10",
    "/usr/local/bin/python3.10",
    "/opt/homebrew/bin/python3.10",
    "/opt/homebrew/opt/python@3.10/bin/python3.10",
    "/opt/python*/bin/python3.10",
    "/Library/Frameworks/Python.framework/Versions/3.10/bin/python3.10",
)


def find_python310(uv: Path | None = None) -> Path:
    """Return a Python 3.10 that runs, letting uv download one as the last resort."""
    tried: list[str] = []
    named = os.environ.get("PYTHON310")
    if named:
        found = _executed(named)
        if found:
            return found
        raise CannotGoOn(f"PYTHON310={named} does not run as a Python 3.10.")
    for candidate in _candidates():
        found = _executed(candidate)
        if found:
            return found
        tried.append(candidate)
    if uv:
        say("  no Python 3.10 on this machine: letting uv download one")
        found = _downloaded(uv)
        if found:
            return found
    looked = "".join(f"\n  - {place} (does not run)" for place in tried)
    raise CannotGoOn(
        "Rasa needs a Python 3.10, and none was found or could be downloaded."
        f"{looked}\n"
        "Install one (for example `pyenv install 3.10`, `brew install python@3.10`, "
        "`apt-get install python3.10-venv`),\n"
        "or say where it is: PYTHON310=/path/to/python3.10 make run"
    )


def _candidates() -> Iterator[str]:
    """Yield every place where a Python 3.10 may stand, each once, likeliest first."""
    seen: set[str] = set()
    on_path = [shutil.which("python3.10", path=folder) for folder in os.get_exec_path()]
    patterns = (os.path.expanduser(os.path.expandvars(pattern)) for pattern in _FOLDERS)
    in_folders = [path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True)]
    for path in [*on_path, *in_folders]:
        if path and path not in seen:
            seen.add(path)
            yield path


def _executed(candidate: str) -> Path | None:
    """Run a candidate and return its own idea of where it is, or nothing if it fails."""
    try:
        done = subprocess.run(
            [candidate, "-c", _PROBE], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None


def _downloaded(uv: Path) -> Path | None:
    """Let uv fetch a Python 3.10 and return it, or nothing where that cannot be done."""
    try:
        got = subprocess.run([uv, "python", "install", "--quiet", "3.10"], timeout=600, check=False)
        where = subprocess.run(
            [uv, "python", "find", "--managed-python", "3.10"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    ok = got.returncode == 0 and where.returncode == 0
    return _executed(where.stdout.strip()) if ok else None
