"""One shape for every refusal: RFC 9457 problem documents with a stable ``code``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

__all__ = ["Problem", "install_problem_handlers"]

log = structlog.get_logger(__name__)


class Problem(Exception):
    """A refusal with a stable code that a program can act on and a sentence a person can read.

    ``extra`` members are added to the document; they never hold personal data.
    """

    def __init__(
        self, code: str, status: int = 400, detail: str = "", *, title: str = "", **extra: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.detail = detail
        self.title = title or HTTPStatus(status).phrase
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


def _respond(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        problem.document(),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document: no stack trace, nothing of the request echoed."""

    @app.exception_handler(Problem)
    async def on_problem(_: Request, problem: Problem) -> JSONResponse:
        return _respond(problem)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # The offending input is left out on purpose: it may be personal.
        fields = [
            {"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]}
            for item in error.errors()
        ]
        return _respond(
            Problem("invalid_request", 422, "Some fields are missing or not valid.", fields=fields)
        )

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "method_not_allowed", 401: "not_authenticated"}.get(
            error.status_code, "http_error"
        )
        return _respond(
            Problem(code, error.status_code, str(error.detail)), dict(error.headers or {})
        )

    @app.exception_handler(Exception)
    async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error(
            "unexpected_error", route=request.scope.get("path_format"), kind=type(error).__name__
        )
        return _respond(
            Problem(
                "internal_error", 500, "Something failed on our side. Please try again shortly."
            )
        )
