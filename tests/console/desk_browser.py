"""Colleagues in real browsers, in front of the application really served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Literal

import httpx2
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from api.console.admission import COOKIE, Role, Staff
from api.conversations.models import Message
from tests.conftest import Telephone
from tests.console.desk_room import DeskRoom
from tests.console.signing_in import session_of
from tests.sandbox.running import serving

DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 700}}
ZOOMED: dict[str, Any] = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
"""What a browser does at 200 % on a desk of 1280 by 800."""


class Colleague:
    """Somebody signed in, with one page open; a script's error, or what the content policy refuses, fails the test."""

    def __init__(self, context: BrowserContext, page: Page, staff: Staff) -> None:
        self.context = context
        self.page = page
        self.staff = staff
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)


class ServedDesk:
    """The application with people in it, served; ``colleague`` opens a browser for somebody."""

    def __init__(self, room: DeskRoom, browser: Browser, ending: ExitStack) -> None:
        self.room = room
        self.app: FastAPI = room.app
        self.address = room.address
        self._browser = browser
        self._ending = ending
        self._colleagues: list[Colleague] = []

    def colleague(
        self, *roles: Role, name: str = "陶宁", locale: Literal["zh", "en"] = "zh", at: str = "/console/queue",
        **screen: Any,
    ) -> Colleague:  # fmt: skip
        """Open a page of the console as a new colleague."""
        staff, token = session_of(self.app, *roles, name=name, locale=locale)
        context = self._browser.new_context(**{**DESK, "reduced_motion": "reduce", **screen})
        context.set_default_timeout(15_000)
        self.sign_in(context, token)
        self._ending.callback(context.close)
        made = Colleague(context, context.new_page(), staff)
        self._colleagues.append(made)
        made.page.goto(self.address + at)
        return made

    def sign_in(self, context: BrowserContext, token: str) -> None:
        """Give a browser a session."""
        context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])

    def faults(self) -> list[str]:
        """The script errors of every page."""
        return [fault for one in self._colleagues for fault in one.wrong]


@contextmanager
def served_desk(app: FastAPI, telephone: Telephone, browser: Browser) -> Iterator[ServedDesk]:
    """Serve the application until the block ends."""
    with serving(app) as where, ExitStack() as ending:
        client = ending.enter_context(httpx2.Client(base_url=where, timeout=20))
        room = DeskRoom(app, client, telephone, where)
        desk = ServedDesk(room, browser, ending)
        yield desk
        for visit in room.visits:
            visit.client.close()
        assert desk.faults() == []


def violations(page: Page, step: str) -> list[str]:
    """Return what axe finds on a page, and whether it is wider than its screen."""
    found = [
        f"{step}: {one['id']} {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{step}: wider than the screen")
    return found


def messages(desk: ServedDesk, speaker: str = "collector") -> list[str]:
    """Everything one kind of speaker said, in order."""
    with desk.app.state.database.reading() as session:
        found = session.query(Message).filter_by(speaker=speaker).order_by(Message.seq)
        return [one.text for one in found]


def on_a_case(desk: ServedDesk) -> tuple[Colleague, int]:
    """Somebody who has taken the case of a person who told their means."""
    case_id = desk.room.case("ask_human", told=True)
    one = desk.colleague("collector", at=f"/console/cases/{case_id}")
    one.press("t")
    expect(one.page.locator("#case-floor")).to_have_attribute("data-floor", "mine")
    expect(one.page.locator("body")).to_have_attribute("data-line", "live")
    return one, case_id
