"""The verification page in a real browser: with and without scripts, dropped or chosen, small and large."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from tests.agreements import forging
from tests.conftest import BANK, Telephone, Visit, import_rows, invite_link, portfolio_row
from tests.sandbox.running import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@dataclass(frozen=True)
class Place:
    """Where the page is, a document that is recorded there, and what its QR code holds."""

    address: str
    signed: bytes
    code: str


@pytest.fixture
def place(app: FastAPI, telephone: Telephone) -> Iterator[Place]:
    with TestClient(app, follow_redirects=False) as client:
        import_rows(client, portfolio_row())
        opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
        visit = Visit(client, telephone, opened.json()["conversation_id"])
        visit.identify()
        visit.tell()
        visit.choose()
        visit.sign()
        signed = client.get("/agreement/document.pdf").content
        (item,) = client.get("/v1/agreements", headers=BANK).json()["items"]
    code = app.state.seal.check_address(item["number"], item["terms_digest"])
    with serving(app) as address:
        yield Place(address, signed, code.replace("http://testserver", address))


def page_of(browser: Browser, address: str, locale: str = "zh-CN", **how: Any) -> Page:
    """Somebody nobody knows, in front of the page; a script error fails the test."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(
        **{"viewport": size, "reduced_motion": "reduce", "locale": locale, **how}
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: said.type != "error" or _known(said.text))
    page.goto(address)
    return page


def _known(text: str) -> None:
    """A refusal is an answer of 422; anything else that the browser complains of is a defect."""
    assert "status of 4" in text, text


def put(page: Page, content: bytes, name: str = "document.pdf") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    page.locator(".drop button").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_document_is_intact_until_a_byte_is_changed(
    browser: Browser, place: Place, scripts: bool
) -> None:
    page = page_of(browser, f"{place.address}/verify", java_script_enabled=scripts)
    assert page.title() == "文件核验"
    put(page, place.signed)
    expect(page.locator(".outcome--good h2")).to_have_text("文件完整，一个字都没有改过")
    expect(page.locator(".facts")).to_contain_text("20261124-0001")
    expect(page.locator(".facts .tag")).to_have_text("有效")
    expect(page.locator(".verification__practice")).to_be_visible()
    for never in ("沈禾", "元", "3071"):
        expect(page.locator("main")).not_to_contain_text(never)
    put(page, forging.flipped(place.signed, 7000))
    expect(page.locator(".outcome--care h2")).to_have_text("这份文件被改过")
    page.context.close()


def test_a_file_can_be_dropped_its_fingerprint_copied_and_a_receipt_kept(
    browser: Browser, place: Place
) -> None:
    page = page_of(
        browser,
        f"{place.address}/verify",
        "en-GB",
        permissions=["clipboard-read", "clipboard-write"],
    )
    transfer = page.evaluate_handle(
        """bytes => { const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(bytes)], "document.pdf", {type: "application/pdf"}));
        return carried; }""",
        list(place.signed),
    )
    page.dispatch_event(".drop__zone", "drop", {"dataTransfer": transfer})
    expect(page.locator(".outcome--good")).to_contain_text("not a word was changed")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copied]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download a receipt").click()
    receipt = json.loads(Path(kept.value.path()).read_text("utf-8"))
    assert receipt["document_digest"] == copied
    assert (receipt["result"], receipt["number"]) == ("intact", "20261124-0001")
    page.context.close()


def test_a_scanned_code_tells_of_the_record_and_asks_for_the_document(
    browser: Browser, place: Place
) -> None:
    page = page_of(browser, place.code)
    expect(page.locator(".outcome--info")).to_contain_text("第 20261124-0001 号")
    page.locator(".verification__language").click()
    expect(page.locator(".outcome--info")).to_contain_text("Number 20261124-0001")
    put(page, place.signed)
    expect(page.locator(".outcome--good")).to_be_visible()
    page.goto(place.code[:-1] + "_")
    expect(page.locator(".outcome--care")).to_be_visible()
    page.context.close()


def test_too_large_a_file_is_not_even_sent(browser: Browser, place: Place) -> None:
    page = page_of(browser, f"{place.address}/verify")
    put(page, bytes(6 * 1024 * 1024))
    expect(page.locator(".drop [role=alert]")).to_contain_text("5 MB")
    page.context.close()


@pytest.mark.parametrize(
    ("width", "type_size", "scheme"),
    [(320, "150", "dark"), (390, "", "light"), (1280, "", "light")],
)
def test_everybody_can_read_it(
    browser: Browser, place: Place, width: int, type_size: str, scheme: str
) -> None:
    page = page_of(
        browser, f"{place.address}/verify", "en-GB" if width == 320 else "zh-CN",
        viewport={"width": width, "height": 700}, color_scheme=scheme,
    )  # fmt: skip
    if type_size:
        page.evaluate(f"localStorage.setItem('type', '{type_size}')")
        page.reload()
    for content in (None, place.signed, place.signed[:-50]):
        if content is not None:
            put(page, content)
            expect(page.locator(".outcome")).to_be_visible()
        found = [one["id"] for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wider than the screen")
        assert found == []
    page.context.close()
