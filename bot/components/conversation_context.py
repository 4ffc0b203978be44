"""Brings the language and stage of record into the turn, as entities for the slots of those names."""

from __future__ import annotations

from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

_CARRIED: Final = ("locale", "stage")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ConversationContext(GraphComponent):
    """Adds ``locale`` and ``stage`` entities from the message's metadata, values as given.

    The API is the system of record and sends both with every message; Rasa's converter keeps the
    metadata on the message (``NLUMessageConverter``). Internal ``/intent{…}`` messages carry theirs
    in the payload, since Rasa replaces the entities of such messages after this component.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ConversationContext:
        """Creates the component (see parent class)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities in place; metadata that is absent or not text adds nothing."""
        for message in messages:
            metadata = message.get(METADATA)
            if not isinstance(metadata, dict) or message.get(TEXT) is None:
                continue
            found = [
                {
                    "entity": name,
                    "value": metadata[name],
                    "start": 0,
                    "end": 0,
                    "confidence_entity": 1.0,
                    "extractor": "ConversationContext",
                }
                for name in _CARRIED
                if isinstance(metadata.get(name), str) and metadata[name]
            ]
            if found:
                known = message.get(ENTITIES) or []
                message.set(ENTITIES, [*known, *found], add_to_output=True)
        return messages
