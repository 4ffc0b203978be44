"""What every answer carries to protect the reader: content policy, no referrer, no sniffing.

A form or fetch of another origin that rides on our cookie is refused (the cookie is
``SameSite=Lax`` besides). A body larger than any message is not read to its end; only the bank's
own files may be large. Plain ASGI, so that streams pass through unbuffered.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kit.errors import Problem
from api.settings import Settings

__all__ = ["Protection"]

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

LARGEST_BODY = 256 * 1024
"""Bytes; the longest message has 8,000 characters."""
SMALL = ("/v1/chat", "/v1/bot", "/chat", "/evidence/", "/i/", "/console")
"""Paths where nothing large is ever sent."""
LARGE = "/console/accounts/import"
"""The one staff page that takes a file, and as large a one as the bank's own call takes."""
LARGEST_FILE = 65 * 1024 * 1024


class _BodyTooLarge(Exception):
    """More came than the headers let expect."""


def _content_policy(settings: Settings) -> str:
    ancestors = settings.telephone_url if settings.sandbox and settings.telephone_url else "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


class Protection:
    """ASGI middleware that adds the headers and checks the origin of what changes something."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._address = settings.address
        self._headers = {
            "Content-Security-Policy": _content_policy(settings),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (
            scope["method"] in CHANGING
            and "authorization" not in headers
            and self._foreign(headers)
        ):
            problem = Problem("foreign_origin", 403, "This call came from another site.")
            refusal = JSONResponse(problem.document(), 403, media_type="application/problem+json")
            await refusal(scope, receive, send)
            return
        path = str(scope["path"])
        most = LARGEST_FILE if path == LARGE else LARGEST_BODY if path.startswith(SMALL) else 0
        length = headers.get("content-length", "")
        if most and length.isdecimal() and (len(length) > 9 or int(length) > most):
            problem = Problem("message_too_long", 413, "Please send it in smaller parts.")
            refusal = JSONResponse(problem.document(), 413, media_type="application/problem+json")
            await refusal(scope, receive, send)
            return
        documentation = str(scope["path"]).startswith("/docs")

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    if not (documentation and name == "Content-Security-Policy"):
                        answer.setdefault(name, value)
            await send(message)

        await self._app(scope, _limited(receive, most) if most else receive, protected)

    def _foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if not origin or origin == "null":  # our own forms send "null": the page names no referrer
            return headers.get("sec-fetch-site") == "cross-site"
        ours = (urlsplit(self._address).netloc, headers.get("host"))
        return urlsplit(origin).netloc not in ours


def _limited(receive: Receive, most: int) -> Receive:
    came = 0

    async def limited() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise _BodyTooLarge
        return message

    return limited
