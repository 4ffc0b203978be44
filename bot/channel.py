"""Rasa's REST channel, without what people wrote in its log, and honest about a turn that failed.

Rasa's own logs the whole message when a caller goes away or a turn fails, and answers such a turn as
if it had been heard: the API would take silence for an answer. This one answers 503, so that the
message is tried again, and says with each answer which response it came from.
"""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.direct_actions import run_actions_here
from bot.event_kinds import remember_event_kinds
from bot.garbage import collect_seldom
from bot.graph_runs import run_graphs_in_order
from bot.rule_lookup import look_rules_up_fast
from bot.sessions import begin_sessions_anew

# Where Rasa cannot load a tracker store it goes on in memory with a warning: here it fails instead.
from bot.tracker_store import ConversationStore  # noqa: F401

# Every Rasa that holds conversations loads its channels, and does so before it answers anybody.
run_actions_here()
remember_event_kinds()
look_rules_up_fast()
run_graphs_in_order()
begin_sessions_anew()

_LOG = logging.getLogger("anhuan.channel")


class _Collector(CollectingOutputChannel):
    """Collects the answers of one turn, each with the name of its response."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one answer (a text with its buttons, or a card)."""
        before = len(self.messages)
        await super().send_response(recipient_id, message)
        name = (message.get("metadata") or {}).get("utter_action") or message.get("utter_action")
        for collected in self.messages[before:]:
            collected["metadata"] = {"utter_action": name}


class _Texts(_Collector):
    """Collects answers that go out as text messages: responses have variations for this channel."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in ``domain.yml``."""
        return "sms"


class QuietRestInput(RestInput):
    """The channel at ``/webhooks/rest/webhook``."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """The two addresses of the channel: alive, and one message with its answers."""
        webhook = Blueprint("anhuan_rest", __name__)

        @webhook.listener("after_server_start")  # type: ignore[untyped-decorator]
        async def settle(*_: Any) -> None:  # the model is loaded by then
            collect_seldom()

        @webhook.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            metadata = self.get_metadata(request) or {}
            by_text = metadata.get("channel") == _Texts.name()
            collector = _Texts() if by_text else _Collector()
            message = UserMessage(
                self._extract_message(request),
                collector,
                await self._extract_sender(request),
                input_channel=collector.name() if by_text else self.name(),
                metadata=metadata,
            )
            try:
                await on_new_message(message)
            except CancelledError:  # the API went away; nothing of this turn is kept
                _LOG.warning("turn_cancelled")
                raise
            except Exception as error:  # noqa: BLE001 - its text may hold what the person wrote
                _LOG.error("turn_failed type=%s", type(error).__name__)
                return response.json({"error": "turn_failed"}, status=503)
            return response.json(collector.messages)

        return webhook
