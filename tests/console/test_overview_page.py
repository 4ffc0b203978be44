"""The overview through the real application: figures, their rows, their files, who sees what."""

from __future__ import annotations

import csv
import re
from html import unescape
from io import StringIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.console.figures_tables import OWN, TABLES
from api.kit.audit import append_event
from tests.conftest import Visit
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def lived(visit: Visit) -> Visit:
    """A person who was invited, told their situation, signed, and then wanted a human."""
    visit.identify()
    visit.tell()
    visit.choose()
    visit.sign()
    visit.bot("handoff", {"reason": "ask_human"})
    return visit


def numbers(html: str) -> list[tuple[str, int]]:
    """Every number of a page that opens, with where it leads."""
    found = re.findall(r'class="figure__open" href="([^"]+)">([\d,]+)<', html)
    return [(unescape(address), int(number.replace(",", ""))) for address, number in found]


def lines(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def test_a_new_installation_says_what_to_do_first(app: FastAPI, client: TestClient) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    page = supervisor.get("/console/overview", headers=HTML)
    assert page.status_code == 200
    assert "还没有人来过" in page.text
    assert numbers(page.text) == []


@pytest.mark.parametrize("by", ["channel", "language", "reason", "bucket"])
def test_every_number_opens_to_as_many_rows_as_it_says(app: FastAPI, lived: Visit, by: str) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    page = supervisor.get(f"/console/overview?span=week&by={by}", headers=HTML).text
    found = numbers(page)
    assert len(found) > 20
    for address, number in found:
        rows = supervisor.get(address, headers=HTML)
        assert rows.status_code == 200
        assert len(re.findall(r"<tr>", rows.text)) - 1 == number
        assert "沈*" in rows.text
        assert "沈禾" not in rows.text
        path, _, query = address.partition("?")
        file = supervisor.get(f"{path}.csv?{query}")
        assert len(lines(file.text)) - 1 == number


def test_the_way_of_one_person_is_told_from_their_events(app: FastAPI, lived: Visit) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    files = {
        name: lines(supervisor.get(f"/console/overview/{name}.csv?span=today").text)
        for name in TABLES
    }
    assert files["way_channel"][1] == ["网页", "1", "1", "1", "1", "1", "1", "0"]
    assert files["way_language"][1][0] == "中文"
    assert files["way_reason"][1][0] == "没了工作"
    assert files["way_bucket"][1][0] == "M4（91–120 天）"
    assert ["要真人", "1", "0", "0", "1", "0"] in files["handoffs"]
    assert files["plans"][1][0] == "分期"
    assert files["relief"][-1][1] == "1"
    for name, table in files.items():
        sums = [sum(float(row[place]) for row in table[1:-1]) for place in range(1, len(table[0]))]
        assert sums == [float(cell) for cell in table[-1][1:]], name


def test_a_reason_is_not_written_into_an_event_in_the_clear(app: FastAPI, lived: Visit) -> None:
    with app.state.database.engine.connect() as connection:
        written = connection.exec_driver_sql("SELECT group_concat(data) FROM events").scalar_one()
    assert '"reason"' in written
    assert "job_loss" not in written


def test_days_are_chosen_by_name_or_by_date(app: FastAPI, lived: Visit) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    past = supervisor.get("/console/overview?first=2026-11-01&last=2026-11-23", headers=HTML).text
    assert numbers(past) == []
    assert "这些天里没有" in past
    backwards = supervisor.get("/console/overview?first=2026-11-24&last=2026-11-01", headers=HTML)
    assert numbers(backwards.text) != []
    assert supervisor.get("/console/overview?span=nonsense&by=x", headers=HTML).status_code == 200
    assert supervisor.get("/console/overview?first=x", headers=HTML).status_code == 422


def test_a_collector_sees_the_cases_they_answered_and_nothing_else(
    app: FastAPI, lived: Visit
) -> None:
    answering, staff = signed_in(app, "collector")
    other, _ = signed_in(app, "collector")
    with app.state.database.transaction() as session:
        append_event(
            session, at=app.state.clock.now(), actor=staff.actor, kind="colleague_said",
            subject=("conversation", lived.conversation_id), case=1,
        )  # fmt: skip
    mine = answering.get("/console/overview", headers=HTML).text
    assert "按渠道" not in mine
    assert {number for _, number in numbers(mine)} == {1}
    assert numbers(other.get("/console/overview", headers=HTML).text) == []
    assert lines(answering.get("/console/overview/answers.csv").text)[-1][1] == "1"
    for name in set(TABLES) - set(OWN):
        assert answering.get(f"/console/overview/{name}.csv").status_code == 404
    refused = answering.get("/console/overview/rows/people")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    # What is asked for in the address does not widen what is theirs.
    peeked = other.get(f"/console/overview/rows/cases?who={staff.actor}", headers=HTML).text
    assert "沈" not in peeked


def test_of_a_care_case_only_that_it_exists_is_shown(app: FastAPI, visit: Visit) -> None:
    visit.identify()
    visit.say("我不想活了")
    supervisor, _ = signed_in(app, "supervisor")
    carer, _ = signed_in(app, "supervisor", "care")
    hidden = supervisor.get("/console/overview/rows/cases?span=week&why=distress", headers=HTML)
    assert "关怀案件，这里不显示" in hidden.text
    assert "沈*" not in hidden.text
    assert "沈*" not in supervisor.get("/console/overview/rows/cases.csv?span=week").text
    assert "沈*" in carer.get("/console/overview/rows/cases?span=week", headers=HTML).text


@pytest.mark.parametrize("path", ["nothing.csv", "rows/nothing", "rows/nothing.csv"])
def test_what_is_not_there_is_not_found(app: FastAPI, client: TestClient, path: str) -> None:
    supervisor, _ = signed_in(app, "supervisor")
    assert supervisor.get(f"/console/overview/{path}").status_code == 404


def test_words_of_every_value_and_column_are_there_in_both_languages(
    app: FastAPI, lived: Visit
) -> None:
    english, _ = signed_in(app, "supervisor", locale="en")
    page = english.get("/console/overview?span=week", headers=HTML).text
    assert "How far people get" in page
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"中文|秦岚?|云汀银行", "", page))
    for name, spec in TABLES.items():
        table = lines(english.get(f"/console/overview/{name}.csv?span=week").text)
        assert len(table[0]) == len(spec.columns) + 1
        assert all(not re.fullmatch(r"[a-z]+(_[a-z]+)+", row[0]) for row in table)
