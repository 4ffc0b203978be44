"""Wakes whoever is reading a conversation when something was added to it.

In one process; a reader also looks by itself every second, so that another process's writing is
seen too.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator

__all__ = ["QUEUE", "Live"]

QUEUE = "queue"
"""What is read where others read a conversation: the queue of cases, whichever of them changed."""


class Live:
    """Per conversation, an event that is set when something was added."""

    def __init__(self) -> None:
        self._readers: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._persons: Counter[str] = Counter()

    def changed(self, conversation_id: str) -> None:
        """Wake the conversation's readers."""
        for event in self._readers.get(conversation_id, ()):
            event.set()

    def person_is_there(self, conversation_id: str) -> bool:
        """Return whether a page of the person's own reads the conversation now, in this process."""
        return self._persons[conversation_id] > 0

    @contextlib.contextmanager
    def reading(
        self, conversation_id: str, *, by_staff: bool = False
    ) -> Iterator[Callable[[float], Awaitable[None]]]:
        """Register a reader; yields a coroutine function ``wait(seconds)``."""
        event = asyncio.Event()
        self._readers[conversation_id].add(event)
        if not by_staff:
            self._persons[conversation_id] += 1

        async def wait(seconds: float) -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
            event.clear()

        try:
            yield wait
        finally:
            if not by_staff:
                self._persons[conversation_id] -= 1
                self._persons += Counter()  # whoever is gone leaves no zero behind
            self._readers[conversation_id].discard(event)
            if not self._readers[conversation_id]:
                del self._readers[conversation_id]
