"""The life of an agreement is a function of its events, whatever their order and however often they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.agreements.life import ENDED, LIFE_EVENTS, STANDING, STATES, after, state_of
from api.agreements.lives import lives_of
from api.agreements.models import Agreement
from api.kit.clock import SetClock
from tests.conftest import Visit

KINDS = st.sampled_from([*sorted(LIFE_EVENTS), "plan_reviewed", "reminder_answered"])

WAYS = {
    "": "draft",
    "presented": "draft",
    "presented terms_shown": "presented",
    "presented terms_shown superseded": "superseded",
    "presented terms_shown superseded presented": "draft",
    "presented terms_shown code_given": "signed",
    "presented terms_shown code_given signature_void": "presented",
    "presented terms_shown code_given signed": "in_force",
    "presented terms_shown code_given signed instalment_paid": "in_force",
    "presented terms_shown code_given signed instalment_moved": "paused",
    "presented terms_shown code_given signed instalment_moved instalment_paid": "amended",
    "presented terms_shown code_given signed instalment_moved fulfilled": "fulfilled",
    "presented terms_shown code_given signed instalment_missed broken": "broken",
    "presented terms_shown code_given signed withdrawn": "withdrawn",
    "presented terms_shown code_given signed withdrawn signed": "withdrawn",
    "presented terms_shown code_given signed fulfilled broken": "fulfilled",
}


@pytest.mark.parametrize(("way", "state"), WAYS.items())
def test_each_way_leads_where_it_should(way: str, state: str) -> None:
    assert state_of(way.split()) == state


@given(st.lists(KINDS, max_size=30))
def test_no_sequence_of_events_brings_an_ended_agreement_back(kinds: list[str]) -> None:
    states = [state_of(kinds[:n]) for n in range(len(kinds) + 1)]
    assert set(states) <= STATES
    for n, state in enumerate(states):
        if state in ENDED:
            assert set(states[n:]) == {state}
        if state in STANDING:
            assert "signed" in kinds[:n]
            assert not set(states[n:]) & {"draft", "presented", "signed", "superseded"}


@given(st.lists(KINDS, max_size=30), st.integers(0, 29))
def test_an_event_told_twice_at_once_changes_nothing(kinds: list[str], at: int) -> None:
    doubled = [kind for n, kind in enumerate(kinds) for kind in [kind] * (2 if n == at else 1)]
    assert state_of(doubled) == state_of(kinds)


@given(st.sampled_from(sorted(STATES)), KINDS)
def test_only_what_was_in_force_can_end(state: str, kind: str) -> None:
    then = after(state, kind)  # type: ignore[arg-type]  # one of them
    if then in ENDED and then != state:
        assert state in STANDING


def states(app: FastAPI) -> list[str]:
    with app.state.database.reading() as session:
        agreements = session.scalars(select(Agreement).order_by(Agreement.presented_at)).all()
        lives = lives_of(session, agreements)
        return [lives[agreement.id] for agreement in agreements]


@pytest.mark.each_database
def test_the_record_goes_through_the_states(visit: Visit, app: FastAPI, clock: SetClock) -> None:
    visit.identify()
    visit.tell()
    visit.choose(2)
    assert states(app) == ["draft"]
    refused = visit.bot("challenge", {"purpose": "signature"})
    assert (refused["status_code"], refused["code"]) == (409, "terms_not_shown")
    visit.read_terms()
    assert states(app) == ["presented"]
    clock.forward(timedelta(seconds=1))
    visit.bot("choice", {"option": 1})
    assert states(app) == ["superseded", "draft"]
    visit.say(visit.code("signature"))
    assert states(app) == ["superseded", "signed"]
    visit.bot("agreement", {})
    assert states(app) == ["superseded", "in_force"]
