"""A colleague's browser: signed in, watched for script errors and for what the content policy refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page

from api.console.admission import COOKIE, Role
from tests.console.signing_in import session_of

DESK = {"width": 1280, "height": 800}
EXPECTED = ("Failed to load resource", "Password forms should have", "Response Status Error Code")
"""What Chromium or htmx says of a refused call or a form, and is no fault of a page."""


@contextmanager
def desk(
    browser: Browser, app: FastAPI, address: str, *roles: Role, locale: Any = "zh", name: str = "陶宁",
    **how: Any,
) -> Iterator[Page]:  # fmt: skip
    """Open a browser with a new colleague's session; a script error or a refused script fails the test."""
    _, token = session_of(app, *roles, name=name, locale=locale)
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **how})
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/console"}])
    page = context.new_page()
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            wrong.append(message.text)

    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", heard)
    yield page
    context.close()
    assert wrong == []
