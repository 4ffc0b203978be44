"""The person opens their own contact ledger: every attempt, on what ground, and nothing of anybody else."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from sqlalchemy import select

from api.contact.gate import RULES
from api.kit.clock import SetClock
from api.web.words import Words
from api.webhooks.models import BankNotice
from tests.conftest import BANK, Visit, import_rows, portfolio_row
from tests.followup.test_progress_page import serve

NIGHT = datetime(2026, 11, 23, 23, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def told(account_ref: str, reference: str, **changes: str) -> dict[str, str]:
    """Return an agency's call by night, or whatever is changed."""
    return {
        "account_ref": account_ref, "purpose": "collection", "reference": reference,
        "at": NIGHT.isoformat(), "by": "agency", "channel": "call", "outcome": "connected",
        **changes,
    }  # fmt: skip


def test_who_contacted_me(visit: Visit, client: TestClient, clock: SetClock) -> None:
    assert client.get("/contacts").status_code == 403  # not before we know who asks
    visit.identify()
    import_rows(client, portfolio_row(account_ref="A-2", person_ref="P-2"))
    client.post("/v1/contacts", json=told("A-2", "C-2", by="colleague"), headers=BANK)
    client.post("/v1/contacts", json=told("A-1", "C-1"), headers=BANK)
    noon = told("A-1", "L-1", at=(NIGHT - timedelta(hours=36)).isoformat(), channel="letter")
    client.post("/v1/contacts", json=noon, headers=BANK)
    page = client.get("/contacts")
    assert page.headers["cache-control"] == "no-store"
    for words in (
        "谁联系过您", "发验证码", "因为您先联系了我们", "银行请的机构 · 电话 · 接通了", "夜里不得打扰",
        "今天最多还会主动找您 1 次", "当天第 1 次（最多 1 次），7 天内第 1 次（最多 3 次）", "22:00",
    ):  # fmt: skip
        assert words in page.text, words
    assert "银行同事 ·" not in page.text  # another person's
    rows = list(csv.reader(StringIO(client.get("/contacts.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["时间", "谁", "方式", "为什么", "结果", "依据"]
    assert [row[1] for row in rows[1:]] == ["自动助手", "银行请的机构", "银行请的机构"]
    assert [row[0] for row in rows[1:]] == [
        "2026-11-24T12:00:00+08:00", "2026-11-23T23:15:00+08:00", "2026-11-22T11:15:00+08:00",
    ]  # fmt: skip


def test_calls_that_were_answered_count_too(visit: Visit, client: TestClient) -> None:
    visit.identify()
    for number in range(3):
        at = (NIGHT + timedelta(hours=10, minutes=number)).isoformat()
        call = told("A-1", f"C-{number}", at=at, by="colleague", purpose="service_notice")
        client.post("/v1/contacts", json=call, headers=BANK)
    ask = {"account_ref": "A-1", "purpose": "collection"}
    answer = client.post("/v1/contacts/permission", json=ask, headers=BANK).json()
    assert (answer["verdict"], answer["rule"]) == ("wait", "gate.connected_a_day")
    assert "GB/T 45251-2025" in answer["citation"]


def test_texts_are_stopped_and_brought_back_on_the_page(
    visit: Visit, client: TestClient, app: FastAPI
) -> None:
    press = {"Origin": "http://testserver"}
    stop, resume = {"wanted": "no"}, {"wanted": "yes"}
    assert client.post("/contacts/texts", data=stop, headers=press).status_code == 403
    visit.identify()
    assert 'href="/contacts#texts"' in client.get("/chat").text
    assert "别再给我发短信" in client.get("/contacts").text
    for _ in range(2):
        answer = client.post("/contacts/texts", data=stop, headers=press)
        assert (answer.status_code, answer.headers["location"]) == (303, "/contacts#texts")
    page = client.get("/contacts").text
    assert "恢复短信" in page
    assert "我们不会主动找您" in page
    ask = {"account_ref": "A-1", "purpose": "collection"}
    answer = client.post("/v1/contacts/permission", json=ask, headers=BANK).json()
    assert (answer["verdict"], answer["rule"]) == ("drop", "gate.opt_out")  # for every sender
    for _ in range(2):
        client.post("/contacts/texts", data=resume, headers=press)
    assert "别再给我发短信" in client.get("/contacts").text
    with app.state.database.reading() as session:
        kinds = select(BankNotice.kind).order_by(BankNotice.position)
        assert list(session.scalars(kinds)) == ["contact.opted_out", "contact.opted_in"]
    foreign = client.post("/contacts/texts", data=stop, headers={"Origin": "https://x.example"})
    assert foreign.status_code == 403
    assert (
        client.post("/contacts/texts", data={"wanted": "maybe"}, headers=press).status_code == 422
    )


def test_in_english_and_after_an_opt_out(visit: Visit, client: TestClient) -> None:
    visit.identify()
    client.post("/chat/locale", data={"locale": "en"}, headers={"Origin": "http://testserver"})
    stop = {"account_ref": "A-1", "hold": "opt_out", "source": "hotline"}
    client.post("/v1/contacts/holds", json=stop, headers=BANK)
    page = client.get("/contacts").text
    assert "You asked us to stop texting" in page
    assert "Resume texts" in page
    assert "Between 22:00 and 08:00" in page


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_rule_has_words(locale: str) -> None:
    words = Words(locale)
    assert all(words.has("contacts.rule_" + rule.removeprefix("gate.")) for rule in RULES)


def test_the_menu_leads_there_once_they_are_known(visit: Visit, client: TestClient) -> None:
    assert 'href="/contacts"' not in client.get("/chat").text
    visit.identify()
    assert 'href="/contacts"' in client.get("/chat").text


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_it_is_open_to_everybody(
    visit: Visit, client: TestClient, browser: Browser, tmp_path: Path
) -> None:
    press = {"Origin": "http://testserver"}
    visit.identify()
    client.post("/v1/contacts", json=told("A-1", "C-1"), headers=BANK)
    found: list[str] = []
    for locale, scheme, width, wanted in (
        ("zh", "light", 390, "yes"), ("en", "dark", 390, "no"), ("zh", "dark", 320, "no"),
        ("en", "light", 320, "yes"),
    ):  # fmt: skip
        client.post("/chat/locale", data={"locale": locale}, headers=press)
        client.post("/contacts/texts", data={"wanted": wanted}, headers=press)
        html = client.get("/contacts").text
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.route("**/*", lambda route, _request, html=html: serve(route, html))
        page.goto("http://testserver/contacts")
        page.screenshot(path=tmp_path / f"{locale}-{scheme}-{width}.png", full_page=True)
        found += [one["id"] for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{locale} {width}: wider than the screen")
        context.close()
    assert found == []
