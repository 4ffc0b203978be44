"""The whole way in the browser: from the bank's link to a signed agreement whose PDF opens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from tests.journeys.cardholder import newest_code
from tests.journeys.stack import SamplePerson, Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(300),
]

ANSWER_MS = 20_000


@dataclass
class ChatPage:
    """What a person does on the page. A step that fails shows the whole conversation."""

    page: Page
    stack: Stack
    person: SamplePerson
    seen: set[str]

    def _turns(self) -> Locator:
        return self.page.locator(".turn--assistant")

    def _and_wait(self, before: int) -> None:
        expect(self.page.locator("[data-waiting]")).to_have_count(0, timeout=ANSWER_MS)
        self.page.wait_for_function(
            "count => document.querySelectorAll('.turn--assistant').length > count", arg=before,
            timeout=ANSWER_MS,
        )  # fmt: skip
        self.page.wait_for_timeout(300)

    def say(self, text: str) -> None:
        """Type a message and send it."""
        before = self._turns().count()
        self.page.fill("#message", text)
        self.page.press("#message", "Enter")
        self._and_wait(before)

    def press(self, name: str) -> None:
        """Press the newest button whose name begins so ("不同意" is not "同意")."""
        before = self._turns().count()
        button = self.page.get_by_role("button", name=re.compile(f"^{name}")).last
        expect(button, self.page.locator("[role=log]").inner_text()).to_be_visible()
        button.click()
        self._and_wait(before)

    def enter(self, digits: str, *, tick: bool = False) -> None:
        """Fill the open card's field and send it."""
        before = self._turns().count()
        card = self.page.locator("form[data-secret]").last
        card.locator("input.digits").fill(digits)
        if tick:
            card.locator("input[type=checkbox]").check()
        card.locator("button.button--primary").click()
        self._and_wait(before)

    def code(self) -> str:
        """Read the newest code off the telephone."""
        return newest_code(self.stack, self.person, self.seen)


def opened(stack: Stack, context: BrowserContext, person_ref: str) -> ChatPage:
    """Open the bank's link and press its button."""
    person = stack.person(person_ref)
    page = context.new_page()
    seen = {text["sid"] for text in stack.texts(person)}
    page.goto(stack.invite(person)["url"].replace("localhost", "127.0.0.1"))
    page.locator("main form button").first.click()
    page.wait_for_url("**/chat")
    expect(page.locator(".turn--assistant").first).to_be_visible(timeout=ANSWER_MS)
    return ChatPage(page, stack, person, seen)


def recorded(stack: Stack, chat: ChatPage, *expected: str) -> None:
    """The PDF opens and says what was agreed; the bank finds the record; verification says intact."""
    answer = chat.page.request.get(f"{stack.address}/agreement/document.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    for words in expected:
        assert words in text
    verified = stack.bank.post("/v1/agreements/verify", content=answer.body()).json()
    assert verified["result"] == "intact"
    items = stack.bank.get("/v1/agreements").json()["items"]
    item = next(item for item in items if item["number"] == verified["number"])
    record = stack.bank.get(f"/v1/agreements/{item['id']}").json()
    assert record["state"] == "in_force"
    assert record["number"] in text
    shown_to_anybody(stack, chat.page, answer.body(), record)


def shown_to_anybody(stack: Stack, page: Page, document: bytes, record: dict[str, Any]) -> None:
    """Somebody else scans the document's code, puts the file there, and then one with a byte changed."""
    page.goto(f"{stack.address}/verify/{record['number']}/{record['terms_digest'][:20]}")
    expect(page.locator(".outcome--info")).to_contain_text(record["number"])
    changed = bytearray(document)
    changed[len(changed) // 3] ^= 4
    for content, outcome in ((document, "good"), (bytes(changed), "care")):
        page.locator("input[type=file]").set_input_files(
            {"name": "document.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.locator(".drop button").click()
        expect(page.locator(f".outcome--{outcome}")).to_be_visible()


def test_a_laid_off_mother_signs_in_chinese(stack: Stack, context: BrowserContext) -> None:
    chat = opened(stack, context, "P-1002")
    assert chat.page.title() == "客户服务"
    chat.press("开始")
    chat.enter(chat.code())
    chat.enter(chat.person.id_last4)
    chat.press("同意")
    for words in ("我七月份被裁了，现在打零工", "一个月到手六千左右", "房租吃饭加孩子差不多三千九",
                  "一千", "每月能还一千", "15号"):  # fmt: skip
        chat.say(words)
    chat.press("都对")
    expect(chat.page.locator(".card--offer")).to_contain_text("1,000.00")
    chat.press("选这个")
    for _ in range(3):
        chat.press("继续")
    chat.say("我看完了，同意签")
    chat.enter(chat.code(), tick=True)
    expect(chat.page.locator(".card--signed")).to_be_visible(timeout=ANSWER_MS)
    recorded(stack, chat, "36,000.00", "1,000.00", "申请信用卡")


def test_an_english_speaker_signs_in_english(stack: Stack, context: BrowserContext) -> None:
    chat = opened(stack, context, "P-1004")
    assert chat.page.title() == "Customer service"
    chat.press("Start")
    chat.enter(chat.code())
    chat.enter(chat.person.id_last4)
    chat.press("I agree")
    for words in ("My hours were cut and I earn half of what I used to", "about 9000 a month",
                  "5,500", "1200 to other lenders", "I can pay 1,800", "the 5th"):  # fmt: skip
        chat.say(words)
    chat.press("All correct")
    chat.press("Choose this")
    for _ in range(3):
        chat.press("Continue")
    chat.say("I have read it and I want to sign")
    chat.enter(chat.code(), tick=True)
    expect(chat.page.locator(".card--signed")).to_be_visible(timeout=ANSWER_MS)
    recorded(stack, chat, "credit card", "Yunting Bank")
