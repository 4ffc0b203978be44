"""Progress lines and failures that a person can act on."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class CannotGoOn(Exception):
    """A failure whose message says what happened and what to do; shown without a traceback."""


def say(text: str) -> None:
    """Print one progress line at once."""
    print(text, flush=True)


def explain(failure: CannotGoOn) -> None:
    """Print a failure where failures belong."""
    sys.stdout.flush()
    print(f"\n{failure}", file=sys.stderr, flush=True)


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log, indented, or a word on why there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(f"    {line}" for line in lines[-count:]) or "    (the log is empty)"
