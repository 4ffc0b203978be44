"""An action is told of its turn, and called on a connection that stays open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.action_calls import call_actions_lightly
from bot.action_results import RasaChanged

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet"],
        "actions": ["action_plain"],
        "slots": {"asked": {"type": "any", "mappings": [{"type": "custom"}]}},
    }
)


class _Action(RemoteAction):
    """Classes of their own, so that Rasa's stay as they are in this process."""


class _Endpoint(EndpointConfig):
    pass


@pytest.fixture(autouse=True)
def _patched() -> None:
    call_actions_lightly(_Action, _Endpoint)


def said(text: str) -> list[Event]:
    return [
        UserUttered(text, {"name": "greet"}, input_channel="sms", metadata={"message_id": text}),
        SlotSet("asked", text),
        ActionExecuted("situation_form"),
    ]


def tracker(*texts: str) -> DialogueStateTracker:
    made = DialogueStateTracker("c_1", DOMAIN.slots)
    for text in texts:
        for event in (*said(text), BotUttered("好的"), ActionExecuted("action_listen")):
            made.update(event, DOMAIN)
    for event in said("now"):
        made.update(event, DOMAIN)
    return made


def test_all_is_as_rasa_tells_it_but_the_events_before_this_message() -> None:
    endpoint = _Endpoint("http://127.0.0.1:9", enable_selective_domain=True)
    ours = _Action("action_plain", endpoint)._action_call_format(tracker("one", "two"), DOMAIN)
    theirs = RemoteAction("action_plain", endpoint)._action_call_format(
        tracker("one", "two"), DOMAIN
    )
    kept, whole = ours["tracker"].pop("events"), theirs["tracker"].pop("events")

    def without_times(told: Any) -> Any:
        if isinstance(told, dict):
            gone = ("timestamp", "latest_event_time")
            return {key: without_times(value) for key, value in told.items() if key not in gone}
        return [without_times(each) for each in told] if isinstance(told, list) else told

    assert without_times(ours) == without_times(theirs)
    assert len(whole) == 13
    assert [event["event"] for event in kept] == ["user", "slot", "action"]
    assert without_times(kept) == without_times(whole[-3:])


def test_before_anything_was_said_all_is_told() -> None:
    made = DialogueStateTracker("c_1", DOMAIN.slots)
    made.update(ActionExecuted("action_session_start"), DOMAIN)
    told = _Action("action_plain", None)._action_call_format(made, DOMAIN)
    assert [event["event"] for event in told["tracker"]["events"]] == ["action"]


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[Any]]]:
    connections: list[Any] = []

    async def answer(request: web.Request) -> web.Response:
        connections.append(request.transport)
        status = 500 if (await request.json()).get("fail") else 200
        return web.json_response({"events": []}, status=status)

    application = web.Application()
    application.router.add_post("/webhook", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/webhook", connections
    await runner.cleanup()


async def test_calls_share_a_connection_and_a_failure_ends_no_other(
    server: tuple[str, list[Any]],
) -> None:
    url, connections = server
    endpoint = _Endpoint(url)
    assert await endpoint.request(json={}) == {"events": []}
    with pytest.raises(ClientResponseError):
        await endpoint.request(json={"fail": True})
    assert await endpoint.request(json={}) == {"events": []}
    assert len(connections) == 3
    assert len(set(connections)) == 1
    connections[0].close()  # the action server was started again
    await asyncio.sleep(0.1)
    assert await endpoint.request(json={}) == {"events": []}
    await endpoint._kept_session[1].close()
    assert await endpoint.request(json={}) == {"events": []}
    await endpoint._kept_session[1].close()


def test_another_rasa_is_refused_and_a_second_call_changes_nothing() -> None:
    once = (_Action._action_call_format, _Endpoint.session)
    call_actions_lightly(_Action, _Endpoint)
    assert (_Action._action_call_format, _Endpoint.session) == once

    class Other:
        pass

    with pytest.raises(RasaChanged, match="_action_call_format"):
        call_actions_lightly(Other, _Endpoint)
