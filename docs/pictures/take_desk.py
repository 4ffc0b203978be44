"""Takes the pictures of the desk (queue, case, approvals) from a running sandbox.

    python -m tooling.run --data-dir DIR --ready-file FILE
    python docs/pictures/take_desk.py FILE

FILE is what ``--ready-file`` wrote; a fresh data folder, for each login is made once. People of the sample
ask for a person in the ways of the queue; one of them talks with a colleague, each in a browser of their own.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from take import PHONE, SHEN, reduce
from take_console import Colleague
from walk import ANSWER_MS, FOLDER, Sandbox, Walk

sys.path.insert(0, str(Path(__file__).parents[2]))

from sandbox.portfolio import sample_rows

DESK = {"width": 1440, "height": 900}
SMALL = {"width": 320, "height": 800}
WAITING = (
    ("P-1001", "complaint"), ("P-1003", "already_paid"), ("P-1004", "beyond_authority"),
    ("P-1005", "nothing_affordable"), ("P-1006", "refuse_automation"), ("P-1008", "not_understood"),
    ("P-1009", "suspected_fraud"), ("P-1010", "distress"),
)  # fmt: skip
"""Who waits in the queue besides, and why."""


SUN = ["生意没做成，现在给人开车", "七千五", "四千八", "五百", "两千", "1号"]


class Desk:
    """The sandbox with people who wait, and colleagues in front of it."""

    def __init__(self, browser: Browser, ready: dict[str, str], sandbox: Sandbox) -> None:
        """``ready``: the settings that the sandbox runs with."""
        self.browser, self.ready, self.sandbox = browser, ready, sandbox
        self.files: list[Path] = []

    def wait_in_queue(self, person_ref: str, reason: str) -> None:
        """Let somebody open their link and the assistant hand them over."""
        row = self.row(person_ref)
        with httpx2.Client(base_url=self.sandbox.api, timeout=30) as client:
            invite = self.sandbox.invite(row["account_ref"]).rpartition("/")[2]
            opened = client.post("/v1/chat/conversations", json={"invite": invite}).json()
            client.post(
                f"/v1/bot/conversations/{opened['conversation_id']}/handoff",
                json={"reason": reason},
                headers={"Authorization": f"Bearer {self.ready['ANHUAN_BOT_TOKEN']}"},
            ).raise_for_status()

    def row(self, person_ref: str) -> dict[str, str]:
        """Return somebody's row of the sample portfolio."""
        from datetime import date

        rows = sample_rows(date.today())  # noqa: DTZ011 - the sample is as old as this machine says
        return next(row for row in rows if row["person_ref"] == person_ref)

    def colleague(self, login: str, name: str, roles: str, locale: str = "zh") -> Page:
        """Make and sign in a colleague; returns their page."""
        context = self.context(locale=f"{locale}-{'CN' if locale == 'zh' else 'GB'}")
        page = context.new_page()
        Colleague(self.ready, login, name, locale, roles).sign_in(page)
        return page

    def context(self, **how: object) -> BrowserContext:
        """Open a browser of one's own."""
        wanted = {"viewport": DESK, "device_scale_factor": 1.25, "reduced_motion": "reduce", **how}
        made = self.browser.new_context(**wanted)  # type: ignore[arg-type]  # passed through
        made.set_default_timeout(ANSWER_MS)
        return made

    def picture(self, page: Page, name: str) -> None:
        """Keep what a screen shows."""
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        self.files.append(FOLDER / f"{name}.png")
        page.screenshot(path=self.files[-1])

    def take(self) -> list[Path]:
        """Take every picture; returns the files written."""
        for person_ref, reason in WAITING:
            self.wait_in_queue(person_ref, reason)
        row = self.row("P-1013")
        seen = {text["sid"] for text in self.sandbox.texts(row["telephone"])}
        phone = self.context(viewport=PHONE, device_scale_factor=2)
        walk = Walk(phone.new_page(), self.sandbox, row, seen, set())
        walk.open()
        walk.identify()
        walk.press("同意")
        walk.say(*SHEN)
        walk.press("都对")
        walk.say("方案我看了，我想找真人说说")

        tao = self.colleague("tao.ning", "陶宁", "collector")
        tao.goto(f"{self.sandbox.api}/console/queue")
        tao.locator("#rows tr", has_text=row["card_tail"]).locator("td").nth(2).click()
        tao.locator("#preview #take").wait_for()
        self.picture(tao, "console-queue")
        tao.keyboard.press("t")
        expect(tao.locator("#case-floor")).to_have_attribute("data-floor", "mine")
        tao.keyboard.press("w")
        tao.keyboard.press("Alt+2")
        tao.keyboard.press("Control+Enter")
        tao.locator(".said--collector").first.wait_for()
        walk.page.fill("#message", "每月能还九百左右，孩子下月要交学费")
        walk.page.press("#message", "Enter")
        tao.locator(".said--person", has_text="九百").wait_for()
        walk.page.wait_for_timeout(1000)
        walk.bring(".turn--collector", 60)
        self.picture(walk.page, "phone-zh-colleague")
        tao.keyboard.press("Escape")
        tao.keyboard.press("n")
        tao.fill("#note", "下月起有年终奖，但还没定。先别按它算。")
        tao.click("#act-do")
        expect(tao.locator("#part-notes")).to_contain_text("年终奖")
        tao.fill("#words", "好的，学费先留出来。不过您再不还就会被起诉，所以…")
        tao.locator("#under mark").first.wait_for(state="attached")
        tao.wait_for_timeout(1500)
        self.picture(tao, "console-case")
        tao.set_viewport_size(SMALL)
        tao.locator("#talk").evaluate("one => one.scrollIntoView()")
        self.picture(tao, "console-case-small")
        tao.set_viewport_size(DESK)
        tao.fill("#words", "")
        tao.keyboard.press("Escape")
        tao.evaluate("scrollTo(0, 0)")
        tao.keyboard.press("r")
        tao.fill("#f-essential_spending", "3900")
        tao.fill("#f-proposed_payment", "900")
        tao.click("#act-try")
        tao.locator("#tried table").wait_for()
        self.picture(tao, "console-recompute")
        tao.keyboard.press("Escape")
        self.approval(tao)
        return self.files

    def approval(self, tao: Page) -> None:
        """孙国栋 owes more than a collector decides on: a plan is asked for, and lies before a supervisor."""
        row = self.row("P-1007")
        seen = {text["sid"] for text in self.sandbox.texts(row["telephone"])}
        walk = Walk(self.context(viewport=PHONE).new_page(), self.sandbox, row, seen, set())
        walk.open()
        walk.identify()
        walk.press("同意")
        walk.say(*SUN)
        walk.press("都对")
        tao.goto(f"{self.sandbox.api}/console/queue")
        tao.locator("#rows tr", has_text=row["card_tail"]).locator("td").nth(2).click()
        tao.locator("#preview #take").click()
        expect(tao.locator("#case-floor")).to_have_attribute("data-floor", "mine")
        tao.keyboard.press("e")
        tao.fill("#f-monthly_income", "14500")
        tao.click("#act-do")
        expect(tao.locator("#sheet")).to_be_hidden()
        tao.keyboard.press("a")
        tao.fill("#why", "十二月起多一份固定收入，合同看过了。总数超出我的权限。")
        tao.click("#act-do")
        expect(tao.locator("#part-plans")).to_contain_text("已请主管批")
        qin = self.colleague("qin.lan2", "秦岚", "supervisor")
        qin.goto(f"{self.sandbox.api}/console/approvals")
        self.picture(qin, "console-approvals")
        lin = self.colleague("lin.grace2", "Grace Lin", "supervisor", "en")
        lin.emulate_media(color_scheme="dark")
        lin.goto(f"{self.sandbox.api}/console/queue")
        lin.keyboard.press("j")
        lin.locator("#preview .panel").wait_for()
        self.picture(lin, "console-queue-en-dark")


def main(arguments: list[str]) -> None:
    """Take them all."""
    file = Path(arguments[0])
    ready = json.loads(file.read_text(encoding="utf-8"))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        files = Desk(browser, ready, Sandbox.read(file)).take()
        browser.close()
    reduce(files)


if __name__ == "__main__":
    main(sys.argv[1:])
