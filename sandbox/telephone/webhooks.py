"""Requests that Twilio makes to the product, signed as Twilio signs them.

Form fields as published in Twilio's "Twilio's request to your incoming message Webhook URL" and
"Track the message status of outbound messages"; the signature is computed by Twilio's own
``RequestValidator`` over the exact address and every field, empty ones included.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re

import httpx2
import phonenumbers
from twilio.request_validator import RequestValidator

from api.contact.segments import segments
from sandbox.telephone.settings import TelephoneSettings
from sandbox.telephone.store import Text, TextStore

__all__ = ["API_VERSION", "Deliveries", "inbound_fields", "signed_headers", "status_fields"]

API_VERSION = "2010-04-01"
"""The version of Twilio's API that is spoken here."""

_NEXT = {"accepted": "queued", "queued": "sent", "sent": "delivered"}
_TIMEOUT_SECONDS = 15.0
"""How long Twilio waits for a webhook's answer."""

_log = logging.getLogger("sandbox.telephone")


def signed_headers(auth_token: str, url: str, fields: dict[str, str]) -> dict[str, str]:
    """Return the headers of a request by Twilio with ``fields`` to ``url``."""
    signature = RequestValidator(auth_token).compute_signature(url, fields)
    return {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}


def status_fields(text: Text, account_sid: str) -> dict[str, str]:
    """Return the form fields of a status callback for ``text`` as it is now."""
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "From": text.sender,
        "MessageSid": text.sid,
        "MessageStatus": text.status,
        "SmsSid": text.sid,
        "SmsStatus": text.status,
        "To": text.recipient,
    }
    if text.messaging_service_sid:
        fields["MessagingServiceSid"] = text.messaging_service_sid
    if text.status == "delivered":
        fields["RawDlrDoneDate"] = text.updated_at.strftime("%y%m%d%H%M")
    return fields


def inbound_fields(text: Text, account_sid: str) -> dict[str, str]:
    """Return the form fields of the webhook for a text written on the phone.

    Places are known to Twilio for North American numbers only; elsewhere they come empty.
    """
    empty = dict.fromkeys(("FromCity", "FromState", "FromZip", "ToCity", "ToState", "ToZip"), "")
    return {
        **empty,
        "AccountSid": account_sid,
        "ApiVersion": API_VERSION,
        "Body": text.body,
        "From": text.sender,
        "FromCountry": _country(text.sender),
        "MessageSid": text.sid,
        "NumMedia": "0",
        "NumSegments": str(text.segments),
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
        "To": text.recipient,
        "ToCountry": _country(text.recipient),
    }


class Deliveries:
    """Carries the bank's texts to the phone, and the phone's texts to the bank.

    A text goes through Twilio's statuses with ``step_seconds`` between two of them; each is told
    to the text's status callback once, as Twilio does without connection overrides: a callback
    that fails is logged and not repeated.
    """

    def __init__(
        self, store: TextStore, settings: TelephoneSettings, step_seconds: float = 0.3
    ) -> None:
        """Carry texts of ``store``; nothing moves before :meth:`start`."""
        self._store = store
        self._settings = settings
        self._step_seconds = step_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        # The product is on this machine: a proxy named in the environment is not for it.
        self._client = httpx2.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)

    def start(self) -> None:
        """Take up the texts that were on their way when the last process ended."""
        for text in self._store.on_their_way():
            self.deliver(text)

    async def stop(self) -> None:
        """Let go of everything; what was on its way is taken up at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def deliver(self, text: Text) -> None:
        """Begin to move a text of the bank's towards ``delivered``."""
        task = asyncio.get_running_loop().create_task(self._carry(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def hand_in(self, text: Text) -> str:
        """Bring a text written on the phone to the bank's webhook and return the outcome.

        The outcome is ``taken``, ``later`` (the product has no such route yet), ``refused`` or
        ``unreachable``, and is kept with the text.
        """
        fields = inbound_fields(text, self._settings.account_sid)
        status = await self._post(self._settings.inbound_url, fields, answers=text)
        if status is None:
            outcome = "unreachable"
        elif status == 404:
            outcome = "later"
        else:
            outcome = "taken" if status < 400 else "refused"
        self._store.set_outcome(text.sid, outcome)
        return outcome

    async def _carry(self, text: Text) -> None:
        await self._tell(text)
        while text.status in _NEXT:
            await asyncio.sleep(self._step_seconds)
            text = self._store.set_status(text.sid, _NEXT[text.status])
            await self._tell(text)

    async def _tell(self, text: Text) -> None:
        if text.status_callback:
            fields = status_fields(text, self._settings.account_sid)
            status = await self._post(text.status_callback, fields)
            if status is not None and status >= 400:
                _log.warning("status callback of %s answered %s", text.sid, status)

    async def _post(
        self, url: str, fields: dict[str, str], answers: Text | None = None
    ) -> int | None:
        """Call a webhook; what it answers in TwiML to ``answers`` is texted back, as Twilio does."""
        headers = signed_headers(self._settings.auth_token, url, fields)
        try:
            answer = await self._client.post(url, data=fields, headers=headers)
        except httpx2.HTTPError as error:
            _log.warning("no answer from the webhook: %s", type(error).__name__)
            return None
        if answers is not None and answer.status_code < 300:
            for said in _messages(answer.text):
                self.deliver(
                    self._store.add(
                        direction="outbound-api", sender=answers.recipient,
                        recipient=answers.sender, body=said, status="queued",
                        segments=segments(said),
                    )
                )  # fmt: skip
        return answer.status_code


def _messages(twiml: str) -> list[str]:
    """Return the words of each ``Message`` that an answer in TwiML asks for."""
    found = re.findall(r"<Message(?:\s[^>]*)?>(.*?)</Message>", twiml, re.DOTALL)
    return [html.unescape(words) for words in found]


def _country(number: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""
