"""Gibberish is not understood, and said so: a guess at asdfgh would be somebody else's sentence."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.ranking import decide
from bot.components.text_features import NOTHING_KNOWN

_NOISES: Final = re.compile(r"(?!嗯+\W*$)[哈啊呵嘿嗷呃额嘻嚯嘎噗哇喔呜嗯哼\W_]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gibberish(GraphComponent):
    """Takes the classifier's guess back where a text holds nothing that training has ever shown.

    Such are keys hit at random, marks and pictures alone, noises (哈哈哈啊啊啊) and characters that
    never stood together. It stands before the components that are certain of what they know: a value
    or a known wording overrules it.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gibberish:
        """Creates the component (see parent class)."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides each message in place. Internal ``/intent`` messages are left alone."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/") or message.get(INTENT) is None:
                continue
            if message.get(NOTHING_KNOWN) or _NOISES.fullmatch(text):
                decide(message, DEFAULT_NLU_FALLBACK_INTENT_NAME)
        return messages
