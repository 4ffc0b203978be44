"""The policy page: what was in force on a day, with its source, for every colleague, and for reading only."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.frame import Frame
from api.console.policy_page import policy_lines
from api.policy.lookup import Policy
from tests.console.signing_in import signed_in

TODAY = date(2026, 11, 24)


def page(app: FastAPI, query: str = "", locale: str = "zh") -> str:
    colleague, _ = signed_in(app, "care", locale="en" if locale == "en" else "zh")
    answer = colleague.get(f"/console/policy{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_every_parameter_in_force_is_shown_with_its_source(
    app: FastAPI, client: TestClient
) -> None:
    del client
    shown = page(app)
    view = Policy.shipped().on(TODAY)
    for parameter_id in view.ids():
        assert f'id="{parameter_id}"' in shown
        assert view.parameter(parameter_id).citation.text in unescape(shown), parameter_id
    assert "<form" not in re.sub(r"<form[^>]*role=\"search\".*?</form>", "", shown, flags=re.DOTALL)


def test_another_day_has_another_policy(app: FastAPI, client: TestClient) -> None:
    del client
    before = page(app, "?on=2020-12-31")
    assert 'id="cn.rate.overdraft_cap_percent_per_day"' in before
    assert "0.05%" in before
    assert 'id="bank.name"' not in before
    now = page(app)
    assert 'id="cn.rate.overdraft_cap_percent_per_day"' not in now
    assert "<code>cn.rate.overdraft_cap_percent_per_day</code>" in now  # among what is not in force


@pytest.mark.parametrize("day", ["2026-02-31", "x", "20261124", "0000-01-01", "99999-1-1"])
def test_a_day_that_is_none_is_said_and_today_is_shown(
    app: FastAPI, client: TestClient, day: str
) -> None:
    del client
    shown = page(app, f"?on={day}")
    assert ("日期没认出来" in shown) or 'value="2026-11-24"' in shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("验证码", "bank.code.digits"), ("DIGITS of", "bank.code.digits"), ("第七十条", "cn.personalised_instalment.conditions"),
        ("bank.living", "bank.living_floor"), ("12356", "cn.crisis.lines"),
    ],
)  # fmt: skip
def test_it_is_searched_by_title_id_source_and_value(
    app: FastAPI, client: TestClient, text: str, found: str
) -> None:
    del client
    shown = page(app, f"?q={text}")
    assert f'id="{found}"' in shown
    assert shown.count("<tr id=") < 100


def test_what_is_not_there_is_said(app: FastAPI, client: TestClient) -> None:
    del client
    assert "没有找到" in page(app, "?q=<script>alert(1)</script>")


def test_values_are_written_as_people_read_them(app: FastAPI, client: TestClient) -> None:
    del client
    frame: Frame = app.state.console
    view = Policy.shipped().on(TODAY)
    zh = {line.id: line.value for line in policy_lines(view, frame.words["zh"])}
    en = {line.id: line.value for line in policy_lines(view, frame.words["en"])}
    assert (zh["bank.agreement.grace_days"], en["bank.agreement.grace_days"]) == ("5 天", "5 days")
    assert en["bank.instalment.smallest"].startswith("¥")  # type: ignore[union-attr]
    assert zh["bank.contract.annual_rate"] == "18.25%"
    assert zh["bank.name"] == "云汀银行"
    assert en["bank.name"] == "Yunting Bank"
    assert "{" not in " ".join(str(value) for value in zh.values() if isinstance(value, str))
