"""The console's frame in a real browser: signing in, keys, what was typed, and the session's end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Route, expect

from api.kit.clock import SetClock
from tests.conftest import HEADING, portfolio_row
from tests.console.at_desk import desk
from tests.console.at_the_door import OWN, AtTheDoor
from tests.console.signing_in import session_of
from tests.sandbox.running import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_first_day_in_a_browser(
    app: FastAPI, browser: Browser, desk_address: str, clock: SetClock
) -> None:
    door = AtTheDoor(app, clock)
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "console",
        lambda said: refused.append(said.text) if "Content Security" in said.text else None,
    )
    page.goto(f"{desk_address}/console/policy?q=验证码")
    page.get_by_label("登录名").fill("taoning")
    page.get_by_label("密码").fill(door.password)
    page.keyboard.press("Enter")
    page.get_by_label("新密码").fill(OWN)
    page.get_by_label("再写一遍").fill(OWN)
    page.keyboard.press("Enter")
    picture = page.get_by_role("img", name="给验证器扫的二维码").locator("svg")
    assert picture.bounding_box()["width"] > 150  # type: ignore[index]
    page.get_by_text("手动输入密钥").click()
    secret = (page.locator(".secret__code").text_content() or "").replace(" ", "")
    page.get_by_label("6 位数字").fill(pyotp.TOTP(secret).at(clock.now()))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="收好了").click()
    expect(page).to_have_title("政策")  # where they were going
    assert "q=" in page.url
    assert page.evaluate("document.cookie") == ""
    context.close()
    assert refused == []


def test_everything_is_reached_by_keys_and_keys_can_be_switched_off(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "supervisor") as page:
        page.goto(f"{desk_address}/console/policy")
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="快捷键")
        expect(dialog).to_be_visible()
        expect(dialog).to_contain_text("账户")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.keyboard.press("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("g a ?")  # in a field, letters are letters
        expect(page.locator("#q")).to_have_value("g a ?")
        page.keyboard.press("Escape")
        expect(page.locator("#q")).not_to_be_focused()
        page.keyboard.press("g")
        page.keyboard.press("a")
        expect(page).to_have_title("账户")

        page.keyboard.press("?")
        page.get_by_label("使用快捷键").uncheck()
        page.get_by_role("button", name="关上").click()
        expect(page.get_by_text("快捷键已关")).to_be_visible()
        page.keyboard.press("g")
        page.keyboard.press("r")
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()
        expect(page).to_have_title("账户")
        page.reload()
        page.keyboard.press("/")
        expect(page.locator("#q")).not_to_be_focused()
        page.keyboard.press("?")  # the list of keys can still be opened, to switch them on again
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()


def test_tab_leads_from_the_skip_link_over_the_rail_into_the_page(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "supervisor") as page:
        page.goto(f"{desk_address}/console/accounts")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#q")).to_be_focused()


def test_what_was_typed_outlives_the_session(
    app: FastAPI, browser: Browser, desk_address: str, clock: SetClock
) -> None:
    door = AtTheDoor(app, clock, login="qinlan", roles=("administrator",))
    door.first_day()
    context = browser.new_context(locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()

    def sign_in() -> None:
        clock.forward(timedelta(minutes=1))
        page.get_by_label("登录名").fill("qinlan")
        page.get_by_label("密码").fill(OWN)
        page.keyboard.press("Enter")
        page.get_by_label("6 位数字").fill(door.digits())
        page.keyboard.press("Enter")

    page.goto(f"{desk_address}/console/staff")
    sign_in()
    page.get_by_label("姓名").fill("何静，关怀")
    page.get_by_label("登录名").fill("hejing")
    clock.forward(timedelta(minutes=40))
    page.get_by_role("button", name="加一位同事").click()
    expect(page.get_by_role("heading", name="登录工作台")).to_be_visible()
    sign_in()
    expect(page).to_have_title("同事")  # back where they were
    expect(page.get_by_text("刚才没交出去的字")).to_be_visible()
    expect(page.get_by_label("姓名")).to_have_value("何静，关怀")
    expect(page.get_by_label("登录名")).to_have_value("hejing")
    page.get_by_label("关怀专员").check()
    page.get_by_role("button", name="加一位同事").click()
    expect(page.get_by_role("heading", name="何静，关怀的一次性密码")).to_be_visible()
    page.goto(f"{desk_address}/console/staff")
    expect(page.get_by_label("姓名")).to_have_value("")  # what was taken in is no draft any more
    context.close()


def test_what_is_typed_before_the_script_has_come_is_a_draft_too(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "administrator") as page:
        held: list[Route] = []
        page.route("**/console.js*", lambda route: held.append(route))
        page.goto(f"{desk_address}/console/staff", wait_until="commit")
        page.get_by_label("姓名").fill("何静，关怀")
        held[0].continue_()
        page.wait_for_function("JSON.stringify(sessionStorage).includes('何静')")
        page.unroute("**/console.js*")
        page.reload()
        expect(page.get_by_label("姓名")).to_have_value("何静，关怀")


def test_another_colleague_at_the_same_screen_finds_no_draft(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "administrator") as page:
        page.goto(f"{desk_address}/console/staff")
        page.get_by_label("姓名").fill("没写完的名字")
        _, token = session_of(app, "administrator", name="另一位")
        page.context.add_cookies(
            [{"name": "console", "value": token, "url": f"{desk_address}/console"}]
        )
        page.reload()
        expect(page.get_by_label("姓名")).to_have_value("")
        assert "没写完" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_signing_out_forgets_what_was_typed(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "administrator") as page:
        page.goto(f"{desk_address}/console/staff")
        page.get_by_label("姓名").fill("没写完的名字")
        page.goto(f"{desk_address}/console/me")
        assert "没写完" in page.evaluate("JSON.stringify(sessionStorage)")
        page.get_by_role("button", name="退出登录").click()
        expect(page.get_by_role("heading", name="登录工作台")).to_be_visible()
        assert "没写完" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_passwords_and_codes_are_no_drafts(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "collector") as page:
        page.goto(f"{desk_address}/console/me")
        for field in page.locator("input[type=password]").all():
            field.fill("a secret of mine")
        assert "secret" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_before_the_end_it_is_said_and_one_press_goes_on(
    app: FastAPI, browser: Browser, desk_address: str, clock: SetClock
) -> None:
    with desk(browser, app, desk_address, "collector") as page:
        page.clock.install()
        page.goto(f"{desk_address}/console/accounts")
        page.clock.fast_forward("28:01")
        clock.forward(timedelta(minutes=28))
        expect(page.get_by_role("alert").filter(has_text="快要自动退出")).to_be_visible()
        page.get_by_role("button", name="继续用").click()
        expect(page.get_by_text("快要自动退出")).to_be_hidden()
        clock.forward(timedelta(minutes=20))
        assert page.reload().status == 200  # type: ignore[union-attr]
        clock.forward(timedelta(minutes=40))
        page.clock.fast_forward("30:05")
        page.wait_for_url("**/console/sign-in?next=*")


def test_a_tab_whose_session_another_tab_keeps_takes_its_warning_back_and_hears_of_a_later_end(
    app: FastAPI, browser: Browser, desk_address: str, clock: SetClock
) -> None:
    with desk(browser, app, desk_address, "collector") as page:
        page.clock.install()
        page.goto(f"{desk_address}/console/accounts")
        page.clock.fast_forward("28:01")
        warning = page.get_by_text("快要自动退出")
        expect(warning).to_be_visible()
        page.clock.fast_forward("02:05")  # for the server next to no time has passed
        expect(warning).to_be_hidden()
        clock.forward(timedelta(minutes=40))
        page.clock.fast_forward("30:05")
        page.wait_for_url("**/console/sign-in?next=*")


def test_a_link_from_elsewhere_finds_the_session_although_its_cookie_is_strict(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    other = FastAPI()
    there = desk_address.replace("127.0.0.1", "localhost")

    @other.get("/")
    def link() -> HTMLResponse:
        return HTMLResponse(f'<a href="{there}/console/policy">to the console</a>')

    with serving(other) as elsewhere, desk(browser, app, there, "collector") as page:
        page.goto(elsewhere)  # 127.0.0.1 is another site than localhost
        page.get_by_role("link").click()
        expect(page).to_have_title("政策")


def test_colours_are_chosen_and_remembered(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with desk(browser, app, desk_address, "collector", color_scheme="light") as page:
        page.goto(f"{desk_address}/console/me")
        light = page.evaluate(paper)
        page.get_by_role("button", name="深色").click()
        dark = page.evaluate(paper)
        assert dark != light
        page.goto(f"{desk_address}/console/policy")
        assert page.evaluate(paper) == dark


def test_a_refused_part_is_said_on_the_page(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    with desk(browser, app, desk_address, "supervisor") as page:
        page.goto(f"{desk_address}/console/accounts")
        page.evaluate("htmx.ajax('GET', '/console/accounts/import/pi_none', '#main')")
        alert: Any = page.get_by_role("alert").filter(has_text="没有这次导入")
        expect(alert).to_be_visible()
        expect(page.locator("#q")).to_be_visible()


def test_an_import_shows_its_progress_without_a_reload(
    app: FastAPI, browser: Browser, desk_address: str
) -> None:
    rows = "".join(
        portfolio_row(account_ref=f"A-{n}", person_ref=f"P-{n}", telephone=f"+86199{n:08d}")
        for n in range(1200)
    )
    with desk(browser, app, desk_address, "supervisor") as page:
        page.goto(f"{desk_address}/console/accounts/import")
        page.set_input_files(
            "#file",
            {"name": "p.csv", "mimeType": "text/csv", "buffer": (HEADING + rows + "x\n").encode()},
        )
        page.locator("main").get_by_role("button", name="导入账户").click()
        page.evaluate("window.stayed = true")
        expect(page.get_by_role("heading", name="导入完成")).to_be_visible(timeout=60_000)
        assert page.evaluate("window.stayed") is True
        expect(page.locator(".facts dd").first).to_have_text("1200")
