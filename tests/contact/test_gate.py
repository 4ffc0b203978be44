"""The gate, cell by cell, and over every sequence of messages that chance can think of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from api.contact.gate import PRESSING, PURPOSES, RULES, Decision, Moment, Purpose, decide
from api.contact.holds import HoldKind
from api.contact.zones import zones_of
from api.policy.lookup import Policy, PolicyView
from api.policy.values import GateRow
from tests.contact.lawful import UNASKED, Sent, lawful

VIEW = Policy.load(Path(__file__).parents[2] / "api/policy/parameters").on(date(2026, 11, 24))
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI).astimezone(UTC)
NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=SHANGHAI).astimezone(UTC)
QUIET = Moment(at=NOON, zones=("Asia/Shanghai",))

APPLIES: dict[str, Moment] = {
    **{f"gate.{kind}": replace(QUIET, holds=frozenset({kind})) for kind in get_args(HoldKind)},
    "gate.quiet_hours": replace(QUIET, at=NIGHT),
    "gate.public_holiday": replace(QUIET, holidays=frozenset({date(2026, 11, 24)})),
    "gate.messages_a_day": replace(QUIET, pressing=(NOON - timedelta(hours=1),)),
    "gate.messages_a_week": replace(
        QUIET, pressing=tuple(NOON - timedelta(days=days) for days in (2, 3, 4))
    ),
    "gate.connected_a_day": replace(
        QUIET, connected=tuple(NOON - timedelta(hours=hours) for hours in (1, 2, 3))
    ),
    "gate.unanswered_a_day": replace(
        QUIET, unanswered=tuple(NOON - timedelta(minutes=minutes) for minutes in range(1, 7))
    ),
}
"""For each rule a moment at which it, and no other, applies."""

EXPECTED = """
                     reply code notice remind receipt care stop_ok outreach collect
