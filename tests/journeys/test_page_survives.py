"""The page through reloads, a second tab, a lost connection and an API that dies: nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.bad_days import all_back, kill
from tests.journeys.on_page import log_of, newcomer, open_chat, said
from tests.journeys.stack import Stack
from tests.journeys.test_main_path_in_browser import ANSWER_MS, ChatPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def everyday(browser: Browser) -> Iterator[BrowserContext]:
    """One telephone for the whole module: what happens to it, happens in one conversation."""
    made = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def chat(stack: Stack, everyday: BrowserContext) -> ChatPage:
    """A conversation that has got as far as the first question about money."""
    opened = open_chat(stack, everyday, newcomer(stack, "P-1002"))
    opened.press("开始")
    opened.enter(opened.code())
    opened.enter(opened.person.id_last4)
    opened.press("同意")
    opened.say("我七月份被裁了，现在打零工")
    return opened


def answered(page: Page, text: str) -> None:
    """The words are received, stand once, and somebody has said something since."""
    expect(
        page.locator(f".turn--person[data-seq]:has(.bubble:text-is('{text}')) ~ .turn--assistant")
    ).not_to_have_count(0, timeout=60_000)
    expect(page.locator("[data-waiting], [data-pending]")).to_have_count(0, timeout=ANSWER_MS)
    assert said(page, text) == 1
    numbers = [int(seq) for seq, _ in log_of(page)]
    assert numbers == sorted(set(numbers))


def test_a_reload_shows_the_same_conversation_and_keeps_what_was_being_written(
    chat: ChatPage,
) -> None:
    before = log_of(chat.page)
    chat.page.fill("#message", "一个月到手六千")

    chat.page.reload()

    assert log_of(chat.page) == before
    expect(chat.page.locator("#message")).to_have_value("一个月到手六千")
    chat.page.fill("#message", "")


def test_a_reload_while_a_message_is_on_its_way_sends_it_once(chat: ChatPage) -> None:
    chat.page.fill("#message", "一个月到手六千左右")
    chat.page.press("#message", "Enter")
    chat.page.reload()

    answered(chat.page, "一个月到手六千左右")


def test_two_tabs_show_the_same_log(chat: ChatPage, everyday: BrowserContext) -> None:
    second = everyday.new_page()
    second.goto(chat.page.url)
    assert log_of(second) == log_of(chat.page)

    second.fill("#message", "房租吃饭加孩子差不多三千九")
    second.press("#message", "Enter")
    answered(second, "房租吃饭加孩子差不多三千九")
    answered(chat.page, "房租吃饭加孩子差不多三千九")

    assert log_of(chat.page) == log_of(second)
    assert chat.page.locator(".pill").all_text_contents() == (
        second.locator(".pill").all_text_contents()
    )
    second.close()


def test_a_lost_connection_is_said_and_what_was_written_meanwhile_is_delivered_once(
    chat: ChatPage, everyday: BrowserContext
) -> None:
    page = chat.page
    everyday.set_offline(True)
    expect(page.locator("#network")).to_contain_text("网络断了")
    page.fill("#message", "别家每月一千")
    page.press("#message", "Enter")
    expect(page.locator(".turn--person[data-pending]")).to_contain_text("没发出去")
    assert said(page, "别家每月一千") == 1

    everyday.set_offline(False)

    expect(page.locator("#network")).to_contain_text("已连上", timeout=30_000)
    answered(page, "别家每月一千")
    page.reload()
    answered(page, "别家每月一千")


def test_the_api_dies_and_the_open_page_recovers_by_itself(chat: ChatPage, stack: Stack) -> None:
    page = chat.page
    before = log_of(page)
    kill(stack, "api")
    page.fill("#message", "每月能还一千")
    page.press("#message", "Enter")

    answered(page, "每月能还一千")

    assert log_of(page)[: len(before)] == before
    expect(page.locator("#network .banner--offline")).to_have_count(0, timeout=30_000)
    page.reload()
    answered(page, "每月能还一千")
    all_back(stack)
