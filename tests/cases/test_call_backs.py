"""Calls that people ask for: the times there are, choosing one in any words, making it, missing it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from api.contact.models import ContactAttempt
from api.conversations import call_backs
from api.conversations.call_times import CallTime, call_times, meant, spread, written
from api.conversations.models import CallBack
from api.conversations.promises import OfficeHours
from api.kit.dates import LOCAL_ZONE
from api.kit.errors import Problem
from api.policy.values import Hours
from tests.cases.conftest import TAO, Desk

TUESDAY = date(2026, 11, 24)
HOURS = OfficeHours(time(9), time(18), frozenset(range(1, 7)))
WINDOWS = [Hours(start="09:00", end="11:00"), Hours(start="14:00", end="16:00")]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return an instant of Shanghai's clock."""
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE).astimezone(UTC)


NOW = at(TUESDAY, 12)


def times(now: datetime = NOW) -> list[CallTime]:
    """Return the times of the next days."""
    return call_times(now, HOURS, WINDOWS, notice=timedelta(minutes=30), days_ahead=6)


def test_times_lie_in_working_days_after_the_notice() -> None:
    found = times()
    assert found[0] == CallTime(at(TUESDAY, 14), at(TUESDAY, 16))
    assert all(each.starts_at.astimezone(LOCAL_ZONE).isoweekday() != 7 for each in found)
    assert times(at(TUESDAY, 13, 45))[0].starts_at == at(TUESDAY + timedelta(days=1), 9)


def test_what_is_offered_differs_in_the_half_of_the_day() -> None:
    offered = spread(times(), 3)
    assert [written(each, "zh", TUESDAY) for each in offered] == [
        "今天 14:00 到 16:00", "明天 9:00 到 11:00", "明天 14:00 到 16:00",
    ]  # fmt: skip
    assert written(offered[1], "en", TUESDAY) == "tomorrow, 9:00 to 11:00"
    later = call_times(at(TUESDAY, 12), HOURS, WINDOWS, notice=timedelta(days=3), days_ahead=9)
    assert written(later[0], "zh", TUESDAY) == "11月27日 周五 14:00 到 16:00"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("明天 9:00 到 11:00", 1),
        ("tomorrow, 9:00 to 11:00", 1),
        ("2", 1),
        ("第三个", 2),
        ("the 1st", 0),
        ("３", 2),
        ("今天吧", 0),
        ("今天下午可以", 0),
        ("明天上午", 1),
        ("明天早上打给我", 1),
        ("明天下午三点的话不行，我想明天14:30", 2),
        ("tomorrow morning please", 1),
        ("tomorrow at 3 pm", 2),
        ("周三上午", 1),
        ("Wednesday afternoon", 2),
        ("11月25日上午", 1),
    ],
)
def test_a_time_is_understood_in_many_words(text: str, place: int) -> None:
    offered = spread(times(), 3)
    assert meant(text, offered, TUESDAY) == offered[place]


@pytest.mark.parametrize(
    "text",
    ["明天", "下午", "随便", "后天上午", "每月800", "5", "周日", "我想先看看办法", "31月99日", ""],
)
def test_what_is_not_clear_or_not_offered_chooses_nothing(text: str) -> None:
    assert meant(text, spread(times(), 3), TUESDAY) is None


@given(st.text(max_size=60))
def test_whatever_is_written_chooses_one_of_the_offered_or_nothing(text: str) -> None:
    offered = spread(times(), 3)
    assert meant(text, offered, TUESDAY) in (*offered, None)


def planned(desk: Desk) -> CallBack | None:
    """Return the call that is arranged."""
    return desk.do(lambda s: call_backs.arranged(s, desk.visit.conversation_id))


def test_a_call_is_chosen_in_the_chat_whatever_the_assistant_understands(desk: Desk) -> None:
    offered = desk.visit.bot("call-back", {})
    assert len(offered["call_times"]) == 3
    assert offered["call_times"][0] == "今天 14:00 到 16:00"
    desk.visit.say(offered["call_times"][1])
    assert desk.assistant.heard[-1].startswith("/call_back_chosen")
    call = planned(desk)
    assert call is not None
    assert (call.state, call.asked_by) == ("planned", "person")
    told = desk.visit.bot("context")["words"]
    assert told["call_time"] == offered["call_times"][1]
    assert desk.case().promised_by == call.ends_at
    desk.visit.say("第二个")  # a word of its own now, since nothing is offered any more
    assert desk.assistant.heard[-1] == "第二个"


