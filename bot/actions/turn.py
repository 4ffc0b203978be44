"""What an action sees of one turn, and the frame every action runs in.

The frame catches everything: an exception that left an action would have Rasa log the whole
request, the person's words included. Logs carry codes only.
"""

from __future__ import annotations

import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.api_client import ApiClient, ApiError, shared_client
from bot.actions.responses import RESPONSES

Event = dict[str, Any]

#: From this confidence on an act with consequences needs no telling word; exact wordings have 1.0.
CERTAIN: Final = 0.7
KNOWN: Final = 0.999
FORM: Final = "situation_form"
_CHINA: Final = timezone(timedelta(hours=8))
_PLACEHOLDER: Final = re.compile(r"{(\w+)}")
#: Refusals that any action may meet, and what is said of them.
_REFUSALS: Final = {
    "already_in_force": "utter_already_in_force",
    "contact_stopped": "utter_contact_stopped",
    "texts_not_carried": "utter_texts_not_carried",
}
_LOG = logging.getLogger("anhuan.actions")


class Turn:
    """One message of a person (or of the API), and the means to answer it."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker

    @property
    def conversation(self) -> str:
        """The conversation's id, the same in Rasa and in the API."""
        return str(self.tracker.sender_id)

    @property
    def intent(self) -> str:
        """What the message was understood as; empty when it has no intent."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def text(self) -> str:
        """The message as it was written."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def today(self) -> date:
        """The day of the message: its metadata's ``today``, else today in China."""
        metadata = self.tracker.latest_message.get("metadata")
        given = metadata.get("today") if isinstance(metadata, dict) else None
        try:
            return date.fromisoformat(str(given))
        except ValueError:
            return datetime.now(_CHINA).date()

    @property
    def confidence(self) -> float:
        """How sure the understanding is: 1.0 for words it knows exactly, and for our own messages."""
        value = (self.tracker.latest_message.get("intent") or {}).get("confidence")
        return float(value) if isinstance(value, int | float) else 1.0

    def surely(self, telling: re.Pattern[str], doubt: re.Pattern[str] | None = None) -> bool:
        """Whether an act with consequences may follow from this message.

        Known words are certain. Others must be well understood or hold a telling word, and must not
        hold a word of doubt: a question, a condition, a "not yet".
        """
        if self.confidence >= KNOWN:
            return True
        if doubt is not None and doubt.search(self.text):
            return False
        return self.confidence >= CERTAIN or telling.search(self.text) is not None

    @property
    def caring(self) -> bool:
        """Whether this message was heard while signs of distress are open: nothing is asked then."""
        return self.stage == "care"

    @property
    def stage(self) -> str:
        """The stage the API gave with this message."""
        return str(self.tracker.get_slot("stage") or "welcome")

    @property
    def asked(self) -> str | None:
        """What a short answer would answer now."""
        value = self.tracker.get_slot("asked")
        return None if value is None else str(value)

    @property
    def locale(self) -> str:
        """``zh`` or ``en``."""
        return str(self.tracker.get_slot("locale") or "zh")

    @property
    def in_form(self) -> bool:
        """Whether the form of the situation is running."""
        return (self.tracker.active_loop or {}).get("name") == FORM

    def slot(self, name: str) -> Any:
        """A slot's value."""
        return self.tracker.get_slot(name)

    def entities(self, name: str) -> list[Event]:
        """The message's entities of one kind, in the order they were written."""
        return [entity for entity in self.every_entity if entity.get("entity") == name]

    @property
    def every_entity(self) -> list[Event]:
        """All the message's entities, in the order they were written."""
        return list(self.tracker.latest_message.get("entities") or [])

    def say(self, words: Mapping[str, str], *responses: str, choices: Sequence[str] = ()) -> bool:
        """Says the first of ``responses`` whose every placeholder has a value in ``words``.

        ``choices`` become its buttons, besides those of its own.

        Returns whether one was said. A sentence with a hole in it is never sent: when none of the
        responses can be filled, an honest word about our fault is said instead.
        """
        for name in responses:
            needed = self._placeholders(name)
            if needed is not None and needed <= words.keys():
                filled: dict[str, Any] = {key: words[key] for key in sorted(needed)}
                buttons = [{"title": choice, "payload": choice} for choice in choices]
                self._dispatcher.utter_message(response=name, buttons=buttons, **filled)
                return True
        _LOG.warning("words_missing response=%s", responses[0])
        self._dispatcher.utter_message(response="utter_system_trouble")
        return False

    def card(self, kind: str) -> None:
        """Asks the API to join a card to the message just said; the API fills in its data."""
        self._dispatcher.utter_message(json_message={"card": kind})

    def _placeholders(self, name: str) -> set[str] | None:
        """The placeholders of a response as Rasa will choose it; None when it does not exist.

        Of the variations in this turn's language, Rasa prefers those written for the channel.
        """
        fitting = [
            variation
            for variation in RESPONSES.get(name) or []
            if all(
                condition.get("name") != "locale" or condition.get("value") == self.locale
                for condition in variation.get("condition") or []
            )
        ]
        channel = self.tracker.get_latest_input_channel()
        for wanted in (channel, None):
            for variation in fitting:
                if variation.get("channel") == wanted:
                    return set(_PLACEHOLDER.findall(variation.get("text") or ""))
        return None


