"""One person's walk through the product on one screen, as the pictures need it."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Page

__all__ = ["ANSWER_MS", "FOLDER", "Sandbox", "Walk"]

FOLDER = Path(__file__).parent
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
ANSWER_MS = 30_000


@dataclass
class Sandbox:
    """A running sandbox as its ready file describes it."""

    api: str
    telephone: str
    token: str
    taken: list[Path] = field(default_factory=list)

    @classmethod
    def read(cls, ready_file: Path) -> Sandbox:
        """Read the file that ``--ready-file`` wrote; raises ``OSError`` or ``KeyError``."""
        told = json.loads(ready_file.read_text(encoding="utf-8"))
        return cls(
            told["ANHUAN_PUBLIC_URL"],
            told["ANHUAN_TELEPHONE_URL"],
            told["ANHUAN_SERVICE_TOKEN"],
        )

    def invite(self, account_ref: str) -> str:
        """Make an invite as the bank does and return the path of its page."""
        bank = {"Authorization": f"Bearer {self.token}"}
        with httpx2.Client(base_url=self.api, headers=bank, timeout=30) as client:
            answer = client.get("/v1/accounts", params={"overdue": "true", "limit": 1000}).json()
            account = next(one for one in answer["items"] if one["account_ref"] == account_ref)
            made = client.post(f"/v1/accounts/{account['id']}/invites").json()
        return "/" + str(made["url"]).split("/", 3)[3]

    def texts(self, number: str) -> list[dict[str, Any]]:
        """Return the texts on a telephone, newest first."""
        answer = httpx2.get(f"{self.telephone}/api/messages", params={"to": number}).json()
        texts: list[dict[str, Any]] = answer["messages"]
        return texts


@dataclass
class Walk:
    """One person's conversation on one screen."""

    page: Page
    sandbox: Sandbox
    row: dict[str, str]
    seen: set[str]
    wanted: set[str]

    @property
    def turns(self) -> int:
        """How often the assistant has spoken."""
        return self.page.locator(".turn--assistant:not([data-waiting])").count()

    def wait(self, before: int) -> None:
        """Wait for an answer and until the page has come to rest."""
        self.page.wait_for_function(
            "n => document.querySelectorAll('.turn--assistant:not([data-waiting])').length > n"
            " && !document.querySelector('[data-waiting]')",
            arg=before, timeout=ANSWER_MS,
        )  # fmt: skip
        self.page.wait_for_timeout(500)

    def open(self) -> None:
        """Open the link and press its button."""
        self.page.goto(self.sandbox.api + self.sandbox.invite(self.row["account_ref"]))
        self.picture("invite")
        self.page.locator("main form button").first.click()
        self.page.wait_for_url("**/chat")
        self.page.locator(".turn--assistant").first.wait_for(timeout=ANSWER_MS)
        self.page.wait_for_timeout(500)

    def say(self, *texts: str) -> None:
        """Write messages one after another."""
        for text in texts:
            before = self.turns
            self.page.fill("#message", text)
            self.page.press("#message", "Enter")
            self.wait(before)

    def press(self, name: str) -> None:
        """Press the newest button whose words begin so."""
        before = self.turns
        self.page.get_by_role("button", name=re.compile(f"^{name}")).last.click()
        self.wait(before)

    def enter(self, digits: str, *, tick: bool = False) -> None:
        """Fill in the open card and press its button."""
        before = self.turns
        card = self.page.locator("form[data-secret]").last
        card.locator("input.digits").fill(digits)
        if tick:
            card.locator("input[type=checkbox]").check()
        card.locator("button.button--primary").click()
        self.wait(before)

    def code(self) -> str:
        """Wait for a text not read yet and return its code; raises ``TimeoutError``."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for text in self.sandbox.texts(self.row["telephone"]):
                found = CODE.search(text["body"])
                if text["sid"] not in self.seen and found:
                    self.seen.add(text["sid"])
                    return found.group()
            time.sleep(0.1)
        raise TimeoutError(self.row["telephone"])

    def identify(self) -> None:
        """Prove identity, however the conversation is opened."""
        self.press("开始|Start")
        self.enter(self.code())
        self.enter(self.row["id_last4"])

    def bring(self, selector: str, gap: int = 10) -> None:
        """Scroll the newest match to the top of the log."""
        self.page.locator(selector).last.evaluate(
            "(one, gap) => { const log = document.getElementById('log');"
            " log.scrollTop += one.getBoundingClientRect().top - log.getBoundingClientRect().top - gap }",
            gap,
        )
        self.page.wait_for_timeout(200)

    def picture(self, name: str) -> None:
        """Keep what the screen shows, if it is wanted."""
        file = FOLDER / f"{name}.png"
        if name in self.wanted and file not in self.sandbox.taken:
            self.page.mouse.move(0, 0)
            self.page.screenshot(path=file)
            self.sandbox.taken.append(file)