def test_nothing_is_chosen_once_the_case_is_closed(desk: Desk) -> None:
    offered = desk.visit.bot("call-back", {})["call_times"]
    case = desk.case()
    desk.take(case.id)
    desk.close(case.id)
    desk.visit.say(offered[1])
    assert planned(desk) is None
    assert desk.assistant.heard[-1] == offered[1]  # the assistant hears it as any other sentence


def test_a_new_choice_takes_the_place_of_the_old_one(desk: Desk) -> None:
    for _ in range(2):
        desk.visit.say(desk.visit.bot("call-back", {})["call_times"][0])
    with desk.app.state.database.reading() as session:
        states = [call.state for call in session.scalars(select(CallBack))]
    assert sorted(states) == ["dropped", "dropped", "dropped", "planned"]


def test_a_full_time_is_offered_to_nobody_else(desk: Desk) -> None:
    first = desk.do(lambda s: call_backs.slots(s, desk.clock.now(), desk.policy))[0]
    case_id = desk.handoff()
    most = desk.policy.value("bank.call_back.at_once")

    def fill(session: object) -> None:
        for number in range(most):
            session.add(  # type: ignore[attr-defined]
                CallBack(
                    id=f"b{number}", conversation_id=desk.visit.conversation_id, case_id=case_id,
                    person_id=desk.conversation.person_id, state="planned", offered=[],
                    starts_at=first.starts_at, ends_at=first.ends_at, asked_by="person", tries=0,
                    outcome="", at=desk.clock.now(),
                )
            )  # fmt: skip

    desk.do(fill)
    assert first not in desk.do(lambda s: call_backs.slots(s, desk.clock.now(), desk.policy))


def test_a_call_made_is_in_the_persons_own_ledger_and_one_unanswered_can_be_tried_again(
    desk: Desk,
) -> None:
    case_id = desk.handoff()
    first = desk.do(lambda s: call_backs.slots(s, desk.clock.now(), desk.policy))[0]
    call = desk.do(
        lambda s: call_backs.schedule(
            s, case_id, TAO, first, now=desk.clock.now(), policy=desk.policy
        )
    )
    desk.clock.at = first.starts_at
    for outcome in ("unanswered", "connected", "connected"):
        desk.do(
            lambda s, outcome=outcome: call_backs.made(  # type: ignore[misc]
                s, call.id, TAO, outcome, now=desk.clock.now(), policy=desk.policy
            )
        )
    with desk.app.state.database.reading() as session:
        attempts = session.scalars(
            select(ContactAttempt).where(ContactAttempt.channel == "call")
        ).all()
        assert [(each.by, each.outcome) for each in attempts] == [
            ("colleague", "unanswered"), ("colleague", "connected"),
        ]  # fmt: skip
        assert session.get_one(CallBack, call.id).state == "done"


def test_no_call_is_arranged_where_the_gate_says_no(desk: Desk) -> None:
    case_id = desk.handoff("wrong_person")
    first = desk.do(lambda s: call_backs.slots(s, desk.clock.now(), desk.policy))[0]
    with pytest.raises(Problem, match="contact_barred") as problem:
        desk.do(
            lambda s: call_backs.schedule(
                s, case_id, TAO, first, now=desk.clock.now(), policy=desk.policy
            )
        )
    assert problem.value.extra["rule"] == "gate.wrong_number"
    night = CallTime(at(TUESDAY, 23), at(TUESDAY, 23, 30))
    with pytest.raises(Problem, match="time_not_free"):
        desk.do(
            lambda s: call_backs.schedule(
                s, case_id, TAO, night, now=desk.clock.now(), policy=desk.policy
            )
        )


def test_a_call_that_nobody_made_is_owned_up_to_once(desk: Desk) -> None:
    desk.visit.say(desk.visit.bot("call-back", {})["call_times"][0])
    call = planned(desk)
    assert call is not None
    assert call.ends_at is not None
    desk.settled()
    desk.assistant.heard.clear()
    desk.clock.at = call.ends_at + timedelta(minutes=1)
    from tests.cases.test_promises import attended

    attended(desk)
    desk.settled()
    assert planned(desk) is None
    assert desk.visit.bot("context")["handed"]["kind"] == "call_missed"
    assert len([heard for heard in desk.assistant.heard if heard.startswith("/handed_back")]) == 1


def test_while_a_colleague_has_the_floor_a_message_chooses_nothing_by_itself(desk: Desk) -> None:
    offered = desk.visit.bot("call-back", {})["call_times"]
    desk.take(desk.case().id)
    desk.visit.say(offered[0])
    assert planned(desk) is None
