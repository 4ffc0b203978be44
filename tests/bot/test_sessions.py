"""A long session ends between two messages, and nothing that matters ends with it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.actions.action import ActionSessionStart
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changed import RasaChanged
from bot.sessions import LONGEST_SESSION, begin_sessions_anew

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet"],
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("asked", "locale")
        },
        "forms": {"situation_form": {"required_slots": []}},
        "session_config": {"session_expiration_time": 720, "carry_over_slots_to_new_session": True},
    }
)


class _Start(ActionSessionStart):
    """A class of its own, so that Rasa's stays as it is in this process."""


class _Processor:
    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        """The pause, as a test sets it."""
        return tracker.sender_id == "after a pause"


@pytest.fixture(autouse=True)
def _patched() -> None:
    begin_sessions_anew(_Processor, _Start)


def after(turns: int, sender: str = "c_1") -> DialogueStateTracker:
    tracker = DialogueStateTracker(sender, DOMAIN.slots)
    for number in range(turns):
        for event in (
            UserUttered("你好", {"name": "greet"}),
            SlotSet("asked", number),
            SlotSet("locale", "zh"),
            ActionExecuted("action_listen"),
        ):
            tracker.update(event, DOMAIN)
    return tracker


def expired(tracker: DialogueStateTracker) -> bool:
    return _Processor()._has_session_expired(tracker)


def test_a_session_ends_when_it_has_grown_long_or_after_a_pause() -> None:
    assert not expired(after(LONGEST_SESSION // 4))
    assert expired(after(LONGEST_SESSION // 4 + 1))
    assert expired(after(1, "after a pause"))


def test_a_form_is_never_left_for_it() -> None:
    tracker = after(LONGEST_SESSION)
    tracker.update(ActiveLoop("situation_form"), DOMAIN)
    assert not expired(tracker)
    tracker.update(ActiveLoop(None), DOMAIN)
    assert expired(tracker)


async def begin(tracker: DialogueStateTracker) -> None:
    nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
    for event in await _Start().run(CollectingOutputChannel(), nlg, tracker, DOMAIN):
        tracker.update(event, DOMAIN)


async def test_the_new_session_begins_with_each_slots_last_value_and_stays_small() -> None:
    tracker = after(LONGEST_SESSION)
    sizes = []
    for _ in range(3):
        before: dict[str, Any] = tracker.current_slot_values()
        await begin(tracker)
        assert tracker.current_slot_values() == before
        sizes.append(len(tracker.applied_events()))
    assert before["asked"] == LONGEST_SESSION - 1
    assert sizes == [3, 3, 3]  # two slots, and the listening
    assert tracker.latest_action_name == "action_listen"


def test_another_rasa_is_refused_and_a_second_call_changes_nothing() -> None:
    once = _Processor._has_session_expired
    begin_sessions_anew(_Processor, _Start)
    assert _Processor._has_session_expired is once

    class Other:
        pass

    with pytest.raises(RasaChanged, match="_has_session_expired"):
        begin_sessions_anew(Other, _Start)
