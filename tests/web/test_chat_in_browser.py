"""The page itself, in Chromium, against a stand-in for the edge."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.edge import Edge

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def type_and_send(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


def heard(page: Page, text: str) -> None:
    expect(page.get_by_text(f"听到：{text}", exact=True)).to_be_visible()


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


def test_a_message_is_shown_at_once_then_received_then_answered(page: Page, edge: Edge) -> None:
    edge.delay = 0.5
    type_and_send(page, "四五千")

    expect(page.locator(".turn--person .bubble")).to_have_text("四五千")
    expect(page.locator("[data-waiting]")).to_be_visible()
    heard(page, "四五千")
    expect(page.locator("[data-waiting]")).to_have_count(0)
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(page.locator(".turn--person .turn__state")).to_contain_text("已收到")
    assert page.evaluate("document.activeElement.id") == "message"
    assert edge.said("四五千") == 1


def test_a_quick_reply_speaks_for_the_person_and_the_row_goes(page: Page, edge: Edge) -> None:
    page.get_by_role("button", name="跳过").click()

    heard(page, "跳过")
    expect(page.locator(".pill")).to_have_count(0)
    assert edge.said("跳过") == 1


def test_enter_sends_only_when_no_composition_is_under_way(page: Page, edge: Edge) -> None:
    page.fill("#message", "si wu qian")
    page.dispatch_event("#message", "keydown", {"key": "Enter", "isComposing": True})
    page.dispatch_event("#message", "keydown", {"key": "Enter", "keyCode": 229})
    page.press("#message", "Shift+Enter")

    page.wait_for_timeout(200)
    assert edge.heard == []
    assert page.input_value("#message").startswith("si wu qian")


def test_a_failed_message_says_so_and_goes_again_under_the_same_id(page: Page, edge: Edge) -> None:
    edge.failures = 1
    type_and_send(page, "孩子下月要交学费")

    expect(page.locator("[data-failed]")).to_contain_text("没发出去")
    page.get_by_role("button", name="再发一次").click()
    heard(page, "孩子下月要交学费")
    assert edge.heard == ["孩子下月要交学费"] * 2
    assert edge.said("孩子下月要交学费") == 1
    assert "学费" not in kept(page)


def test_words_that_are_too_many_go_back_into_the_field(page: Page, edge: Edge) -> None:
    type_and_send(page, "长" * 5001)

    expect(page.locator("[data-failed] .turn__state")).to_contain_text("请分几段发")
    expect(page.get_by_role("button", name="再发一次")).to_be_hidden()
    assert page.input_value("#message") == "长" * 5001
    assert len(edge.heard) == 1


def test_an_unsent_message_and_a_draft_survive_a_reload(page: Page, edge: Edge) -> None:
    edge.failures = 1
    type_and_send(page, "刷新以前说的")
    expect(page.locator("[data-failed]")).to_be_visible()
    page.fill("#message", "还没写完")
    page.reload()

    heard(page, "刷新以前说的")
    assert page.input_value("#message") == "还没写完"
    assert edge.said("刷新以前说的") == 1


def test_two_tabs_show_every_record_once(page: Page, context: BrowserContext, edge: Edge) -> None:
    other = context.new_page()
    other.goto(page.url)
    type_and_send(page, "这一页")
    type_and_send(other, "那一页")

    for tab in (page, other):
        heard(tab, "这一页")
        heard(tab, "那一页")
        seqs = tab.eval_on_selector_all("[data-seq]", "all => all.map(one => +one.dataset.seq)")
        assert seqs == list(range(1, len(edge.records) + 1))


def test_a_lost_line_is_said_and_nothing_is_lost_or_doubled(
    page: Page, context: BrowserContext, edge: Edge
) -> None:
    context.set_offline(offline=True)
    type_and_send(page, "断线时说的")
    expect(page.locator(".banner--offline")).to_contain_text("说过的都在")
    context.set_offline(offline=False)

    heard(page, "断线时说的")
    expect(page.locator(".banner--online")).to_be_visible()
    expect(page.locator(".banner--online")).to_have_count(0)
    assert edge.said("断线时说的") == 1


def test_a_code_is_never_shown_nor_kept(page: Page, edge: Edge) -> None:
    edge.failures = 1
    edge.say("填到这里。", "signature code")
    sign = page.get_by_role("button", name="签署这份协议")
    expect(sign).to_have_attribute("aria-disabled", "true")
    sign.click(force=True)
    expect(page.get_by_role("alert").last).to_contain_text("先输入 6 位数字")
    page.fill(".digits", "４８2 913")
    page.check("[type=checkbox]")
    assert edge.heard == []
    sign.click()

    expect(page.locator("[data-failed] .bubble")).to_have_text("••••")
    assert "482913" not in page.content() + kept(page)
    page.get_by_role("button", name="再发一次").click()
    expect(page.get_by_text("知道了")).to_be_visible()
    assert edge.heard == ["482913"] * 2
    assert "482913" not in page.content() + kept(page)


def test_a_code_typed_into_the_ordinary_field_is_covered_too(page: Page, edge: Edge) -> None:
    edge.say("填到这里。", "identity code")
    expect(page.locator(".digits")).to_be_visible()
    page.fill("#message", "482913")
    assert "482913" not in kept(page)
    page.press("#message", "Enter")

    expect(page.get_by_text("知道了")).to_be_visible()
    assert "482913" not in page.content() + kept(page)


def test_an_answered_card_folds_and_focus_goes_to_the_new_ones_heading(
    page: Page, edge: Edge
) -> None:
    edge.say("有一个办法。", "offer")
    page.get_by_role("button", name="看看别的办法").click()
    heard(page, "看看别的办法")
    expect(page.locator("[data-card=offer]")).to_have_attribute("data-folded", "")
    expect(page.locator("[data-card=offer] .card__fold")).to_contain_text("办法一：每月")

    type_and_send(page, "comparison of three")
    expect(page.locator("[data-card=comparison] h2")).to_be_visible()
    expect(page.locator("[data-card=offer]")).to_have_attribute("data-past", "")
    page.locator("[data-card=offer] summary").first.click()
    expect(page.get_by_role("button", name="选这个，先看条款")).to_have_count(0)


def test_the_log_does_not_run_away_from_somebody_reading(page: Page, edge: Edge) -> None:
    for _ in range(12):
        edge.say("一段够长的话，占一点地方。\n第二行。\n第三行。")
    expect(page.locator("[data-seq='13']")).to_be_visible()
    page.wait_for_timeout(100)
    page.evaluate("document.getElementById('log').scrollTop = 0")
    page.wait_for_timeout(100)
    edge.say("新的一句")

    expect(page.get_by_role("button", name="有新消息")).to_be_visible()
    assert page.evaluate("document.getElementById('log').scrollTop") == 0
    page.get_by_role("button", name="有新消息").click()
    expect(page.get_by_text("新的一句")).to_be_in_viewport()


def test_a_crisis_takes_the_place_of_everything_else(page: Page, edge: Edge) -> None:
    edge.say("您现在安全吗？", "crisis")

    expect(page.get_by_role("link", name="拨打 12356，心理援助")).to_be_visible()
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator(".pill")).to_have_count(0)
    expect(page.locator("[data-card=crisis] h2")).to_be_focused()


def test_preferences_last_as_long_as_they_should(
    page: Page, context: BrowserContext, edge: Edge
) -> None:
    edge.say("每月还 1,083.11 元。")
    page.get_by_role("button", name="遮住页面上的数字").click()
    page.locator(".tool--type").click()
    page.locator("#menu > summary").click()
    page.get_by_role("button", name="深色").click()
    expect(page.get_by_text("1,083.11 元")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("1,083.11 元")).to_be_hidden()
    other = context.new_page()
    other.goto(page.url)

    expect(other.get_by_text("1,083.11 元")).to_be_visible()
    for tab in (page, other):
        assert tab.evaluate("document.documentElement.dataset.type") == "125"
        background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == "rgb(15, 24, 24)"


def test_without_scripts_every_button_is_a_form(browser: Browser, address: str, edge: Edge) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{address}/chat")
    page.get_by_role("button", name="跳过").click()
    page.goto(f"{address}/show/identity code")
    page.fill(".digits", "482913")
    page.get_by_role("button", name="确认").click()
    page.goto(f"{address}/show/consent?locale=en")
    page.get_by_role("button", name="I agree, go on").click()
    plain.close()

    assert edge.heard == ["跳过", "482913", "I agree"]
