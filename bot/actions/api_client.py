"""The assistant's only door out: typed calls to the API's ``/v1/bot/conversations/{id}/…``.

Every answer is a frozen record. Every failure, whether the network's or the API's, is one
:class:`ApiError` with a stable ``code``. Money crosses as decimal strings and is never computed here.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from bot.actions.api_records import (
    MALFORMED,
    ApiError,
    CallBackAnswer,
    Challenge,
    Context,
    CounterAnswer,
    HandoffAnswer,
    OffersAnswer,
    OfferSummary,
    Progress,
    Refused,
    SituationAnswer,
    read_context,
    read_counter,
    read_offers,
    read_progress,
    read_situation,
    read_words,
)

__all__ = [
    "MALFORMED",
    "ApiClient",
    "ApiError",
    "CallBackAnswer",
    "Challenge",
    "Context",
    "CounterAnswer",
    "HandoffAnswer",
    "OfferSummary",
    "OffersAnswer",
    "Progress",
    "Refused",
    "SituationAnswer",
    "shared_client",
]

#: Seconds for a whole call, and for making the connection. Below the ten seconds that Rasa's caller
#: allows a turn, so that a slow API still leaves time for an honest sentence.
TOTAL_SECONDS: Final = 6.0
CONNECT_SECONDS: Final = 2.0

UNREACHABLE: Final = "api_unreachable"
TIMED_OUT: Final = "api_timeout"
UNKNOWN: Final = "api_error"


class ApiClient:
    """Calls the API for one process's actions; owns one HTTP session, made on first use."""

    def __init__(self, base_url: str, token: str, total_seconds: float = TOTAL_SECONDS) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=CONNECT_SECONDS)
        self._session: aiohttp.ClientSession | None = None

    async def context(self, conversation: str) -> Context:
        """Where the conversation stands."""
        return read_context(await self._call("GET", conversation, "context"))

    async def consent(self, conversation: str, *, granted: bool) -> Context:
        """Records the answer to the consent question; a refusal opens a case in the API."""
        body = {"kind": "financial", "granted": granted}
        return read_context(await self._call("POST", conversation, "consent", body))

    async def situation(self, conversation: str, facts: Mapping[str, object]) -> SituationAnswer:
        """Sends facts the person stated. Raises :class:`ApiError` ``no_consent`` and the like."""
        return read_situation(
            await self._call("POST", conversation, "situation", {"facts": dict(facts)})
        )

    async def offers(self, conversation: str) -> OffersAnswer:
        """Has the offers computed, or learns why there are none."""
        return read_offers(await self._call("POST", conversation, "offers", {}))

    async def counter(self, conversation: str, wish: Mapping[str, object]) -> CounterAnswer:
        """Has another payment (``monthly``), length (``periods``) or ``lump_sum`` worked out; chooses nothing.

        Raises :class:`ApiError` ``offers_expired`` or ``balance_changed``.
        """
        return read_counter(await self._call("POST", conversation, "counter", dict(wish)))

    async def choice(self, conversation: str, option: int) -> Context:
        """Chooses an offer. Raises ``option_unknown`` or ``offers_expired``."""
        return read_context(await self._call("POST", conversation, "choice", {"option": option}))

    async def challenge(self, conversation: str, purpose: str) -> Context:
        """Has a code sent. Raises ``challenge_paused``, ``codes_enough``, ``not_identified`` or ``no_terms``."""
        return read_context(
            await self._call("POST", conversation, "challenge", {"purpose": purpose})
        )

    async def agreement(self, conversation: str) -> Context:
        """Has the signed agreement recorded. Raises ``not_signed`` or ``balance_changed``."""
        return read_context(await self._call("POST", conversation, "agreement", {}))

    async def withdrawal(self, conversation: str, *, confirmed: bool) -> Context:
        """Notes a wish to withdraw a signed agreement, or ends it once confirmed.

        Raises :class:`ApiError` ``withdrawal_late``, ``withdrawal_not_asked``, ``agreement_ended`` or ``on_hold``.
        """
        return read_context(
            await self._call("POST", conversation, "withdrawal", {"confirmed": confirmed})
        )

    async def handoff(self, conversation: str, reason: str) -> HandoffAnswer:
        """Opens a case for a human, or finds the one already open."""
        data = await self._call("POST", conversation, "handoff", {"reason": reason})
        return HandoffAnswer(read_context(data), in_hours=bool(data.get("in_hours")))

    async def progress(self, conversation: str) -> Progress:
        """How the newest agreement goes. Raises :class:`ApiError` ``not_identified``."""
        return read_progress(await self._call("GET", conversation, "progress"))

    async def move_month(self, conversation: str) -> Progress:
        """Moves the oldest open payment back by a month. Raises ``no_moves_left`` and the like."""
        return read_progress(await self._call("POST", conversation, "move", {}))

    async def reminder_sums(self, conversation: str, *, wanted: bool) -> Context:
        """Has reminders name the sum, or not."""
        return read_context(await self._call("POST", conversation, "reminders", {"sums": wanted}))

    async def stop_texts(self, conversation: str) -> Context:
        """Has texts to the person stopped, for every sender."""
        return read_context(await self._call("POST", conversation, "texts", {"wanted": False}))

    async def call_back(self, conversation: str) -> CallBackAnswer:
        """Has times for a call offered; which one is chosen, the API hears by itself."""
        data = await self._call("POST", conversation, "call-back", {})
        times = data.get("call_times")
        words = tuple(str(time) for time in times) if isinstance(times, list) else ()
        return CallBackAnswer(read_context(data), words)

    async def close(self) -> None:
        """Closes the HTTP session; the next call makes a new one."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(
        self, method: str, conversation: str, verb: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        url = f"{self._base}/v1/bot/conversations/{quote(conversation, safe='')}/{verb}"
        try:
            async with self._open().request(method, url, json=body) as response:
                status = response.status
                data = await response.json(content_type=None)
        except asyncio.TimeoutError as error:
            raise ApiError(TIMED_OUT) from error
        except aiohttp.ClientError as error:
            raise ApiError(UNREACHABLE) from error
        except ValueError as error:
            raise ApiError(MALFORMED) from error
        if not isinstance(data, dict):
            raise ApiError(MALFORMED, status)
        if not 200 <= status < 300:
            raise ApiError(str(data.get("code") or UNKNOWN), status, read_words(data))
        return data

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=self._timeout,
                # The API lets idle connections go after 5 s: never send on one that it just closed.
                connector=aiohttp.TCPConnector(keepalive_timeout=4),
            )
        return self._session


class _Shared:
    """This process's one client, made when the first action needs it."""

    client: ApiClient | None = None


def shared_client() -> ApiClient:
    """The client for ``ANHUAN_API_URL`` and ``ANHUAN_BOT_TOKEN``, one per process."""
    if _Shared.client is None:
        _Shared.client = ApiClient(
            os.environ.get("ANHUAN_API_URL", "http://127.0.0.1:8000"),
            os.environ.get("ANHUAN_BOT_TOKEN", ""),
        )
    return _Shared.client
