"""Child processes that do not outlive us, and signals that end us in good order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import FrameType

_PR_SET_PDEATHSIG = 1
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ToldToStop(BaseException):
    """Somebody asked us to stop: Ctrl-C, a termination signal or a closed terminal."""


def stop_on_signals() -> None:
    """Turn the ending signals into `ToldToStop`, raised in the main thread, once."""

    def handler(_number: int, _frame: FrameType | None) -> None:
        ignore_signals()
        raise ToldToStop

    for number in _ENDING:
        signal.signal(number, handler)


def ignore_signals() -> None:
    """Finish an orderly stop undisturbed: everything after this is bounded in time."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


def _before_exec() -> Callable[[], None]:
    """Build what the child does before its program starts: plain signals, death with its parent."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    parent = os.getpid()

    def prepare() -> None:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


@contextlib.contextmanager
def child(
    command: list[str],
    *,
    env: dict[str, str],
    cwd: str,
    output: int | None = None,
    patience: float = 10,
    identity: tuple[int, int] | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command in its own session; leaving the block ends it, gently and then by force.

    On Linux it also receives SIGTERM when we are killed without a chance to clean up. ``identity`` is
    the user and the group to run it as, where it must not be ours.
    """
    user, group = identity or (None, None)
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=_before_exec(),
        user=user,
        group=group,
        extra_groups=[] if identity else None,
    )
    try:
        yield process
    finally:
        end(process, patience)


def end(process: "subprocess.Popen[bytes]", patience: float) -> None:
    """Ask a process to end; after `patience` seconds, kill its whole group."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
            process.wait()


def kill_group(pid: int) -> None:
    """Kill a process and its group, if they still exist."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
