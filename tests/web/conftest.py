from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.sandbox.running import serving
from tests.web.edge import Edge

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the one `make test` found, or the machine's."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A telephone of 390 by 844."""
    made = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def edge() -> Edge:
    """What the page talks to."""
    return Edge()


@pytest.fixture
def address(edge: Edge) -> Iterator[str]:
    """Where the page is served."""
    with serving(edge.app) as where:
        yield where
        edge.open = False


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """The chat page; a script error fails the test."""
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(f"{address}/chat")
    yield opened
    opened.close()
    assert wrong == []
