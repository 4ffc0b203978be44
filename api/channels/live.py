"""Wakes whoever is reading a conversation when something was added to it.

In one process; a reader also looks by itself every second, so that another process's writing is
seen too.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator

__all__ = ["Live"]


class Live:
    """Per conversation, an event that is set when something was added."""

    def __init__(self) -> None:
        self._readers: dict[str, set[asyncio.Event]] = defaultdict(set)

    def changed(self, conversation_id: str) -> None:
        """Wake the conversation's readers."""
        for event in self._readers.get(conversation_id, ()):
            event.set()

    @contextlib.contextmanager
    def reading(self, conversation_id: str) -> Iterator[Callable[[float], Awaitable[None]]]:
        """Register a reader; yields a coroutine function ``wait(seconds)``."""
        event = asyncio.Event()
        self._readers[conversation_id].add(event)

        async def wait(seconds: float) -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
            event.clear()

        try:
            yield wait
        finally:
            self._readers[conversation_id].discard(event)
            if not self._readers[conversation_id]:
                del self._readers[conversation_id]
