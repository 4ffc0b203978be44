"""Two and three people at once, each in a browser of their own: cardholder, collector, supervisor.

Whole stories through real processes and the real model: somebody asks for a person, is heard without
repeating themselves, gets another plan that a second colleague approves, and signs with the assistant.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.at_the_desk import ANSWER_MS, Colleague
from tests.journeys.on_page import newcomer, open_chat
from tests.journeys.stack import Stack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(420),
]

LARGE = {"principal": "190000.00", "interest": "30000.00", "penalty": "9000.00"}
"""More than a collector decides on alone."""


def write(page: Page, text: str) -> None:
    """Write as the cardholder while a colleague has the floor: nothing is waited for."""
    page.fill("#message", text)
    page.press("#message", "Enter")
    expect(page.locator(".turn--person .bubble").last).to_have_text(text, timeout=ANSWER_MS)


def test_on_the_page_a_colleague_takes_over_and_hands_back(stack: Stack, browser: Browser) -> None:
    person = newcomer(stack, "P-1002", card_tail="7101", **LARGE)
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(ANSWER_MS)
    chat = open_chat(stack, context, person)
    collector = Colleague(stack, browser, "陶宁", "collector")
    supervisor = Colleague(stack, browser, "秦岚", "supervisor")
    supervisor.go("/console/approvals")

    # The person tells their situation and asks for a human; the time is promised.
    chat.press("开始")
    chat.enter(chat.code())
    chat.enter(chat.person.id_last4)
    chat.press("同意")
    for words in ("我七月份被裁了，后来换了工作", "一万六", "六千", "没有别的"):
        chat.say(words)
    chat.say("找人工")
    expect(chat.page.locator("#banner")).to_contain_text("同事", timeout=ANSWER_MS)

    # The collector takes it; the assistant is silent and the person knows who writes now.
    collector.take("7101")
    expect(chat.page.locator("#banner")).to_contain_text("陶宁", timeout=ANSWER_MS)
    before = chat.page.locator(".turn--assistant").count()
    collector.press("w", "Alt+1", "Control+Enter")
    expect(chat.page.locator(".turn--collector").last).to_contain_text("陶宁", timeout=ANSWER_MS)
    write(chat.page, "房租涨了，过日子要六千五，每月能还四千")
    collector.hears("过日子要六千五")

    # What was heard is put into the situation; the plan goes beyond the collector's authority.
    heard = collector.page.locator(".heard a[role=button]").last
    expect(heard).to_be_visible(timeout=ANSWER_MS)
    heard.click()
    collector.page.locator("#sheet h2").wait_for()
    collector.page.fill("#f-essential_spending", "6500")
    collector.page.fill("#f-proposed_payment", "4000")
    collector.page.fill("#f-pay_day", "15")
    collector.page.click("#act-try")
    expect(collector.page.locator("#tried")).to_contain_text("要请主管批")
    collector.do()
    expect(collector.page.locator("#part-situation")).to_contain_text("约6,500")
    collector.act("a")
    collector.page.fill("#why", "换了工作，收入稳定，只是总数大。")
    collector.do()
    expect(collector.page.locator("#part-plans")).to_contain_text("已请主管批")

    # A second person approves; the plan is on both pages at once.
    asked = supervisor.page.locator(".approval", has_text="换了工作，收入稳定")
    expect(asked).to_be_visible(timeout=ANSWER_MS)
    asked.get_by_role("button", name="批准", exact=True).click()
    expect(collector.page.locator("#part-plans")).to_contain_text("秦岚批准了", timeout=ANSWER_MS)
    expect(chat.page.locator(".card--offer").last).to_be_visible(timeout=ANSWER_MS)
    assert chat.page.locator(".turn--assistant").count() == before  # not a word meanwhile

    # The papers were seen; the floor goes back, and the assistant knows what was agreed.
    papers = collector.page.locator("#papers-place")
    expect(papers).to_contain_text("收入", timeout=ANSWER_MS)
    papers.locator(".paper__shown button").click()
    collector.act("h")
    collector.page.fill("#agreed", "每月还款日定在15号。")
    collector.do()
    collector.floor_is("assistant")
    goes_on = chat.page.locator(".turn--assistant", has_text="每月还款日定在15号")
    expect(goes_on).to_be_visible(timeout=ANSWER_MS)
    expect(chat.page.locator("[data-waiting]")).to_have_count(0, timeout=ANSWER_MS)
    # The sum hangs on the day: what the person sees is what the colleague has before them.
    monthly = re.search(r"[\d,]+\.\d\d", chat.page.locator(".card--offer").last.inner_text())
    assert monthly is not None
    expect(collector.page.locator("#part-plans")).to_contain_text(monthly.group())

    # And signs with the assistant, as anybody.
    chat.press("选这个")
    while chat.page.get_by_role("button", name=re.compile("^继续")).count():
        chat.press("继续")
    chat.say("我看完了，同意签")
    chat.enter(chat.code(), tick=True)
    expect(chat.page.locator(".card--signed")).to_be_visible(timeout=ANSWER_MS)
    for one in (collector, supervisor):
        one.close()
    context.close()


class TelephonePage:
    """The cardholder's telephone in a browser of its own: they write and read texts, nothing else."""

    def __init__(self, stack: Stack, browser: Browser, number: str) -> None:
        self.context = browser.new_context(viewport={"width": 436, "height": 900})
        self.context.set_default_timeout(ANSWER_MS)
        self.page = self.context.new_page()
        self.page.goto(f"{stack.telephone}/phone/{number}?lang=en")

    def arrived(self) -> list[str]:
        """Return the texts that came, the oldest first."""
        return self.page.locator(".bubble.theirs").all_text_contents()

    def waits_for(self, pattern: str, after: int = 0) -> re.Match[str]:
        """Wait for a text after the first ``after`` that has this in it."""
        for _ in range(600):
            for text in self.arrived()[after:]:
                if found := re.search(pattern, text):
                    return found
            self.page.wait_for_timeout(100)
        raise AssertionError("\n".join(["no text has " + pattern, *self.arrived()]))

    def text(self, body: str, answer: str = "") -> re.Match[str] | None:
        """Write a text; with ``answer``, wait until one arrives that has it."""
        before = len(self.arrived())
        self.page.fill("#body", body)
        self.page.press("#body", "Enter")
        expect(self.page.locator(".bubble.mine").last).to_have_text(body, timeout=ANSWER_MS)
        return self.waits_for(answer, before) if answer else None


