"""What colleagues propose: facts written down, plans within and beyond authority, four eyes, then signed as any."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.agreements.evidence.deciding import shown_to_colleague
from api.agreements.models import OfferSet, Proposal
from api.agreements.planning import Who
from api.agreements.proofs import proof_of_offers
from api.agreements.proposals import asked_proposals
from api.conversations import proposing
from api.conversations.colleagues import Colleague
from api.conversations.models import Conversation
from api.kit.clock import SetClock
from api.kit.errors import Problem
from tests.cases.conftest import GAO, HAO, QIN, TAO, Desk, Quiet
from tests.conftest import BANK, Telephone, Visit, import_rows, invite_link, portfolio_row


def refused(code: str) -> Any:
    """Expect a problem of a code."""
    return pytest.raises(Problem, match=f"^{code}$")


def write_down(desk: Desk, case_id: int, by: Colleague = TAO, **facts: Any) -> Any:
    """Write facts down as a colleague."""
    return desk.do(
        lambda s: proposing.write_down(
            s, case_id, by, facts, now=desk.clock.now(), policy=desk.policy,
            agreed_to_be_asked=True,
        )
    )  # fmt: skip


def propose(desk: Desk, case_id: int, by: Colleague = TAO) -> Proposal:
    """Propose within authority."""
    return desk.do(
        lambda s: proposing.propose_plan(s, case_id, by, now=desk.clock.now(), policy=desk.policy)
    )


def ask(desk: Desk, case_id: int, by: Colleague = TAO) -> Proposal:
    """Ask for an approval."""
    return desk.do(
        lambda s: proposing.ask_for_approval(
            s, case_id, by, "收入稳定，只差期数", now=desk.clock.now(), policy=desk.policy
        )
    )


def approve(desk: Desk, proposal: Proposal, by: Colleague = HAO) -> Proposal:
    """Approve."""
    return desk.do(
        lambda s: proposing.approve_plan(
            s, proposal.id, by, now=desk.clock.now(), policy=desk.policy
        )
    )


@pytest.fixture
def talk(desk: Desk) -> tuple[Desk, int]:
    """An identified person who has told their situation, and a colleague who has the floor."""
    desk.visit.identify()
    desk.visit.tell()
    case_id = desk.handoff()
    desk.take(case_id)
    return desk, case_id


def test_facts_tried_out_change_nothing(talk: tuple[Desk, int]) -> None:
    desk, case_id = talk
    found = desk.do(
        lambda s: proposing.try_facts(
            s, case_id, {"proposed_payment": "800.00", "pay_day": "no"}, role="collector",
            now=desk.clock.now(), policy=desk.policy,
        )
    )  # fmt: skip
    assert found["outcome"] == "offered"
    assert float(found["offers"][0]["monthly"]) <= 800
    assert [each["field"] for each in found["refused"]] == ["pay_day"]
    assert desk.visit.bot("context")["situation"]["proposed_payment"] == "1000.00"
    assert desk.visit.bot("context")["has_offers"] is False


def test_what_is_proposed_within_authority_is_shown_stands_and_is_signed_as_any(
    talk: tuple[Desk, int],
) -> None:
    desk, case_id = talk
    write_down(desk, case_id, proposed_payment="800.00")
    made = propose(desk, case_id)
    assert (made.state, made.made_by) == ("standing", "s-tao")
    assert desk.conversation.stage == "offers"
    shown = desk.visit.client.get("/chat").text
    assert "这个办法您看看合不合适" in shown
    desk.hand_back(case_id)
    told = desk.visit.bot("context")
    assert told["handed"]["plan"] is True
    assert told["handed"]["facts"] == ["proposed_payment"]
    standing = told["offers"][0]
    assert float(standing["monthly"]) <= 800
    again = desk.visit.bot("offers", {})
    assert again["outcome"] == "offered"
    assert desk.visit.bot("context")["offers"][0] == standing
    with desk.app.state.database.reading() as session:
        assert len(session.scalars(select(OfferSet)).all()) == 1
    assert desk.visit.bot("choice", {"option": 1})["status_code"] == 200
    assert desk.visit.sign()["signed"] is True
    proofs = desk.visit.client.get("/v1/agreements", headers=BANK).json()["items"]
    proof = desk.visit.client.get(f"/v1/agreements/{proofs[0]['id']}/proof", headers=BANK).json()
    assert proof["inputs"]["role"] == "collector"


def test_a_new_fact_ends_what_a_colleague_proposed(talk: tuple[Desk, int]) -> None:
    desk, case_id = talk
    propose(desk, case_id)
    desk.hand_back(case_id)
    desk.visit.bot("situation", {"facts": {"monthly_income": "7000.00"}})
    assert desk.visit.bot("context")["has_offers"] is False
    desk.visit.bot("offers", {})
    with desk.app.state.database.reading() as session:
        newest = session.scalars(select(OfferSet).order_by(OfferSet.id.desc())).first()
        assert newest is not None
        assert newest.made_by is None


def test_nothing_is_planned_without_the_floor_consent_or_identity(desk: Desk) -> None:
    case_id = desk.handoff()
    with refused("floor_lost"):
        propose(desk, case_id)
    desk.take(case_id)
    with refused("not_identified"):
        propose(desk, case_id)
    desk.hand_back(case_id)
    desk.visit.identify()
    case_id = desk.handoff()
    desk.take(case_id)
    with refused("no_consent"):
        desk.do(
            lambda s: proposing.write_down(
                s, case_id, TAO, {"pay_day": 5}, now=desk.clock.now(), policy=desk.policy
            )
        )
    with refused("nothing_to_propose") as problem:
        propose(desk, case_id)
    assert problem.value.extra["reason"] == "needs_facts"
    assert write_down(desk, case_id, pay_day=5).accepted == ["pay_day"]


def test_in_distress_nobody_plans(talk: tuple[Desk, int]) -> None:
    desk, case_id = talk
    desk.visit.say("我不想活了")
    with refused("on_hold"):
        propose(desk, case_id)


# ---- beyond authority ----------------------------------------------------------------------------


@pytest.fixture
def large(
    assistant: Quiet, client: TestClient, app: FastAPI, telephone: Telephone, clock: SetClock
) -> Desk:
    """Somebody who owes more than the assistant and a collector may plan for."""
    import_rows(client, portfolio_row(principal="240000.00", interest="9000.00", penalty="3000.00"))
    answer = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    visit = Visit(client, telephone, answer.json()["conversation_id"])
    visit.identify()
    visit.tell(monthly_income="16000.00", proposed_payment="7000.00")
    return Desk(app, clock, visit, assistant)


def _show_proof_of_income(desk: Desk) -> None:
    """So large a debt wants a paper that a colleague has seen (``bank.evidence.wanted_from``)."""
    with desk.app.state.database.transaction() as session:
        conversation = session.get_one(Conversation, desk.visit.conversation_id)
        shown_to_colleague(
            session, Who(conversation.person_id, conversation.id), "income_proof", GAO.id,
            desk.app.state.clock.now(),
        )  # fmt: skip


def test_beyond_ones_own_authority_another_one_decides_and_the_person_sees_it(large: Desk) -> None:
    assert large.visit.bot("offers", {})["reason"] == "beyond_authority"
    case_id = large.case("beyond_authority").id
    large.take(case_id)
    with refused("beyond_authority"):
        propose(large, case_id)
    asked = ask(large, case_id)
    assert asked.state == "asked"
    assert ask(large, case_id).id == asked.id
    with refused("not_yours"):
        approve(large, asked, QIN)
    approved = approve(large, asked, GAO)
    assert (approved.state, approved.decided_by_name) == ("approved", "高远")
    assert approve(large, asked, GAO).state == "approved"
    with refused("proposal_decided"):
        approve(large, asked, HAO)
    assert "批下来了" in large.said("collector")[-1]
    large.hand_back(case_id)
    assert large.visit.bot("context")["has_offers"] is True
    assert large.visit.bot("choice", {"option": 1})["review"] is False
    _show_proof_of_income(large)
    assert large.visit.sign()["signed"] is True
    with large.app.state.database.reading() as session:
        offers = session.scalars(select(OfferSet).where(OfferSet.outcome == "offered")).one()
        assert b'"role":"supervisor"' in (proof_of_offers(offers) or b"")


def test_nobody_approves_what_they_asked_for(large: Desk) -> None:
    large.visit.bot("offers", {})
    case_id = large.case("beyond_authority").id
    large.take(case_id, HAO)
    asked = ask(large, case_id, HAO)
    with refused("own_proposal"):
        approve(large, asked, HAO)
    with refused("own_proposal"):
        large.do(lambda s: proposing.refuse_plan(s, asked.id, HAO, "不行", now=large.clock.now()))
    assert approve(large, asked, GAO).state == "approved"


def test_an_approval_for_other_facts_is_none(large: Desk) -> None:
    large.visit.bot("offers", {})
    case_id = large.case("beyond_authority").id
    large.take(case_id)
    asked = ask(large, case_id)
    write_down(large, case_id, monthly_income="17000.00")
    with refused("proposal_stale"):
        approve(large, asked)
    again = ask(large, case_id)
    assert again.id != asked.id
    with large.app.state.database.reading() as session:
        assert [each.id for each in asked_proposals(session)] == [again.id]


def test_a_refusal_says_why_and_the_case_goes_on(large: Desk) -> None:
    large.visit.bot("offers", {})
    case_id = large.case("beyond_authority").id
    large.take(case_id)
    asked = ask(large, case_id)
    with refused("why_missing"):
        large.do(lambda s: proposing.refuse_plan(s, asked.id, GAO, " ", now=large.clock.now()))
    no = large.do(
        lambda s: proposing.refuse_plan(s, asked.id, GAO, "先核实收入", now=large.clock.now())
    )
    assert (no.state, no.decided_why) == ("refused", "先核实收入")
    assert large.visit.bot("context")["has_offers"] is False


def test_what_is_approved_after_handing_back_is_told_by_the_assistant(large: Desk) -> None:
    large.visit.bot("offers", {})
    case_id = large.case("beyond_authority").id
    large.take(case_id)
    asked = ask(large, case_id)
    assert large.hand_back(case_id).state == "working"
    large.settled()
    large.assistant.heard.clear()
    approve(large, asked)
    large.settled()
    assert large.assistant.heard[0].startswith("/handed_back")
    assert large.visit.bot("context")["handed"]["plan"] is True


def test_an_approval_is_not_asked_for_what_one_may_do_oneself(talk: tuple[Desk, int]) -> None:
    desk, case_id = talk
    with refused("within_authority"):
        ask(desk, case_id)


# ---- plans that a colleague looks at first -------------------------------------------------------


def test_a_plan_above_the_banks_figure_is_looked_at_before_it_is_signed(
    assistant: Quiet, client: TestClient, app: FastAPI, telephone: Telephone, clock: SetClock
) -> None:
    import_rows(client, portfolio_row(principal="90000.00"))
    opened = client.post("/v1/chat/conversations", json={"invite": invite_link(client)})
    visit = Visit(client, telephone, opened.json()["conversation_id"])
    desk = Desk(app, clock, visit, assistant)
    visit.identify()
    visit.tell(monthly_income="14000.00", proposed_payment="6000.00")
    visit.bot("offers", {})
    chosen = visit.bot("choice", {"option": 1})
    assert chosen["review"] is True
    case_id = desk.case("plan_review").id
    answer = visit.bot("challenge", {"purpose": "signature"})
    assert answer["code"] == "needs_review"
    assert answer["words"]["review_from"]
    desk.take(case_id)
    desk.do(lambda s: proposing.review_plan(s, case_id, TAO, now=clock.now(), policy=desk.policy))
    desk.hand_back(case_id)
    assert visit.bot("context")["stage"] == "agree"
    assert visit.sign()["signed"] is True
