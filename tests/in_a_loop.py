"""Run a coroutine to its end, wherever a test runs.

Playwright's synchronous interface keeps an event loop in the main thread of a worker for as long as its
browser is open, and ``asyncio.run`` refuses to start another there: this one runs in a thread of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from anyio.from_thread import start_blocking_portal

__all__ = ["in_a_loop"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def in_a_loop(call: Callable[_P, Awaitable[_T]], *args: _P.args, **named: _P.kwargs) -> _T:
    """Return what a coroutine function returns; what it raises is raised here."""
    with start_blocking_portal() as portal:
        return portal.call(lambda: call(*args, **named))
