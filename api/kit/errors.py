"""One shape for every refusal: RFC 9457 problem documents with a stable ``code``.

Nothing of a request, of a statement or of an error's own text reaches an answer or a log: all of it
may be personal. A log names the kind of the error and the lines it came through.
"""

from __future__ import annotations

import errno
import sqlite3
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Problem", "install_problem_handlers", "storage_problem", "where"]

log = structlog.get_logger(__name__)

ErrorPage = Callable[[Request, "Problem"], Response | None]
"""Answers a browser that asked for a page with a page; ``None`` where a document is wanted."""

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014", "53300"})
"""PostgreSQL: serialisation, deadlock, lock not available, timeout, too many connections."""
FULL_STATES = frozenset({"53100", "53000"})
AWAY_STATES = frozenset({"57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"})
"""PostgreSQL: it is stopping or starting, or the connection broke."""
RETRY_SECONDS = 5
OWN_CODE = "/api/"


class Problem(Exception):
    """A refusal with a stable code that a program can act on and a sentence a person can read.

    ``extra`` members are added to the document; they never hold personal data. ``retry_after``
    (seconds) also becomes the header of that name.
    """

    def __init__(
        self,
        code: str,
        status: int = 400,
        detail: str = "",
        *,
        title: str = "",
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.extra = extra

    def document(self) -> dict[str, Any]:
        """Return the problem document (RFC 9457, section 3)."""
        return {
            "type": f"urn:anhuan:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }


def storage_problem(error: BaseException) -> Problem | None:
    """Return what an error of the database or the disk means for a caller; ``None`` for any other.

    ``busy`` (503): another writer holds the database, try again. ``storage_full`` (503): the disk
    took nothing more. ``unavailable`` (503): the database cannot be reached.
    """
    if isinstance(error, NoConnectionLeft):
        return _busy()
    if isinstance(error, DBAPIError):
        cause = error.orig
        primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
        if primary in BUSY or state in BUSY_STATES:
            return _busy()
        if primary in FULL or state in FULL_STATES:
            return _full()
        away = state is None and isinstance(error, OperationalError) and not primary
        if error.connection_invalidated or state in AWAY_STATES or away:
            return Problem(
                "unavailable", 503, "The database cannot be reached. What was saved is kept.",
                retry_after=RETRY_SECONDS,
            )  # fmt: skip
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _full()
    return None


def _busy() -> Problem:
    return Problem(
        "busy", 503, "The database is busy. This call changed nothing; send it again shortly.",
        retry_after=RETRY_SECONDS,
    )  # fmt: skip


def _full() -> Problem:
    return Problem(
        "storage_full", 503, "There is no room to save. This call changed nothing; try later.",
        retry_after=60,
    )  # fmt: skip


def where(error: BaseException) -> list[str]:
    """Return the lines of our own code that an error came through, innermost first; no values."""
    frames = [
        f"{frame.filename.rpartition(OWN_CODE)[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if OWN_CODE in frame.filename and "site-packages" not in frame.filename
    ]
    if isinstance(error, BaseExceptionGroup):
        frames += [line for inner in error.exceptions for line in where(inner)]
    return frames[::-1][:5]


def _document(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        problem.document(),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={**problem.headers, **(headers or {})},
    )


def _respond(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    page: ErrorPage | None = getattr(request.app.state, "error_page", None)
    shown = page(request, problem) if page else None
    if shown is None:
        return _document(problem, headers)
    shown.headers.update({**problem.headers, **(headers or {})})
    return shown


class _LastResort:
    """ASGI middleware that meets whatever nobody expected: one line in the log, a kind answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the server would log it with all it holds
            _note(scope, error)
            if started:  # the connection is closed, and who was reading comes again
                return
            problem = Problem(
                "internal_error", 500, "Something failed on our side. Please try again shortly."
            )
            await _respond(Request(scope), problem)(scope, receive, send)


def _note(scope: Scope, error: BaseException) -> None:
    log.error(
        "unexpected_error",
        route=getattr(scope.get("route"), "path_format", None),
        kind=type(error).__name__,
        where=where(error),
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document: no stack trace, nothing of the request echoed.

    ``app.state.error_page`` (an ``ErrorPage``), when set, answers browsers with a page instead.
    """
    app.add_middleware(_LastResort)

    @app.exception_handler(Problem)
    async def on_problem(request: Request, problem: Problem) -> Response:
        return _respond(request, problem)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        # The offending input is left out on purpose: it may be personal.
        fields = [
            {"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]}
            for item in error.errors()
        ]
        return _respond(
            request,
            Problem("invalid_request", 422, "Some fields are missing or not valid.", fields=fields),
        )

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        code = {404: "not_found", 405: "method_not_allowed", 401: "not_authenticated"}.get(
            error.status_code, "http_error"
        )
        return _respond(
            request,
            Problem(code, error.status_code, str(error.detail)),
            dict(error.headers or {}),
        )

    @app.exception_handler(SQLAlchemyError)
    async def on_database(request: Request, error: SQLAlchemyError) -> Response:
        problem = storage_problem(error)
        if problem is None:
            raise error
        log.warning(
            "storage_trouble", code=problem.code, where=where(error)[:2],
            route=getattr(request.scope.get("route"), "path_format", None),
        )  # fmt: skip
        return _respond(request, problem)
