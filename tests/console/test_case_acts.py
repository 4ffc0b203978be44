"""What a colleague does on a case: each act asks once, does one thing, and loses no word where it cannot."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.agreements.models import Proposal
from api.console.case_acts import given_facts
from api.contact.holds import holds_of
from api.conversations.models import CallBack, Case, CaseNote
from api.kit.clock import SetClock
from tests.conftest import Telephone, Visit
from tests.console.desk_room import DeskRoom
from tests.console.signing_in import signed_in

HTML = {"Accept": "text/html"}
HX = {"HX-Request": "true"}


@pytest.fixture
def room(app: FastAPI, client: TestClient, telephone: Telephone) -> DeskRoom:
    """The application with nobody in it yet."""
    return DeskRoom(app, client, telephone)


class AtWork:
    """A colleague who has taken the case of somebody who told their means."""

    def __init__(
        self, room: DeskRoom, reason: str = "ask_human", *, chosen: bool = False, **row: str
    ) -> None:
        self.room = room
        self.visit: Visit = room.visit(told=True, **row)
        if chosen:
            self.visit.choose()
        self.case_id = room.case(reason, self.visit)
        self.colleague, self.staff = signed_in(room.app, "collector", name="陶宁")
        self.colleague.post(f"/console/cases/{self.case_id}/take", headers=HX)

    def form(self, act: str, query: str = "") -> str:
        """The form of an act."""
        return self.colleague.get(
            f"/console/cases/{self.case_id}/acts/{act}{query}", headers=HX
        ).text

    def do(self, act: str, **data: Any) -> httpx2.Response:
        """Do an act as the page does."""
        return self.colleague.post(
            f"/console/cases/{self.case_id}/acts/{act}", data=data, headers=HX
        )

    def page(self) -> str:
        """The case's page."""
        return self.colleague.get(f"/console/cases/{self.case_id}", headers=HTML).text

    def case(self) -> Case:
        """The case on record."""
        with self.room.app.state.database.reading() as session:
            return session.get_one(Case, self.case_id)

    def holds(self) -> set[str]:
        """The holds in force."""
        with self.room.app.state.database.reading() as session:
            return holds_of(session, self.case().person_id)


def acted(answer: httpx2.Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("hx-trigger") == "acted"


def test_a_note_is_seen_by_colleagues_and_never_by_the_person(room: DeskRoom) -> None:
    work = AtWork(room)
    assert "还没有写字" in work.do("note", text="  ").text
    assert acted(work.do("note", text="下月起有年终奖，但还没定。先别按它算。"))
    assert "下月起有年终奖" in work.page()
    transcript = work.visit.client.get("/chat", headers=HTML).text
    assert "年终奖" not in transcript
    with room.app.state.database.reading() as session:
        assert session.scalars(select(CaseNote)).one().name == "陶宁"


def test_other_facts_are_tried_without_a_trace_then_saved_and_proposed(room: DeskRoom) -> None:
    work = AtWork(room, chosen=True)
    tried = work.do(
        "recompute", essential_spending="4100", proposed_payment="800", **{"try": "yes"}
    )
    assert "785.71" in tried.text
    assert "现在的方案：每月" in tried.text
    assert 'value="4100"' in tried.text
    assert "约3,900" in work.page()  # nothing was saved
    saved = work.do("facts", essential_spending="4100", proposed_payment="800")
    assert acted(saved)
    assert "约4,100" in saved.text
    assert "还没有算过方案" in saved.text  # plans that rested on other facts stand no longer
    assert "785.71" in work.form("propose")
    assert acted(work.do("propose"))
    page = work.page()
    assert "785.71" in page
    assert "方案卡：785.71 × 42个月" in page
    offer = work.visit.bot("context")["offers"][0]
    assert offer["monthly"] == "785.71"


def test_a_figure_that_cannot_be_one_is_named_and_the_others_stay_typed(room: DeskRoom) -> None:
    work = AtWork(room)
    answer = work.do("facts", monthly_income="七千", lump_sum="3000", income_from="2020-01-01")
    assert answer.status_code == 422
    assert "没认出这个数" in answer.text
    assert "要写今天以后的日子" in answer.text
    assert 'value="七千"' in answer.text
    assert 'value="3000"' in answer.text
    assert (
        "一次能拿出" not in work.page().split('id="part-debts"')[0].split('id="part-situation"')[1]
    )


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("4500", "4500"),
        (" 4,500元 ", "4500"),
        ("4500-7500", {"from": "4500", "to": "7500"}),
        ("4,500 到 7,500", {"from": "4500", "to": "7500"}),
        ("4500～7500", "4500～7500"),
        ("about 4500", "about4500"),
    ],
)
def test_a_sum_is_read_as_people_type_it(typed: str, fact: object) -> None:
    assert given_facts({"monthly_income": typed}) == {"monthly_income": fact}


