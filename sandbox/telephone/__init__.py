"""The sandbox telephone: Twilio's HTTP API on one side, the cardholders' phones on the other.

The product sends texts through it with Twilio's official client, and receives webhooks from it
that are signed as Twilio's are: so its own path is the same here as in production.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from sandbox.telephone.clock import clock_routes
from sandbox.telephone.pages import page_headers, page_routes
from sandbox.telephone.settings import TelephoneSettings
from sandbox.telephone.store import TextStore
from sandbox.telephone.twilio_api import TwilioError, answer_error, twilio_routes
from sandbox.telephone.webhooks import Deliveries

__all__ = ["TelephoneSettings", "create_app"]


def create_app(settings: TelephoneSettings | None = None, step_seconds: float = 0.3) -> FastAPI:
    """Return the telephone as an application, with settings from the environment by default.

    ``step_seconds`` is the time between two delivery statuses of a text.

    Raises:
        RuntimeError: this is a production installation, or Twilio's credentials are not set.
    """
    settings = settings or TelephoneSettings.read(os.environ)
    clock = settings.clock()
    store = TextStore(settings.data_dir / "telephone.sqlite3", clock)
    deliveries = Deliveries(store, settings, step_seconds)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        deliveries.start()
        yield
        await deliveries.stop()

    app = FastAPI(title="Sandbox telephone", lifespan=lifespan, docs_url=None, redoc_url=None)
    headers = page_headers(settings)

    @app.middleware("http")
    async def fence(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.update(headers)
        return response

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    app.add_exception_handler(TwilioError, answer_error)
    app.include_router(twilio_routes(settings, store, deliveries))
    app.include_router(page_routes(settings, store, deliveries, clock))
    app.include_router(clock_routes(settings, clock))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    return app
