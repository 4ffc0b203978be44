"""A cardholder: writes through the chat's HTTP API or on its page, and reads codes off their telephone."""

from __future__ import annotations

import re
import time
from typing import Any

from tests.journeys.stack import SamplePerson, Stack

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
CODE_SECONDS = 20


class Cardholder:
    """One visit of one person through the chat's HTTP API."""

    def __init__(self, stack: Stack, person_ref: str, locale: str | None = None) -> None:
        """Open the conversation with a fresh invite."""
        self.stack = stack
        self.person: SamplePerson = stack.person(person_ref)
        self._seen = {text["sid"] for text in stack.texts(self.person)}
        self._client = stack.client()
        body: dict[str, Any] = {"invite": stack.invite(self.person)["code"]}
        self.invited()
        if locale:
            body["locale"] = locale
        opened = self._client.post("/v1/chat/conversations", json=body).json()
        self.conversation_id = opened["conversation_id"]
        self.answer: dict[str, Any] = opened
        self.transcript: list[tuple[str, str]] = []
        self._sent = 0
        self._note()

    def invited(self) -> None:
        """What happens between the bank's sending the invite and its being opened: nothing here."""

    def _note(self) -> None:
        self.transcript += [("assistant", reply["text"]) for reply in self.answer["replies"]]

    def say(self, *texts: str) -> str:
        """Send messages one after another; returns all that was said in reply to the last."""
        for text in texts:
            self._sent += 1
            self.transcript.append(("person", text))
            response = self._client.post(
                f"/v1/chat/conversations/{self.conversation_id}/messages",
                json={"text": text, "client_message_id": f"m{self._sent}"},
            )
            assert response.status_code == 200, response.text
            self.answer = response.json()
            self._note()
        return self.words

    @property
    def words(self) -> str:
        """What was said in reply to the last message."""
        return "\n".join(reply["text"] for reply in self.answer["replies"])

    @property
    def stage(self) -> str:
        """Where the conversation stands."""
        return str(self.answer["stage"])

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of the last answer."""
        return [reply["card"] for reply in self.answer["replies"] if reply["card"]]

    def code(self) -> str:
        """Read the newest code that this visit has not used yet off the telephone."""
        return newest_code(self.stack, self.person, self._seen)

    def identify(self, start: str = "开始") -> str:
        """Prove identity; returns what was said after it."""
        self.say(start)
        self.say(self.code())
        return self.say(self.person.id_last4)

    def text(self) -> str:
        """Return the whole transcript for a message in a failing test."""
        return "\n".join(f"{speaker}: {words}" for speaker, words in self.transcript)


def newest_code(stack: Stack, person: SamplePerson, seen: set[str]) -> str:
    """Wait for a text that is not in ``seen`` and return its code; the text is seen then."""
    deadline = time.monotonic() + CODE_SECONDS
    while time.monotonic() < deadline:
        for text in stack.texts(person):
            found = CODE.search(text["body"])
            if text["sid"] not in seen and found:
                seen.add(text["sid"])
                return found.group()
        time.sleep(0.1)
    msg = "no code arrived at the sandbox telephone"
    raise AssertionError(msg)
