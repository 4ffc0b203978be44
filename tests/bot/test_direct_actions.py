"""Our actions run where the conversation is: told of their turn, heard as Rasa hears an action server."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop as LoopGiven
from rasa_sdk.events import SlotSet as SlotGiven
from rasa_sdk.executor import CollectingDispatcher

import bot.direct_actions
from bot.direct_actions import our_actions, run_actions_here, told_of_this_turn
from bot.rasa_changed import RasaChanged

ROOT = Path(__file__).parents[2]
DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet"],
        "actions": ["action_plain"],
        "responses": {"utter_sum": [{"text": "每月{sum}元", "metadata": {"kept": True}}]},
        "slots": {"asked": {"type": "any", "mappings": [{"type": "custom"}]}},
    }
)


def said(text: str) -> list[Event]:
    entities = [{"entity": "amount", "value": "800.00", "start": 0, "end": 3}]
    return [
        UserUttered(
            text, {"name": "greet"}, entities, input_channel="sms", metadata={"message_id": text}
        ),
        SlotSet("asked", text),
        ActionExecuted("situation_form"),
        ActiveLoop("situation_form"),
    ]


def tracker(*texts: str) -> DialogueStateTracker:
    made = DialogueStateTracker("c_1", DOMAIN.slots)
    for text in texts:
        for event in (*said(text), BotUttered("好的"), ActionExecuted("action_listen")):
            made.update(event, DOMAIN)
    for event in said("now"):
        made.update(event, DOMAIN)
    return made


class _Remote(RemoteAction):
    """A class of its own, so that Rasa's stays as it is in this process."""


async def _ran(action: Any, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    monkeypatch.setattr(bot.direct_actions, "our_actions", lambda: {"action_plain": action})
    run_actions_here(_Remote)
    nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
    channel = CollectingOutputChannel()
    events: list[Event] = await _Remote("action_plain", None).run(
        channel, nlg, tracker("one"), DOMAIN
    )
    return events


async def test_what_an_action_says_and_changes_reaches_the_conversation_as_from_a_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def action(dispatcher: CollectingDispatcher, _: Tracker, __: Any) -> list[Any]:
        choice = {"title": "好", "payload": "好"}
        dispatcher.utter_message(response="utter_sum", buttons=[choice], sum="800")
        dispatcher.utter_message(json_message={"card": "offer"})
        return [SlotGiven("asked", "offer"), LoopGiven(None)]

    first, second, *changes = await _ran(action, monkeypatch)
    assert isinstance(first, BotUttered)
    assert first.text == "每月800元"
    assert first.data["buttons"] == [{"title": "好", "payload": "好"}]
    assert first.metadata["utter_action"] == "utter_sum"
    assert isinstance(second, BotUttered)
    assert second.data["custom"] == {"card": "offer"}
    assert changes == [SlotSet("asked", "offer"), ActiveLoop(None)]


async def test_an_action_that_says_and_changes_nothing_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def action(*_: Any) -> None:
        return None

    assert await _ran(action, monkeypatch) == []


def test_an_action_is_told_the_state_and_the_events_of_its_turn() -> None:
    whole = tracker("one", "two")
    told = told_of_this_turn(whole)
    assert told.sender_id == "c_1"
    assert told.slots == {"asked": "now", **{k: None for k in told.slots if k != "asked"}}
    assert told.latest_message["text"] == "now"
    assert told.latest_message["metadata"] == {"message_id": "now"}
    assert told.latest_message["entities"][0]["value"] == "800.00"
    assert told.get_latest_input_channel() == "sms"
    assert told.active_loop["name"] == "situation_form"
    assert [event["event"] for event in told.events] == ["user", "slot", "action", "active_loop"]
    assert told.events == [event.as_dict() for event in whole.events][-4:]


def test_before_anything_was_said_all_is_told() -> None:
    made = DialogueStateTracker("c_1", DOMAIN.slots)
    made.update(ActionExecuted("action_session_start"), DOMAIN)
    assert [event["event"] for event in told_of_this_turn(made).events] == ["action"]


def test_an_action_is_given_slots_of_its_own() -> None:
    whole = tracker()
    before = deepcopy(whole.current_slot_values())
    told_of_this_turn(whole).slots["asked"] = "something else"
    assert whole.current_slot_values() == before


def test_each_action_of_ours_is_made_once() -> None:
    assert our_actions() is our_actions()
    assert "action_welcome" in our_actions()


@pytest.mark.parametrize("gone", ["run", "_utter_responses"])
def test_another_rasa_is_refused(gone: str) -> None:
    class Other:
        run = RemoteAction.run
        _utter_responses = RemoteAction._utter_responses

    delattr(Other, gone)
    with pytest.raises(RasaChanged, match=gone):
        run_actions_here(Other)


def test_loading_the_channel_is_enough_and_another_rasa_is_refused_there() -> None:
    """What Rasa does with credentials.yml when it starts, in a process of its own."""
    program = (
        "from rasa.core.actions.action import RemoteAction as R\n"
        "{change}\n"
        "from rasa.shared.utils.common import class_from_module_path as load\n"
        "load('bot.channel.QuietRestInput')\n"
        "print(R.run.__module__)\n"
    )

    def run(change: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program.format(change=change)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip

    assert run("").stdout.strip() == "bot.direct_actions"
    refused = run("del R._utter_responses")
    assert refused.returncode != 0
    assert "RasaChanged" in refused.stderr
