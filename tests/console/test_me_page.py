"""What a colleague changes for themselves asks for the password once more, and ends what must end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from api.kit.clock import SetClock
from tests.console.at_the_door import HTML, OWN, AtTheDoor

OTHER = "一只蓝碗七把伞 umbrellas"


@pytest.fixture
def door(app: FastAPI, client: TestClient, clock: SetClock) -> AtTheDoor:
    """A colleague who has signed in."""
    del client
    made = AtTheDoor(app, clock)
    made.first_day()
    return made


def post(door: AtTheDoor, path: str, **form: str) -> Response:
    page = door.client.get("/console/me").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return door.client.post(f"/console/me/{path}", data={"csrf": found.group(1), **form})


def elsewhere(door: AtTheDoor) -> AtTheDoor:
    """The same colleague in another browser."""
    there = AtTheDoor(door.app, door.clock, login=f"{door.login}2")
    there.login, there.password, there.secret = door.login, door.password, door.secret
    there.sign_in()
    assert there.inside()
    return there


def test_another_password_ends_every_other_session(door: AtTheDoor) -> None:
    there = elsewhere(door)
    changed = post(door, "password", current=OWN, password=OTHER, again=OTHER)
    assert changed.headers["location"] == "/console/me?done=password"
    assert door.inside()
    assert not there.inside()
    door.client.cookies.clear()
    assert door.give_password(OWN).status_code == 401
    assert door.give_password(OTHER).status_code == 303


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"current": "wrong", "password": OTHER, "again": OTHER}, 401, "现在的密码不对"),
        ({"current": OWN, "password": OTHER, "again": "x"}, 422, "两遍写的不一样"),
        ({"current": OWN, "password": "short", "again": "short"}, 422, "太短了"),
        ({"current": OWN, "password": OWN, "again": OWN}, 422, "换一个"),
    ],
)
def test_a_password_that_cannot_be_taken(
    door: AtTheDoor, form: dict[str, str], status: int, said: str
) -> None:
    answer = post(door, "password", **form)
    assert answer.status_code == status
    assert said in answer.text
    assert OTHER not in answer.text


def test_guessing_the_password_at_an_open_desk_meets_the_same_pauses(door: AtTheDoor) -> None:
    statuses = [post(door, "second-factor", current=f"guess {n}").status_code for n in range(7)]
    assert statuses == [401] * 7
    page = post(door, "second-factor", current=OWN)
    assert "试得太多" in page.text
    assert door.inside()


def test_another_authenticator_counts_only_once_it_has_shown_a_code(door: AtTheDoor) -> None:
    assert post(door, "second-factor", current=OWN).status_code == 303
    page = door.client.get("/console/me/second-factor").text
    found = re.search(r'secret__code">([^<]+)<', page)
    assert found is not None
    old, new = door.secret, found.group(1).replace(" ", "")
    assert new != old
    there = elsewhere(door)  # the old one still counts
    assert there.inside()

    door.secret = new
    assert post(door, "second-factor/code", code="000000").status_code == 401
    shown = post(door, "second-factor/code", code=door.digits())
    codes = re.findall(r"<li><code>([^<]+)</code>", shown.text)
    assert len(codes) == 10
    assert not set(codes) & set(door.recovery_codes)

    door.clock.forward(timedelta(minutes=1))
    door.client.cookies.clear()
    door.give_password()
    door.secret = old
    assert door.give_code().status_code == 401
    door.secret = new
    assert door.give_code().status_code == 303


def test_new_recovery_codes_make_the_old_ones_void(door: AtTheDoor) -> None:
    assert "还剩 10 个" in door.client.get("/console/me").text
    shown = post(door, "recovery-codes", current=OWN)
    codes = re.findall(r"<li><code>([^<]+)</code>", shown.text)
    for code, status in ((door.recovery_codes[0], 401), (codes[0], 303)):
        door.client.cookies.clear()
        door.give_password()
        assert door.give_code(code).status_code == status
    assert "还剩 9 个" in door.client.get("/console/me").text


def test_signing_out_elsewhere(door: AtTheDoor) -> None:
    there = elsewhere(door)
    assert "还有 1 处" in door.client.get("/console/me").text
    assert post(door, "end-sessions").status_code == 303
    assert door.inside()
    assert not there.inside()


def test_where_nothing_is_being_set_up_there_is_nothing_to_show(door: AtTheDoor) -> None:
    shown = door.client.get("/console/me/second-factor", headers=HTML)
    assert shown.headers["location"] == "/console/me"
    assert post(door, "second-factor/code", code="123456").status_code == 303
