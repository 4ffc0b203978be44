"""The overview in a real browser: accessible, whole on a small screen, and every figure a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from api.console.admission import COOKIE
from tests.console.invented import month_of_events
from tests.console.signing_in import session_of
from tests.sandbox.running import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OPEN_ALL = "document.querySelectorAll('.figure__numbers').forEach(one => one.open = true)"


@pytest.fixture
def lived(app: FastAPI) -> Iterator[str]:
    """The address of an application after a month."""
    with TestClient(app) as client:
        month_of_events(app, client)
    with serving(app) as address:
        yield address


def opened(browser: Browser, app: FastAPI, address: str, locale: Any, **how: Any) -> Page:
    _, token = session_of(app, "supervisor", locale=locale)
    context = browser.new_context(reduced_motion="reduce", **how)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/console"}])
    return context.new_page()


@pytest.mark.parametrize(
    ("locale", "scheme", "width"),
    [("zh", "light", 1280), ("en", "dark", 1280), ("en", "light", 320)],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, app: FastAPI, lived: str, locale: str, scheme: Any, width: int
) -> None:
    how = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    page = opened(browser, app, lived, locale, **how)
    found: list[str] = []
    for path in (
        "/console/overview?span=month&by=reason",
        "/console/overview/rows/cases?span=month",
    ):
        page.goto(lived + path)
        page.evaluate(OPEN_ALL)
        violations = Axe().run(page).response["violations"]
        found += [f"{path}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than the screen")
    page.locator(".meaning__ask").first.wait_for(state="detached")  # rows have none
    page.goto(f"{lived}/console/overview")
    page.locator(".meaning__ask").first.click()
    box = page.locator(".meaning__text").first.bounding_box()
    if box is None or box["x"] < 0 or box["x"] + box["width"] > width:
        found.append("a definition is cut off")
    page.context.close()

    assert found == []


def test_from_a_bar_to_its_rows_and_back_by_keyboard(
    browser: Browser, app: FastAPI, lived: str
) -> None:
    page = opened(browser, app, lived, "zh", viewport={"width": 1280, "height": 900})
    page.goto(f"{lived}/console/overview?span=month")
    page.get_by_role("link", name="按原因").click()
    expect(page.locator("[aria-current]", has_text="按原因")).to_be_visible()
    number = page.locator(".way__table tfoot .figure__open").first
    count = int(number.inner_text())
    number.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"（{count}）")
    seen = page.locator("tbody tr").count()
    while page.get_by_role("link", name="下一页").count():
        page.get_by_role("link", name="下一页").click()
        seen += page.locator("tbody tr").count()
    assert seen == count
    page.locator(".top").get_by_role("link", name="总览").click()
    assert urlsplit(page.url).path == "/console/overview"
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV 多久有人答复")).click()
    assert download.value.suggested_filename.startswith("answers-")
    page.context.close()
