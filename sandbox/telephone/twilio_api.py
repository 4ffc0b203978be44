"""The part of Twilio's HTTP API by which messages are sent and read.

So the product uses the official client unchanged; only its base address differs. Paths, fields,
answers and error codes as in Twilio's Message resource and error dictionary. Not played: media,
scheduling, redaction, deletion, and the opt-out list that Twilio keeps itself (21610).
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from email.utils import format_datetime
from typing import Annotated
from urllib.parse import urlencode, urlsplit

import phonenumbers
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from api.contact.segments import segments
from sandbox.telephone.settings import TelephoneSettings
from sandbox.telephone.store import Text, TextStore
from sandbox.telephone.webhooks import API_VERSION, Deliveries

__all__ = ["TwilioError", "answer_error", "twilio_routes"]

_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")
"""An E.164 number, a short code, or an alphanumeric sender of at most eleven characters."""

_LONGEST_BODY = 1600
_BASIC = HTTPBasic(auto_error=False)


class TwilioError(Exception):
    """A refusal in Twilio's terms: its own ``code`` and an HTTP ``status``."""

    def __init__(self, status: int, code: int, message: str) -> None:
        """Refuse with Twilio's ``code`` and ``message``."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


async def answer_error(_request: Request, error: Exception) -> JSONResponse:
    """Answer a :class:`TwilioError` in the shape of Twilio's errors; raises any other."""
    if not isinstance(error, TwilioError):
        raise error
    return JSONResponse(
        {
            "code": error.code,
            "message": error.message,
            "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
            "status": error.status,
        },
        status_code=error.status,
        headers={"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None,
    )


def twilio_routes(
    settings: TelephoneSettings, store: TextStore, deliveries: Deliveries
) -> APIRouter:
    """Return the routes of the Message resource of the one account there is."""

    def account(
        account_sid: str, shown: Annotated[HTTPBasicCredentials | None, Depends(_BASIC)]
    ) -> None:
        """Let only the account's own credentials in, to the account's own messages."""
        expected = f"{settings.account_sid}:{settings.auth_token}"
        given = f"{shown.username}:{shown.password}" if shown else ""
        if not hmac.compare_digest(expected.encode(), given.encode()):
            raise TwilioError(401, 20003, "Authenticate")
        if account_sid != settings.account_sid:
            raise _missing(f"Accounts/{account_sid}/Messages.json")

    routes = APIRouter(
        prefix=f"/{API_VERSION}/Accounts/{{account_sid}}",
        dependencies=[Depends(account)],
        tags=["Twilio's HTTP API"],
    )

    @routes.post("/Messages.json", status_code=201)
    async def create_message(
        to: Annotated[str, Form(alias="To")] = "",
        sender: Annotated[str, Form(alias="From")] = "",
        service: Annotated[str, Form(alias="MessagingServiceSid")] = "",
        body: Annotated[str, Form(alias="Body")] = "",
        status_callback: Annotated[str, Form(alias="StatusCallback")] = "",
    ) -> dict[str, object]:
        """Take a text for the phone ``To``."""
        _check(to, sender, service, body, status_callback, settings.bank_number)
        text = store.add(
            direction="outbound-api",
            sender=sender or settings.bank_number,
            recipient=to,
            body=body,
            status="accepted" if service else "queued",
            segments=segments(body),
            messaging_service_sid=service or None,
            status_callback=status_callback or None,
        )
        deliveries.deliver(text)
        return _resource(text, settings.account_sid)

    @routes.get("/Messages/{sid}.json")
    def fetch_message(sid: str) -> dict[str, object]:
        """Return one message as it stands."""
        try:
            return _resource(store.get(sid), settings.account_sid)
        except KeyError as error:
            raise _missing(f"Accounts/{settings.account_sid}/Messages/{sid}.json") from error

    @routes.get("/Messages.json")
    def list_messages(
        to: Annotated[str | None, Query(alias="To")] = None,
        sender: Annotated[str | None, Query(alias="From")] = None,
        page_size: Annotated[int, Query(alias="PageSize", ge=1, le=1000)] = 50,
        page: Annotated[int, Query(alias="Page", ge=0)] = 0,
    ) -> dict[str, object]:
        """Return a page of messages, newest first."""
        start = page * page_size
        found = store.newest(to=to, sender=sender, limit=page_size + 1, skip=start)
        shown = found[:page_size]

        def page_uri(number: int) -> str:
            asked = {"To": to, "From": sender, "PageSize": page_size, "Page": number}
            query = urlencode({name: value for name, value in asked.items() if value is not None})
            return f"/{API_VERSION}/Accounts/{settings.account_sid}/Messages.json?{query}"

        return {
            "messages": [_resource(text, settings.account_sid) for text in shown],
            "page": page,
            "page_size": page_size,
            "start": start,
            "end": start + max(len(shown) - 1, 0),
            "uri": page_uri(page),
            "first_page_uri": page_uri(0),
            "previous_page_uri": page_uri(page - 1) if page else None,
            "next_page_uri": page_uri(page + 1) if len(found) > page_size else None,
        }

    return routes


def _check(
    to: str, sender: str, service: str, body: str, status_callback: str, own_number: str
) -> None:
    """Refuse what Twilio refuses, with Twilio's codes."""
    if not to:
        raise TwilioError(400, 21604, "A 'To' phone number is required.")
    if not _is_number(to):
        raise TwilioError(400, 21211, f"Invalid 'To' Phone Number: {_masked(to)}")
    if not sender and not service:
        raise TwilioError(400, 21603, "A 'From' phone number is required.")
    if sender and not _SENDER.fullmatch(sender):
        raise TwilioError(400, 21212, f"Invalid 'From' Phone Number: {sender}")
    if sender and own_number and sender != own_number:
        message = f"The 'From' phone number {sender} is not associated with your account."
        raise TwilioError(400, 21606, message)
    if sender == to:
        raise TwilioError(400, 21266, "'To' and 'From' number cannot be the same.")
    if not body:
        raise TwilioError(400, 21602, "Message body is required.")
    if len(body) > _LONGEST_BODY:
        message = "The concatenated message body exceeds the 1600 character limit."
        raise TwilioError(400, 21617, message)
    if status_callback and not _is_address(status_callback):
        message = f"The 'StatusCallback' URL {status_callback} is not a valid URL."
        raise TwilioError(400, 21609, message)


def _is_number(number: str) -> bool:
    if not re.fullmatch(r"\+[1-9]\d{6,14}", number):
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _masked(number: str) -> str:
    """Return a number with its end hidden, as Twilio's error messages show it."""
    return number[:-4] + "XXXX" if len(number) > 4 else number


def _missing(path: str) -> TwilioError:
    message = f"The requested resource /{API_VERSION}/{path} was not found"
    return TwilioError(404, 20404, message)


def _resource(text: Text, account_sid: str) -> dict[str, object]:
    """Return a text as Twilio's Message resource.

    While a Messaging Service is still choosing a sender, Twilio shows no sender and no segments.
    """
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{text.sid}"
    choosing = text.status == "accepted"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": text.body,
        "date_created": _time(text.created_at),
        "date_sent": _time(text.sent_at),
        "date_updated": _time(text.updated_at),
        "direction": text.direction,
        "error_code": None,
        "error_message": None,
        "from": None if choosing else text.sender,
        "messaging_service_sid": text.messaging_service_sid,
        "num_media": "0",
        "num_segments": "0" if choosing else str(text.segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.recipient,
        "uri": f"{uri}.json",
    }


def _time(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None
