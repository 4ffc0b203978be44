"""Collecting garbage seldom: what Rasa and the actions load lives as long as they do (see api/kit/garbage.py)."""

from __future__ import annotations

import gc

__all__ = ["collect_seldom"]

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


def collect_seldom() -> None:
    """Leave what is alive now out of every later collection, and collect less often; call it once, when all is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