class ConversationAction(Action, ABC):
    """An action that asks the API and says what it answered.

    Subclasses write :meth:`act`; the frame turns an :class:`ApiError` into :meth:`failed` and any
    other exception into an honest sentence.
    """

    def __init__(self, api: ApiClient | None = None) -> None:
        self._given = api

    @property
    def api(self) -> ApiClient:
        """The way to the API: the one given, or this process's own."""
        return self._given or shared_client()

    @abstractmethod
    async def act(self, turn: Turn) -> list[Event]:
        """Answers the turn and returns Rasa's events."""

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """What is said and remembered when the API refused or was not there."""
        if error.code == "not_identified":
            turn.say(error.words, "utter_ask_identity")
            return [asked("start"), *leave_form(turn)]
        if error.code == "no_consent":
            turn.say(error.words, "utter_ask_consent", "utter_facts_before_consent")
            turn.card("consent")
            return [asked("consent"), *leave_form(turn)]
        if error.code == "on_hold":
            return rest(turn, error.words)
        if error.code == "needs_review":
            turn.say(error.words, "utter_needs_review", "utter_human_noted")
            return self.after_trouble(turn)
        turn.say({}, _REFUSALS.get(error.code, "utter_system_trouble"))
        return self.after_trouble(turn)

    def after_trouble(self, turn: Turn) -> list[Event]:
        """The events after a failure nothing special is said about."""
        return []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event]:
        """Rasa's entry; it gives no domain (see ``responses``)."""
        turn = Turn(dispatcher, tracker)
        try:
            try:
                return await self.act(turn)
            except ApiError as error:
                _LOG.warning("api_refused action=%s code=%s", self.name(), error.code)
                return self.failed(turn, error)
        except Exception as error:  # noqa: BLE001 - see the module's docstring
            _LOG.error("action_failed action=%s type=%s", self.name(), type(error).__name__)
            turn.say({}, "utter_system_trouble")
            return self.after_trouble(turn)


def asked(what: str | None) -> Event:
    """Remembers what a short answer would answer next."""
    return SlotSet("asked", what)


def ask_facts(wanted: bool) -> Event:
    """Tells the rules whether the form has something to ask next."""
    return SlotSet("ask_facts", wanted)


def rest(turn: Turn, words: Mapping[str, str]) -> list[Event]:
    """Everything under way rests: said kindly, with nothing asked after it."""
    if turn.caring:
        turn.say(words, "utter_on_hold_care", "utter_on_hold")
    else:
        turn.say(words, "utter_on_hold")
    return [asked(None), *leave_form(turn), ask_facts(False)]


def leave_form(turn: Turn) -> list[Event]:
    """Ends the form where it is running, so that it does not ask again after what was said."""
    if not turn.in_form:
        return []
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
