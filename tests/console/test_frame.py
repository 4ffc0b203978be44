"""The frame around every staff page, and what it answers where something is not as it should be."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}


def test_a_page_carries_its_name_its_person_and_nothing_inline(
    app: FastAPI, client: TestClient
) -> None:
    colleague, staff = signed_in(app, "collector", name="陶宁")
    page = colleague.get("/console/me", headers=HTML)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "<title>我的设置</title>" in page.text
    assert "陶宁" in page.text
    assert staff.csrf in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text)


def test_without_a_session_a_page_leads_to_the_sign_in_and_back(client: TestClient) -> None:
    page = client.get("/console/me?x=1", headers=HTML)
    assert page.status_code == 303
    assert page.headers["location"] == "/console/sign-in?next=/console/me%3Fx%3D1"


def test_without_a_session_a_fragment_sends_the_whole_page_to_the_sign_in(
    client: TestClient,
) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/console/queue?mine=1"}
    part = client.get("/console/me", headers=asked)
    assert part.status_code == 401
    assert part.headers["hx-redirect"] == "/console/sign-in?next=/console/queue%3Fmine%3D1"


def test_without_a_session_a_program_gets_a_problem(client: TestClient) -> None:
    answer = client.get("/console/me", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_an_unsafe_call_shows_the_sessions_own_token(app: FastAPI, client: TestClient) -> None:
    colleague, staff = signed_in(app, "collector")
    other, _ = signed_in(app, "collector")
    foreign = other.headers.pop("X-CSRF-Token")
    colleague.headers.pop("X-CSRF-Token")
    refused = [
        colleague.post("/console/locale", data={"locale": "en"}),
        colleague.post("/console/locale", data={"locale": "en", "csrf": foreign}),
        colleague.post(
            "/console/locale", data={"locale": "en"}, headers={b"X-CSRF-Token": b"\xe9"}
        ),
    ]
    assert [answer.json()["code"] for answer in refused] == ["csrf_missing"] * 3
    form = colleague.post("/console/locale", data={"locale": "en", "csrf": staff.csrf})
    assert form.status_code == 303
    assert "My settings" in colleague.get("/console/me", headers=HTML).text
