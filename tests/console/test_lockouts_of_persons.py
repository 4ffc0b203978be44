"""Colleagues see why somebody cannot prove who they are, and until when, and can end it with a reason."""

from __future__ import annotations

from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.models import Challenge, Person
from api.conversations.lockouts import end_pauses, running_pauses
from api.kit.audit import Event
from api.kit.clock import SetClock
from tests.conftest import Visit
from tests.console.signing_in import signed_in


def person_of(app: FastAPI) -> str:
    with app.state.database.reading() as session:
        found: str = session.scalars(select(Person.id)).one()
        return found


def spend_tries(visit: Visit) -> str:
    """Give five wrong codes; returns the right one."""
    code = visit.code("identity")
    for number in range(1, 6):
        visit.say(f"{(int(code) + number) % 1_000_000:06d}")
    assert visit.bot("context")["open_challenge"]["state"] == "paused"
    return code


def test_a_pause_is_seen_on_the_account_and_ended_with_a_reason(visit: Visit, app: FastAPI) -> None:
    spend_tries(visit)
    colleague, staff = signed_in(app, "collector", locale="en")
    page = colleague.get(f"/console/accounts/{person_of(app)}").text
    assert "Codes by text are paused" in page
    assert "until" in page
    assert "5 wrong codes or digits" in page
    ended = colleague.post(
        f"/console/accounts/{person_of(app)}/pauses/end", data={"how": "call", "reference": "T-7"}
    )
    assert ended.status_code == 303
    page = colleague.get(f"/console/accounts/{person_of(app)}").text
    assert "are paused" not in page
    assert "5 wrong codes or digits" in page, "that they happened is not forgotten"
    with app.state.database.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "pause_ended")).one()
        assert (event.actor, event.data["source"]) == (staff.actor, "staff:call:T-7")
    again = colleague.post(f"/console/accounts/{person_of(app)}/pauses/end", data={"how": "call"})
    assert again.status_code == 303, "nothing is paused: nothing changes"
    visit.identify()
    assert visit.bot("context")["identified"] is True


def test_the_case_of_somebody_who_is_locked_out_says_so(visit: Visit, app: FastAPI) -> None:
    spend_tries(visit)
    visit.bot("handoff", {"reason": "ask_human"})
    colleague, _ = signed_in(app, "collector")
    assert "身份核对暂停到" in colleague.get("/console/cases/1").text


def test_ending_pauses_does_not_make_the_next_one_shorter_and_is_not_done_all_day(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    policy, who = app.state.policy.on(clock.today()), person_of(app)
    lengths = []
    for _ in range(policy.value("bank.code.pauses_ended_a_day")):
        spend_tries(visit)
        with app.state.database.transaction() as session:
            (pause,) = running_pauses(session, who, now=clock.now(), policy=policy)
            lengths.append(pause.until - clock.now())
            assert end_pauses(
                session, who, now=clock.now(), policy=policy, actor="staff:s", source="staff:call"
            )
        clock.forward(timedelta(minutes=61))
    spend_tries(visit)
    colleague, _ = signed_in(app, "collector", locale="en")
    refused = colleague.post(f"/console/accounts/{who}/pauses/end", data={"how": "call"})
    assert refused.status_code == 409
    assert "often enough today" in refused.text
    assert "It ends by itself" in colleague.get(f"/console/accounts/{who}").text
    assert lengths == [timedelta(minutes=15), timedelta(minutes=60)]


def test_a_paused_link_is_named_by_its_reference_and_can_be_ended_too(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    policy, who = app.state.policy.on(clock.today()), person_of(app)
    for number in range(policy.value("bank.code.visit_tries")):
        if number % 4 == 0:
            code = visit.code("identity")
        visit.say(f"{(int(code) + number % 4 + 1) % 1_000_000:06d}")
        if number % 4 == 3:
            with app.state.database.transaction() as session:
                for challenge in session.scalars(select(Challenge)):
                    challenge.state = "satisfied"
    colleague, _ = signed_in(app, "collector", locale="en")
    page = colleague.get(f"/console/accounts/{who}").text
    assert "Paused in conversations with reference" in page
    colleague.post(f"/console/accounts/{who}/pauses/end", data={"how": "counter"})
    assert "Paused in conversations" not in colleague.get(f"/console/accounts/{who}").text
    visit.identify()
    assert visit.bot("context")["identified"] is True
