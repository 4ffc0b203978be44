"""Debian's packages, where we may install them: what the tests need of the machine itself."""

import os
import shutil
import subprocess

_APT = {"DEBIAN_FRONTEND": "noninteractive"}


def can_apt() -> bool:
    """Tell whether packages can be installed here without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


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
