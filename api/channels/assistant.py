"""The assistant, reached through Rasa's REST channel on loopback: one message in, its answers out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

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


class Assistant:
    """A client of one Rasa server."""

    def __init__(self, url: str, token: str, *, timeout_seconds: float = 30.0) -> None:
        # Plain HTTP, as on loopback, needs no list of authorities, which takes its time to read.
        self._client = httpx2.AsyncClient(
            base_url=url, timeout=timeout_seconds, verify=not url.startswith("http://")
        )
        self._token = token

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def ready(self) -> bool:
        """Return whether Rasa answers and has a model."""
        try:
            response = await self._client.get("/status", params={"token": self._token})
        except httpx2.HTTPError:
            return False
        return response.status_code == httpx2.codes.OK and bool(response.json().get("model_file"))

    async def say(
        self, conversation_id: str, message_id: str, text: str, metadata: dict[str, Any]
    ) -> list[Answer]:
        """Give one message to the assistant and return its answers; raises ``AssistantDown``."""
        body = {
            "sender": conversation_id,
            "message": text,
            "metadata": {**metadata, "message_id": message_id},
        }
        try:
            response = await self._client.post("/webhooks/rest/webhook", json=body)
            response.raise_for_status()
            parts: list[dict[str, Any]] = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise AssistantDown(type(error).__name__) from error
        return _join(parts)

    async def understand(self, text: str) -> dict[str, Any]:
        """Return how Rasa understands a text, without a turn of any conversation.

        A mapping with ``intent`` and ``entities``. Raises ``AssistantDown``.
        """
        try:
            response = await self._client.post(
                "/model/parse", params={"token": self._token}, json={"text": text}
            )
            response.raise_for_status()
            understood: dict[str, Any] = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise AssistantDown(type(error).__name__) from error
        return understood

    async def already_said(self, conversation_id: str, message_id: str) -> list[Answer] | None:
        """Return the answers to a message that Rasa has heard before, or ``None``.

        Asked before a message is tried again, so that a turn happens once even when its answer was
        lost on the way back. Raises ``AssistantDown``.

        An answer that is empty (an action could not run) or troubled was not an answer yet.
        """
        try:
            response = await self._client.get(
                f"/conversations/{conversation_id}/tracker",
                params={"token": self._token, "include_events": "ALL"},
            )
            response.raise_for_status()
            events: list[dict[str, Any]] = response.json().get("events") or []
        except (httpx2.HTTPError, ValueError) as error:
            raise AssistantDown(type(error).__name__) from error
        return _answers_in(events, message_id)


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
