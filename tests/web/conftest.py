from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.sandbox.running import serving
from tests.web.edge import Edge


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
