"""Every step on the smallest screen, in both languages: axe finds nothing, nothing overflows, titles are neutral."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.on_page import faults, link, newcomer
from tests.journeys.stack import Stack
from tests.journeys.test_main_path_in_browser import ANSWER_MS, ChatPage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(300),
]

ZH = {
    "title": "客户服务", "start": "开始", "agree": "同意", "right": "都对", "go on": "继续",
    "others": "看看别的办法", "choose": "选办法一", "sign": "我看完了，同意签",
    "money": r"\d元|元(?=\d)|[\d,]+\.\d\d",
    "facts": ["我七月份被裁了", "一个月到手六千", "三千九", "一千", "每月能还一千", "15号"],
}  # fmt: skip
EN = {
    "title": "Customer service", "start": "Start", "agree": "I agree", "right": "All correct",
    "go on": "Continue", "others": "See other ways", "choose": "Take option 1",
    "sign": "I have read it and I want to sign", "money": r"¥[\d,]+|[\d,]+\.\d\d",
    "facts": ["I lost my job in July", "6000 a month", "3900", "1000 to other lenders",
              "I can pay 1000", "the 15th"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "like", "scheme"),
    [
        pytest.param(ZH, "P-1002", "light", id="zh"),
        pytest.param(EN, "P-1004", "dark", id="en", marks=pytest.mark.long),
    ],
)
def test_every_step_is_usable_by_everyone_on_the_smallest_screen(
    stack: Stack, browser: Browser, words: dict[str, Any], like: str, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, reduced_motion="reduce", color_scheme=scheme,
        locale="zh-CN" if words is ZH else "en-GB",
    )  # fmt: skip
    context.set_default_timeout(15_000)
    page = context.new_page()
    person = newcomer(stack, like)
    found: list[str] = []

    def look(step: str) -> None:
        found.extend(faults(page, step, words["title"]))

    page.goto(f"{stack.address}/chat")
    look("without an invite")
    page.goto(f"{stack.address}/i/never-given")
    look("an invite that is not known")
    page.goto(link(stack, person))
    look("invite")
    page.locator("main form button").first.click()
    page.wait_for_url("**/chat")
    expect(page.locator(".turn--assistant").first).to_be_visible(timeout=ANSWER_MS)
    chat = ChatPage(page, stack, person, set())
    chat.press(words["start"])
    look("code")
    chat.enter("000000")
    look("a wrong code")
    chat.enter(chat.code())
    look("document")
    chat.enter(person.id_last4)
    look("consent")
    chat.press(words["agree"])
    for fact in words["facts"]:
        chat.say(fact)
    look("read-back")
    chat.press(words["right"])
    page.evaluate("for (const one of document.querySelectorAll('.how, .fold')) one.open = true")
    look("offer")
    if page.get_by_role("button", name=words["others"]).count():
        chat.press(words["others"])
        look("comparison")
    page.locator("[data-tool=amounts], .menu").first.wait_for()
    page.get_by_role("button", name=re.compile("遮住|Hide")).first.click()
    shown = page.locator("[role=log]").inner_text()
    assert not re.search(words["money"], shown), re.search(words["money"], shown)
    look("amounts hidden")
    page.get_by_role("button", name=re.compile("显示|Show the")).first.click()
    chat.press(f"{words['choose']}|选这个|Choose this")
    look("terms, first part")
    for _ in range(3):
        chat.press(words["go on"])
    look("terms")
    chat.say(words["sign"])
    look("signing")
    chat.enter(chat.code(), tick=True)
    expect(page.locator(".card--signed")).to_be_visible(timeout=ANSWER_MS)
    look("signed")
    for file, ending in (("document.pdf", "pdf"), ("proof.json", "json")):
        with page.expect_download() as download:
            page.locator(f".card--signed a[download][href$='{file}']").click()
        name = download.value.suggested_filename
        assert re.fullmatch(rf"(文件|Document)-\d{{8}}-\d{{4}}(-\w+)?\.{ending}", name), name
    for path in ("/agreement/terms", "/notice", "/no-such-page"):
        page.goto(stack.address + path)
        look(path)
    context.close()

    assert found == []
