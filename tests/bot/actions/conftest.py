"""A real local HTTP server in the API's place, and turns built as Rasa would send them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from aiohttp import web
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.api_client import ApiClient

CONVERSATION = "c_1"
TOKEN = "the bot's token"
DOMAIN: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[3] / "domain.yml").read_text("utf-8")
)


class StandIn:
    """What the API would answer, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.authorisations: list[str | None] = []
        self._answers: dict[str, tuple[int, str]] = {}
        self._base: dict[str, Any] = {
            "locale": "zh",
            "stage": "situation",
            "identified": True,
            "words": {},
        }

    def context(self, **values: Any) -> None:
        """The context every answer carries, unless an answer is given for the call."""
        self._base = {**self._base, **values}

    def answers(self, verb: str, status: int = 200, **values: Any) -> None:
        """What one call gets: the context with ``values``, or a problem."""
        body = {**self._base, **values} if status == 200 else values
        self._answers[verb] = (status, json.dumps(body))

    def answers_raw(self, verb: str, text: str) -> None:
        """An answer that is not JSON."""
        self._answers[verb] = (200, text)

    async def handle(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        assert request.match_info["conversation"] == CONVERSATION
        body = await request.json() if request.method == "POST" else None
        self.asked.append((request.method, verb, body))
        self.authorisations.append(request.headers.get("Authorization"))
        status, text = self._answers.get(verb, (200, json.dumps(self._base)))
        return web.Response(status=status, text=text, content_type="application/json")


class Heard:
    """What an action said and returned."""

    def __init__(self, events: list[dict[str, Any]], dispatcher: CollectingDispatcher) -> None:
        self.events = events
        messages = dispatcher.messages
        self.said = [m["response"] for m in messages if m.get("response")]
        self.cards = [m["custom"]["card"] for m in messages if m.get("custom")]
        self.messages = messages

    @property
    def slots(self) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def left_the_form(self) -> bool:
        return any(e["event"] == "active_loop" and e["name"] is None for e in self.events)


@pytest.fixture
def api() -> StandIn:
    return StandIn()


@pytest_asyncio.fixture
async def client(api: StandIn) -> AsyncIterator[ApiClient]:
    app = web.Application()
    app.router.add_route("*", "/v1/bot/conversations/{conversation}/{verb}", api.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    client = ApiClient(f"http://127.0.0.1:{port}", TOKEN, total_seconds=2.0)
    yield client
    await client.close()
    await runner.cleanup()


@pytest.fixture
def turn() -> Callable[..., Tracker]:
    """A tracker as Rasa sends it: slots, the last message, the form if it runs."""

    def build(
        intent: str = "affirm",
        text: str = "好",
        entities: list[dict[str, Any]] | None = None,
        form: bool = False,
        after: list[dict[str, Any]] | None = None,
        **slots: Any,
    ) -> Tracker:
        message = {"intent": {"name": intent}, "text": text, "entities": entities or []}
        events: list[dict[str, Any]] = [{"event": "user", "text": text, "parse_data": message}]
        events += after or []
        return Tracker(
            CONVERSATION,
            {"locale": "zh", "stage": "situation", "misses": 0, **slots},
            message,
            events,
            False,
            None,
            {"name": "situation_form"} if form else {},
            "action_listen",
        )

    return build


@pytest.fixture
def run(client: ApiClient) -> Callable[..., Any]:
    """Runs an action against the stand-in and hears what it said."""

    async def act(action: type, tracker: Tracker) -> Heard:
        dispatcher = CollectingDispatcher()
        events = await action(client).run(dispatcher, tracker, {})
        return Heard(events, dispatcher)

    return act
