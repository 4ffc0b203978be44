"""Work in a thread that is never left alone: who is told to stop waits for what is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, ParamSpec, TypeVar

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

__all__ = ["ThreadedRoute", "beside_a_loop", "in_thread"]

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


class ThreadedRoute(APIRoute):
    """A route whose plain function runs in the thread pool, and whose answer is written on the event loop.

    FastAPI goes to a thread a second time to look the answer of a plain function over, which for a
    small one costs more than the look.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        @wraps(endpoint)
        async def apart(**given: Any) -> Any:
            return await run_in_threadpool(endpoint, **given)

        super().__init__(path, endpoint if iscoroutinefunction(endpoint) else apart, **options)


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
