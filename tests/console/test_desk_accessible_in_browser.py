"""The desk for everybody: axe in both languages, at 320 px, at 200 %, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from tests.conftest import Telephone
from tests.console.desk_browser import DESK, SMALL, ZOOMED, ServedDesk, served_desk, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def desk(app: FastAPI, telephone: Telephone, browser: Browser) -> Iterator[ServedDesk]:
    """The application, served, with nobody in it yet."""
    with served_desk(app, telephone, browser) as made:
        yield made


EVERY_ACT = "eabsvnmuhx"
NIGHT = {**DESK, "color_scheme": "dark"}


@pytest.mark.parametrize(
    ("locale", "screen", "acts"),
    [
        pytest.param("zh", NIGHT, "", id="zh-dark", marks=pytest.mark.long),
        pytest.param("en", SMALL, EVERY_ACT, id="en-320"),
        pytest.param("zh", ZOOMED, "er", id="zh-200%"),
        pytest.param("en", DESK, EVERY_ACT, id="en", marks=pytest.mark.long),
        pytest.param("zh", SMALL, EVERY_ACT, id="zh-320", marks=pytest.mark.long),
        pytest.param("en", ZOOMED, EVERY_ACT, id="en-200%", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_its_screen(
    desk: ServedDesk, locale: Literal["zh", "en"], screen: dict[str, Any], acts: str
) -> None:
    visit = desk.room.visit(told=True)
    visit.choose()
    case_id = desk.room.case("ask_human", visit)
    desk.room.case("complaint", locale="en", name="Mary Okoro")
    desk.room.case("distress")
    one = desk.colleague("collector", "supervisor", locale=locale, **screen)
    page = one.page
    expect(page.locator("body")).to_have_attribute("data-line", "live")
    one.press("j", "j")
    page.locator("#preview .panel").wait_for()
    found = violations(page, "queue")
    page.goto(f"{desk.address}/console/cases/{case_id}")
    one.press("t")
    expect(page.locator("#case-floor")).to_have_attribute("data-floor", "mine")
    page.fill("#words", "再不还就起诉您")
    page.locator("#under mark").first.wait_for(state="attached")
    one.press("Escape", "l")
    panes = [pane for pane in page.locator("[data-pane-of]").all() if pane.is_visible()]
    for pane in panes:
        pane.click()
        found += violations(page, "a pane of the case")
    if not panes:
        found += violations(page, "case")
    for key in acts:
        page.keyboard.press(key)
        page.locator("#sheet h2").wait_for()
        found += violations(page, f"act {key}")
        page.keyboard.press("Escape")
        expect(page.locator("#sheet-body")).to_be_empty()  # closed, and the focus is back
    for place in ("approvals", "cases"):
        page.goto(f"{desk.address}/console/{place}")
        found += violations(page, place)
    assert found == []
