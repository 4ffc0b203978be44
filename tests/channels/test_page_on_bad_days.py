"""The page itself on a bad day: the honest word, help lines without an assistant, a server that dies."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.fernet import Fernet
from playwright.sync_api import BrowserContext, Page, Route, expect
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


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold the one writer's place in the database, as a stuck program would."""
    path = settings.data_dir / "anhuan.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def said(settings: Settings) -> list[str]:
    """Return what people have said, as it is kept."""
    database = Database(settings.database)
    with database.reading() as session:
        found = [m.text for m in session.scalars(select(Message)) if m.speaker == "person"]
    database.close()
    return found


@pytest.mark.parametrize(
    ("words", "heading", "call"),
    [
        ("我真的不想活了，别的都没用", "别的都先停下，您比这些都要紧", "拨打 12356，心理援助热线"),
        pytest.param(
            "I want to kill myself tonight",
            "Everything else stops. You matter more",
            "12356",
            marks=pytest.mark.long,
        ),
    ],
)
def test_help_lines_are_shown_and_announced_although_nothing_can_be_stored(
    page: Page, settings: Settings, words: str, heading: str, call: str
) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    with held(settings):
        page.fill("#message", words)
        page.press("#message", "Enter")
        alert = page.get_by_role("alert")
        expect(alert).to_be_visible(timeout=15_000)
        expect(alert.get_by_role("heading", name=heading)).to_be_focused()
        for line in ("12356", "120", "110"):
            assert alert.locator(f"a[href='tel:{line}']").is_visible()
        link = alert.get_by_role("link").first
        assert call in (link.get_attribute("aria-label") or "")
        assert alert.get_attribute("lang") == ("en" if words.isascii() else "zh-CN")
        expect(alert).not_to_contain_text("通知")
        expect(page.locator("#progress")).to_be_hidden()
        expect(page.locator("[data-pending] .turn__state")).to_contain_text("过一会儿自动再发")
        assert Axe().run(page).response["violations"] == []
        heard = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        (node,) = [n for n in heard if n.get("role", {}).get("value") == "alert"]
        live = {p["name"]: p["value"]["value"] for p in node["properties"]}
        assert live["live"] == "assertive"
    # The database is free again: the words go by themselves, and the server's own card takes over.
    expect(page.locator("[data-pending], [data-unsaved]")).to_have_count(0, timeout=20_000)
    expect(page.locator("[data-card=crisis]")).to_have_count(1)
    expect(page.locator("[data-card=crisis]")).to_contain_text("12356")
    assert said(settings).count(words) == 1


def refusing(page: Page, value: str, times: int) -> list[float]:
    """Let the next sendings be answered with 503 and ``Retry-After``; returns when each was sent."""
    sent: list[float] = []

    def answer(route: Route) -> None:
        sent.append(time.monotonic())
        if len(sent) <= times:
            route.fulfill(
                status=503, headers={"Retry-After": value}, content_type="application/problem+json",
                body='{"code": "busy"}',
            )  # fmt: skip
        else:
            route.continue_()

    page.route("**/messages", answer)
    return sent


def test_a_message_goes_again_by_itself_after_the_seconds_that_were_asked_for(
    page: Page, settings: Settings
) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    sent = refusing(page, "2", times=2)
    page.fill("#message", "过两秒再发的话")
    page.press("#message", "Enter")
    expect(page.get_by_role("button", name="再发一次")).to_be_visible()
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=20_000)
    assert len(sent) == 3
    assert all(1.9 <= later - before < 5 for before, later in pairwise(sent))
    assert said(settings).count("过两秒再发的话") == 1


def test_a_message_goes_again_at_the_date_that_was_named(page: Page, settings: Settings) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    moment = datetime.now(UTC) + timedelta(seconds=4)
    sent = refusing(page, format_datetime(moment, usegmt=True), times=1)
    page.fill("#message", "到点再发的话")
    page.press("#message", "Enter")
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=20_000)
    assert len(sent) == 2
    assert 1.5 <= sent[1] - sent[0] < 8
    assert said(settings).count("到点再发的话") == 1


@pytest.mark.parametrize("value", ["", "soon", "-3", "NaN"])
def test_without_a_time_that_can_be_read_the_button_sends_it_again(
    page: Page, settings: Settings, value: str
) -> None:
    expect(page.locator("[role=log]")).to_contain_text("系统出了故障")
    sent = refusing(page, value, times=1)
    page.fill("#message", f"按一下再发{value}")
    page.press("#message", "Enter")
    expect(page.locator("[data-pending] .turn__state")).to_have_text("没发出去")
    page.wait_for_timeout(1500)
    assert len(sent) == 1
    page.get_by_role("button", name="再发一次").click()
    expect(page.locator("[data-pending]")).to_have_count(0, timeout=20_000)
    assert said(settings).count(f"按一下再发{value}") == 1


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
    assert said(settings).count("我想看看有什么办法") == 1


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