def test_days_and_heads_are_numbers_and_empty_fields_tell_nothing() -> None:
    told = given_facts(
        {"pay_day": "15", "household_size": "x", "lump_sum": " ", "reason": "illness"}
    )
    assert told == {"pay_day": 15, "household_size": "x", "reason": "illness"}


def test_without_consent_no_means_are_written_down_unless_it_was_just_given(room: DeskRoom) -> None:
    visit = room.visit(identified=True)
    case_id = room.case("no_consent", visit)
    colleague, _ = signed_in(room.app, "collector")
    colleague.post(f"/console/cases/{case_id}/take", headers=HX)
    facts = {"monthly_income": "6000"}
    address = f"/console/cases/{case_id}/acts/facts"
    refused = colleague.post(address, data=facts, headers=HX)
    assert refused.status_code == 403
    assert "还没有同意被问收支" in refused.text
    assert 'name="agreed_to_be_asked"' in refused.text
    agreed = colleague.post(address, data={**facts, "agreed_to_be_asked": "yes"}, headers=HX)
    assert acted(agreed)


def test_four_eyes_nobody_approves_what_they_asked_for(room: DeskRoom) -> None:
    work = AtWork(room, principal="190000.00", interest="30000.00", penalty="9000.00")
    work.do("facts", monthly_income="16000", essential_spending="6000", other_debt_payments="0")
    assert "超出您的权限" in work.form("propose")
    assert "超出您的权限" in work.do("propose").text
    assert "写一句原因" in work.do("approval", why=" ").text
    assert acted(work.do("approval", why="收入稳定，只是总数大。"))
    assert "已请主管批" in work.page()

    both, _ = signed_in(room.app, "supervisor", "collector", name="秦岚")
    listed = both.get("/console/approvals", headers=HTML).text
    assert "<title>审批 (1)</title>" in listed
    assert "收入稳定，只是总数大。" in listed
    assert "超出200,000.00 元" in listed
    asked = re.search(r"/console/approvals/([^/]+)/approve", listed)
    assert asked is not None

    own = work.colleague.post(f"/console/approvals/{asked[1]}/approve", headers=HX)
    assert own.status_code == 403  # a collector approves nothing
    with room.app.state.database.transaction() as session:
        session.get_one(Proposal, asked[1]).made_by = both_id(both)
    assert "自己提的，要另一位同事来批" in both.get("/console/approvals", headers=HTML).text
    refused = both.post(f"/console/approvals/{asked[1]}/approve", headers=HX)
    assert (refused.status_code, refused.headers["hx-retarget"]) == (403, f"#told-{asked[1]}")
    with room.app.state.database.transaction() as session:
        session.get_one(Proposal, asked[1]).made_by = work.staff.id

    no_reason = both.post(f"/console/approvals/{asked[1]}/refuse", data={"why": " "}, headers=HX)
    assert "写一句原因" in no_reason.text
    approved = both.post(f"/console/approvals/{asked[1]}/approve", headers=HX)
    assert 'hx-swap-oob="delete"' in approved.text
    assert "秦岚定" in approved.text
    page = work.page()
    assert "秦岚批准了" in page
    assert "方案卡：" in page
    again = both.post(f"/console/approvals/{asked[1]}/refuse", data={"why": "晚了"}, headers=HX)
    assert "这一件已经定了" in again.text


