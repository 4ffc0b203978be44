"""A colleague of the bank: made by the command, signed in on the page, at work in a browser of their own."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.stack import Stack
from tests.journeys.staff import OWN_PASSWORD, make_colleague

ANSWER_MS = 30_000
DESK = {"width": 1440, "height": 900}


class Colleague:
    """Somebody new with these roles, signed in with a second factor, in front of the queue."""

    def __init__(
        self, stack: Stack, browser: Browser, name: str, *roles: str, locale: str = "zh"
    ) -> None:
        self.stack = stack
        self.name = name
        self.login, password = make_colleague(stack, name, *roles, locale=locale)
        self.context: BrowserContext = browser.new_context(viewport=DESK, reduced_motion="reduce")
        self.context.set_default_timeout(ANSWER_MS)
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self._sign_in(password)

    def _sign_in(self, password: str) -> None:
        """Give the one-time password, choose another, set the authenticator up."""
        page = self.page
        page.goto(f"{self.stack.address}/console")
        page.fill("#login", self.login)
        page.fill("#password", password)
        page.click("form .button--primary")
        page.fill("#password", OWN_PASSWORD)
        page.fill("#again", OWN_PASSWORD)
        page.click("form .button--primary")
        secret = (page.locator(".secret__code").text_content() or "").replace(" ", "")
        page.fill("#code", pyotp.TOTP(secret).now())
        page.click("form .button--primary")
        page.locator(".codes li").first.wait_for()
        page.locator(".door__ways a").click()
        page.wait_for_url("**/console/**")

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, path: str) -> None:
        """Open a page of the console and wait until it hears of changes."""
        self.page.goto(self.stack.address + path)
        expect(self.page.locator("body")).to_have_attribute("data-line", "live", timeout=ANSWER_MS)

    def take(self, card_tail: str) -> None:
        """Take the case of whoever has this card, by keyboard, from the queue as it comes in."""
        self.go("/console/queue")
        row = self.page.locator("#rows tr", has_text=card_tail)
        expect(row).to_have_count(1, timeout=ANSWER_MS)
        row.locator("td").nth(2).click()
        expect(self.page.locator("#preview #take")).to_be_visible(timeout=ANSWER_MS)
        self.press("t")
        self.page.wait_for_url("**/console/cases/*")
        self.floor_is("mine")
        expect(self.page.locator("body")).to_have_attribute("data-line", "live", timeout=ANSWER_MS)

    def floor_is(self, whose: str) -> None:
        """The header says who has the floor."""
        expect(self.page.locator("#case-floor")).to_have_attribute(
            "data-floor", whose, timeout=ANSWER_MS
        )

    def act(self, key: str) -> None:
        """Open the form of an act by its key."""
        expect(self.page.locator("#sheet-body")).to_be_empty()
        self.press("Escape", key)
        self.page.locator("#sheet h2").wait_for()

    def do(self) -> None:
        """Do what the form in the layer is about."""
        self.page.click("#act-do")
        expect(self.page.locator("#sheet-body")).to_be_empty(timeout=ANSWER_MS)

    def say(self, text: str) -> None:
        """Write to the person and see it in the transcript."""
        before = self.page.locator(".said--collector").count()
        self.page.fill("#words", text)
        expect(self.page.locator("#send")).to_have_attribute("aria-disabled", "false")
        self.page.press("#words", "Control+Enter")
        expect(self.page.locator(".said--collector")).to_have_count(before + 1, timeout=ANSWER_MS)
        expect(self.page.locator("#words")).to_have_value("")

    def hears(self, text: str) -> None:
        """The person's words are on the page."""
        expect(self.page.locator(".said--person", has_text=text).last).to_be_visible(
            timeout=ANSWER_MS
        )

    def close(self) -> None:
        """Close the browser; a script that failed on any page fails the test."""
        self.context.close()
        assert self.wrong == []
