"""One case: what its page shows to whom, who may speak, and that what is said is said once and kindly."""

from __future__ import annotations

import json
import re

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.console.case_parts import PARTS
from api.conversations.models import Message
from api.conversations.transcript import append_message, locked_conversation
from api.plans.check import check
from tests.conftest import Telephone, Visit
from tests.console.desk_room import DeskRoom
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}
HX = {"HX-Request": "true"}


@pytest.fixture
def room(app: FastAPI, client: TestClient, telephone: Telephone) -> DeskRoom:
    """The application with nobody in it yet."""
    return DeskRoom(app, client, telephone)


def said(room: DeskRoom, visit: Visit, speaker: str = "collector") -> list[str]:
    """What was said in a conversation by one kind of speaker."""
    with room.app.state.database.reading() as session:
        return list(
            session.scalars(
                select(Message.text)
                .where(Message.conversation_id == visit.conversation_id, Message.speaker == speaker)
                .order_by(Message.seq)
            )
        )


def speak(
    colleague: TestClient, case_id: int, text: str, message_id: str = "w1"
) -> httpx2.Response:
    """Send a reply as the page does."""
    return colleague.post(
        f"/console/cases/{case_id}/messages",
        data={"text": text, "client_message_id": message_id}, headers=HX,
    )  # fmt: skip


def test_everything_of_a_case_stands_on_one_page(room: DeskRoom) -> None:
    visit = room.visit(told=True)
    visit.choose()
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector")
    assert "条款写好了，还没看完" in colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    visit.read_terms()
    page = colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    for words in ("沈禾", "A0001", "约6,000", "1,100.00", "38,600.00", "1,000.00", "× 36", "还完手里留",
                  "看过条款，没签", "0 / 6", "22:00到08:00", "没有限制", "转人工", "助手在发言"):  # fmt: skip
        assert words in page, words
    assert "第七十条" in page  # why, with its source
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)


