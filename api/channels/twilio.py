"""Texts through Twilio's own client; with a sandbox address, the same client talks to that instead."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base import values
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from api.contact.outbox import DeliveryFailed

__all__ = ["TwilioTransport"]

TIMEOUT_SECONDS = 10


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
        self._client = Client(account_sid, auth_token, http_client=http)
        self._sender = sender
        self._status_url: str | object = status_url or values.unset

    def send(self, recipient: str, body: str) -> str:
        """Send one text and return Twilio's message id; raises ``DeliveryFailed``."""
        try:
            message = self._client.messages.create(
                to=recipient, from_=self._sender, body=body, status_callback=self._status_url
            )
        except TwilioRestException as error:
            retryable = error.status == 429 or error.status >= 500
            raise DeliveryFailed(
                f"twilio_{error.code or error.status}", retryable=retryable
            ) from error
        except requests.RequestException as error:
            raise DeliveryFailed("twilio_unreachable", retryable=True) from error
        return str(message.sid)
