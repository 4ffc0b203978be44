"""The Rasa component that reads sums, dates, terms, choices and days out of a message."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import is_bare, read_values
from bot.components.grammar.value import Value
from bot.components.ranking import decide

_CHINA: Final = ZoneInfo("Asia/Shanghai")
_EXTRACTOR: Final = "ValueExtractor"
_KINDS_OF_CHOICE: Final = ("option",)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(GraphComponent):
    """Adds what the grammar reads as entities, and decides the intent of a bare value.

    Entities: ``amount`` (roles ``income``, ``spending``, ``other_debts``, ``offer``, ``lump_sum``,
    ``debt``, ``before``, ``too_much``, ``part``), ``amount_per_hour``, ``amount_per_day``, ``amount_per_week``,
    ``amount_taken_back`` and ``household_size_taken_back`` (what a correction says no more), ``date``
    (with ``vague`` where the words name a stretch of days), ``day_of_month``, ``term_months``,
    ``months_ahead``, ``option``, ``household_size``. A message that is nothing but a
    value becomes ``choose_option`` (a lone choice), ``state_household`` or ``inform_value``.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ValueExtractor:
        """Creates the component (see parent class)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message in place. Internal ``/intent`` messages are left alone."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/"):
                continue
            values = read_values(text, today_of(message))
            if (guess := message.get(INTENT)) is not None:
                stage = (message.get(METADATA) or {}).get("stage")
                values = settled(text, values, guess[INTENT_NAME_KEY], today_of(message), stage)
            if values:
                known = message.get(ENTITIES) or []
                found = [_as_entity(value) for value in values]
                message.set(ENTITIES, [*known, *found], add_to_output=True)
                if is_bare(text, values) and message.get(INTENT) is not None:
                    decide(message, _bare_intent(values))
        return messages


def today_of(message: Message) -> date:
    """The day a message was written: its metadata's ``today`` (ISO), else today in China."""
    metadata = message.get(METADATA) or {}
    given = metadata.get("today") if isinstance(metadata, dict) else None
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass  # a caller's mistake must not cost the person their message
    return datetime.now(_CHINA).date()


def _bare_intent(values: list[Value]) -> str:
    if values[0].entity in _KINDS_OF_CHOICE:
        return "choose_option"
    if all(value.entity == "household_size" for value in values):
        return "state_household"
    roles = {value.role for value in values}
    if roles == {"income"}:
        return "state_income"
    if roles == {"other_debts"}:
        return "state_expense"
    return "inform_value"


def _as_entity(value: Value) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "entity": value.entity,
        "value": value.value,
        "start": value.start,
        "end": value.end,
        "confidence_entity": 1.0,
        "extractor": _EXTRACTOR,
        **value.extra,
    }
    if value.role is not None:
        entity["role"] = value.role
    return entity