def both_id(colleague: TestClient) -> str:
    """The id of whoever is signed in, as their pages carry it."""
    found = re.search(r'data-staff="([^"]+)"', colleague.get("/console/me", headers=HTML).text)
    assert found is not None
    return found[1]


def test_a_refusal_is_told_to_whoever_asked_with_its_reason(room: DeskRoom) -> None:
    work = AtWork(room, principal="190000.00", interest="30000.00", penalty="9000.00")
    work.do("facts", monthly_income="16000", essential_spending="6000", other_debt_payments="0")
    work.do("approval", why="总数大。")
    supervisor, _ = signed_in(room.app, "supervisor", name="秦岚")
    with room.app.state.database.reading() as session:
        asked = session.scalars(select(Proposal)).one().id
    supervisor.post(f"/console/approvals/{asked}/refuse", data={"why": "先核对收入。"}, headers=HX)
    assert "秦岚没有批：先核对收入。" in work.page()
    mine = work.colleague.get("/console/approvals", headers=HTML).text
    assert "先核对收入。" in mine


def test_contact_is_paused_within_policy_and_the_person_is_told(room: DeskRoom) -> None:
    work = AtWork(room)
    assert work.do("pause", until="2027-12-31").status_code == 422
    assert work.do("pause", until="soon").status_code == 422
    assert acted(work.do("pause", until="2026-12-24"))
    assert work.holds() == {"breathing_space"}
    page = work.page()
    assert "暂停联系" in page
    assert "到12月24日" in page


def test_somebody_vulnerable_is_marked_and_care_takes_it_up(room: DeskRoom) -> None:
    work = AtWork(room)
    assert acted(work.do("care"))
    assert work.holds() == {"vulnerable"}
    assert "需要关怀" in work.page()
    care, _ = signed_in(room.app, "care")
    assert "有难处，要多照顾" in care.get("/console/queue", headers=HTML).text


def test_a_dispute_is_decided_before_its_case_closes(room: DeskRoom) -> None:
    work = AtWork(room, "dispute")
    refused = work.do("close", outcome="resolved")
    assert refused.status_code == 409
    assert "先要定下来，才能结案" in refused.text
    assert "解除限制" in work.form("matter")
    assert work.do("matter", finding="strange").status_code == 422
    assert acted(work.do("matter", finding="not_upheld"))
    assert work.holds() == set()
    assert room.state(work.case_id) == "closed"


def test_a_call_is_arranged_among_the_free_times_and_entered_when_made(
    room: DeskRoom, clock: SetClock
) -> None:
    work = AtWork(room)
    times = re.findall(r'name="slot" value="([^"]+)"', work.form("call-back"))
    assert times
    assert work.do("call-back", slot="2026-11-24T20:00:00Z/2026-11-24T22:00:00Z").status_code == 409
    assert work.do("call-back", slot="whenever").status_code == 409
    assert acted(work.do("call-back", slot=times[0]))
    assert "约好" in work.page()
    with room.app.state.database.reading() as session:
        call = session.scalars(select(CallBack).where(CallBack.state == "planned")).one()
    foreign = AtWork(room)
    assert foreign.do("call-made", call=call.id, outcome="connected").status_code == 404
    assert call.starts_at is not None
    clock.at = call.starts_at + timedelta(minutes=5)
    later, _ = signed_in(room.app, "collector")
    address = f"/console/cases/{work.case_id}/acts/call-made"
    told = {"call": call.id, "outcome": "strange"}
    assert later.post(address, data=told, headers=HX).status_code == 422
    assert acted(later.post(address, data={**told, "outcome": "connected"}, headers=HX))
    page = later.get(f"/console/cases/{work.case_id}", headers=HTML).text
    assert "约好" not in page
    assert "电话" in page.split('id="ledger"')[1].split("</details>")[0]


