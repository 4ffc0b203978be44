"""How often one origin may call: enough for any person, too little for a machine that hammers.

Counted in memory, in a moving minute, since a restart may forget it; never written to a log. What
is protected otherwise (codes by their own tries and pauses) does not depend on this.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from fastapi import Request

from api.kit.errors import Problem
from api.policy.lookup import PolicyView

__all__ = [
    "Limits", "all_limits", "limit_files", "limit_invites", "limit_messages", "limit_verifications",
    "origin_of",
]  # fmt: skip

KINDS = ("invites", "messages", "files", "verifications")
"""What is counted; how many a minute is policy (``bank.web.*_a_minute``)."""
WINDOW_SECONDS = 60.0
MOST_ORIGINS = 20_000
"""Origins remembered; beyond it the one longest unheard of is forgotten."""


class Limits:
    """Counts calls of one kind by origin."""

    def __init__(self, tell_time: Callable[[], float] = time.monotonic) -> None:
        self._tell_time = tell_time
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def note(self, origin: str, most: int) -> None:
        """Count one call; raises ``Problem`` (429, ``too_many``) when there were more than ``most``."""
        now = self._tell_time()
        with self._lock:
            calls = self._calls.setdefault(origin, deque())
            self._calls.move_to_end(origin)
            while calls and calls[0] <= now - WINDOW_SECONDS:
                calls.popleft()
            if len(calls) >= most:
                wait = max(1, math.ceil(calls[0] + WINDOW_SECONDS - now))
                raise Problem(
                    "too_many", 429, "That was a little fast. Try again in a minute.",
                    retry_after=wait,
                )  # fmt: skip
            calls.append(now)
            if len(self._calls) > MOST_ORIGINS:
                self._calls.popitem(last=False)


def origin_of(request: Request) -> str | None:
    """Return who is calling; ``None`` for this machine itself in a practice installation.

    An IPv6 caller is known by its network: one person has all of a /64.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_loopback and request.app.state.settings.sandbox:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _note(request: Request, kind: str) -> None:
    origin = origin_of(request)
    if origin is not None:
        state = request.app.state
        policy: PolicyView = state.policy.on(state.clock.today())
        limits: dict[str, Limits] = state.limits
        limits[kind].note(origin, policy.value(f"bank.web.{kind}_a_minute"))


def all_limits() -> dict[str, Limits]:
    """Return fresh counters for one application."""
    return {kind: Limits() for kind in KINDS}


async def limit_invites(request: Request) -> None:
    """Count a redemption (a dependency); raises ``Problem`` (429)."""
    _note(request, "invites")


async def limit_messages(request: Request) -> None:
    """Count a message (a dependency); raises ``Problem`` (429)."""
    _note(request, "messages")


async def limit_files(request: Request) -> None:
    """Count a file sent to us (a dependency); raises ``Problem`` (429)."""
    _note(request, "files")


async def limit_verifications(request: Request) -> None:
    """Count a verification (a dependency); raises ``Problem`` (429)."""
    _note(request, "verifications")
