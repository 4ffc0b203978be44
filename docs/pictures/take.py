"""Takes the pictures of README.md and docs/screens.md from a running sandbox.

    make run                                  # or: python -m tooling.run --ready-file FILE
    python docs/pictures/take.py FILE [name…] # all pictures, or those named (phone-zh-offer …)

FILE is what ``--ready-file`` wrote. Each walk is a whole conversation of one invented person with
the real product; a person who has signed has nothing to discuss any more, so take the pictures on
a fresh ``--data-dir``. Needs Chromium (Playwright's, or ``CHROMIUM=/path``) and pdftoppm for the
agreement; with Pillow installed the PNGs are reduced to 128 colours, a third of the size.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from second_thoughts import SECOND_THOUGHTS, second_thoughts
from verified import VERIFIED, verified
from walk import ANSWER_MS, FOLDER, Sandbox, Walk

sys.path.insert(0, str(Path(__file__).parents[2]))

from sandbox.portfolio import sample_rows

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 700}
DESK = {"width": 1280, "height": 860}

ZHOU = [
    "我七月份被裁了，现在打零工",
    "一个月到手六千左右",
    "房租吃饭加孩子差不多三千九",
    "一千",
    "每月能还一千",
    "15号",
]
SHEN = ["我妈摔了一跤，我请了长假", "到手五千二", "3550", "没有别的", "一千一吧", "23号"]
WU = ["生病了", "拿病假工资，大概三千八", "两千七", "没有别的", "六百", "12号"]
CHEN = ["生病了", "就二千九退休金", "两千一", "没有别的", "一个月三百还得起", "20号"]
WHITLOCK = ["My hours were cut in August", "I take home about 14,000 now", "10,500",
            "1,000 to other lenders", "I could manage 1,800", "the 28th"]  # fmt: skip

OKAFOR = [
    "A client pays me late",
    "about 9000 a month",
    "7,500",
    "nothing else",
    "I can pay 700",
    "the 10th",
]


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
        for walk in (self.chinese, self.english, self.english_dark, self.small,
                     self.large, self.crisis, self.desk, self.counter, self.beside):  # fmt: skip
            walk()
        return self.sandbox.taken

    def wants(self, *names: str) -> bool:
        """Tell whether a walk has anything to show."""
        if not self.wanted:
            self.wanted = set(PICTURES)
        return bool(self.wanted.intersection(names))

    def chinese(self) -> None:
        """周敏, laid off: the whole way, by day as far as the comparison, and signed at night."""
        if not self.wants("invite", "phone-zh-identify", "phone-zh-consent", "phone-zh-offer",
                          "phone-zh-compare", "phone-zh-signed-dark", "agreement-zh", *VERIFIED[:1]):  # fmt: skip
            return
        with self.screen("P-1002") as walk:
            walk.open()
            walk.press("开始")
            walk.picture("phone-zh-identify")
            walk.enter(walk.code())
            walk.enter(walk.row["id_last4"])
            walk.picture("phone-zh-consent")
            self.tell(walk, ZHOU)
            walk.bring(".turn:has(.card--offer)")
            walk.picture("phone-zh-offer")
            walk.press("看看别的办法")
            walk.bring(".card--comparison")
            walk.picture("phone-zh-compare")
            walk.page.emulate_media(color_scheme="dark")
            self.sign(walk, "选(办法一|这个)", "继续", "我看完了，同意签")
            walk.picture("phone-zh-signed-dark")
            self.agreement(walk, "agreement-zh")

    def tell(self, walk: Walk, facts: list[str]) -> None:
        """Agree to be asked, tell what there is to tell and confirm it."""
        walk.press("同意|I agree")
        walk.say(*facts)
        walk.press("都对|All correct")

    def english(self) -> None:
        """Daniel Whitlock signs by day, and looks at what he can keep and at what is paid."""
        if not self.wants("phone-en-sign", "agreement-en", "phone-en-proof", "phone-en-progress",
                          *VERIFIED[1:]):  # fmt: skip
            return
        with self.screen("P-1004", locale="en-GB") as walk:
            walk.open()
            walk.identify()
            self.tell(walk, WHITLOCK)
            self.sign(walk, "Choose this", "Continue", "I have read it and I want to sign")
            self.agreement(walk, "agreement-en")
            walk.page.goto(f"{self.sandbox.api}/agreement/terms")
            walk.page.locator("article section").last.scroll_into_view_if_needed()
            walk.page.evaluate("scrollTo(0, document.body.scrollHeight)")
            walk.picture("phone-en-proof")
            walk.page.goto(f"{self.sandbox.api}/progress")
            walk.picture("phone-en-progress")

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
        if walk.row["locale"] == "en":
            walk.picture("phone-en-sign")
        walk.enter(code, tick=True)
        walk.page.locator(".card--signed").wait_for()
        walk.bring(".turn:has(.card--signed)")

    def agreement(self, walk: Walk, name: str) -> None:
        """Make the first page of the document just signed a picture, and verify it."""
        answer = walk.page.request.get(f"{self.sandbox.api}/agreement/document.pdf")
        if self.wanted.intersection(VERIFIED):
            verified(walk, answer.body())
        if name not in self.wanted:
            return
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
        """Grace Okafor: the offer in English, dark, on a telephone and on a desk."""
        if not self.wants("phone-en-offer-dark", "desktop-en-offer-dark"):
            return
        with self.screen("P-1014", color_scheme="dark", locale="en-GB") as walk:
            walk.open()
            walk.identify()
            self.tell(walk, OKAFOR)
            walk.bring(".card--offer")
            walk.picture("phone-en-offer-dark")
            walk.page.set_viewport_size({"width": 1080, "height": 760})
            walk.bring(".turn:has(.card--offer)", 60)
            walk.picture("desktop-en-offer-dark")

    def small(self) -> None:
        """吴建平: the offer and the comparison on the smallest telephone."""
        if not self.wants("small-zh-offer", "small-zh-compare"):
            return
        with self.screen("P-1006", viewport=SMALL) as walk:
            walk.open()
            walk.identify()
            self.tell(walk, WU)
            walk.bring(".card--offer")
            walk.picture("small-zh-offer")
            walk.press("看看别的办法")
            walk.bring(".card--comparison")
            walk.picture("small-zh-compare")

    def large(self) -> None:
        """陈桂兰, 67: the offer in type half as large again."""
        if not self.wants("large-zh-offer"):
            return
        with self.screen("P-1003", type_size="150") as walk:
            walk.open()
            walk.identify()
            self.tell(walk, CHEN)
            walk.bring(".card--offer")
            walk.picture("large-zh-offer")

    def crisis(self) -> None:
        """Care comes first, even before anybody knows who it is."""
        if not self.wants("phone-zh-crisis"):
            return
        with self.screen("P-1010") as walk:
            walk.open()
            walk.say("撑不下去了，不想活了")
            walk.picture("phone-zh-crisis")

    def desk(self) -> None:
        """沈秋: the chat on a desk's screen."""
        if not self.wants("desktop-zh-chat"):
            return
        with self.screen("P-1013", scale=1.25, viewport=DESK) as walk:
            walk.open()
            walk.identify()
            self.tell(walk, SHEN)
            walk.bring(".turn:has(.card--offer)", 60)
            walk.picture("desktop-zh-chat")

    def counter(self) -> None:
        """沈秋 again, on the telephone: what another payment would come to."""
        if not self.wants("phone-zh-counter", *SECOND_THOUGHTS):
            return
        with self.screen("P-1013") as walk:
            walk.open()
            walk.identify()
            if walk.page.get_by_role("button", name=re.compile("^同意")).count():
                self.tell(walk, SHEN)
            walk.say("每月只能还800呢")
            walk.bring(".turn:has(.card--offer)")
            walk.picture("phone-zh-counter")
            second_thoughts(walk)

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
    "desktop-sandbox", "phone-en-proof", "phone-en-progress", "desktop-en-offer-dark",
    "phone-zh-counter", *SECOND_THOUGHTS, *VERIFIED,
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
