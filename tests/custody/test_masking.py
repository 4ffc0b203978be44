"""No list and no line of a log holds a whole name, a telephone number, a document's digits or a code."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI

from tests.conftest import BANK, Visit, import_rows, portfolio_row
from tests.console.signing_in import signed_in

NAME, NUMBER = "沈禾", "19900000001"

LISTS = (
    "/console/accounts?q=P-1", "/console/queue", "/console/cases", "/console/overview",
    "/console/approvals", "/console/audit",
)  # fmt: skip


def secrets_in(text: str, codes: list[str]) -> list[str]:
    """Return what of the person stands in a text that must not."""
    found = [word for word in (NAME, NUMBER, "123X", "123x") if word in text]
    return found + [code for code in codes if re.search(rf"(?<!\d){code}(?!\d)", text)]


def test_a_whole_conversation_leaves_nothing_of_the_person_in_lists_and_logs(
    visit: Visit, app: FastAPI, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    codes = [visit.code("identity")]
    visit.say(str(int(codes[0][::-1]) + 1).zfill(6)[-6:])
    visit.say(codes[0])
    visit.say("9999")
    visit.say("123x")
    visit.say(f"我叫{NAME}，手机{NUMBER}，身份证110101199001011234")
    visit.tell()
    visit.choose()
    codes.append(visit.code("signature"))
    visit.say(codes[1])
    visit.bot("agreement", {})
    visit.bot("handoff", {"reason": "ask_human"})
    import_rows(visit.client, portfolio_row(telephone="not a number", as_of="2026-11-24"))
    colleague, _ = signed_in(app, "collector", "supervisor", "administrator")
    pages = {}
    for address in LISTS:
        answer = colleague.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        pages[address] = answer.text
    assert "沈*" in pages["/console/accounts?q=P-1"]
    pages["the bank's list"] = visit.client.get("/v1/accounts?overdue=true", headers=BANK).text
    pages["agreements"] = visit.client.get("/v1/agreements", headers=BANK).text
    pages["notices"] = visit.client.get("/v1/notices", headers=BANK).text
    pages["health"] = visit.client.get("/metrics").text + visit.client.get("/readyz").text
    told = {name: found for name, text in pages.items() if (found := secrets_in(text, codes))}
    assert told == {}
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert logged, "there is a log to look at"
    assert secrets_in(logged, codes) == []