@pytest.mark.long
def test_by_text_a_colleague_takes_over_and_hands_back(stack: Stack, browser: Browser) -> None:
    person = newcomer(stack, "P-1004", card_tail="7202", **LARGE)
    telephone = TelephonePage(stack, browser, person.telephone)
    collector = Colleague(stack, browser, "Ning Tao", "collector", locale="en")
    supervisor = Colleague(stack, browser, "Lan Qin", "supervisor", locale="en")
    supervisor.go("/console/approvals")

    # The person proves who they are, tells their situation, and asks for a person: 0.
    telephone.text("Hello", "1 Start")
    code = telephone.text("1", r"(?<!\d)\d{6}(?!\d)")
    assert code is not None
    telephone.text(code.group(), "last 4 digits of your card")
    telephone.text("7202", "agree")
    telephone.text("I agree", "happened")
    telephone.text("My hours were cut, then I found other work", "take home")
    telephone.text("16000", "live on")
    telephone.text("6000", "other lenders")
    telephone.text("0", r"number A\d+")

    # The collector takes it; what either says reaches the other.
    collector.take("7202")
    telephone.waits_for("Ning Tao from Yunting Bank")
    collector.say("Hello, this is Ning Tao. What would be a monthly payment you can keep?")
    telephone.waits_for("What would be a monthly payment you can keep")
    sent = len(telephone.arrived())
    telephone.text("I can pay 4,000 a month, nothing to other lenders")
    collector.hears("I can pay 4,000 a month")
    collector.act("e")
    collector.page.fill("#f-other_debt_payments", "0")
    collector.page.fill("#f-proposed_payment", "4000")
    collector.page.fill("#f-pay_day", "15")
    collector.do()
    collector.act("a")
    collector.page.fill("#why", "New work, steady income; only the sum is large.")
    collector.do()

    # A second person approves: the plan is a text on the telephone.
    asked = supervisor.page.locator(".approval", has_text="New work, steady income")
    expect(asked).to_be_visible(timeout=ANSWER_MS)
    asked.get_by_role("button", name="Approve", exact=True).click()
    expect(collector.page.locator("#part-plans")).to_contain_text("Lan Qin approved")
    telephone.waits_for("approved", sent)
    assert not any(
        "lenders" in text for text in telephone.arrived()[sent:]
    )  # the assistant is mute

    # The papers were seen; the assistant goes on from what was agreed, and the person signs.
    collector.page.locator("#papers-place .paper__shown button").click()
    sent = len(telephone.arrived())
    collector.act("h")
    collector.do()
    collector.floor_is("assistant")
    telephone.waits_for("1 Choose this", sent)
    said = telephone.text("1", r"1 (Continue|Yes, I'll sign)")
    while said is not None and said.group(1) == "Continue":
        said = telephone.text("1", r"1 (Continue|Yes, I'll sign)")
    code = telephone.text("1", r"(?<!\d)\d{6}(?!\d)")
    assert code is not None
    telephone.text(code.group(), "[Ss]igned")
    for one in (collector, supervisor):
        one.close()
    telephone.context.close()
