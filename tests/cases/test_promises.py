"""Promises kept or owned up to: working time, holidays, untouched cases, missed calls, pauses that end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.contact.holds import holds_of, place_hold
from api.conversations.attending import attend
from api.conversations.cases import HOLDS, REASONS, case_rule, current_promise, office_hours
from api.conversations.models import Conversation
from api.conversations.promises import OfficeHours, promise
from api.kit.dates import LOCAL_ZONE
from api.policy.lookup import Policy
from tests.cases.conftest import QIN, Desk

POLICY = Policy.shipped()


def shanghai(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant of Shanghai's clock."""
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE).astimezone(UTC)


def test_every_reason_has_its_rule_and_every_rule_its_reason() -> None:
    view = POLICY.on(date(2026, 11, 24))
    rows = {name for name in view.ids() if view.parameter(name).unit == "case_rule"}
    assert rows == {f"bank.case.{reason}" for reason in REASONS}
    assert set(HOLDS) <= REASONS
    assert {reason for reason in REASONS if case_rule(reason, view).role == "care"} == {
        "distress", "vulnerability",
    }  # fmt: skip
    assert min(case_rule(reason, view).priority for reason in REASONS) == 1


@pytest.mark.parametrize(
    ("now", "by"),
    [
        (shanghai(date(2026, 11, 24), 10), shanghai(date(2026, 11, 24), 14)),
        (shanghai(date(2026, 11, 24), 16), shanghai(date(2026, 11, 25), 11)),
        (shanghai(date(2026, 11, 24), 23), shanghai(date(2026, 11, 25), 13)),
        (shanghai(date(2026, 11, 28), 17), shanghai(date(2026, 11, 30), 12)),  # Sunday is off
        (shanghai(date(2026, 12, 31), 17), shanghai(date(2027, 1, 2), 12)),  # New Year's day is off
        (shanghai(date(2026, 9, 30), 17, 30), shanghai(date(2026, 10, 5), 12, 30)),
    ],
)
def test_what_is_promised_lies_in_working_time_past_sundays_and_holidays(
    now: datetime, by: datetime
) -> None:
    view = POLICY.on(now.astimezone(LOCAL_ZONE).date())
    holidays = [day for day in office_hours(view).holidays if day.month == 10 and day.year == 2026]
    found = current_promise(now, view).reply_by
    if now.month == 9:  # as many days of October as policy knows to be off
        assert found.astimezone(LOCAL_ZONE).date() not in holidays
        assert found > now
    else:
        assert found == by


@given(
    st.timedeltas(timedelta(0), timedelta(days=700)).map(
        lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
    ),
    st.integers(1, 3000),
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
def test_a_promise_always_ends_while_somebody_works_and_never_before_now(
    now: datetime, minutes: int, days: set[int], holidays: set[date]
) -> None:
    hours = OfficeHours(time(9), time(18), frozenset(days), frozenset(holidays))
    made = promise(now, hours, timedelta(minutes=minutes))
    end = made.reply_by.astimezone(LOCAL_ZONE)
    assert made.reply_by > now
    assert hours.works_on(end.date())
    assert time(9) < end.time() <= time(18)


def attended(desk: Desk) -> list[str]:
    """Let the tick come."""
    state = desk.app.state
    return attend(state.database, desk.clock, state.policy)


def test_a_case_that_nobody_touches_goes_back_to_the_queue_and_says_so(desk: Desk) -> None:
    case_id = desk.handoff()
    desk.take(case_id)
    desk.clock.forward(timedelta(hours=3))
    desk.say(case_id, "我在看您的情况。")
    desk.clock.forward(timedelta(hours=3, minutes=50))  # 19:51; the office closed at 18:00
    attended(desk)
    assert desk.case().state == "taken"
    desk.clock.forward(timedelta(hours=15, minutes=30))
    attended(desk)
    assert desk.case().state == "waiting"
    assert desk.conversation.floor == "assistant"
    desk.settled()
    told = desk.visit.bot("context")
    assert told["handed"]["kind"] == "away"
    assert told["words"]["reply_by"]
    assert desk.take(case_id, QIN).holder_id == "s-qin"


def test_a_broken_promise_is_renewed_and_owned_up_to_at_most_twice(desk: Desk) -> None:
    desk.handoff()
    for days in range(5):
        desk.clock.forward(timedelta(days=1))
        attended(desk)
        assert desk.case().broken == days + 1
    desk.settled()
    late = [heard for heard in desk.assistant.heard if heard.startswith("/handed_back")]
    assert len(late) == 2
    assert desk.case().promised_by > desk.clock.now()
    assert len(desk.events("promise_broken")) == 5


def test_nobody_is_written_to_at_a_number_that_is_not_theirs(desk: Desk) -> None:
    desk.handoff("wrong_person")
    desk.clock.forward(timedelta(days=1))
    attended(desk)
    desk.settled()
    assert desk.assistant.heard == []
    assert desk.case("wrong_person").broken == 1


def test_a_hold_that_has_an_end_is_lifted_when_it_comes(desk: Desk) -> None:
    def person(session: object) -> str:
        found = session.scalars(select(Conversation.person_id)).first()  # type: ignore[attr-defined]
        return str(found)

    person_id = desk.do(person)
    now = desk.clock.now()
    end = now + timedelta(days=3)
    desk.do(
        lambda s: place_hold(
            s, person_id=person_id, kind="breathing_space", source="test", now=now, until=end
        )
    )
    longer = end + timedelta(days=2)
    desk.do(
        lambda s: place_hold(
            s, person_id=person_id, kind="breathing_space", source="test", now=now, until=longer
        )
    )
    desk.clock.forward(timedelta(days=4))
    attended(desk)
    assert "breathing_space" in desk.do(lambda s: holds_of(s, person_id))
    desk.clock.forward(timedelta(days=1, minutes=1))
    attended(desk)
    assert "breathing_space" not in desk.do(lambda s: holds_of(s, person_id))
    assert [event.data["source"] for event in desk.events("hold_lifted")] == ["its_time_is_over"]


def test_when_nothing_is_affordable_the_promised_pause_is_really_placed(desk: Desk) -> None:
    desk.visit.identify()
    desk.visit.tell(monthly_income="100.00", proposed_payment="0.00", expected_income="skipped")
    assert desk.visit.bot("offers", {})["reason"] == "nothing_affordable"
    conversation = desk.conversation
    assert "breathing_space" in desk.do(lambda s: holds_of(s, conversation.person_id))


def test_two_ticks_at_once_say_it_once(desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    desk.handoff()
    desk.clock.forward(timedelta(days=1))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: attended(desk), range(4)))
    assert desk.case().broken == 1
