"""The assistant's only door out: typed calls to the API's ``/v1/bot/conversations/{id}/…``.

Every answer is a frozen record. Every failure, whether the network's or the API's, is one
:class:`ApiError` with a stable ``code``. Money crosses as decimal strings and is never computed here.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import aiohttp

#: Seconds for a whole call, and for making the connection. Below the ten seconds that Rasa's caller
#: allows a turn, so that a slow API still leaves time for an honest sentence.
TOTAL_SECONDS: Final = 6.0
CONNECT_SECONDS: Final = 2.0

UNREACHABLE: Final = "api_unreachable"
TIMED_OUT: Final = "api_timeout"
MALFORMED: Final = "api_malformed"
UNKNOWN: Final = "api_error"


class ApiError(Exception):
    """The API refused or could not be asked.

    ``code`` is the API's problem code, or one of this module's own; ``words`` are what the API
    gave for telling the person (may be empty); ``status`` is the HTTP status, 0 when there was none.
    """

    def __init__(self, code: str, status: int = 0, words: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.words: Mapping[str, str] = words or {}


@dataclass(frozen=True)
class Challenge:
    """An open challenge: what is being proved, and whether it can still be answered."""

    purpose: str
    state: str
    tries_left: int


@dataclass(frozen=True)
class OfferSummary:
    """What is needed to tell one shown offer from another."""

    number: int
    tag: str
    monthly: str
    periods: int
    total: str


@dataclass(frozen=True)
class Context:
    """Where a conversation stands in the API's record, with ``words`` ready to be said."""

    words: Mapping[str, str]
    locale: str
    stage: str
    identified: bool
    case: str = "none"
    asked_next: str | None = None
    challenge: Challenge | None = None
    situation: Mapping[str, Any] = field(default_factory=dict)
    has_offers: bool = False
    offers: tuple[OfferSummary, ...] = ()
    choice: int | None = None
    has_terms: bool = False
    signed: bool = False
    returning: bool = False
    #: Signs of distress were told in this conversation and nobody has seen to them yet.
    care: bool = False
    #: Why plans and signing rest: ``distress``, ``deceased`` or ``fraud``.
    on_hold: str | None = None
    #: Why the newest calculation gave no offer; None when it did, or when facts changed since.
    refused: str | None = None
    #: Why no plan can come of it whatever is told: ``in_court``, ``account_with_human``, ``nothing_due``.
    barred: str | None = None


@dataclass(frozen=True)
class Refused:
    """A fact the API would not take, and why."""

    field: str
    code: str


