"""The assistant, reached through Rasa's REST channel on loopback: one message in, its answers out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

__all__ = ["Answer", "Assistant", "AssistantDown"]


class AssistantDown(Exception):
    """The assistant did not answer; the same message may be tried again."""


@dataclass
class Answer:
    """One thing the assistant said: a text with its quick replies, and the card it named, if any."""

    text: str
    quick_replies: list[dict[str, str]] = field(default_factory=list)
    card: str | None = None
    troubled: bool = False
    """Whether the assistant only said that it could not do its work just now."""


TROUBLE = "utter_system_trouble"
"""The response by which the assistant's actions say that they could not reach this API."""


KEPT_SECONDS = 4.0
"""How long a connection is kept unused: Rasa lets it go after 5, and must not be the first."""


class Assistant:
    """A client of one Rasa server."""

    def __init__(self, url: str, token: str, *, timeout_seconds: float = 30.0) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        own = self._sessions.pop(asyncio.get_running_loop(), None)
        if own is not None:
            await own.close()
        while self._sessions:  # their loops have ended, and their connections with them
            self._sessions.popitem()[1].detach()

    async def ready(self) -> bool:
        """Return whether Rasa answers and has a model."""
        try:
            status = await self._call("GET", "/status", params={"token": self._token})
        except AssistantDown:
            return False
        return bool(status.get("model_file"))

    async def say(
        self, conversation_id: str, message_id: str, text: str, metadata: dict[str, Any]
    ) -> list[Answer]:
        """Give one message to the assistant and return its answers; raises ``AssistantDown``."""
        body = {
            "sender": conversation_id,
            "message": text,
            "metadata": {**metadata, "message_id": message_id},
        }
        return _join(await self._call("POST", "/webhooks/rest/webhook", json=body))

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how Rasa understands a text, without a turn of any conversation.

        A mapping with ``intent`` and ``entities``. Raises ``AssistantDown``.
        """
        understood: dict[str, Any] = await self._call(
            "POST", "/model/parse", params={"token": self._token}, json={"text": text}
        )
        return understood

    async def already_said(self, conversation_id: str, message_id: str) -> list[Answer] | None:
        """Return the answers to a message that Rasa has heard before, or ``None``.

        Asked before a message is tried again, so that a turn happens once even when its answer was
        lost on the way back. Raises ``AssistantDown``.

        An answer that is empty (an action could not run) or troubled was not an answer yet.
        """
        tracker = await self._call(
            "GET",
            f"/conversations/{conversation_id}/tracker",
            params={"token": self._token, "include_events": "ALL"},
        )
        return _answers_in(tracker.get("events") or [], message_id)

    async def _call(self, method: str, path: str, **given: Any) -> Any:
        """Return what Rasa answered; raises ``AssistantDown`` for anything but an answer in JSON."""
        try:
            async with self._session().request(
                method, self._url + path, allow_redirects=False, **given
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise AssistantDown(f"status_{response.status}")
                return await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AssistantDown(type(error).__name__) from error

    def _session(self) -> aiohttp.ClientSession:
        """Return the connections of this event loop, to which they belong."""
        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS)
            session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
            self._sessions[loop] = session
        return self._sessions[loop]


def _answers_in(events: list[dict[str, Any]], message_id: str) -> list[Answer] | None:
    """Return the answers to the last time a message was heard, once that turn is finished."""
    parts: list[dict[str, Any]] = []
    heard = finished = False
    for event in events:
        if event.get("event") == "user":
            if (event.get("metadata") or {}).get("message_id") == message_id:
                parts, heard, finished = [], True, False
            elif heard:
                finished = True
        elif finished:
            continue
        elif heard and event.get("event") == "bot":
            data = event.get("data") or {}
            parts.append(
                {
                    "text": event.get("text"),
                    "buttons": data.get("buttons"),
                    "custom": data.get("custom"),
                    "metadata": event.get("metadata"),
                }
            )
        elif heard and event.get("event") == "action" and event.get("name") == "action_listen":
            finished = True
    return _join(parts) if heard and finished else None


def _join(parts: list[dict[str, Any]]) -> list[Answer]:
    """Join each card that Rasa names to the text just before it."""
    answers: list[Answer] = []
    for part in parts:
        text = (part.get("text") or "").strip()
        card = (part.get("custom") or {}).get("card")
        if text:
            replies = [
                {"title": str(button["title"]), "text": str(button.get("payload", button["title"]))}
                for button in part.get("buttons") or []
            ]
            said = (part.get("metadata") or {}).get("utter_action")
            answers.append(Answer(text, replies, card, troubled=said == TROUBLE))
        elif card and answers and answers[-1].card is None:
            answers[-1].card = card
        elif card:
            answers.append(Answer("", [], card))
    return answers
