"""Addresses of style sheets and scripts that change whenever the file does, so that none is ever stale."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__all__ = ["STATIC_FOLDER", "asset_address"]

STATIC_FOLDER = Path(__file__).parent / "static"


def asset_address(prefix: str, name: str) -> str:
    """Return where a file of the static folder is served, with a mark of its content."""
    return f"{prefix}/{name}?v={_digest(STATIC_FOLDER / name)}"


@cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
