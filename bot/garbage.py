"""Collecting garbage seldom: what Rasa and the actions load lives as long as they do (see api/kit/garbage.py)."""

from __future__ import annotations

import gc
from functools import cache

__all__ = ["collect_seldom"]

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


@cache
def collect_seldom() -> None:
    """Leave what is alive now out of every later collection, and collect less often.

    For the moment when all is loaded; asked again in the same process, it does nothing more.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
