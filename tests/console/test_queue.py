"""The queue: who sees what of it, how it is narrowed, and what its readers are brought when it changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from api.console.queue_board import Asked, changes, everything
from api.conversations.case_list import CaseRow
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.conftest import Telephone
from tests.console.desk_room import DeskRoom
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}
HX = {"HX-Request": "true"}
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def room(app: FastAPI, client: TestClient, telephone: Telephone) -> DeskRoom:
    """The application with nobody in it yet."""
    return DeskRoom(app, client, telephone)


def shown(page: str) -> list[int]:
    """The cases on a page, in their order."""
    return [int(found) for found in re.findall(r'<tr id="case-(\d+)"', page)]


def test_the_queue_stands_by_priority_and_names_nobody_in_full(room: DeskRoom) -> None:
    usual, urgent = room.case("not_understood"), room.case("suspected_fraud")
    first = room.case("ask_human")
    colleague, _ = signed_in(room.app, "collector")
    page = colleague.get("/console/queue", headers=HTML).text
    assert shown(page) == [urgent, first, usual]
    assert "<title>待办 (3)</title>" in page
    assert "沈*" in page
    assert "沈禾" not in page


def test_of_distress_a_collector_only_learns_that_somebody_sees_to_it(room: DeskRoom) -> None:
    visit = room.visit(told=True)
    distress, other = room.case("distress", visit), room.case("ask_human", visit)
    collector, _ = signed_in(room.app, "collector", "supervisor")
    page = collector.get("/console/queue", headers=HTML).text
    assert shown(page) == [other]
    assert "另有1件由关怀同事接手" in page
    for case_id in (distress, other):
        preview = collector.get(f"/console/queue/{case_id}", headers=HX).text
        assert "只有关怀同事能看内容" in preview
        assert "38,600" not in preview
    care, _ = signed_in(room.app, "care")
    page = care.get("/console/queue", headers=HTML).text
    assert shown(page) == [distress]
    assert "38,600" in care.get(f"/console/queue/{distress}", headers=HX).text


def test_the_queue_is_narrowed_by_whose_channel_reason_and_language(room: DeskRoom) -> None:
    mine, english = room.case("ask_human"), room.case("complaint", locale="en", name="Mary Okoro")
    colleague, _ = signed_in(room.app, "collector")
    colleague.post(f"/console/cases/{mine}/take")

    def of(query: str) -> list[int]:
        return shown(colleague.get(f"/console/queue?{query}", headers=HTML).text)

    assert of("show=mine") == [mine]
    assert of("show=open") == [english]
    assert of("show=soon") == []
    assert of("language=en") == [english]
    assert of("reason=ask_human") == [mine]
    assert of("channel=sms") == []
    assert of("channel=web&show=strange&language=xx") == [english, mine]


def test_what_is_due_soon_is_found_when_its_time_comes(room: DeskRoom, clock: SetClock) -> None:
    waiting = room.case("ask_human")
    room.app.state.queue_board.rows()  # read when nothing was due yet
    clock.forward(timedelta(hours=3, minutes=45))
    colleague, _ = signed_in(room.app, "collector")
    page = colleague.get("/console/queue?show=soon", headers=HTML).text
    assert shown(page) == [waiting]
    assert "还有15分钟" in page


def test_a_name_is_looked_for_without_standing_in_an_address(room: DeskRoom) -> None:
    room.case("ask_human")
    room.case("ask_human")
    colleague, _ = signed_in(room.app, "collector")
    for looked_for, found in (("周敏", 1), ("3002", 1), ("A0002", 1), ("okoro", 0), ("  ", 2)):
        page = colleague.post("/console/queue/search", data={"q": looked_for}, headers=HTML).text
        assert len(shown(page)) == found, looked_for
        addresses = re.findall(r'(?:href|action|sse-connect|hx-get)="([^"]*)"', page)
        assert not any("%" in one or "周" in one for one in addresses)
        stream = next(one for one in addresses if "/queue/stream" in one)
        assert ("found=" in stream) == bool(looked_for.strip())


def test_looking_at_somebody_is_on_record(room: DeskRoom) -> None:
    case_id = room.case("ask_human", told=True)
    colleague, staff = signed_in(room.app, "collector")
    assert "1,100.00" in colleague.get(f"/console/queue/{case_id}", headers=HX).text
    with room.app.state.database.reading() as session:
        seen = session.scalars(select(Event).where(Event.kind == "seen")).one()
    assert (seen.actor, seen.subject_kind, seen.subject_id) == (staff.actor, "case", str(case_id))


def test_an_empty_queue_says_so_and_a_filter_that_fits_nothing_leads_back(room: DeskRoom) -> None:
    colleague, _ = signed_in(room.app, "collector", locale="en")
    assert "Nothing is waiting" in colleague.get("/console/queue", headers=HTML).text
    room.case("ask_human")
    page = colleague.get("/console/queue?language=en", headers=HTML).text
    assert "Nothing fits these filters" in page
    assert 'href="/console/queue"' in page


def test_an_administrator_alone_sees_no_queue(room: DeskRoom) -> None:
    administrator, _ = signed_in(room.app, "administrator")
    assert administrator.get("/console/queue").json()["code"] == "not_permitted"


def test_two_hundred_rows_are_read_once_for_all_who_look(room: DeskRoom) -> None:
    room.case("ask_human")
    board = room.app.state.queue_board
    rows = board.rows()
    assert board.rows() is rows  # nothing was written
    room.case("complaint")
    assert len(board.rows()) == 2


# What changes on the page: whatever happened, the reader's rows become those of now.

ROW = CaseRow(
    id=1, number="A0001", conversation_id="c", person_id="p", reason="ask_human", priority=4,
    role="collector", state="waiting", name="沈*", card_tail="3071", channel="web", language="zh",
    stage="offers", opened_at=NOON, promised_by=NOON, late=False, due_soon=False, holder_id=None,
    holder_name=None, call_at=None, others=0, outcome=None,
)  # fmt: skip


def render(row: CaseRow) -> str:
    return f'<tr id="case-{row.id}" data-case="{row.id}">{row.stage}</tr>'


def applied(before: list[CaseRow], html: str) -> list[str]:
    """Do to the rows what htmx does with the parts, in their order."""
    rows = [render(row) for row in before]

    def at(case_id: str) -> int:
        return next(n for n, row in enumerate(rows) if f'id="case-{case_id}"' in row)

    for part in re.findall(r"<template>(.*?)</template>", html, re.DOTALL):
        if gone := re.match(r'<tr id="case-(\d+)" hx-swap-oob="delete">', part):
            del rows[at(gone[1])]
        elif new := re.match(r'<tr hx-swap-oob="true" id="case-(\d+)"', part):
            rows[at(new[1])] = part.replace(' hx-swap-oob="true"', "")
        elif first := re.match(r'<tbody hx-swap-oob="afterbegin:#rows">(.*)</tbody>', part):
            rows.insert(0, first[1])
        elif after := re.match(r'<tbody hx-swap-oob="afterend:#case-(\d+)">(.*)</tbody>', part):
            rows.insert(at(after[1]) + 1, after[2])
        else:
            raise AssertionError(part)
    return rows


lists = st.lists(
    st.builds(
        lambda number, stage: replace(ROW, id=number, stage=stage),
        st.integers(1, 9), st.sampled_from(["identify", "offers"]),
    ),
    unique_by=lambda row: row.id,
)  # fmt: skip


@settings(max_examples=60)
@given(lists, lists)
def test_the_parts_make_of_any_rows_those_of_now(before: list[CaseRow], now: list[CaseRow]) -> None:
    html = changes(before, now, render)
    assert applied(before, html) == [render(row) for row in now]
    assert (html == "") == (before == now)


@settings(max_examples=25)
@given(lists)
def test_a_row_that_only_changed_is_replaced_where_it_stands(rows: list[CaseRow]) -> None:
    changed = [replace(row, stage="agree") for row in rows]
    html = changes(rows, changed, render)
    assert html.count('hx-swap-oob="true"') == len(rows)
    assert "delete" not in html


def test_a_reader_of_whom_nothing_is_known_gets_all_rows() -> None:
    html = everything([ROW], render)
    assert html.startswith('<template><tbody id="rows" hx-swap-oob="innerHTML">')
    assert render(ROW) in html


def test_filters_stand_in_an_address_only_where_they_narrow() -> None:
    assert Asked().query == "show=all"
    asked = Asked(show="mine", language="en", found="2.17")
    assert asked.with_show("open") == "show=open&language=en&found=2.17"
