"""The document's own fonts: Noto Sans SC (SIL Open Font License, ``OFL.txt``), nothing of the machine.

Taken unchanged from the npm package ``@expo-google-fonts/noto-sans-sc`` 0.4.3.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

__all__ = ["FAMILY", "FOLDER", "missing_characters"]

FOLDER = Path(__file__).parent
FAMILY = "Noto Sans SC"
FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


@cache
def _covered() -> frozenset[int]:
    """Return the code points that every one of our fonts can draw."""
    drawn: list[frozenset[int]] = []
    for name in FILES:
        with TTFont(FOLDER / name, lazy=True) as font:
            drawn.append(frozenset(font.getBestCmap() or ()))
    return frozenset.intersection(*drawn)


def missing_characters(text: str) -> list[str]:
    """Return the characters of ``text`` that our fonts cannot draw, each once, in order."""
    return [c for c in dict.fromkeys(text) if ord(c) not in _covered() and not c.isspace()]