def test_handing_back_waits_until_the_last_word_was_read(room: DeskRoom) -> None:
    work = AtWork(room)
    seen = re.search(r'id="last-seen" value="(\d+)"', work.page())
    assert seen is not None
    work.visit.say("等等，我还有一句")
    refused = work.do("hand-back", seen=seen[1], agreed="每月八百，下月十五号开始。")
    assert refused.status_code == 409
    assert "对方刚又写了话" in refused.text
    assert "每月八百，下月十五号开始。</textarea>" in refused.text  # the words are still there
    harsh = work.do("hand-back", agreed="再不还就起诉您")
    assert harsh.status_code == 422
    done = work.do("hand-back", seen=str(int(seen[1]) + 1), agreed="每月八百，下月十五号开始。")
    assert acted(done)
    assert "助手在发言" in done.text
    assert "已结案：交回助手" in done.text
    assert room.state(work.case_id) == "closed"


def test_a_case_goes_back_to_the_queue_and_to_another_colleague(room: DeskRoom) -> None:
    work = AtWork(room)
    assert acted(work.do("give-up"))
    assert room.state(work.case_id) == "waiting"
    assert work.do("give-up").status_code == 409
    not_mine = work.colleague.post(
        f"/console/cases/{work.case_id}/acts/reassign", data={"to": work.staff.id}
    )
    assert not_mine.json()["code"] == "not_yours"  # a supervisor's act
    supervisor, _ = signed_in(room.app, "supervisor", name="秦岚")
    address = f"/console/cases/{work.case_id}/acts/reassign"
    assert "陶宁" in supervisor.get(address, headers=HX).text
    assert supervisor.post(address, data={"to": "nobody"}, headers=HX).status_code == 422
    assert acted(supervisor.post(address, data={"to": work.staff.id}, headers=HX))
    assert "您在发言" in work.page()


def test_an_act_that_does_not_exist_is_refused(room: DeskRoom) -> None:
    work = AtWork(room)
    assert work.do("dance").status_code == 404
    assert work.do("close", outcome="strange").status_code == 422


def test_without_scripts_each_act_has_a_page_of_its_own(room: DeskRoom) -> None:
    work = AtWork(room)
    page = work.colleague.get(f"/console/cases/{work.case_id}/acts/note", headers=HTML)
    assert page.status_code == 200
    assert "<title>记一条内部备注</title>" in page.text
    data = {"text": "记下了", "csrf": work.staff.csrf}
    answer = work.colleague.post(f"/console/cases/{work.case_id}/acts/note", data=data)
    assert answer.headers["location"] == f"/console/cases/{work.case_id}"


def test_an_agreement_is_withdrawn_for_who_phones(room: DeskRoom) -> None:
    work = AtWork(room, "withdrawal", chosen=True)
    assert "withdraw" not in work.page()  # nothing is signed yet
    work.colleague.post(f"/console/cases/{work.case_id}/acts/hand-back", data={}, headers=HX)
    assert work.visit.sign()["signed"] is True
    assert 'name="received_on"' in work.form("withdraw")
    for day in ("2026-11-23", "2026-11-25", "x"):  # before the signature, ahead, and no day
        refused = work.do("withdraw", received_on=day)
        assert refused.status_code == 422
        assert "日子要在签署那天到今天之间" in refused.text
    assert "agreement_in_force" in work.holds()
    for _ in range(2):
        assert acted(work.do("withdraw", received_on="2026-11-24"))
    assert "agreement_in_force" not in work.holds()
    assert "本人撤回" in work.page()
    said = work.visit.client.get("/chat").text
    assert said.count("撤回办好了") == 1
