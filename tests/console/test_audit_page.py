"""The audit page: who saw and did what, narrowed by colleague, person and day, and as a file."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.accounts.models import Person
from api.console.trail import Asked, trail
from api.kit.audit import append_event
from api.kit.clock import SetClock
from tests.conftest import import_rows, portfolio_row
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def history(app: FastAPI, client: TestClient, clock: SetClock) -> dict[str, str]:
    """Two colleagues, two people, three days."""
    import_rows(
        client,
        portfolio_row(),
        portfolio_row(account_ref="A-9", person_ref="P-9", name="周敏", telephone="+8619900000009"),
    )
    with app.state.database.reading() as session:
        persons = {one.person_ref: one.id for one in session.scalars(select(Person))}
    tao, taoning = signed_in(app, "collector", name="陶宁")
    _, qinlan = signed_in(app, "supervisor", name="秦岚")
    tao.get(f"/console/accounts/{persons['P-1']}")
    clock.forward(timedelta(days=1))
    hold = {"hold": "dispute", "how": "call"}
    with app.state.database.transaction() as session:
        append_event(
            session, at=clock.now(), actor="system", subject=("staff", taoning.id),
            kind="sign_in_failed", step="password",
        )  # fmt: skip
    qin, _ = signed_in(app, "supervisor", name="秦岚二")
    qin.post(f"/console/accounts/{persons['P-9']}/holds", data=hold)
    clock.forward(timedelta(days=1))
    return {**persons, "taoning": taoning.id, "qinlan": qinlan.id}


def read(app: FastAPI, query: str = "") -> str:
    auditor, _ = signed_in(app, "administrator", name="罗成")
    answer = auditor.get(f"/console/audit{query}", headers=HTML)
    assert answer.status_code == 200
    return answer.text[answer.text.index("</form>") :]


def test_who_saw_and_did_what(app: FastAPI, history: dict[str, str]) -> None:
    shown = read(app)
    assert shown.index("加了限制") < shown.index("打开看了")
    assert "陶宁" in shown
    assert "P-1" in shown
    assert "P-9" in shown
    assert "沈" not in shown  # an administrator sees references, not people
    assert "/console/accounts/" not in shown
    assert "银行系统" not in shown
    del history


def test_a_supervisor_sees_masked_names_that_lead_on(app: FastAPI, history: dict[str, str]) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    shown = supervisor.get("/console/audit", headers=HTML).text
    assert "沈*" in shown
    assert "沈禾" not in shown
    assert f'href="/console/accounts/{history["P-1"]}"' in shown


def test_by_colleague_with_what_was_done_to_their_sign_in(
    app: FastAPI, history: dict[str, str]
) -> None:
    shown = read(app, f"?staff={history['taoning']}")
    assert "打开看了" in shown
    assert "登录没成功" in shown
    assert "加了限制" not in shown


def test_by_person_and_with_what_others_did(app: FastAPI, history: dict[str, str]) -> None:
    shown = read(app, "?person=周敏")
    assert "加了限制" in shown
    assert "打开看了" not in shown
    assert "导入" not in shown[: shown.index("</table>")]
    assert "银行系统" in read(app, "?person=周敏&others=true")
    assert "没有记录" in read(app, "?person=没有这个人")
    del history


def test_by_days_of_shanghai(app: FastAPI, history: dict[str, str]) -> None:
    first = read(app, "?from=2026-11-24&to=2026-11-24")
    assert "打开看了" in first
    assert "加了限制" not in first
    second = read(app, "?from=2026-11-25&to=2026-11-25")
    assert "加了限制" in second
    assert "打开看了" not in second
    assert "打开看了" in read(app, "?from=not-a-day")
    del history


def test_by_kind(app: FastAPI, history: dict[str, str]) -> None:
    assert "打开看了" not in read(app, "?kind=hold_placed")
    del history


def test_the_pages_follow_one_another_without_gap_or_repeat(
    app: FastAPI, client: TestClient
) -> None:
    del client
    with app.state.database.transaction() as session:
        for number in range(250):
            append_event(
                session, at=app.state.clock.now(), actor="staff:s_1", subject=("case", str(number)),
                kind="seen",
            )  # fmt: skip
    seen: list[str] = []
    before: int | None = None
    while True:
        with app.state.database.reading() as session:
            lines = list(trail(session, Asked(kind="seen"), before=before, most=100))
        if not lines:
            break
        seen += [line.subject_id for line in lines]
        before = lines[-1].id
    assert seen == [str(number) for number in range(249, -1, -1)]
    page = read(app, "?kind=seen")
    assert page.count("<tr>") == 101
    assert "before=" in page
    with app.state.database.reading() as session:
        assert len(list(trail(session, Asked(kind="seen")))) == 250


def test_as_a_file_which_is_itself_of_record(
    app: FastAPI, history: dict[str, str], clock: SetClock
) -> None:
    auditor, staff = signed_in(app, "supervisor", name="=cmd|'/c calc'!A1")
    auditor.get(f"/console/accounts/{history['P-1']}")
    answer = auditor.get("/console/audit/trail.csv?from=2026-11-24")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["时间", "谁", "做了什么", "持卡人编号", "对象", "对象编号", "细节"]
    kinds = [row[2] for row in rows[1:]]
    assert kinds[0] == "导出了留痕"
    assert kinds.count("打开看了") == 2
    assert rows[2][1].startswith("'=cmd")
    assert "沈" not in answer.text
    del clock, staff
