"""Signing in through the pages: nobody gets in with less than everything, and nothing tells who exists."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.console.admission import COOKIE
from api.console.error_page import safe_next
from api.console.models import StaffSession
from api.console.signing_in import Doorway
from api.console.staffing import disable
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.console.at_the_door import HTML, OWN, AtTheDoor


@pytest.fixture
def door(app: FastAPI, client: TestClient, clock: SetClock) -> AtTheDoor:
    """A new collector with a one-time password."""
    del client  # the application runs
    return AtTheDoor(app, clock)


def kinds(app: FastAPI, staff_id: str) -> list[str]:
    with app.state.database.reading() as session:
        found = select(Event.kind).where(
            Event.subject_kind == "staff", Event.subject_id == staff_id
        )
        return list(session.scalars(found.order_by(Event.id)))


def test_the_first_day_from_the_one_time_password_to_the_console(
    app: FastAPI, door: AtTheDoor
) -> None:
    assert door.give_password().headers["location"] == "/console/sign-in/next"
    assert "换成自己的密码" in door.page().text
    assert not door.inside()
    assert door.choose_password().status_code == 303
    assert "设置第二道验证" in door.page().text
    assert not door.inside()
    shown = door.set_up()
    assert len(door.recovery_codes) == 10
    assert shown.headers["cache-control"] == "no-store"
    assert door.inside()
    assert kinds(app, door.staff_id) == [
        "staff_added", "password_changed", "second_factor_set", "signed_in",
    ]  # fmt: skip


def test_every_later_day_takes_the_password_and_a_code(door: AtTheDoor) -> None:
    door.first_day()
    door.client.cookies.clear()
    door.clock.forward(timedelta(seconds=30))
    door.give_password()
    assert "验证器上的数字" in door.page().text
    assert not door.inside()
    assert door.give_code(then="/console/me").headers["location"] == "/console/me"
    assert door.inside()


def test_the_cookie_cannot_be_read_by_scripts_nor_ride_from_other_sites(door: AtTheDoor) -> None:
    cookie = door.give_password().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/console" in cookie
    assert "secure" not in cookie  # this installation is http


def test_on_https_the_cookie_is_secure(app: FastAPI, door: AtTheDoor) -> None:
    app.state.settings.public_url = "https://bank.example"
    assert "secure" in door.give_password().headers["set-cookie"].lower()


def test_admission_changes_the_cookie_so_that_an_old_one_opens_nothing(door: AtTheDoor) -> None:
    door.give_password()
    before = door.client.cookies[COOKIE]
    door.choose_password()
    door.set_up()
    stranger = TestClient(door.app, follow_redirects=False, headers=HTML)
    stranger.cookies.set(COOKIE, before)
    assert stranger.get("/console/me").status_code == 303


def test_nothing_tells_whether_a_login_exists(app: FastAPI, door: AtTheDoor) -> None:
    disabled = AtTheDoor(app, door.clock, login="gone")
    with app.state.database.transaction() as session:
        disable(session, disabled.staff_id, by="command", now=door.clock.now())
    expired = AtTheDoor(app, door.clock, login="late")
    door.clock.forward(timedelta(hours=73))
    answers = [
        door.give_password("wrong one"),
        door.give_password("wrong one", login="nobody"),
        disabled.give_password(),
        expired.give_password(),
        door.give_password("wrong", login="x" * 150),
        door.post("", login="", password=""),
    ]
    assert {answer.status_code for answer in answers} == {401}
    pages = {re.sub(r'(name="login" value=")[^"]*', r"\1", answer.text) for answer in answers}
    assert len(pages) == 1
    assert "登录名或密码不对，或者已经失效" in pages.pop()
    assert not any("set-cookie" in answer.headers for answer in answers)


@pytest.mark.parametrize("login", ["taoning", "nobody"])
def test_pauses_grow_and_are_the_same_for_a_login_that_nobody_has(
    door: AtTheDoor, login: str
) -> None:
    right = door.password
    for _ in range(5):
        assert door.give_password("wrong", login=login).status_code == 401
    for minutes in (1, 2, 5, 15, 60, 60):
        paused = door.give_password(right, login=login)  # a right one is not even looked at
        assert paused.status_code == 429
        assert "试得太多" in paused.text
        door.clock.forward(timedelta(minutes=minutes) - timedelta(seconds=1))
        assert door.give_password("wrong", login=login).status_code == 429
        door.clock.forward(timedelta(seconds=1))
        assert door.give_password("wrong", login=login).status_code == 401
    door.clock.forward(timedelta(hours=24, minutes=1))
    assert door.give_password("wrong", login=login).status_code == 401
    assert door.give_password("wrong", login=login).status_code == 401


def test_after_a_pause_the_right_password_is_taken(door: AtTheDoor) -> None:
    for _ in range(5):
        door.give_password("wrong")
    assert door.give_password().status_code == 429
    door.clock.forward(timedelta(minutes=1))
    assert door.give_password().status_code == 303


def test_one_origin_cannot_try_many_logins(app: FastAPI, door: AtTheDoor) -> None:
    for number in range(20):
        assert door.give_password("wrong", login=f"guess{number}").status_code == 401
    assert door.give_password("wrong", login="another").status_code == 429
    assert door.give_password().status_code == 429
    elsewhere = AtTheDoor(app, door.clock, login="elsewhere")
    elsewhere.client = TestClient(
        app, follow_redirects=False, headers=HTML, client=("198.51.100.7", 5000)
    )
    assert elsewhere.give_password().status_code == 303


def test_guessing_codes_is_counted_even_when_the_password_is_right_in_between(
    door: AtTheDoor,
) -> None:
    door.first_day()
    refused = []
    for _ in range(8):
        door.client.cookies.clear()
        if door.give_password().status_code == 429:
            refused.append("paused")
            continue
        refused.append(str(door.give_code("000000").status_code))
    assert refused == ["401"] * 5 + ["paused"] * 3


def test_a_code_is_taken_once_even_in_its_own_half_minute(app: FastAPI, door: AtTheDoor) -> None:
    door.first_day()
    code = door.digits()
    door.client.cookies.clear()
    door.give_password()
    assert door.give_code(code).status_code == 401  # it set the factor up
    door.clock.forward(timedelta(seconds=30))
    code = door.digits()
    assert door.give_code(code).status_code == 303
    door.client.cookies.clear()
    door.give_password()
    assert door.give_code(code).status_code == 401
    assert not door.inside()


def test_two_browsers_cannot_share_one_code(app: FastAPI, door: AtTheDoor) -> None:
    door.first_day()
    door.clock.forward(timedelta(seconds=30))
    doorway = Doorway(app.state.database, door.clock.now(), app.state.policy.on(door.clock.today()))
    tokens = [doorway.with_password(door.login, door.password, None).token for _ in range(6)]
    with app.state.database.reading() as session:
        waiting = list(
            session.scalars(select(StaffSession).where(StaffSession.admitted_at.is_(None)))
        )
    assert len(waiting) == len(set(tokens)) == 6
    code, start = door.digits(), threading.Barrier(len(waiting))
    passed: list[bool] = []

    def give(found: StaffSession) -> None:
        start.wait()
        passed.append(doorway.with_code(found, code, None).passed)

    threads = [threading.Thread(target=give, args=(found,)) for found in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False] * 5 + [True]


def test_a_clock_half_a_minute_off_is_borne_and_more_is_not(door: AtTheDoor) -> None:
    door.first_day()
    door.clock.forward(timedelta(minutes=5))
    for steps, status in ((2, 401), (-2, 401), (1, 303)):
        door.client.cookies.clear()
        door.give_password()
        assert door.give_code(door.digits(steps)).status_code == status, steps


def test_full_width_and_spaced_digits_are_read(door: AtTheDoor) -> None:
    door.first_day()
    door.client.cookies.clear()
    door.clock.forward(timedelta(minutes=1))
    door.give_password()
    wide = door.digits().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert door.give_code(f" {wide[:3]} {wide[3:]} ").status_code == 303


def test_a_recovery_code_stands_in_once(door: AtTheDoor) -> None:
    door.first_day()
    for code, status in (
        (door.recovery_codes[3], 303),
        (door.recovery_codes[3], 401),
        (door.recovery_codes[4].lower().replace("-", " "), 303),
        ("AAAAA-AAAAA", 401),
    ):
        door.client.cookies.clear()
        door.give_password()
        assert door.give_code(code).status_code == status


def test_another_colleagues_recovery_code_opens_nothing(app: FastAPI, door: AtTheDoor) -> None:
    door.first_day()
    other = AtTheDoor(app, door.clock, login="other")
    other.first_day()
    other.client.cookies.clear()
    other.give_password()
    assert other.give_code(door.recovery_codes[0]).status_code == 401


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "太短了"), ("aaaaaaaaaaaaaaaa", "重复的字符太多"), ("x" * 300, "太长了"),
        ("my name is taoning ok", "容易猜到"), ("我就是陶宁本人没有错的", "太短了"),
        ("我就是陶宁本人没有错的啊", "容易猜到"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(
    door: AtTheDoor, password: str, why: str
) -> None:
    door.give_password()
    answer = door.choose_password(password)
    assert answer.status_code == 422
    assert why in answer.text
    assert password not in answer.text


def test_the_one_time_password_cannot_be_kept_and_two_must_agree(door: AtTheDoor) -> None:
    door.give_password()
    assert "和一次性密码一样" in door.choose_password(door.password).text
    differs = door.post("/password", csrf=door.token(), password=OWN, again=OWN + "x")
    assert "两遍写的不一样" in differs.text


def test_the_one_time_password_opens_nothing_once_it_was_changed(door: AtTheDoor) -> None:
    one_time = door.password
    door.first_day()
    assert door.give_password(one_time).status_code == 401


def test_the_steps_cannot_be_skipped_or_done_again(door: AtTheDoor) -> None:
    assert door.page().status_code == 303  # nobody, no page
    door.give_password()
    token = door.token()
    for path in ("/setup", "/code"):
        assert door.post(path, csrf=token, code="123456").status_code == 303
    assert not door.inside()
    door.choose_password()
    assert door.post("/code", csrf=token, code="123456").status_code == 303
    assert "设置第二道验证" in door.page().text
    assert not door.inside()


def test_a_step_without_its_token_is_refused(door: AtTheDoor) -> None:
    door.give_password()
    assert door.post("/password", password=OWN, again=OWN).status_code == 403


def test_half_signed_in_ends_after_its_minutes(door: AtTheDoor) -> None:
    door.give_password()
    door.clock.forward(timedelta(minutes=10))
    assert door.page().headers["location"].startswith("/console/sign-in")


def test_an_abandoned_set_up_leaves_no_secret_behind(door: AtTheDoor) -> None:
    door.give_password()
    door.choose_password()
    door.read_secret()
    seen = door.secret
    door.client.cookies.clear()
    door.give_password()
    door.read_secret()
    assert door.secret != seen


@pytest.mark.parametrize(
    "then",
    ["https://evil.example/", "//evil.example", "/console/../chat", "/console//evil.example",
     "/console/sign-out", "\\\\evil.example", "/consolex", "javascript:alert(1)",
     "/console/sign-in/next", "/console/\nx"],
)  # fmt: skip
def test_the_way_on_stays_within_the_console(then: str) -> None:
    assert safe_next(then) == "/console"


def test_idle_and_in_any_case_a_session_ends(door: AtTheDoor) -> None:
    door.first_day()
    for _ in range(3):
        door.clock.forward(timedelta(minutes=30))
        assert door.inside()
    door.clock.forward(timedelta(minutes=31))
    assert not door.inside()

    door.sign_in()
    for _ in range(20):
        door.clock.forward(timedelta(minutes=29))
        assert door.inside()
    door.clock.forward(timedelta(minutes=20))
    assert not door.inside()  # ten hours, however busy


def test_a_refresh_that_nobody_asked_for_keeps_no_session_alive(door: AtTheDoor) -> None:
    door.first_day()
    for _ in range(3):
        door.clock.forward(timedelta(minutes=10))
        door.client.get("/console/session", headers={"X-Unattended": "1"})
    door.clock.forward(timedelta(minutes=1))
    assert not door.inside()


def test_signing_out_ends_the_session_everywhere(app: FastAPI, door: AtTheDoor) -> None:
    door.first_day()
    token = door.client.cookies[COOKIE]
    page = door.client.get("/console/me").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    out = door.client.post("/console/sign-out", data={"csrf": csrf})
    assert out.headers["location"] == "/console/sign-in?lang=zh"
    door.client.cookies.set(COOKIE, token)
    assert not door.inside()
    assert kinds(app, door.staff_id)[-1] == "signed_out"


def test_no_password_code_or_login_reaches_an_event(app: FastAPI, door: AtTheDoor) -> None:
    door.give_password("my secret guess", login="someone.else")
    door.first_day()
    door.client.cookies.clear()
    door.give_password()
    door.give_code("424242")
    with app.state.database.reading() as session:
        written = " ".join(
            f"{event.actor} {event.subject_id} {event.data}"
            for event in session.scalars(select(Event))
        )
    for word in ("guess", "someone", "424242", OWN, *door.recovery_codes, door.secret, "taoning"):
        assert word not in written


def test_signed_in_already_the_sign_in_leads_on(door: AtTheDoor) -> None:
    door.first_day()
    again = door.client.get("/console/sign-in?next=/console/me")
    assert again.headers["location"] == "/console/me"


def test_the_page_before_signing_in_is_in_the_readers_language(client: TestClient) -> None:
    english = client.get("/console/sign-in", headers={"Accept-Language": "en-GB"})
    assert "Sign in to the console" in english.text
    assert "登录工作台" in client.get("/console/sign-in?lang=zh").text
