"""Events are found as Rasa finds them, each kind looked for once."""

from __future__ import annotations

from typing import ClassVar

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)

from bot.event_kinds import remember_event_kinds
from bot.rasa_changed import RasaChanged


class _Events:
    """A class of its own, so that Rasa's stays as it is in this process."""

    searched: ClassVar[list[str]] = []

    @staticmethod
    def resolve_by_type(type_name: str, default: type | None = None) -> type | None:
        _Events.searched.append(type_name)
        resolve = Event.resolve_by_type
        return getattr(resolve, "__wrapped__", resolve)(type_name, default)


remember_event_kinds(_Events)


@pytest.mark.parametrize("kind", [UserUttered, ActionExecuted, SlotSet, SessionStarted])
def test_a_kind_is_looked_for_once(kind: type[Event]) -> None:
    _Events.searched.clear()
    assert [_Events.resolve_by_type(kind.type_name) for _ in range(3)] == [kind] * 3
    assert len(_Events.searched) <= 1


def test_an_unknown_kind_is_refused_each_time_and_a_default_is_not_remembered() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="Unknown event name 'no_such'"):
            _Events.resolve_by_type("no_such")
        assert _Events.resolve_by_type("no_such", SlotSet) is SlotSet
        assert _Events.resolve_by_type("topic") is None


def test_a_kind_that_is_defined_later_is_found() -> None:
    with pytest.raises(ValueError, match="anhuan_later"):
        _Events.resolve_by_type("anhuan_later")

    class Later(SlotSet):
        type_name = "anhuan_later"

    assert _Events.resolve_by_type("anhuan_later") is Later


def test_rasa_reads_its_events_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        {"event": "session_started"},
        {"event": "slot", "name": "asked", "value": "start"},
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": "你好", "parse_data": {"intent": {"name": "greet"}}},
    ]
    before = deserialise_events(said)
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(_Events.resolve_by_type))
    assert deserialise_events(said) == before
    assert [type(event) for event in before] == [
        SessionStarted,
        SlotSet,
        ActionExecuted,
        UserUttered,
    ]


def test_another_rasa_without_that_search_does_not_start() -> None:
    with pytest.raises(RasaChanged, match="resolve_by_type"):
        remember_event_kinds(type("Other", (), {}))
