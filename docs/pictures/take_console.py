"""Takes the pictures of the console's own pages (not of its cases) from a running sandbox.

    python -m tooling.run --data-dir DIR --ready-file FILE
    python docs/pictures/take_console.py FILE

FILE is what ``--ready-file`` wrote; a fresh data folder, for each login is made once. A colleague is made by the command an operator uses, and signs in
through the pages.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright
from take import reduce

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
DESK = {"width": 1280, "height": 800}
OWN = "四匹马和一盏旧台灯 horses"


class Colleague:
    """Somebody made for the pictures: a supervisor who also administers, unless other roles are said."""

    def __init__(
        self, ready: dict[str, str], login: str, name: str, locale: str,
        roles: str = "supervisor,administrator",
    ) -> None:  # fmt: skip
        """Make them; the one-time password is read off the command's answer."""
        self.address, self.login, self.secret = ready["ANHUAN_PUBLIC_URL"], login, ""
        said = subprocess.run(
            [sys.executable, "-m", "tooling.settings", "api.console.staff_command", "--login", login,
             "--name", name, "--role", roles, "--locale", locale],
            cwd=ROOT, check=True, capture_output=True, text=True,
            env={**os.environ, "ANHUAN_DATA_DIR": ready["ANHUAN_DATA_DIR"]},
        ).stdout  # fmt: skip
        found = re.search(r"one-time password +(\S+)", said)
        if found is None:
            raise SystemExit(said)
        self.one_time = found.group(1)

    def sign_in(self, page: Page) -> None:
        """Go from the one-time password to the console."""
        page.goto(f"{self.address}/console")
        page.fill("#login", self.login)
        page.fill("#password", self.one_time)
        page.keyboard.press("Enter")
        page.fill("#password", OWN)
        page.fill("#again", OWN)
        page.keyboard.press("Enter")
        page.locator(".secret summary").click()
        self.secret = (page.locator(".secret__code").text_content() or "").replace(" ", "")
        page.fill("#code", pyotp.TOTP(self.secret).at(time.time()))
        page.keyboard.press("Enter")
        page.locator(".door__ways a").click()
        page.wait_for_load_state()


def take(browser: Browser, ready: dict[str, str]) -> list[Path]:
    """Take every picture; returns the files written."""
    files: list[Path] = []

    def picture(page: Page, name: str) -> None:
        files.append(FOLDER / f"{name}.png")
        page.screenshot(path=files[-1])

    qin = Colleague(ready, "qin.lan", "秦岚", "zh")
    page = browser.new_page(viewport=DESK, device_scale_factor=1.25, reduced_motion="reduce")
    qin.sign_in(page)
    page.goto(f"{qin.address}/console/accounts?q=周敏")
    page.locator("table a").first.click()
    picture(page, "console-account")
    page.goto(f"{qin.address}/console/policy?q=验证码")
    picture(page, "console-policy")
    page.goto(f"{qin.address}/console/audit")
    picture(page, "console-audit")
    page.close()

    lin = Colleague(ready, "grace.lin", "Grace Lin", "en")
    page = browser.new_page(
        viewport=DESK, device_scale_factor=1.25, reduced_motion="reduce", color_scheme="dark"
    )
    lin.sign_in(page)
    page.goto(f"{lin.address}/console/staff")
    picture(page, "console-staff-dark")
    page.close()
    return files


def main(arguments: list[str]) -> None:
    """Take them all."""
    ready = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        files = take(browser, ready)
        browser.close()
    reduce(files)


if __name__ == "__main__":
    main(sys.argv[1:])
