"""The page of evidence in a real browser: a photo from a phone, with and without scripts, small and large."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from api.console.admission import COOKIE
from tests.conftest import Telephone
from tests.console.signing_in import session_of
from tests.evidence.conftest import Owing, owing
from tests.evidence.papers import HTML, png
from tests.sandbox.running import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(params=["zh", "en"])
def waiting(
    request: pytest.FixtureRequest, app: FastAPI, telephone: Telephone
) -> Iterator[tuple[Owing, str]]:
    """Somebody with a plan that wants proof of income, and where their page is served."""
    with TestClient(app, follow_redirects=False) as client:
        person = owing(app, client, telephone, locale=request.param)
    with serving(app) as address:
        yield person, address


def page_of(browser: Browser, person: Owing, address: str, **how: Any) -> Page:
    context = browser.new_context(
        **{"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", **how}
    )
    context.set_default_timeout(10_000)
    (cookie,) = [each for each in person.visit.client.cookies.jar if each.name != COOKIE]
    context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": address}])
    page = context.new_page()
    page.goto(f"{address}/evidence")
    return page


def choose(page: Page, content: bytes, name: str = "photo.png", kind: str = "image/png") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )
    page.locator(".evidence__send .button--primary").click()


def wrong(page: Page) -> list[str]:
    found = [one["id"] for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return found


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_is_sent_refused_sent_again_and_taken_back(
    browser: Browser, waiting: tuple[Owing, str], scripts: bool
) -> None:
    person, address = waiting
    page = page_of(browser, person, address, java_script_enabled=scripts)
    choose(page, HTML, "payslip.html", "text/html")
    expect(page.get_by_role("alert").filter(has_text="PDF").first).to_be_visible()
    choose(page, png())
    expect(page.locator(".evidence__file--waiting")).to_have_count(1)
    assert person.files() == 1
    page.locator(".evidence__file--waiting button").click()
    expect(page.locator(".evidence__file--withdrawn")).to_have_count(1)
    assert person.files() == 0
    page.context.close()


@pytest.mark.parametrize(
    ("width", "type_size", "scheme"), [(390, "", "light"), (320, "150", "dark")]
)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    browser: Browser, waiting: tuple[Owing, str], width: int, type_size: str, scheme: Any
) -> None:
    person, address = waiting
    page = page_of(
        browser, person, address, viewport={"width": width, "height": 700}, color_scheme=scheme
    )
    page.evaluate(f"localStorage.setItem('type', '{type_size}')")
    page.reload()
    found = wrong(page)
    choose(page, HTML, "x.html", "text/html")
    expect(page.get_by_role("alert").first).to_be_visible()
    found += wrong(page)
    choose(page, png())
    expect(page.locator(".evidence__file--waiting")).to_have_count(1)
    found += wrong(page)
    page.context.close()
    assert found == []


def test_a_file_too_large_is_told_before_it_is_sent_and_progress_is_shown(
    browser: Browser, waiting: tuple[Owing, str]
) -> None:
    person, address = waiting
    page = page_of(browser, person, address)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, png() + bytes(11 * 1024 * 1024))
    expect(page.get_by_role("alert").filter(has_text="10 MB")).to_be_visible()
    assert "POST" not in sent
    page.route("**/evidence", lambda route: None)  # the answer never comes
    choose(page, png())
    expect(page.locator("progress")).to_be_visible()
    page.unroute("**/evidence")
    page.context.close()


def test_a_colleague_looks_at_a_photo_and_accepts_it_and_the_person_reads_it(
    browser: Browser, waiting: tuple[Owing, str]
) -> None:
    person, address = waiting
    cardholder = page_of(browser, person, address)
    choose(cardholder, png())
    expect(cardholder.locator(".evidence__file--waiting")).to_have_count(1)
    cardholder.goto(f"{address}/chat")
    _, token = session_of(person.app, "collector")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/console"}])
    colleague = context.new_page()
    colleague.goto(f"{address}/console/evidence")
    assert wrong(colleague) == []
    colleague.locator("tbody a").click()
    colleague.locator(".paper__file summary").click()
    picture = colleague.locator(".paper__picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
    assert wrong(colleague) == []
    colleague.get_by_role("button", name="没有问题", exact=True).click()
    expect(colleague.locator(".paper--accepted")).to_have_count(1)
    expect(
        cardholder.locator(".pill", has_text="接着签").or_(
            cardholder.locator(".pill", has_text="Go on and sign")
        )
    ).to_be_visible()  # live, without a reload
    context.close()
    cardholder.context.close()
