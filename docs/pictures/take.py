"""Takes the pictures of README.md and docs/screens.md from a running sandbox.

    make run                                  # or: python -m tooling.run --ready-file FILE
    python docs/pictures/take.py FILE [name…] # all pictures, or those named (phone-zh-offer …)

FILE is what ``--ready-file`` wrote. Each walk is a whole conversation of one invented person with
the real product; a person who has signed has nothing to discuss any more, so take the pictures on
a fresh ``--data-dir``. Needs Chromium (Playwright's, or ``CHROMIUM=/path``) and pdftoppm for the
agreement; with Pillow installed the PNGs are reduced to 128 colours, a third of the size.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1]))

from sandbox.portfolio import sample_rows  # noqa: E402

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 860}
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
ANSWER_MS = 30_000

SHEN = ["工时少了一半，还要照顾母亲", "到手大概 5200", "三千五左右", "没有别的", "1100 左右", "23 号"]
ZHOU = ["我七月份被裁了，现在打零工", "一个月到手六千左右", "房租吃饭加孩子差不多三千九", "一千",
        "每月能还一千", "15号"]  # fmt: skip
WHITLOCK = ["My hours were cut in August", "I take home about 14,000 now", "10,500",
            "1,000 to other lenders", "I could manage 1,800", "the 28th"]  # fmt: skip


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
        if name in self.wanted:
            self.page.mouse.move(0, 0)
            file = FOLDER / f"{name}.png"
            self.page.screenshot(path=file)
            self.sandbox.taken.append(file)


class Photographer:
    """Opens screens and walks each conversation as far as a wanted picture needs."""

    def __init__(self, browser: Browser, sandbox: Sandbox, wanted: set[str]) -> None:
        """``wanted`` holds names without ``.png``; empty means all."""
        self.browser, self.sandbox, self.wanted = browser, sandbox, wanted

    @contextmanager
    def screen(
        self, person_ref: str, scale: float = 2, type_size: str = "", **how: Any
    ) -> Iterator[Walk]:
        """A person in front of a screen; ``type_size`` is what Larger remembers (125 or 150)."""
        rows = sample_rows(date.today())  # noqa: DTZ011 - the sample is as old as this machine says
        row = next(row for row in rows if row["person_ref"] == person_ref)
        seen = {text["sid"] for text in self.sandbox.texts(row["telephone"])}
        context = self.browser.new_context(
            **{"viewport": PHONE, "device_scale_factor": scale, "reduced_motion": "reduce", **how}
        )
        context.set_default_timeout(ANSWER_MS)
        if type_size:
            context.add_init_script(f"localStorage.setItem('type', '{type_size}')")
        yield Walk(context.new_page(), self.sandbox, row, seen, self.wanted)
        context.close()

    def take(self) -> list[Path]:
        """Take what is wanted; returns the files written."""
        for walk in (self.chinese, self.dark, self.english, self.english_dark, self.small,
                     self.large, self.crisis, self.desk, self.beside):  # fmt: skip
            walk()
        return self.sandbox.taken

    def wants(self, *names: str) -> bool:
        """Tell whether a walk has anything to show."""
        if not self.wanted:
            self.wanted = set(PICTURES)
        return bool(self.wanted.intersection(names))

    def chinese(self) -> None:
        """沈秋, whose figures are those of the design: link, code, consent, offer, comparison."""
        if not self.wants("invite", "phone-zh-identify", "phone-zh-consent", "phone-zh-offer",
                          "phone-zh-compare"):  # fmt: skip
            return
        with self.screen("P-1013") as walk:
            walk.open()
            walk.press("开始")
            walk.picture("phone-zh-identify")
            walk.enter(walk.code())
            walk.enter(walk.row["id_last4"])
            walk.picture("phone-zh-consent")
            walk.press("同意")
            walk.say(*SHEN)
            walk.press("都对")
            walk.bring(".card--offer")
            walk.picture("phone-zh-offer")
            walk.press("看看别的办法")
            walk.bring(".card--comparison")
            walk.picture("phone-zh-compare")

    def dark(self) -> None:
        """周敏 signs at night; her agreement becomes the picture of a document."""
        if not self.wants("phone-zh-signed-dark", "agreement-zh"):
            return
        with self.screen("P-1002", color_scheme="dark") as walk:
            walk.open()
            walk.identify()
            walk.press("同意")
            walk.say(*ZHOU)
            walk.press("都对")
            self.sign(walk, "选这个", "继续", "我看完了，同意签")
            walk.picture("phone-zh-signed-dark")
            self.agreement(walk, "agreement-zh")

    def english(self) -> None:
        """Daniel Whitlock signs by day."""
        if not self.wants("phone-en-sign", "agreement-en"):
            return
        with self.screen("P-1004", locale="en-GB") as walk:
            walk.open()
            walk.identify()
            walk.press("I agree")
            walk.say(*WHITLOCK)
            walk.press("All correct")
            self.sign(walk, "Choose this", "Continue", "I have read it and I want to sign")
            self.agreement(walk, "agreement-en")

    def sign(self, walk: Walk, choose: str, go_on: str, words: str) -> None:
        """Choose, read the terms to their end and sign."""
        walk.press(choose)
        while walk.page.get_by_role("button", name=re.compile(f"^{go_on}")).count():
            walk.press(go_on)
        walk.say(words)
        code = walk.code()
        card = walk.page.locator("form[data-secret]").last
        card.locator("input.digits").fill(f"{code[:3]} {code[3:]}")
        card.locator("input[type=checkbox]").check()
        walk.bring(".card--code", 12)
        walk.picture("phone-en-sign")
        walk.enter(code, tick=True)
        walk.page.locator(".card--signed").wait_for()
        walk.bring(".turn:has(.card--signed)")

    def agreement(self, walk: Walk, name: str) -> None:
        """Make the first page of the document just signed a picture."""
        if name not in self.wanted:
            return
        answer = walk.page.request.get(f"{self.sandbox.api}/agreement/document.pdf")
        program = shutil.which("pdftoppm")
        if not answer.ok or program is None:
            raise RuntimeError(f"{name}: {answer.status}, pdftoppm: {program}")
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(answer.body())
            file.flush()
            subprocess.run(
                [program, "-png", "-singlefile", "-r", "96", file.name, str(FOLDER / name)],
                check=True,
            )
        self.sandbox.taken.append(FOLDER / f"{name}.png")

    def english_dark(self) -> None:
        """Grace Okafor: the offer in English, dark."""
        if not self.wants("phone-en-offer-dark"):
            return
        with self.screen("P-1014", color_scheme="dark", locale="en-GB") as walk:
            walk.open()
            walk.identify()
            walk.press("I agree")
            walk.say("A client pays me late", "about 9000 a month", "5000", "nothing else",
                     "I can pay 1300", "the 10th")  # fmt: skip
            walk.press("All correct")
            walk.bring(".card--offer")
            walk.picture("phone-en-offer-dark")

    def small(self) -> None:
        """The same offer and comparison on the smallest telephone."""
        if not self.wants("small-zh-offer", "small-zh-compare"):
            return
        with self.screen("P-1013", viewport=SMALL) as walk:
            self.offer_again(walk)
            walk.bring(".card--offer")
            walk.picture("small-zh-offer")
            walk.press("看看别的办法")
            walk.bring(".card--comparison")
            walk.picture("small-zh-compare")

    def large(self) -> None:
        """The same offer in type half as large again."""
        if not self.wants("large-zh-offer"):
            return
        with self.screen("P-1013", type_size="150") as walk:
            self.offer_again(walk)
            walk.bring(".card--offer")
            walk.picture("large-zh-offer")

    def offer_again(self, walk: Walk) -> None:
        """Come back to a conversation in which everything was told, and ask for the offer."""
        walk.open()
        walk.identify()
        if walk.page.get_by_role("button", name=re.compile("^同意")).count():
            walk.press("同意")
        walk.say("重新算一下")

    def crisis(self) -> None:
        """Care comes first, even before anybody knows who it is."""
        if not self.wants("phone-zh-crisis"):
            return
        with self.screen("P-1010") as walk:
            walk.open()
            walk.say("撑不下去了，不想活了")
            walk.picture("phone-zh-crisis")

    def desk(self) -> None:
        """The chat on a desk's screen."""
        if not self.wants("desktop-zh-chat"):
            return
        with self.screen("P-1013", scale=1.25, viewport=DESK) as walk:
            self.offer_again(walk)
            walk.bring(".turn:has(.card--offer)")
            walk.picture("desktop-zh-chat")

    def beside(self) -> None:
        """The sandbox: the code arrives on the practice telephone beside the chat."""
        if not self.wants("desktop-sandbox"):
            return
        with self.screen("P-1005", scale=1.25, viewport={"width": 1360, "height": 850}) as walk:
            address = self.sandbox.telephone + f"/phone/{walk.row['telephone']}"
            walk.page.goto(f"{address}?chat={self.sandbox.invite(walk.row['account_ref'])}")
            chat = walk.page.frame_locator("iframe")
            chat.locator("main form button").first.click()
            chat.locator(".turn--assistant").first.wait_for()
            chat.get_by_role("button", name=re.compile("^开始")).click(timeout=ANSWER_MS)
            chat.locator("input.digits").wait_for()
            code = walk.code()
            chat.locator("input.digits").fill(code[:3])
            walk.page.wait_for_timeout(2500)
            walk.picture("desktop-sandbox")


PICTURES = (
    "invite", "phone-zh-identify", "phone-zh-consent", "phone-zh-offer", "phone-zh-compare",
    "phone-zh-signed-dark", "agreement-zh", "phone-en-sign", "agreement-en", "phone-en-offer-dark",
    "small-zh-offer", "small-zh-compare", "large-zh-offer", "phone-zh-crisis", "desktop-zh-chat",
    "desktop-sandbox",
)  # fmt: skip


def reduce(files: list[Path]) -> None:
    """Write each picture again in 128 colours, if Pillow is there to do it."""
    try:
        from PIL import Image
    except ImportError:
        return
    for file in files:
        with Image.open(file) as image:
            small = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        small.save(file, optimize=True)


def main(arguments: list[str]) -> None:
    """Take all pictures, or those named."""
    sandbox = Sandbox.read(Path(arguments[0]))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        files = Photographer(browser, sandbox, set(arguments[1:])).take()
        browser.close()
    reduce(files)
    for file in files:
        print(f"{file.name}  {file.stat().st_size // 1024} KB")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