wrong_number         drop  drop drop   drop   drop    drop drop    drop     drop
deceased             drop  drop drop   drop   drop    send drop    drop     drop
undeliverable        drop  drop drop   drop   drop    send send    drop     drop
opt_out              drop  drop drop   drop   drop    send send    drop     drop
dispute              send  send send   drop   send    send send    drop     drop
fraud                send  send send   drop   send    send send    drop     drop
complaint            send  send send   drop   send    send send    drop     drop
distress             send  send send   drop   send    send send    drop     drop
vulnerable           send  send send   drop   send    send send    drop     drop
breathing_space      send  send send   drop   send    send send    drop     drop
agreement_in_force   send  send send   send   send    send send    drop     drop
quiet_hours          wait  drop wait   wait   wait    send send    wait     wait
public_holiday       send  send send   send   send    send send    wait     wait
messages_a_day       send  send send   send   send    send send    wait     wait
messages_a_week      send  send send   send   send    send send    wait     wait
connected_a_day      send  send send   send   send    send send    wait     wait
unanswered_a_day     wait  drop wait   wait   wait    send send    wait     wait
"""
SPARED_WHEN_ANSWERING = {
    ("opt_out", "reply"), ("opt_out", "security_code"),
    *(("undeliverable", purpose) for purpose in ("reply", "security_code", "service_notice")),
    *((rule, purpose) for rule in ("quiet_hours", "unanswered_a_day")
      for purpose in ("reply", "security_code", "service_notice")),
}  # fmt: skip


def cells() -> list[tuple[str, Purpose, str]]:
    """Return the table above, a cell each."""
    rows = [line.split() for line in EXPECTED.strip().splitlines()[1:]]
    return [
        (row[0], purpose, verdict)
        for row in rows
        for purpose, verdict in zip(PURPOSES, row[1:], strict=True)
    ]


@pytest.mark.parametrize(("rule", "purpose", "verdict"), cells())
def test_each_cell_of_the_table(rule: str, purpose: Purpose, verdict: str) -> None:
    found = decide(purpose, APPLIES[f"gate.{rule}"], VIEW)
    assert found.verdict == verdict
    assert found.rule == ("" if verdict == "send" else f"gate.{rule}")
    answering = decide(purpose, replace(APPLIES[f"gate.{rule}"], answering=True), VIEW)
    spared = (rule, purpose) in SPARED_WHEN_ANSWERING
    assert answering.verdict == ("send" if spared else verdict)


def test_the_table_names_every_rule_every_hold_and_every_purpose() -> None:
    rows = {name for name in VIEW.ids() if name.startswith("gate.")}
    assert rows == set(RULES) == set(APPLIES)
    assert {rule for rule, *_ in cells()} == {name.removeprefix("gate.") for name in rows}
    assert set(GateRow.model_fields) == set(PURPOSES) == set(get_args(Purpose))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_rule_names_its_source(rule: str) -> None:
    row = VIEW.parameter(rule)
    assert row.title
    assert row.citation.text.startswith("《")
    assert row.verified or row.applies == "policy"


def test_nothing_in_the_way_sends() -> None:
    assert all(decide(purpose, QUIET, VIEW) == Decision("send") for purpose in PURPOSES)


def test_what_waits_for_the_morning_goes_at_eight() -> None:
    found = decide("reminder", replace(QUIET, at=NIGHT), VIEW)
    assert found.until is not None
    assert found.until.astimezone(SHANGHAI) == datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)


def test_after_a_full_day_the_next_goes_when_it_is_day_again() -> None:
    found = decide("collection", APPLIES["gate.messages_a_day"], VIEW)
    assert found.until is not None
    assert found.until.astimezone(SHANGHAI) == datetime(2026, 11, 25, 8, tzinfo=SHANGHAI)


def test_what_drops_comes_before_what_waits() -> None:
    found = decide("collection", replace(QUIET, at=NIGHT, holds=frozenset({"dispute"})), VIEW)
    assert (found.verdict, found.rule) == ("drop", "gate.dispute")


def test_a_day_is_the_persons_own() -> None:
    """20:00 in Shanghai is 7:00 in New York: a number from there is left to sleep."""
    evening = datetime(2026, 11, 24, 20, tzinfo=SHANGHAI).astimezone(UTC)
    assert decide("reminder", replace(QUIET, at=evening), VIEW).verdict == "send"
    abroad = replace(QUIET, at=evening, zones=("America/New_York",))
    found = decide("reminder", abroad, VIEW)
    assert found.until is not None
    assert found.until.astimezone(ZoneInfo("America/New_York")).hour == 8


def test_where_a_number_may_be() -> None:
    assert zones_of("+8613800138000") == ("Asia/Shanghai",)
    assert zones_of("+85291234567") == ("Asia/Hong_Kong",)
    assert len(zones_of("+12025550123")) >= 1
    assert zones_of("nothing") == ("Asia/Shanghai",)


ZONES = st.sampled_from(
    ["Asia/Shanghai", "Asia/Hong_Kong", "America/New_York", "Europe/London", "Asia/Kathmandu",
     "Pacific/Kiritimati", "Australia/Lord_Howe"]
)  # fmt: skip
INSTANTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis takes its bounds naive
HOLDS = st.sampled_from(get_args(HoldKind))
EVENTS = st.one_of(
    st.tuples(st.just("message"), st.sampled_from(PURPOSES), st.booleans()),
    st.tuples(st.just("placed"), HOLDS),
    st.tuples(st.just("lifted"), HOLDS),
    st.tuples(st.just("writes")),
    st.tuples(st.just("moves"), st.lists(ZONES, min_size=1, max_size=2, unique=True).map(tuple)),
)
"""What can happen: somebody wants to write, a hold is placed or lifted, the person writes, or has another
number, which may be in other zones."""


@settings(max_examples=600)
@given(
    start=INSTANTS,
    zones=st.lists(ZONES, min_size=1, max_size=2, unique=True).map(tuple),
    holidays=st.frozensets(st.dates(date(2026, 3, 1), date(2027, 1, 31)), max_size=10),
    story=st.lists(st.tuples(st.integers(0, 40 * 60), EVENTS), max_size=60),
)
def test_no_sequence_of_events_gets_a_message_past_a_rule(
    start: datetime, zones: tuple[str, ...], holidays: frozenset[date],
    story: list[tuple[int, tuple[Any, ...]]],
) -> None:  # fmt: skip
    """A sender that always asks, and sends what it may, never breaks a rule told in other words."""
    now = heard = start
    sent: list[Sent] = []
    holds: set[str] = set()
    for minutes, (happens, *what) in story:
        now += timedelta(minutes=minutes)
        if happens == "placed":
            holds.add(what[0])
        elif happens == "lifted":
            holds.discard(what[0])
        elif happens == "writes":
            heard = now
        elif happens == "moves":
            zones = what[0]
        else:
            purpose, answering = what
            moment = Moment(
                at=now, zones=zones, holds=frozenset(holds), answering=answering,
                holidays=holidays, pressing=tuple(at for at, kind in sent if kind in PRESSING),
                unanswered=tuple(at for at, kind in sent if kind in UNASKED and at > heard),
            )  # fmt: skip
            found = decide(purpose, moment, VIEW)
            if found.verdict == "wait":
                assert found.until is not None
                assert found.until > now
                assert decide(purpose, replace(moment, at=found.until), VIEW).verdict == "send"
            if found.verdict == "send":
                sent.append((now, purpose))
                lawful(sent, heard, zones, holds, holidays, answering=answering)


@given(at=INSTANTS, zone=ZONES)
def test_a_cap_of_nothing_means_never(at: datetime, zone: str) -> None:
    class Never:
        """A day's policy whose caps are zero."""

        def value(self, name: str) -> object:
            return 0 if name.startswith("bank.contact.") else VIEW.value(name)

    never: PolicyView = Never()  # type: ignore[assignment]
    found = decide("collection", Moment(at=at, zones=(zone,)), never)
    assume(found.rule != "gate.quiet_hours")
    assert found.verdict == "drop"
