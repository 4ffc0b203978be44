"""Debian's packages, where we may install them: what the tests need of the machine itself."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tooling.environments import only_one
from tooling.say import say

_APT = {"DEBIAN_FRONTEND": "noninteractive"}


def can_apt() -> bool:
    """Tell whether packages can be installed here without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure_programs(
    name: str, find: Callable[[], Path | None], package: str, missing: str
) -> tuple[Path | None, str]:
    """Return what ``find`` finds, after installing ``package`` where it must be; or nothing and why not.

    ``missing`` is said where nothing can be installed.
    """
    with only_one(name):
        found = find()
        reason = ""
        if found is None and can_apt():
            say(f"  {name}: none found; installing Debian's {package} with apt-get")
            reason = apt_install(package)
            found = find()
    if found is not None:
        say(f"  {name}: {found}")
        return found, ""
    return None, reason or missing


def apt_install(*packages: str) -> str:
    """Install packages; return why that did not work, or nothing."""
    for command in (["update", "-q"], ["install", "-q", "-y", *packages]):
        done = quietly(["apt-get", *command])
        if done.returncode:
            return f"apt-get {command[0]} failed: {ending(done)}"
    return ""


def quietly(command: list[str]) -> "subprocess.CompletedProcess[str]":
    """Run a command and keep all it says; one that cannot be started has failed as well."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
            env={**os.environ, **_APT},
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        return subprocess.CompletedProcess(command, 1, stdout=str(failure))


def ending(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the last lines that a command said, as one."""
    return " / ".join(done.stdout.strip().splitlines()[-3:])
