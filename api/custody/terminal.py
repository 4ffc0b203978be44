"""What the commands of this room say to whoever runs them."""

from __future__ import annotations

import sys

__all__ = ["say"]


def say(text: str) -> None:
    """Write a line at once, also where the output goes into a file."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
