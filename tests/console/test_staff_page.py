"""Staff administration: every change with its event, nobody for themselves, one administrator left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from api.console.models import StaffMember
from api.console.staffing import change_roles, disable
from api.kit.audit import Event
from api.kit.clock import SetClock
from api.kit.errors import Problem
from tests.console.at_the_door import HTML, AtTheDoor
from tests.console.signing_in import signed_in

ONCE = "m" * 20


@pytest.fixture
def administrator(app: FastAPI, client: TestClient) -> TestClient:
    """An administrator who is signed in."""
    del client
    made, _ = signed_in(app, "administrator", name="罗成")
    made.headers.update(HTML)
    return made


def add(administrator: TestClient, once: str = ONCE, **changes: Any) -> Response:
    form: dict[str, Any] = {
        "login": "hejing",
        "name": "何静",
        "role": ["care"],
        "locale": "zh",
        "once": once,
    }
    return administrator.post("/console/staff", data={**form, **changes})


def one_time(answer: Response) -> str | None:
    found = re.search(r'id="one-time">([^<]+)<', answer.text)
    return found.group(1) if found else None


def member(app: FastAPI, login: str) -> StaffMember:
    with app.state.database.reading() as session:
        found: StaffMember = session.scalars(
            select(StaffMember).where(StaffMember.login == login)
        ).one()
        return found


def codes(app: FastAPI, kind: str) -> list[Event]:
    with app.state.database.reading() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind)))


def test_a_colleague_is_added_once_and_signs_in_with_what_was_shown(
    app: FastAPI, administrator: TestClient, clock: SetClock
) -> None:
    shown = add(administrator)
    password = one_time(shown)
    assert password is not None
    assert one_time(add(administrator)) == password  # the form sent twice
    assert len(codes(app, "staff_added")) == 1
    assert password not in str(codes(app, "staff_added")[0].data)
    door = AtTheDoor(app, clock, login="unused")
    assert door.give_password(password, login="HeJing ").status_code == 303


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"login": "x"}, "登录名要 2 到 40"), ({"login": "何静"}, "登录名要 2 到 40"),
        ({"login": "a b"}, "登录名要 2 到 40"), ({"name": "  "}, "请写姓名"),
        ({"role": []}, "至少选一个角色"), ({"role": ["root"]}, "至少选一个角色"),
        ({"login": "罗 cheng"}, "登录名要"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_written_is_lost(
    administrator: TestClient, changes: dict[str, Any], said: str
) -> None:
    answer = add(administrator, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert one_time(answer) is None
    if "name" not in changes:
        assert 'value="何静"' in answer.text


def test_a_login_that_somebody_has_is_refused(app: FastAPI, administrator: TestClient) -> None:
    add(administrator)
    again = add(administrator, once="n" * 20, name="另一位")
    assert again.status_code == 409
    assert "已经有人用这个登录名" in again.text
    assert member(app, "hejing").name == "何静"


def test_other_roles_hold_from_the_next_click_on(app: FastAPI, administrator: TestClient) -> None:
    colleague, staff = signed_in(app, "collector")
    assert colleague.get("/console/audit", headers=HTML).status_code == 403
    changed = administrator.post(
        f"/console/staff/{staff.id}/roles", data={"role": ["supervisor", "care"]}
    )
    assert changed.status_code == 303
    assert colleague.get("/console/audit", headers=HTML).status_code == 200
    event = codes(app, "roles_changed")[0]
    assert (event.data["before"], event.data["after"]) == (["collector"], ["supervisor", "care"])
    administrator.post(f"/console/staff/{staff.id}/roles", data={"role": ["care", "supervisor"]})
    assert len(codes(app, "roles_changed")) == 1


def test_a_disabled_colleague_is_out_at_once_and_comes_back_as_before(
    app: FastAPI, administrator: TestClient
) -> None:
    colleague, staff = signed_in(app, "collector")
    for _ in range(2):
        assert administrator.post(f"/console/staff/{staff.id}/disable").status_code == 303
    assert colleague.get("/console/me", headers=HTML).status_code == 303
    assert administrator.post(f"/console/staff/{staff.id}/enable").status_code == 303
    assert colleague.get("/console/me", headers=HTML).status_code == 303  # the session stays ended
    assert len(codes(app, "staff_disabled")) == len(codes(app, "staff_enabled")) == 1


def test_a_reset_ends_sessions_factor_and_password_and_is_done_once(
    app: FastAPI, administrator: TestClient, clock: SetClock
) -> None:
    door = AtTheDoor(app, clock)
    door.first_day()
    old, codes_before = door.password, door.recovery_codes
    shown = administrator.post(f"/console/staff/{door.staff_id}/reset", data={"once": ONCE})
    password = one_time(shown)
    assert password is not None
    again = administrator.post(f"/console/staff/{door.staff_id}/reset", data={"once": ONCE})
    assert one_time(again) == password
    assert len(codes(app, "sign_in_reset")) == 1
    assert not door.inside()
    assert door.give_password(old).status_code == 401
    door.password = password
    door.first_day()
    assert door.inside()
    door.client.cookies.clear()
    door.give_password()
    assert door.give_code(codes_before[0]).status_code == 401


def test_a_one_time_password_runs_out(
    app: FastAPI, administrator: TestClient, clock: SetClock
) -> None:
    password = one_time(add(administrator))
    assert password is not None
    clock.forward(timedelta(hours=72))
    door = AtTheDoor(app, clock, login="unused")
    assert door.give_password(password, login="hejing").status_code == 401


def test_nobody_changes_their_own_admission(app: FastAPI, client: TestClient) -> None:
    del client
    administrator, staff = signed_in(app, "administrator", "supervisor")
    signed_in(app, "administrator")
    for path, form in (("disable", {}), ("roles", {"role": ["care"]}), ("reset", {"once": ONCE})):
        answer = administrator.post(f"/console/staff/{staff.id}/{path}", data=form)
        assert answer.json()["code"] == "not_yourself", path
    same = administrator.post(
        f"/console/staff/{staff.id}/roles", data={"role": ["supervisor", "administrator"]}
    )
    assert same.status_code == 303  # which changes nothing


def test_one_administrator_always_remains(app: FastAPI, client: TestClient) -> None:
    del client
    first, one = signed_in(app, "administrator")
    second, two = signed_in(app, "administrator")
    assert first.post(f"/console/staff/{two.id}/disable").status_code == 303
    lost = second.post(f"/console/staff/{one.id}/disable")
    assert lost.json()["code"] == "not_signed_in"
    now = app.state.clock.now()
    with pytest.raises(Problem, match="last_administrator"), app.state.database.transaction() as db:
        disable(db, one.id, by="command", now=now)
    with pytest.raises(Problem, match="last_administrator"), app.state.database.transaction() as db:
        change_roles(db, one.id, ["care"], by="command", now=now)


def test_a_colleague_who_is_not_there(administrator: TestClient) -> None:
    for path in ("", "/roles", "/disable", "/enable"):
        answer = (
            administrator.get("/console/staff/s_nobody")
            if not path
            else administrator.post(f"/console/staff/s_nobody{path}", data={"role": ["care"]})
        )
        assert answer.status_code == 404
        assert "没有这位同事" in answer.text


def test_the_list_shows_how_each_signs_in_and_no_secret(
    app: FastAPI, administrator: TestClient, clock: SetClock
) -> None:
    door = AtTheDoor(app, clock)
    door.first_day()
    add(administrator)
    page = administrator.get("/console/staff").text
    assert "一次性密码待换" in page
    assert "陶宁" in page
    for secret in (door.secret, door.password, "argon2"):
        assert secret not in page
