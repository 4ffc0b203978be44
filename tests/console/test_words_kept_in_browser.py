"""No word that a colleague has typed is lost: not by a reload, the line, the session's end or a lost floor."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from api.console.models import StaffSession
from api.console.sessions import SessionRules, admit_session, find_session, open_session
from tests.conftest import Telephone
from tests.console.desk_browser import ServedDesk, messages, on_a_case, served_desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def desk(app: FastAPI, telephone: Telephone, browser: Browser) -> Iterator[ServedDesk]:
    """The application, served, with nobody in it yet."""
    with served_desk(app, telephone, browser) as made:
        yield made


def test_words_survive_a_reload_and_another_colleague_never_sees_them(desk: ServedDesk) -> None:
    one, case_id = on_a_case(desk)
    one.page.fill("#words", "好的，学费先留出来，")
    one.page.reload()
    expect(one.page.locator("#words")).to_have_value("好的，学费先留出来，")
    desk.sign_in(one.context, renewed(desk, desk.colleague("collector").staff.id))
    one.page.goto(f"{desk.address}/console/cases/{case_id}")
    expect(one.page.locator("#words")).to_have_value("")


def test_words_survive_a_lost_line_and_are_said_once(desk: ServedDesk) -> None:
    one, _ = on_a_case(desk)
    one.page.fill("#words", "您好，我是陶宁。")
    one.context.set_offline(True)
    one.press("Control+Enter")
    expect(one.page.locator("#sent")).to_contain_text("没发出去，字都在")
    one.context.set_offline(False)
    expect(one.page.locator(".said--collector")).to_have_count(1, timeout=30_000)
    expect(one.page.locator("#words")).to_have_value("")
    assert messages(desk) == ["您好，我是陶宁。"]


def test_an_answer_lost_on_the_way_back_is_not_said_twice(desk: ServedDesk) -> None:
    one, _ = on_a_case(desk)
    lost: list[str] = []

    def lose_first(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        lost.append("once")
        route.fetch()  # type: ignore[attr-defined]  # it arrives, and its answer does not
        route.abort()  # type: ignore[attr-defined]

    one.page.route("**/messages", lose_first)
    one.page.fill("#words", "您好，我看看。")
    one.press("Control+Enter")
    expect(one.page.locator("#sent")).to_contain_text("没发出去")
    one.press("Control+Enter")
    expect(one.page.locator("#words")).to_have_value("")
    assert messages(desk) == ["您好，我看看。"]


def test_words_survive_the_end_of_the_session(desk: ServedDesk) -> None:
    one, case_id = on_a_case(desk)
    one.page.fill("#words", "好的，学费先留出来。")
    with desk.app.state.database.transaction() as session:
        session.get_one(StaffSession, one.staff.session_id).ended_at = desk.app.state.clock.now()
    one.press("Control+Enter")
    one.page.wait_for_url(re.compile("/console/sign-in"))
    desk.sign_in(one.context, renewed(desk, one.staff.id))
    one.page.goto(f"{desk.address}/console/cases/{case_id}")
    expect(one.page.locator("#words")).to_have_value("好的，学费先留出来。")
    assert messages(desk) == []
    one.page.click("#send")
    expect(one.page.locator("#words")).to_have_value("")
    assert messages(desk) == ["好的，学费先留出来。"]


def test_words_survive_a_floor_that_somebody_else_got(desk: ServedDesk) -> None:
    one, case_id = on_a_case(desk)
    one.page.fill("#words", "好的，学费先留出来。")
    supervisor = desk.colleague("supervisor", name="秦岚", at=f"/console/cases/{case_id}")
    to = desk.colleague("collector", name="陆舟").staff
    supervisor.press("m")
    supervisor.page.select_option("#to", to.id)
    supervisor.page.click("#act-do")
    expect(one.page.locator("#case-floor")).to_contain_text("陆舟在发言")
    expect(one.page.locator("#send")).to_have_attribute("aria-disabled", "true")
    expect(one.page.locator("#composer-state")).to_contain_text("陆舟在回复")
    expect(one.page.locator("#words")).to_have_value("好的，学费先留出来。")
    assert messages(desk) == []


def renewed(desk: ServedDesk, staff_id: str) -> str:
    """Sign a colleague in again; returns the new cookie's value."""
    now = desk.app.state.clock.now()
    rules = SessionRules.of(desk.app.state.policy.on(desk.app.state.clock.today()))
    with desk.app.state.database.transaction() as session:
        first = open_session(session, staff_id, now, rules)
        session.flush()
        found = find_session(session, first, now, rules)
        assert found is not None
        return admit_session(found[0], now, rules)