@dataclass(frozen=True)
class SituationAnswer:
    """What became of the facts that were sent."""

    context: Context
    accepted: tuple[str, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class OffersAnswer:
    """Offers were computed (``count`` of them), or refused for ``reason``."""

    context: Context
    outcome: str
    count: int
    reason: str | None


@dataclass(frozen=True)
class HandoffAnswer:
    """A case exists; ``in_hours`` says whether somebody is there now."""

    context: Context
    in_hours: bool


class ApiClient:
    """Calls the API for one action server; owns one HTTP session, made on first use."""

    def __init__(self, base_url: str, token: str, total_seconds: float = TOTAL_SECONDS) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=CONNECT_SECONDS)
        self._session: aiohttp.ClientSession | None = None

    async def context(self, conversation: str) -> Context:
        """Where the conversation stands."""
        return _context(await self._call("GET", conversation, "context"))

    async def consent(self, conversation: str, *, granted: bool) -> Context:
        """Records the answer to the consent question; a refusal opens a case in the API."""
        body = {"kind": "financial", "granted": granted}
        return _context(await self._call("POST", conversation, "consent", body))

    async def situation(self, conversation: str, facts: Mapping[str, object]) -> SituationAnswer:
        """Sends facts the person stated. Raises :class:`ApiError` ``no_consent`` and the like."""
        data = await self._call("POST", conversation, "situation", {"facts": dict(facts)})
        refused = tuple(
            Refused(str(item.get("field", "")), str(item.get("code", "")))
            for item in _list(data.get("refused"))
        )
        accepted = tuple(str(name) for name in _list(data.get("accepted")))
        return SituationAnswer(_context(data), accepted, refused)

    async def offers(self, conversation: str) -> OffersAnswer:
        """Has the offers computed, or learns why there are none."""
        data = await self._call("POST", conversation, "offers", {})
        reason = data.get("reason")
        return OffersAnswer(
            context=_context(data),
            outcome=str(data.get("outcome", "")),
            count=_int(data.get("count")),
            reason=None if reason is None else str(reason),
        )

    async def choice(self, conversation: str, option: int) -> Context:
        """Chooses an offer. Raises ``option_unknown`` or ``offers_expired``."""
        return _context(await self._call("POST", conversation, "choice", {"option": option}))

    async def challenge(self, conversation: str, purpose: str) -> Context:
        """Has a code sent. Raises ``challenge_paused``, ``not_identified`` or ``no_terms``."""
        return _context(await self._call("POST", conversation, "challenge", {"purpose": purpose}))

    async def agreement(self, conversation: str) -> Context:
        """Has the signed agreement recorded. Raises ``not_signed`` or ``balance_changed``."""
        return _context(await self._call("POST", conversation, "agreement", {}))

    async def handoff(self, conversation: str, reason: str) -> HandoffAnswer:
        """Opens a case for a human, or finds the one already open."""
        data = await self._call("POST", conversation, "handoff", {"reason": reason})
        return HandoffAnswer(_context(data), in_hours=bool(data.get("in_hours")))

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
            raise ApiError(str(data.get("code") or UNKNOWN), status, _words(data))
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
    """The action server's one client, made when the first action needs it."""

    client: ApiClient | None = None


def shared_client() -> ApiClient:
    """The client for ``ANHUAN_API_URL`` and ``ANHUAN_BOT_TOKEN``, one per process."""
    if _Shared.client is None:
        _Shared.client = ApiClient(
            os.environ.get("ANHUAN_API_URL", "http://127.0.0.1:8000"),
            os.environ.get("ANHUAN_BOT_TOKEN", ""),
        )
    return _Shared.client


def _context(data: Mapping[str, Any]) -> Context:
    try:
        stage, locale = str(data["stage"]), str(data["locale"])
    except KeyError as error:
        raise ApiError(MALFORMED) from error
    return Context(
        words=_words(data),
        locale=locale,
        stage=stage,
        identified=bool(data.get("identified")),
        case=str(data.get("case") or "none"),
        asked_next=data.get("asked_next"),
        challenge=_challenge(data.get("open_challenge")),
        situation=data.get("situation") or {},
        has_offers=bool(data.get("has_offers")),
        offers=tuple(_offer(item) for item in _list(data.get("offers"))),
        choice=data.get("choice"),
        has_terms=bool(data.get("has_terms")),
        signed=bool(data.get("signed")),
        returning=bool(data.get("returning")),
        care=bool(data.get("care")),
        on_hold=data.get("on_hold"),
        refused=data.get("refused"),
        barred=data.get("barred"),
    )


def _words(data: Mapping[str, Any]) -> dict[str, str]:
    """The ready strings; an absent value is left out, so that nothing is said with a hole in it."""
    words = data.get("words")
    if not isinstance(words, dict):
        return {}
    return {str(name): str(value) for name, value in words.items() if value not in (None, "")}


def _challenge(data: object) -> Challenge | None:
    if not isinstance(data, dict):
        return None
    return Challenge(
        purpose=str(data.get("purpose", "")),
        state=str(data.get("state", "")),
        tries_left=_int(data.get("tries_left")),
    )


def _offer(data: Mapping[str, Any]) -> OfferSummary:
    return OfferSummary(
        number=_int(data.get("number")),
        tag=str(data.get("tag", "")),
        monthly=str(data.get("monthly", "")),
        periods=_int(data.get("periods")),
        total=str(data.get("total", "")),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
