"""Texts through Twilio's own client; with a sandbox address, the same client talks to that instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from api.contact.delivery import NumberNews
from api.contact.sending import DeliveryFailed

__all__ = ["FINAL_STATUSES", "TwilioTransport", "number_news"]

TIMEOUT_SECONDS = 10
MOST_LOOKED_AT = 20
"""Of one person's texts, the newest: an earlier try of a text is among them."""

FINAL_STATUSES: dict[str, Literal["delivered", "failed"]] = {
    "delivered": "delivered", "undelivered": "failed", "failed": "failed",
}  # fmt: skip
"""Twilio's message statuses after which no other follows."""

WORTH_TRYING_AGAIN = frozenset({20429, 21611, 30001, 30002, 30022})
"""Error codes of a moment: too many requests, a full queue, an account suspended for now, a rate limit.
Besides them, whatever comes with HTTP 429 or 5xx."""

NUMBERS: dict[int, NumberNews] = {
    21211: "dead", 21214: "dead", 21217: "dead", 21614: "dead",  # no number, or none that takes texts
    30005: "dead", 30006: "dead",  # unknown to its network, a landline
    30003: "silent",  # unreachable: perhaps switched off
    21610: "refused",  # answered STOP to our sender
}  # fmt: skip
"""What an error code says of the number. Source: Twilio, "Error and Warning Dictionary"."""


def number_news(error: str | int) -> NumberNews:
    """Return what an error code of Twilio's says of the number."""
    return NUMBERS.get(int(error), "") if str(error).isdecimal() else ""


class _RedirectedClient(TwilioHttpClient):
    """Twilio's HTTP client with the host replaced: the sandbox telephone stands in for Twilio."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base_url)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send the request to the configured host instead of Twilio's."""
        parts = urlsplit(uri)
        moved = urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))
        return super().request(method, moved, params, data, headers, auth, timeout, allow_redirects)


class TwilioTransport:
    """Sends SMS (``Transport`` of the outbox)."""

    def __init__(
        self, *, account_sid: str, auth_token: str, sender: str, api_url: str = "",
        status_url: str = "",
    ) -> None:  # fmt: skip
        http = _RedirectedClient(api_url) if api_url else TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        self._http = http
        self._client = Client(account_sid, auth_token, http_client=http)
        self._sender = sender
        self._status_url: str | object = status_url or values.unset

    def send(self, recipient: str, body: str) -> str:
        """Send one text and return Twilio's message id; raises ``DeliveryFailed``."""
        with _failures():
            message = self._client.messages.create(
                to=recipient, from_=self._sender, body=body, status_callback=self._status_url
            )
        return str(message.sid)

    def sent_before(self, recipient: str, body: str) -> list[str]:
        """Return Twilio's ids of the newest texts like this one; raises ``DeliveryFailed``."""
        with _failures():
            newest = self._client.messages.list(
                to=recipient, from_=self._sender, limit=MOST_LOOKED_AT
            )
        return [str(message.sid) for message in newest if _same(message.body, body)]

    def close(self) -> None:
        """Let go of the connections to Twilio."""
        if self._http.session is not None:
            self._http.session.close()


def _same(kept: object, body: str) -> bool:
    """Compare with what Twilio keeps, which on a trial account has a heading before it."""
    return isinstance(kept, str) and kept.endswith(body)


@contextmanager
def _failures() -> Iterator[None]:
    """Say in our own terms what kept Twilio from doing something."""
    try:
        yield
    except TwilioRestException as error:
        raise _failed(error.status, error.code) from error
    except TwilioException as error:  # how its client tells that a list could not be read
        answer = error.args[-1]
        if not isinstance(answer, Response):
            raise
        raise _failed(answer.status_code) from error
    except requests.RequestException as error:
        raise DeliveryFailed("twilio_unreachable", retryable=True) from error


def _failed(status: int, code: int | None = None) -> DeliveryFailed:
    code = code or status
    return DeliveryFailed(
        f"twilio_{code}", number=number_news(code),
        retryable=status == 429 or status >= 500 or code in WORTH_TRYING_AGAIN,
    )  # fmt: skip
