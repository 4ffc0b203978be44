"""Work in a thread that is never left alone: who is told to stop waits for what is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

__all__ = ["beside_a_loop", "in_thread"]

Given = ParamSpec("Given")
Found = TypeVar("Found")


def beside_a_loop(work: Callable[[], Found]) -> Found:
    """Run what starts an event loop of its own, also where this thread has one already, which would refuse that."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(work).result()


async def in_thread(
    work: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs
) -> Found:
    """Run a function in the thread pool and return what it returns.

    Cancelled, it first lets the thread end: a transaction that is open then commits or rolls back, and
    its connection goes home before the database is closed.
    """
    running = asyncio.ensure_future(run_in_threadpool(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running})
        raise
