"""Rasa runs our actions itself, in its own process, instead of asking a server for each.

Rasa 3.6 knows custom actions only behind HTTP: for each it writes the conversation down as JSON, sends
it, has an action server read it, waits, and checks the answer against a schema. That was an eighth of
a turn's processor time and one process more that could be away. Our actions are asynchronous, decide
nothing and ask the API for everything, so they may as well run where the conversation is, as Rasa
Pro's ``actions_module`` has it. They are written for ``rasa_sdk`` and do not notice.

An action is told of the conversation's state and of what happened since the message was heard
(``Turn``), not of what was said before: the longer a conversation, the more that would be.

To be removed when this Rasa runs actions itself (``rasa.core.actions.action.RemoteAction``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.rasa_changed import require_methods

if TYPE_CHECKING:
    from rasa.core.channels.channel import OutputChannel
    from rasa.core.nlg import NaturalLanguageGenerator
    from rasa.shared.core.domain import Domain

__all__ = ["our_actions", "run_actions_here", "told_of_this_turn"]


class _Run(Protocol):
    """``rasa_sdk.Action.run``, bound to its action."""

    async def __call__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]: ...


@cache
def our_actions() -> Mapping[str, _Run]:
    """Return every action of ``bot.actions`` by its name, each made once."""
    executor = ActionExecutor()
    executor.register_package("bot.actions")
    return dict(executor.actions)


def told_of_this_turn(tracker: DialogueStateTracker) -> Tracker:
    """Return the conversation as an action sees it: its state, and the events since the last message."""
    events = []
    for event in reversed(tracker.events):
        events.append(event.as_dict())
        if isinstance(event, UserUttered):
            break
    state = tracker.current_state(EventVerbosity.NONE)
    return Tracker.from_dict({**state, "events": events[::-1]})


def run_actions_here(remote: type = RemoteAction) -> None:
    """Have ``remote`` run our actions in this process; a second call changes nothing.

    Raises:
        RasaChanged: ``remote`` does not run and answer like this (another version of Rasa).
    """
    advice = "see bot/direct_actions.py, and delete it if this Rasa runs actions itself."
    require_methods(remote, ("run", "_utter_responses"), advice)
    our_actions()  # what cannot be loaded is known when Rasa starts, not in somebody's conversation
    remote.run = _run


async def _run(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Run the action, say what it had to say, and return what it said and what it changed.

    Raises:
        KeyError: there is no action of this name; a test holds the domain's names to ours.
    """
    del domain  # responses are read from the file (bot/actions/responses.py)
    dispatcher = CollectingDispatcher()
    events = await our_actions()[self.name()](dispatcher, told_of_this_turn(tracker), {})
    said = await self._utter_responses(dispatcher.messages, output_channel, nlg, tracker)
    return [*said, *deserialise_events(events or [])]
