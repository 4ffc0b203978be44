"""The page itself on a bad day: the honest word, help lines without an assistant, a server that dies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from api.conversations.models import Message
from api.kit.db import Database
from api.main import create_app
from api.settings import Settings
from tests.channels.serving import Serving, environment_of
from tests.conftest import HEADING, portfolio_row
from tooling.ports import free_ports

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages_on_bad_days")]

BANK = {"Authorization": "Bearer bank-token"}
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of one installation for these pages."""
    return Settings.model_validate(
        {
            "environment": "sandbox",
            "data_dir": tmp_path_factory.mktemp("pages"),
            "rasa_url": NOBODY,
            "rasa_token": "rasa-token",
            "bot_token": "bot-token",
            "service_token": "bank-token",
            "data_keys": Fernet.generate_key().decode(),
            "hash_key": "a key for hashes",
        }
    )


@pytest.fixture(scope="module")
def serving(settings: Settings) -> Iterator[Serving]:
    """The API with nobody behind it, ready to be killed."""
    made = create_app(settings)
    made.state.database.create_all()
    made.state.database.close()
    log: Path = settings.data_dir / "api.log"
    started = Serving(free_ports(1)[0], environment_of(settings, NOBODY), log)
    started.wait()
    yield started
    started.stop()


@pytest.fixture
def page(serving: Serving, context: BrowserContext) -> Page:
    """A page that has just been opened by the bank's link."""
    with httpx2.Client(base_url=serving.address, headers=BANK, timeout=30) as bank:
        bank.post("/v1/accounts/import", content=(HEADING + portfolio_row()).encode())
        account = bank.get("/v1/accounts").json()["items"][0]
        code = bank.post(f"/v1/accounts/{account['id']}/invites").json()["code"]
    made = context.new_page()
    made.goto(f"{serving.address}/i/{code}")
    made.locator("main form button").first.click()
    made.wait_for_url("**/chat")
    return made


def test_help_lines_are_shown_although_the_assistant_is_down(page: Page) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    page.fill("#message", "我真的不想活了")
    page.press("#message", "Enter")
    crisis = page.locator("[data-card=crisis]")
    expect(crisis).to_be_visible()
    for line in ("12356", "120", "110"):
        expect(crisis).to_contain_text(line)
    page.reload()
    expect(page.locator("[data-card=crisis]")).to_be_visible()


def test_help_lines_are_shown_without_scripts_too(serving: Serving, page: Page) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    with httpx2.Client(base_url=serving.address, cookies=cookies, timeout=30) as form:
        form.post("/chat/messages", data={"text": "不想活了"})
        shown = form.get("/chat").text
    assert "12356" in shown
    assert 'href="tel:12356"' in shown


def test_what_is_sent_while_the_server_is_dead_arrives_once_when_it_is_back(
    serving: Serving, page: Page, settings: Settings
) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    serving.kill()
    page.fill("#message", "我想看看有什么办法")
    page.press("#message", "Enter")
    bubble = page.locator(".turn--person", has_text="我想看看有什么办法")
    expect(bubble).to_have_count(1)
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=30_000)
    page.reload()
    expect(bubble).to_have_count(1)
    database = Database(settings.database)
    with database.reading() as session:
        said = [m.text for m in session.scalars(select(Message)) if m.speaker == "person"]
    database.close()
    assert said.count("我想看看有什么办法") == 1


def test_leaving_shows_a_neutral_page_and_back_shows_nothing(page: Page) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    page.fill("#message", "我失业了")
    page.press("#message", "Enter")
    expect(page.locator("[data-pending]")).to_have_count(0)
    page.locator("#menu summary").click()
    page.locator("[data-leave] button").first.click()
    page.wait_for_load_state()
    expect(page.locator("[role=log]")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("我失业了")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0
