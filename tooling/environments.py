"""The two locked environments: `.venv` for the api, `bot/.venv` for Rasa.

`python -m tooling.environments` installs what is missing; `... lock` resolves the locks again.
"""

import contextlib
import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tooling.fast_python import find_fast_python
from tooling.python310 import find_python310
from tooling.say import ROOT, CannotGoOn, explain, say

TOOLS = ROOT / ".tools"
API_PYTHON = ROOT / ".venv/bin/python"
BOT_PYTHON = ROOT / "bot/.venv/bin/python"
_UV = TOOLS / "uv/bin/uv"
_UV_VERSION = "uv>=0.9,<1"


@contextlib.contextmanager
def only_one(name: str) -> Iterator[None]:
    """Hold a lock while building something that two `make` must not build at once."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  waiting for another make that is busy with the {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure_environments() -> None:
    """Install both environments where their lock changed since they were last installed."""
    with only_one("environments"):
        stale = [
            sync
            for folder, sync in ((ROOT, _sync_api), (ROOT / "bot", _sync_bot))
            if not _fits(folder)
        ]
        if not stale:
            return
        uv = ensure_uv()
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(sync, uv) for sync in stale]:
                done.result()


def _sync_api(uv: Path) -> None:
    _sync(uv, ROOT, find_fast_python)


def _sync_bot(uv: Path) -> None:
    _sync(uv, ROOT / "bot", lambda: find_python310(uv))


def _sync(uv: Path, folder: Path, find_python: Callable[[], Path]) -> None:
    """Make a folder's `.venv` hold exactly what its lock says, hashes checked."""
    name = (folder / ".venv").relative_to(ROOT)
    begun = time.monotonic()
    if not _runs(folder / ".venv/bin/python"):
        found = find_python()
        say(f"  {name}: making it with {found}")
        _command(uv, "venv", "--quiet", "--clear", "--python", found, folder / ".venv")
    say(f"  {name}: installing what its lock file names")
    python = folder / ".venv/bin/python"
    lock_file = folder / "requirements.lock"
    _command(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock_file)
    _stamp(folder).write_text(_digest(folder), encoding="ascii")
    say(f"  {name}: ready after {time.monotonic() - begun:.0f} s")


def ensure_uv() -> Path:
    """Return uv, installed by pip into `.tools/uv` when it is not there yet."""
    if _runs(_UV):
        return _UV
    say("  .tools/uv: installing uv")
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", TOOLS / "uv"], capture_output=True, text=True, check=False
    )
    if made.returncode == 0:
        quiet = ["--quiet", "--disable-pip-version-check"]
        _command(TOOLS / "uv/bin/python", "-m", "pip", "install", *quiet, _UV_VERSION)
        return _UV
    on_path = shutil.which("uv")
    if on_path and _runs(Path(on_path)):
        return Path(on_path)
    raise CannotGoOn(
        f"{sys.executable} cannot make a virtual environment:\n{made.stdout}{made.stderr}\n"
        "Install its venv module (Debian, Ubuntu: apt-get install python3-venv), or uv itself."
    )


def lock() -> None:
    """Resolve both lock files again. They name no registry: any mirror can serve them."""
    uv = ensure_uv()
    for folder, version in ((ROOT, "3.11"), (ROOT / "bot", "3.10")):
        project = folder / "pyproject.toml"
        target = folder / "requirements.lock"
        say(f"  {target.relative_to(ROOT)}: resolving for Python {version} and every platform")
        unaddressed = ("--no-emit-index-url", "--no-emit-find-links", "--no-header")
        wanted = ("--universal", "--generate-hashes", "--no-annotate", "--python-version", version)
        groups = ("--group", f"{project}:dev")
        files = ("--output-file", target, project)
        _command(uv, "pip", "compile", "-q", "--upgrade", *wanted, *unaddressed, *groups, *files)


def _fits(folder: Path) -> bool:
    """Tell whether a folder's environment runs and was installed from the present lock."""
    with contextlib.suppress(OSError):
        stamped = _stamp(folder).read_text(encoding="ascii") == _digest(folder)
        return stamped and _runs(folder / ".venv/bin/python")
    return False


def _stamp(folder: Path) -> Path:
    return folder / ".venv/installed-lock.sha256"


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / "requirements.lock").read_bytes()).hexdigest()


def _runs(program: Path) -> bool:
    """Tell whether a program starts: a link may point at a Python that was removed."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def _command(*words: str | Path) -> None:
    done = subprocess.run(
        words,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        shown = " ".join(map(str, words))
        raise CannotGoOn(
            f"This command failed:\n  {shown}\n{done.stdout.strip()}\n"
            "Is the package registry reachable from here? After mending it, run make again."
        )


def main() -> int:
    """Install both environments, or with `lock` resolve their lock files again."""
    try:
        if sys.argv[1:] == ["lock"]:
            lock()
        ensure_environments()
    except CannotGoOn as failure:
        explain(failure)
        return 1
    except KeyboardInterrupt:
        return 130
    say("Environments: .venv and bot/.venv fit their lock files.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
