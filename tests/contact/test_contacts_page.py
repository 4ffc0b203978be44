"""The person opens their own contact ledger: every attempt, on what ground, and nothing of anybody else."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from api.contact.gate import RULES
from api.kit.clock import SetClock
from api.web.words import Words
from tests.conftest import BANK, Visit, import_rows, portfolio_row

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


def test_in_english_and_after_an_opt_out(visit: Visit, client: TestClient) -> None:
    visit.identify()
    client.post("/chat/locale", data={"locale": "en"}, headers={"Origin": "http://testserver"})
    stop = {"account_ref": "A-1", "hold": "opt_out", "source": "hotline"}
    client.post("/v1/contacts/holds", json=stop, headers=BANK)
    page = client.get("/contacts").text
    assert "You asked us to stop texting" in page
    assert "Between 22:00 and 08:00" in page


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_rule_has_words(locale: str) -> None:
    words = Words(locale)
    assert all(words.has("contacts.rule_" + rule.removeprefix("gate.")) for rule in RULES)


def test_the_menu_leads_there_once_they_are_known(visit: Visit, client: TestClient) -> None:
    assert 'href="/contacts"' not in client.get("/chat").text
    visit.identify()
    assert 'href="/contacts"' in client.get("/chat").text
