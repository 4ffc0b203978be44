"""axe-core on every card and page, and nothing wider than a small screen with large type."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.sample import CARDS, pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHOWN = [*CARDS, *(name for name in pages("zh") if name != "chat")]
OPEN_ALL = "document.querySelectorAll('.how, .fold, .chart__table').forEach(one => one.open = true)"


@pytest.mark.parametrize(
    ("locale", "scheme", "width", "type_size"),
    [
        pytest.param("zh", "light", 390, "", marks=pytest.mark.long),
        ("en", "dark", 320, "150"),
        pytest.param("en", "light", 390, "", marks=pytest.mark.long),
        pytest.param("zh", "dark", 320, "150", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, address: str, locale: str, scheme: Any, width: int, type_size: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.add_init_script(f"localStorage.setItem('type', '{type_size}')")
    page = context.new_page()
    found: list[str] = []
    for name in SHOWN:
        page.goto(f"{address}/show/{name}?locale={locale}")
        page.evaluate(OPEN_ALL)
        violations = Axe().run(page).response["violations"]
        found += [f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than the screen")
    context.close()

    assert found == []
