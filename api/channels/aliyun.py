"""Registered texts through Alibaba Cloud's Short Message Service, which reaches mainland numbers.

Sources: "SendSms" (Dysmsapi 2017-05-25) for the request and its answer, "Request body and signature
mechanism for V3" (ACS3-HMAC-SHA256) for the signature, "API error codes" and "Delivery receipt error
codes" for what the codes mean. The service takes no free words: each text is registered beforehand.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

import httpx2

from api.contact.carriage import Registered
from api.contact.delivery import NumberNews
from api.contact.sending import DeliveryFailed
from api.kit.dates import iso_utc

__all__ = ["AliyunTransport", "number_news", "signed_headers"]

ACTION, VERSION = "SendSms", "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
NOTHING = hashlib.sha256(b"").hexdigest()
TIMEOUT_SECONDS = 10

WORTH_TRYING_AGAIN = (
    "Throttling", "ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR", "isv.BUSINESS_LIMIT_CONTROL", "SignatureNonceUsed",
)  # fmt: skip
"""Beginnings of codes of a moment. Besides them, whatever comes with HTTP 5xx."""

NUMBERS: dict[str, NumberNews] = {
    "isv.MOBILE_NUMBER_ILLEGAL": "dead",
    "MOBILE_IN_BLACK": "dead",
    "INVALID_NUMBER": "silent",
    "MOBILE_NOT_ON_SERVICE": "silent",  # no such number, barred, or only switched off
    "MOBILE_ACCOUNT_ABNORMAL": "silent",
    "USER_REJECT": "refused",
}  # fmt: skip
"""What a code, of the answer or of a delivery report, says of the number."""


def number_news(code: str) -> NumberNews:
    """Return what one of the service's codes says of the number."""
    return NUMBERS.get(code, "")


def signed_headers(
    key_id: str, key_secret: str, *, host: str, action: str, version: str,
    query: Mapping[str, str], at: datetime, nonce: str,
) -> dict[str, str]:  # fmt: skip
    """Return the headers of a POST to ``/`` with parameters in its query and nothing in its body."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": NOTHING,
        "x-acs-date": iso_utc(at),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()))
    request = "\n".join(["POST", "/", canonical_query(query), lines, names, NOTHING])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return {
        **headers,
        "authorization": f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}",
    }


def canonical_query(query: Mapping[str, str]) -> str:
    """Return parameters in the order and the form (RFC 3986) in which they are signed and sent."""
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
        for name, value in sorted(query.items())
    )


class AliyunTransport:
    """Sends registered texts (``RegisteredTransport`` of the outbox)."""

    def __init__(
        self, *, key_id: str, key_secret: str, sign_name: str, api_url: str,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._key_id, self._key_secret = key_id, key_secret
        self._sign_name = sign_name
        self._url = api_url.rstrip("/")
        self._host = urlsplit(api_url).netloc
        self._now = now
        self._client = httpx2.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)

    def send(self, recipient: str, body: str) -> str:
        """Refuse: the service carries no words that it has not seen before."""
        del recipient, body
        raise DeliveryFailed("aliyun_not_registered", retryable=False)

    def sent_before(self, recipient: str, body: str) -> list[str]:
        """Return nothing: the service cannot be asked for a text by what it says."""
        del recipient, body
        return []

    def send_registered(self, recipient: str, text: Registered) -> str:
        """Send one registered text and return the service's id of it (``BizId``).

        Raises:
            DeliveryFailed: with the service's code. One that was sent and not answered is not tried
                again: the service knows no repetition, and its delivery report tells how it ended.
        """
        query = {
            "PhoneNumbers": recipient,
            "SignName": self._sign_name,
            "TemplateCode": text.code,
            "TemplateParam": json.dumps(dict(text.values), ensure_ascii=False),
        }
        headers = signed_headers(
            self._key_id, self._key_secret, host=self._host, action=ACTION, version=VERSION,
            query=query, at=self._now(), nonce=secrets.token_hex(16),
        )  # fmt: skip
        try:
            answer = self._client.post(f"{self._url}/?{canonical_query(query)}", headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise DeliveryFailed("aliyun_unreachable", retryable=True) from error
        except httpx2.HTTPError as error:
            raise DeliveryFailed("aliyun_no_answer", retryable=False) from error
        return _accepted(answer)


def _accepted(answer: httpx2.Response) -> str:
    """Return the id of a text that was taken; raises ``DeliveryFailed`` for one that was not."""
    try:
        said = answer.json()
    except ValueError:
        said = {}
    code = str(said.get("Code", "")) if isinstance(said, dict) else ""
    if code == "OK" and said.get("BizId"):
        return str(said["BizId"])
    raise DeliveryFailed(
        f"aliyun_{code or answer.status_code}"[:100], number=number_news(code),
        retryable=answer.status_code >= 500 or code.startswith(WORTH_TRYING_AGAIN),
    )  # fmt: skip
