from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from twilio.request_validator import RequestValidator

from sandbox.portfolio import people
from sandbox.telephone import create_app
from tests.sandbox.conftest import BANK, TOKEN, Bench, settings_for
from tests.sandbox.running import Recorder, serving

PHONE = "+8619900000102"


def write(bench: Bench, body: str) -> httpx2.Response:
    return httpx2.post(f"{bench.address}/phone/{PHONE}/texts", data={"body": body})


@pytest.mark.parametrize("path", ["/", "/?lang=en", f"/phone/{PHONE}", f"/phone/{PHONE}?lang=en"])
def test_every_page_is_marked_as_practice_and_runs_nothing_inline(bench: Bench, path: str) -> None:
    page = httpx2.get(bench.address + path)

    assert page.status_code == 200
    mark = "no real texts are sent" if "lang=en" in path else "练习用，不会发出真短信"
    assert mark in page.text
    assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text)


def test_the_list_shows_everybody_and_who_has_news(bench: Bench) -> None:
    bench.client().messages.create(to=PHONE, from_=BANK, body="【云汀银行】您好")
    bench.client().messages.create(to="+8613900000001", from_=BANK, body="hello")

    page = httpx2.get(bench.address + "/").text

    assert all(person.telephone in page and person.summary_zh in page for person in people())
    assert page.count("1 条新短信") == 2
    assert "样本以外的号码" in page
    assert "+8613900000001" in page


def test_opening_a_phone_shows_its_texts_and_marks_them_seen(bench: Bench) -> None:
    bench.client().messages.create(
        to=PHONE,
        from_=BANK,
        body="【云汀银行】验证码507264。打开 https://example.com/i/a1 <b>看</b>。",
    )

    page = httpx2.get(f"{bench.address}/phone/{PHONE}").text

    assert "<h2>云汀银行</h2>" in page
    assert "<strong>507264</strong>" in page
    assert 'href="https://example.com/i/a1" target="_blank"' in page
    assert "&lt;b&gt;看&lt;/b&gt;" in page
    assert "条新短信" not in httpx2.get(bench.address + "/").text


def test_tests_can_read_the_newest_text_to_a_number(bench: Bench) -> None:
    bench.client().messages.create(to=PHONE, from_=BANK, body="【云汀银行】验证码111111")
    bench.client().messages.create(to=PHONE, from_=BANK, body="【云汀银行】验证码222222")
    bench.client().messages.create(to="+85251230104", from_=BANK, body="Yunting Bank: 333333")

    found = httpx2.get(f"{bench.address}/api/messages", params={"to": PHONE}).json()["messages"]

    assert [text["body"][-6:] for text in found] == ["222222", "111111"]


def test_a_text_written_on_the_phone_reaches_the_bank_signed_as_by_twilio(bench: Bench) -> None:
    bench.client().messages.create(to=PHONE, from_=BANK, body="【云汀银行】您好")

    answer = write(bench, "你们是真的吗")

    assert answer.status_code == 303
    [(path, form, signature)] = bench.product.wait_for(1)
    assert path == "/v1/sms/inbound"
    assert (form["From"], form["To"], form["Body"]) == (PHONE, BANK, "你们是真的吗")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert (form["NumSegments"], form["NumMedia"], form["FromCountry"]) == ("1", "0", "CN")
    assert form["FromCity"] == ""
    url = f"{bench.product_address}/v1/sms/inbound"
    assert RequestValidator(TOKEN).validate(url, form, signature)
    assert "银行已收到" in httpx2.get(f"{bench.address}/phone/{PHONE}").text


def test_while_the_bank_has_no_such_route_the_phone_says_so(
    bench: Bench, product: Recorder
) -> None:
    product.status = 404
    assert '<p class="hint" data-later hidden' in httpx2.get(f"{bench.address}/phone/{PHONE}").text

    write(bench, "在吗")

    page = httpx2.get(f"{bench.address}/phone/{PHONE}").text
    assert "没有送到：短信回复还没有开通" in page
    assert '<p class="hint" data-later  role' in page
    english = httpx2.get(f"{bench.address}/phone/{PHONE}?lang=en").text
    assert "Replying by text is not available yet" in english


def test_an_unreachable_bank_loses_nothing_that_was_written(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:9")
    with serving(create_app(settings)) as address:
        httpx2.post(f"{address}/phone/{PHONE}/texts", data={"body": "在吗"}, timeout=30)
        page = httpx2.get(f"{address}/phone/{PHONE}").text
    assert "在吗" in page
    assert "没有送到：产品没有在运行" in page
    assert "聊天页现在打不开" in page


@pytest.mark.parametrize(
    ("ancestors", "framed"),
    [("'none'", False), ("'self' http://localhost:8001", True), (None, True)],
)
def test_the_chat_stands_beside_the_phone_only_where_its_policy_allows(
    tmp_path: Path, ancestors: str | None, framed: bool
) -> None:
    app = FastAPI()

    @app.get("/chat")
    def chat() -> HTMLResponse:
        policy = {"Content-Security-Policy": f"frame-ancestors {ancestors}"} if ancestors else None
        return HTMLResponse("chat", headers=policy)

    with serving(app) as product_address:
        # The telephone lives beside the product under one host name.
        settings = settings_for(tmp_path, product_address.replace("127.0.0.1", "localhost"))
        with serving(create_app(settings)) as address:
            page = httpx2.get(f"{address}/phone/{PHONE}", params={"chat": "/i/abc"}).text
    assert ("<iframe" in page) is framed
    assert "在新标签打开聊天" in page
    assert f"{settings.public_url}/i/abc" in page


@pytest.mark.parametrize(
    "chat", ["https://elsewhere.example/", "//elsewhere.example/", "/\\x.example"]
)
def test_the_frame_never_leaves_the_product(bench: Bench, chat: str) -> None:
    page = httpx2.get(f"{bench.address}/phone/{PHONE}", params={"chat": chat}).text

    assert "elsewhere" not in page
    assert "x.example" not in page
    assert f'href="{bench.product_address}/chat"' in page


def test_something_that_is_no_number_has_no_phone(bench: Bench) -> None:
    assert httpx2.get(f"{bench.address}/phone/nobody").status_code == 404


def test_what_the_product_answers_in_twiml_is_texted_back_as_twilio_does(
    bench: Bench, product: Recorder
) -> None:
    product.body = "<Response><Message>打卡背面的电话 &amp; 说一声</Message></Response>"
    write(bench, "在吗")
    assert "打卡背面的电话 &amp; 说一声" in httpx2.get(f"{bench.address}/phone/{PHONE}").text
