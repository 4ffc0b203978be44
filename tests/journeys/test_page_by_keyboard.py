"""From the bank's link to an offer by keyboard alone, and what a screen reader is told on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.cardholder import newest_code
from tests.journeys.on_page import link, newcomer
from tests.journeys.stack import Stack
from tests.journeys.test_main_path_in_browser import ANSWER_MS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(300),
]

FOCUSED = (
    "(() => { const one = document.activeElement;"
    " return (one.getAttribute('aria-label') || one.labels?.[0]?.textContent"
    " || one.textContent || '').trim() })()"
)


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until what has the focus is named so; its focus can be seen."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"{name} has the focus and does not show it"
            return
    msg = f"{name} cannot be reached by keyboard"
    raise AssertionError(msg)


def settled(page: Page, turns: int) -> None:
    """Wait until the assistant has spoken again."""
    page.wait_for_function(
        "count => document.querySelectorAll('.turn--assistant[data-seq]').length > count"
        " && !document.querySelector('[data-waiting]')",
        arg=turns, timeout=ANSWER_MS,
    )  # fmt: skip
    page.wait_for_timeout(300)


def turns(page: Page) -> int:
    """How often the assistant has spoken."""
    return page.locator(".turn--assistant[data-seq]").count()


def write(page: Page, text: str) -> None:
    """Type where the focus is and press Enter."""
    before = turns(page)
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    settled(page, before)


def press(page: Page, name: str) -> None:
    """Go to a button by Tab and press Enter."""
    before = turns(page)
    tab_to(page, name)
    page.keyboard.press("Enter")
    settled(page, before)


def focused_heading(page: Page) -> str:
    """Return the heading that has the focus, or fail."""
    assert page.evaluate("document.activeElement.tagName") == "H2", page.evaluate(FOCUSED)
    return str(page.evaluate(FOCUSED))


def test_the_keyboard_alone_leads_from_the_link_to_an_offer(
    stack: Stack, context: BrowserContext
) -> None:
    person = newcomer(stack, "P-1002")
    page = context.new_page()
    page.goto(link(stack, person))
    tab_to(page, "开始")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chat")
    expect(page.locator(".turn--assistant").first).to_be_visible(timeout=ANSWER_MS)

    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "跳到输入框"
    press(page, "开始")
    assert focused_heading(page) == "输入短信里的 6 位数字"
    tab_to(page, "短信验证码")
    write(page, newest_code(stack, person, set()))
    assert focused_heading(page) == "再核对证件号码最后四位"
    tab_to(page, "证件号码最后四位")
    write(page, person.id_last4)
    assert focused_heading(page) == "可以问问您的收支情况吗？"
    press(page, "同意，继续")

    tab_to(page, "写给银行")
    for words in ("我被裁了", "一个月六千", "三千九", "一千", "每月一千", "15号"):
        write(page, words)
        assert page.evaluate(FOCUSED) == "写给银行", (
            "after sending, the focus stays where one types"
        )
    tab_to(page, "都对", "Shift+Tab")
    before = turns(page)
    page.keyboard.press("Enter")
    settled(page, before)
    assert "一个您还得起的办法" in focused_heading(page)
    tab_to(page, "选这个，先看条款")


def test_a_screen_reader_is_told_what_is_where(stack: Stack, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(link(stack, newcomer(stack, "P-1014")))
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/chat")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Conversation with Yunting Bank customer service"
    )
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_contain_text("Assistant: ")
    expect(page.get_by_role("list", name="Progress").get_by_role("listitem")).to_have_count(5)
    expect(page.locator("[aria-current=step]")).to_have_text("Check it's you, under way")
    for name in ("Hide the figures on this page", "Text size, now 100%", "Send", "A person"):
        expect(page.get_by_role("button", name=name, exact=True).last).to_be_visible()
    expect(page.get_by_role("textbox", name="Write to the bank")).to_be_visible()

    page.get_by_role("button", name="Start", exact=True).click()
    card = page.get_by_role("region", name="Enter the 6 digits we texted")
    expect(card).to_be_visible(timeout=ANSWER_MS)
    field = card.get_by_role("textbox", name="Code from the text message")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    expect(field).to_have_accessible_description(re.compile("Never read it out"))
    field.fill("12")
    card.get_by_role("button", name="Confirm").click()
    expect(card.get_by_role("alert")).to_have_text("Enter the 6 digits first")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Enter the 6 digits first"))