def test_in_english_the_same_page_shows_the_other_language_beside_it(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    visit.say("我想问问")
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector", locale="en")
    page = colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    assert "Our system has a fault" in page  # our own sentence, as it stands in English
    assert "Their own words; there is no translation." in page
    assert re.search(r'id="talk"[^>]* data-parallel', page)


def test_taking_gives_the_floor_and_says_so_in_the_header(room: DeskRoom) -> None:
    visit = room.visit(told=True)
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector", name="陶宁")
    taken = colleague.post(f"/console/cases/{case_id}/take", headers=HX)
    assert taken.headers["hx-trigger"] == "taken"
    assert taken.headers["hx-reswap"] == "none"
    assert "您在发言，助手已静音" in taken.text
    assert taken.text.count("hx-swap-oob") == len(PARTS)
    other, _ = signed_in(room.app, "collector", name="秦岚")
    refused = other.post(f"/console/cases/{case_id}/take", headers=HX)
    assert refused.status_code == 409
    assert "陶宁已经领了" in refused.text
    assert "陶宁在发言" in other.get(f"/console/cases/{case_id}", headers=HTML).text
    assert room.state(case_id) == "taken"


def test_without_scripts_taking_and_answering_lead_back_to_the_page(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    case_id = room.case("ask_human", visit)
    colleague, staff = signed_in(room.app, "collector")
    colleague.headers.pop("X-CSRF-Token")
    form = {"csrf": staff.csrf}
    assert colleague.post(f"/console/cases/{case_id}/take", data=form).status_code == 303
    answer = {**form, "text": "您好，我看看。", "client_message_id": "w1"}
    assert colleague.post(f"/console/cases/{case_id}/messages", data=answer).status_code == 303
    harsh = {**form, "text": "再不还就起诉您", "client_message_id": "w2"}
    page = colleague.post(f"/console/cases/{case_id}/messages", data=harsh, headers=HTML)
    assert page.status_code == 422
    assert "再不还就起诉您</textarea>" in page.text  # the words are still there
    assert "不能威胁" in page.text
    assert said(room, visit) == ["您好，我看看。"]


def test_a_reply_is_said_once_whatever_the_line_does(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector")
    colleague.post(f"/console/cases/{case_id}/take", headers=HX)
    first = speak(colleague, case_id, "您好，我是陶宁。")
    again = speak(colleague, case_id, "您好，我是陶宁。")
    changed = speak(colleague, case_id, "您好，我是陶宁，在看。")
    told = [json.loads(one.headers["hx-trigger"])["said"] for one in (first, again, changed)]
    assert [one["same"] for one in told] == [True, True, False]
    assert len({one["seq"] for one in told}) == 1
    assert said(room, visit) == ["您好，我是陶宁。"]


def test_what_may_not_be_said_is_stopped_with_its_rule_and_kinder_words(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector")
    colleague.post(f"/console/cases/{case_id}/take", headers=HX)
    typed = "好的。不过您再不还就会被起诉，所以…"
    checked = colleague.post(f"/console/cases/{case_id}/lint", data={"text": typed}, headers=HX)
    sent = speak(colleague, case_id, typed)
    assert sent.status_code == 422
    assert sent.headers["hx-retarget"] == "#lint"
    for found in (checked.text, sent.text):
        places = re.findall(r'data-start="(\d+)" data-end="(\d+)"', found)
        marked = [typed[int(start) : int(end)] for start, end in places]
        assert any("起诉" in words for words in marked)
        assert "《商业银行信用卡业务监督管理办法》" in found
        assert "data-kinder=" in found
    assert said(room, visit) == []
    kinder = re.search(r'data-kinder="([^"]+)"', checked.text)
    assert kinder is not None
    better = colleague.post(f"/console/cases/{case_id}/lint", data={"text": kinder[1]}, headers=HX)
    assert "data-start" not in better.text
    assert speak(colleague, case_id, kinder[1]).status_code == 200


def test_whoever_lost_the_floor_is_told_and_nothing_is_sent(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector", name="陶宁")
    assert "现在不是您在回复" in speak(colleague, case_id, "您好").text
    colleague.post(f"/console/cases/{case_id}/take", headers=HX)
    supervisor, _ = signed_in(room.app, "supervisor", name="秦岚")
    _, other = signed_in(room.app, "collector", name="陆舟")
    moved = supervisor.post(
        f"/console/cases/{case_id}/acts/reassign", data={"to": other.id}, headers=HX
    )
    assert moved.headers["hx-trigger"] == "acted"
    lost = speak(colleague, case_id, "您好，我看看")
    assert lost.status_code == 409
    assert "没有发出去。您写的字还在" in lost.text
    assert said(room, visit) == []


def test_of_a_case_of_care_others_see_nothing_by_any_door(room: DeskRoom) -> None:
    visit = room.visit(told=True)
    visit.choose()
    case_id = room.case("distress", visit)
    colleague, _ = signed_in(room.app, "collector", "supervisor")
    doors = [
        colleague.get(f"/console/cases/{case_id}{door}")
        for door in (
            "",
            "/proof.json",
            "/agreement.pdf",
            "/heard/1",
            "/earlier?before=9",
            "/stream",
            "/acts/note",
            "/acts/facts",
        )
    ] + [
        colleague.post(f"/console/cases/{case_id}/{door}", data=data)
        for door, data in (
            ("take", {}),
            ("lint", {"text": "好"}),
            ("acts/note", {"text": "好"}),
            ("acts/care", {}),
            ("messages", {"text": "好", "client_message_id": "w"}),
            ("acts/close", {"outcome": "paid"}),
        )
    ]
    assert {answer.status_code for answer in doors} == {403}
    assert {answer.json()["code"] for answer in doors} == {"not_yours"}


def test_a_proof_is_downloaded_as_it_can_be_computed_again(room: DeskRoom) -> None:
    visit = room.visit(told=True)
    visit.choose()
    case_id = room.case("ask_human", visit)
    colleague, _ = signed_in(room.app, "collector")
    answer = colleague.get(f"/console/cases/{case_id}/proof.json")
    assert 'filename="A0001-proof.json"' in answer.headers["content-disposition"]
    proof = json.loads(answer.content)
    assert check(answer.content).intact
    page = colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    assert proof["digest"][:12] in page


def test_a_signed_agreement_is_downloaded_and_how_it_is_kept_stands_beside_it(
    room: DeskRoom,
) -> None:
    visit = room.visit(told=True)
    visit.choose()
    visit.sign()
    case_id = room.case("hardship", visit)
    colleague, _ = signed_in(room.app, "collector")
    page = colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    assert "履行中" in page
    assert "0 / 36期" in page
    document = colleague.get(f"/console/cases/{case_id}/agreement.pdf")
    assert document.content.startswith(b"%PDF")


def test_of_a_long_conversation_the_newest_part_stands_and_the_rest_is_a_press_away(
    room: DeskRoom,
) -> None:
    visit = room.visit()
    case_id = room.case("ask_human", visit)
    with room.app.state.database.transaction() as session:
        conversation = locked_conversation(session, visit.conversation_id)
        for number in range(45):
            append_message(
                session, conversation, speaker="person", text=f"第{number}句",
                now=room.app.state.clock.now(),
            )  # fmt: skip
    colleague, _ = signed_in(room.app, "collector")
    page = colleague.get(f"/console/cases/{case_id}", headers=HTML).text
    assert "第44句" in page
    assert "第0句" not in page
    before = re.search(r"earlier\?before=(\d+)", page)
    assert before is not None
    earlier = colleague.get(f"/console/cases/{case_id}/earlier?before={before[1]}", headers=HX).text
    numbers = [int(one) for one in re.findall(r'data-seq="(\d+)"', earlier + page)]
    assert numbers == list(range(1, numbers[-1] + 1))
    assert "第0句" in colleague.get(f"/console/cases/{case_id}?all", headers=HTML).text


def test_own_cases_are_listed_and_closed_ones_are_found_by_number(room: DeskRoom) -> None:
    closed, mine, other = (room.case("ask_human") for _ in range(3))
    hidden = room.case("distress")
    colleague, _ = signed_in(room.app, "collector")
    for case_id in (closed, mine):
        colleague.post(f"/console/cases/{case_id}/take")
    colleague.post(f"/console/cases/{closed}/acts/close", data={"outcome": "resolved"})
    page = colleague.get("/console/cases", headers=HTML).text
    assert page.index("A0002") < page.index("A0001")
    assert "A0003" not in page
    assert "已结案：办好了" in page
    assert (
        "A0003" in colleague.post("/console/cases", data={"q": f"a{other:04}"}, headers=HTML).text
    )
    assert (
        "没有找到" in colleague.post("/console/cases", data={"q": str(hidden)}, headers=HTML).text
    )
    assert "已结案" in colleague.get(f"/console/cases/{closed}", headers=HTML).text
