"""The page on which a person sees how much is paid: true, calm, theirs alone, and open to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from api.web.assets import STATIC_FOLDER
from tests.conftest import Visit
from tests.followup.conftest import Months

ORIGIN = {"Origin": "http://testserver"}


def test_not_before_we_know_who_asks_nor_without_an_agreement(visit: Visit) -> None:
    client = visit.client
    assert client.get("/progress").status_code == 403
    visit.identify()
    assert client.get("/progress").status_code == 404
    assert "/progress" not in client.get("/chat").text
    client.cookies.clear()
    assert client.get("/progress").status_code == 401


def test_it_shows_what_is_paid_and_what_comes_next(months: Months) -> None:
    client = months.client
    assert 'href="/progress"' in client.get("/chat").text
    months.pay("400.00")
    page = client.get("/progress")
    assert page.headers["cache-control"] == "no-store"
    for words in (
        "还了多少",
        "400.00",
        "2,474.64",
        "一共 8 期，还好了 1 期",
        "第 2 期",
        "318.66",
        "挪到2027年2月15日",
    ):
        assert words in page.text, words
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert not any(word in title for word in ("还", "欠", "债"))


def test_the_button_moves_once_and_then_is_gone(months: Months) -> None:
    client = months.client
    first = months.due(1)
    for _ in range(2):
        answer = client.post("/progress/move?number=1", headers=ORIGIN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/progress")
    assert months.due(1) == first + timedelta(days=31)
    page = client.get("/progress").text
    assert "原来是12月15日" in page
    assert "/progress/move" not in page
    assert client.post("/progress/move?number=2", headers=ORIGIN).status_code == 409
    assert (
        client.post("/progress/move?number=1", headers={"Origin": "https://x"}).status_code == 403
    )


def test_at_the_end_there_is_the_certificate(months: Months) -> None:
    client = months.client
    months.pay("3000.00")
    page = client.get("/progress").text
    for words in (
        "全部还清了",
        "结清证明",
        "J20261124-0001",
        "沈禾",
        "多付了",
        "再留 5 年",
        "到2026年11月24日已经全部还清",
    ):
        assert words in page, words
    assert 'href="/progress"' in client.get("/chat").text


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("scene", ["grace", "done"])
def test_axe_finds_nothing_and_nothing_overflows(
    months: Months, browser: Browser, scene: str, tmp_path: Any
) -> None:
    client = months.client
    months.pay("800.00")
    if scene == "done":
        months.pay("2100.00")
    else:
        client.post("/progress/move?number=3", headers=ORIGIN)
        months.clock.forward(timedelta(days=114))
        assert months.states()[2] == "in_grace"
    found: list[str] = []
    months.keep_open()
    for locale, scheme, width in (
        ("zh", "light", 390),
        ("en", "dark", 390),
        ("en", "light", 1200),
        ("zh", "dark", 320),
    ):
        client.post("/chat/locale", data={"locale": locale}, headers=ORIGIN)
        html = client.get("/progress").text
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.route("**/*", lambda route, _request, html=html: serve(route, html))
        page.goto("http://testserver/progress")
        page.screenshot(path=tmp_path / f"{scene}-{locale}-{scheme}-{width}.png", full_page=True)
        found += [one["id"] for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{locale} {width}: wider than the screen")
        context.close()
    assert found == []


def serve(route: Any, html: str) -> None:
    """Give the browser the page and its files without a server."""
    path = route.request.url.split("testserver", 1)[-1].split("?")[0]
    if path.startswith("/static/"):
        route.fulfill(path=STATIC_FOLDER / path.removeprefix("/static/"))
    else:
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
