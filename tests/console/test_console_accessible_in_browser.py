"""axe-core on every staff page, in both languages, by day and night, at 320 px and at 200 % zoom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from api.accounts.models import Person
from api.console.models import StaffMember
from api.contact.holds import place_hold
from tests.conftest import BANK, import_rows, portfolio_row
from tests.console.at_desk import desk
from tests.console.at_the_door import AtTheDoor
from tests.sandbox.running import serving
from tests.web.test_zoom_in_browser import COVERED, CUT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


@dataclass
class Shown:
    """A served console with something on every page."""

    app: FastAPI
    address: str
    person_id: str
    colleague_id: str

    def pages(self) -> dict[str, str]:
        """Every page that a colleague with all roles can open, by a name."""
        return {
            "accounts": "/console/accounts?q=欧阳锦绣",
            "nobody": "/console/accounts?q=x",
            "person": f"/console/accounts/{self.person_id}",
            "import": "/console/accounts/import",
            "policy": "/console/policy?q=bank.code",
            "structured policy": "/console/policy?q=living_floor",
            "audit": "/console/audit?others=true",
            "staff": "/console/staff",
            "colleague": f"/console/staff/{self.colleague_id}",
            "me": "/console/me",
            "trouble": "/console/staff/s_nobody",
        }


@pytest.fixture
def shown(app: FastAPI) -> Iterator[Shown]:
    """One person with two cards, a hold and a payment; one colleague who has not come yet."""
    client = TestClient(app)
    import_rows(
        client,
        portfolio_row(name="欧阳锦绣", principal="1234567.89"),
        portfolio_row(name="欧阳锦绣", account_ref="A-2", card_tail="4417"),
    )
    paid = {"reference": "B-7", "account_ref": "A-1", "amount": "512.30", "paid_on": "2026-11-20"}
    client.post("/v1/payments", json=paid, headers=BANK)
    with app.state.database.transaction() as session:
        person_id = session.scalars(select(Person.id)).one()
        place_hold(
            session, person_id=person_id, kind="dispute", source="staff:call:T-1",
            now=app.state.clock.now(),
        )  # fmt: skip
    door = AtTheDoor(
        app, app.state.clock, login="a-rather-long-login.of-somebody", name="欧阳 锦绣文"
    )
    with serving(app) as address:
        yield Shown(app, address, person_id, door.staff_id)


def faults(page: Page, name: str, *, cut: bool) -> list[str]:
    page.evaluate(OPEN_ALL)
    violations = Axe().run(page).response["violations"]
    found = [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in violations]
    if cut:
        return found + [f"{name}: {fault}" for fault in page.evaluate(CUT) + page.evaluate(COVERED)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{name}: wider than the screen")
    return found


LIGHT, DARK = {"color_scheme": "light"}, {"color_scheme": "dark"}
SMALL = {"viewport": {"width": 320, "height": 700}}
ZOOMED = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}


@pytest.mark.parametrize(
    ("locale", "how", "zoomed"),
    [
        pytest.param("zh", LIGHT, False, id="zh", marks=pytest.mark.long),
        pytest.param("en", DARK, False, id="en-dark"),
        pytest.param("zh", SMALL | DARK, True, id="zh-320-dark"),
        pytest.param("en", SMALL, True, id="en-320", marks=pytest.mark.long),
        pytest.param("zh", ZOOMED, True, id="zh-200%", marks=pytest.mark.long),
        pytest.param("en", ZOOMED, True, id="en-200%"),
    ],
)
def test_every_page_of_the_frame(
    browser: Browser, shown: Shown, locale: str, how: dict[str, Any], zoomed: bool
) -> None:
    roles: Any = ("collector", "supervisor", "care", "administrator")
    found: list[str] = []
    with desk(browser, shown.app, shown.address, *roles, locale=locale, **how) as page:
        for name, path in shown.pages().items():
            page.goto(f"{shown.address}{path}", wait_until="load")
            found += faults(page, name, cut=zoomed)
        page.goto(f"{shown.address}/console/me")
        page.keyboard.press("?")
        found += [
            f"keys: {one['id']} {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(page).response["violations"]
        ]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_the_sign_in(browser: Browser, shown: Shown, locale: str, width: int) -> None:
    door = AtTheDoor(shown.app, shown.app.state.clock, login=f"new-{locale}-{width}")
    with shown.app.state.database.transaction() as session:
        session.get_one(StaffMember, door.staff_id).locale = locale
    context = browser.new_context(
        viewport={"width": width, "height": 700}, locale=locale, reduced_motion="reduce"
    )
    page, found = context.new_page(), list[str]()
    page.goto(f"{shown.address}/console/sign-in")
    found += faults(page, "login", cut=True)
    page.fill("#login", door.login)
    page.fill("#password", "wrong")
    page.click("main button")
    found += faults(page, "wrong login", cut=True)
    page.fill("#password", door.password)
    page.click("main button")
    found += faults(page, "new password", cut=True)
    for field in ("#password", "#again"):
        page.fill(field, "四匹马和一盏旧台灯 horses")
    page.click("main button")
    found += faults(page, "set-up", cut=True)
    door.secret = (page.locator(".secret__code").text_content() or "").replace(" ", "")
    page.fill("#code", door.digits())
    page.click("main button[class*=primary]")
    found += faults(page, "recovery codes", cut=True)
    context.clear_cookies()
    page.goto(f"{shown.address}/console/sign-in")
    page.fill("#login", door.login)
    page.fill("#password", "四匹马和一盏旧台灯 horses")
    page.click("main button")
    found += faults(page, "code", cut=True)
    context.close()
    assert "\n".join(found) == ""
