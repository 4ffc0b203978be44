"""Rasa calls its action server on a connection it keeps, and tells an action of this turn only.

Rasa 3.6 opens a connection for each call of an action and sends every event of the conversation so far,
written anew each time, which the action server reads anew: the longer a conversation, the more. Our
actions look at slots, at the message, and at what happened since it was heard (``Turn``). So this is what
they are told, and what was said before stays where it is.

To be removed when Rasa keeps its connections and can leave events out (``rasa.core.actions.action``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import wraps
from typing import Any

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import EndpointConfig

from bot.action_results import RasaChanged

__all__ = ["KEPT_SECONDS", "call_actions_lightly"]

KEPT_SECONDS = 4.0
"""How long a connection is kept unused: the action server lets it go after 5, and must not be the first."""


class _ThisTurn:
    """A tracker as an action is told of it: its state, and the events since the last message."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self._tracker = tracker
        self.sender_id = tracker.sender_id

    def current_state(self, _: EventVerbosity) -> dict[str, Any]:
        """Return what ``DialogueStateTracker.current_state`` does, with the events of this turn."""
        state: dict[str, Any] = self._tracker.current_state(EventVerbosity.NONE)
        events = []
        for event in reversed(self._tracker.events):
            events.append(event.as_dict())
            if isinstance(event, UserUttered):
                break
        return {**state, "events": events[::-1]}


def call_actions_lightly(action: type = RemoteAction, endpoint: type = EndpointConfig) -> None:
    """Have ``action`` send this turn only, and ``endpoint`` keep its connections; twice changes nothing.

    Raises:
        RasaChanged: this is not how this Rasa calls actions.
    """
    write = getattr(action, "_action_call_format", None)
    connect = getattr(endpoint, "session", None)
    if not callable(write) or not callable(connect):
        raise RasaChanged(
            f"{action.__qualname__} has no _action_call_format, or {endpoint.__qualname__} no session: "
            "see bot/action_calls.py, and delete it if this Rasa calls actions lightly by itself."
        )
    if not hasattr(write, "__wrapped__"):
        action._action_call_format = _of_this_turn(write)
    if not hasattr(connect, "__wrapped__"):
        endpoint.session = _kept(connect)


def _of_this_turn(write: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @wraps(write)
    def call(self: Any, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
        return write(self, _ThisTurn(tracker), domain)

    return call


def _kept(
    connect: Callable[[Any], aiohttp.ClientSession],
) -> Callable[[Any], AbstractAsyncContextManager[aiohttp.ClientSession]]:
    """Have an endpoint open one session in each event loop, which stays open after a call."""

    @wraps(connect)
    @asynccontextmanager
    async def session(self: Any) -> AsyncIterator[aiohttp.ClientSession]:
        if self.basic_auth:  # not ours: as Rasa does it
            async with connect(self) as opened:
                yield opened
            return
        loop = asyncio.get_running_loop()
        kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None
        kept = getattr(self, "_kept_session", None)
        if kept is None or kept[0] is not loop or kept[1].closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS, limit=0)
            opened = aiohttp.ClientSession(headers=self.headers, connector=connector)
            kept = self._kept_session = (loop, opened)
        yield kept[1]

    return session
