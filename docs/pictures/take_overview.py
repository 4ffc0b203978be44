"""Takes the pictures of the overview and of evidence: the real pages on an invented month.

    python docs/pictures/take_overview.py

A sandbox of one day has no month to show, so the application is served here with the events that the
tests invent. Needs Chromium (Playwright's, or ``CHROMIUM=/path``).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright
from take import reduce

sys.path.insert(0, str(Path(__file__).parents[2]))

from api.console.admission import COOKIE
from api.kit.clock import SetClock
from api.main import create_app
from api.settings import Settings
from tests.conftest import NOON, Telephone
from tests.console.invented import month_of_events
from tests.console.signing_in import session_of
from tests.evidence.conftest import Owing, owing
from tests.evidence.papers import PDF, png
from tests.sandbox.running import serving

FOLDER = Path(__file__).parent
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


def installation(folder: Path) -> FastAPI:
    """Return the application on an empty record."""
    settings = Settings.model_validate(
        {
            "environment": "sandbox", "data_dir": folder, "public_url": "http://testserver",
            "rasa_url": "http://127.0.0.1:9", "rasa_token": "r", "bot_token": "bot-token",
            "service_token": "bank-token", "data_keys": Fernet.generate_key().decode(),
            "hash_key": "a key for hashes",
        }
    )  # fmt: skip
    app = create_app(settings, SetClock(NOON))
    app.state.database.create_all()
    return app


def colleague(browser: Browser, app: FastAPI, address: str, locale: Any, **how: Any) -> Page:
    """Open a browser with a supervisor's session."""
    _, token = session_of(app, "supervisor", locale=locale)
    context = browser.new_context(
        viewport=DESK, device_scale_factor=1.25, reduced_motion="reduce", **how
    )
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"{address}/console"}])
    return context.new_page()


def cardholder(browser: Browser, person: Owing, address: str) -> Page:
    """Open a telephone with a person's session."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, reduced_motion="reduce")
    cookie = next(each for each in person.visit.client.cookies.jar if each.name != COOKIE)
    context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": address}])
    return context.new_page()


def main() -> None:
    """Take them all."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    files: list[Path] = []

    def picture(page: Page, name: str) -> None:
        files.append(FOLDER / f"{name}.png")
        page.screenshot(path=files[-1])

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = installation(Path(folder))
        telephone = app.state.transports["sms"] = Telephone()
        with TestClient(app, follow_redirects=False) as client:
            month_of_events(app, client, 300)
            person = owing(app, client, telephone)
            person.send(PDF)
            person.decide("refuse", reason="unreadable")
            person.send(png())
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with serving(app) as address:
            page = colleague(browser, app, address, "zh")
            page.goto(f"{address}/console/overview?span=month&by=reason")
            picture(page, "console-overview")
            page.goto(f"{address}/console/overview/rows/cases?first=2026-10-26&last=2026-11-24")
            picture(page, "console-overview-rows")
            page.goto(f"{address}/console/evidence")
            page.locator("tbody a").first.click()
            picture(page, "console-papers")
            page.context.close()
            page = colleague(browser, app, address, "en", color_scheme="dark")
            page.goto(f"{address}/console/overview?span=month")
            picture(page, "console-overview-dark")
            page.context.close()
            page = cardholder(browser, person, address)
            page.goto(f"{address}/evidence")
            picture(page, "phone-zh-evidence")
            page.context.close()
        browser.close()
    reduce(files)


if __name__ == "__main__":
    main()
