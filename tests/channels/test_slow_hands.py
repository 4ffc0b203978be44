"""Codes for people who need their time: good for policy's minutes, sent anew without losing anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.accounts.models import Challenge
from api.kit.clock import SetClock
from tests.conftest import BANK, Visit

pytestmark = pytest.mark.each_database


def minutes(app: FastAPI, clock: SetClock) -> int:
    found: int = app.state.policy.on(clock.today()).value("bank.code.minutes")
    return found


def at_signing(visit: Visit) -> str:
    visit.identify()
    visit.tell()
    visit.choose()
    return visit.code("signature")


def test_a_code_is_good_until_the_last_second_of_its_minutes(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    code = visit.code("identity")
    clock.forward(timedelta(minutes=minutes(app, clock), seconds=-1))
    visit.say(code)
    assert visit.bot("context")["open_challenge"]["purpose"] == "document"


def test_after_them_it_proves_nothing_and_a_fresh_one_loses_nothing(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    old = visit.code("identity")
    clock.forward(timedelta(minutes=minutes(app, clock)))
    visit.say(old)
    context = visit.bot("context")
    assert (context["open_challenge"]["state"], context["identified"]) == ("expired", False)
    assert context["open_challenge"]["tries_left"] == 5, "coming late is no wrong try"
    visit.identify()
    assert visit.bot("context")["identified"] is True


def test_at_signing_a_fresh_code_is_for_the_very_same_terms(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    old = at_signing(visit)
    before = visit.bot("context")
    clock.forward(timedelta(minutes=minutes(app, clock) + 1))
    visit.say(old)
    assert visit.bot("agreement", {})["code"] == "not_signed"
    new = visit.code("signature")
    after = visit.bot("context")
    for kept in ("choice", "situation", "has_terms", "offers", "stage"):
        assert after[kept] == before[kept], kept
    with app.state.database.reading() as session:
        asked = session.scalars(select(Challenge).where(Challenge.purpose == "signature")).all()
        assert len({challenge.digest for challenge in asked}) == 1
        assert len({challenge.answer_hash for challenge in asked}) == 2
        assert {len(challenge.answer_hash) for challenge in asked} == {64}
    visit.say(old)
    assert visit.bot("agreement", {})["code"] == "not_signed", (
        "an old one signs nothing later either"
    )
    visit.say(new)
    assert visit.bot("agreement", {})["status_code"] == 200
    assert len(visit.client.get("/v1/agreements", headers=BANK).json()["items"]) == 1


def test_a_code_for_one_act_does_nothing_for_another(visit: Visit, app: FastAPI) -> None:
    signing = at_signing(visit)
    again = visit.code("identity")
    visit.say(again)
    assert visit.bot("agreement", {})["code"] == "not_signed"
    with app.state.database.reading() as session:
        states = {
            challenge.purpose: challenge.state
            for challenge in session.scalars(select(Challenge).order_by(Challenge.created_at))
        }
        assert states["signature"] == "open"
    assert again != signing


def test_more_codes_than_policy_sends_in_an_hour_wait_with_a_time(
    visit: Visit, app: FastAPI, clock: SetClock
) -> None:
    most = app.state.policy.on(clock.today()).value("bank.code.sends_an_hour")
    for _ in range(most):
        visit.code("identity")
    refused = visit.bot("challenge", {"purpose": "identity"})
    assert (refused["status_code"], refused["code"]) == (429, "codes_enough")
    assert refused["words"]["codes_from"] == "13:00"
    clock.forward(timedelta(hours=1, seconds=1))
    visit.identify()
    assert visit.bot("context")["identified"] is True
