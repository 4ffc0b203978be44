"""Known wordings are never misread: a message equal to a training example has its intent."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.grammar.text import normalise
from bot.components.ranking import decide

_MARKS: Final = re.compile(r"^[\W_]+|[\W_]+$")
_SPACE: Final = re.compile(r"\s+")
_FILE: Final = "wordings.json"


class AmbiguousExample(RasaException):
    """The same wording is an example of two intents; one of them must go."""


def wording(text: str) -> str:
    """The form in which two texts count as the same: script, width, case, outer marks, spaces.

    A text of nothing but marks ("？？？") keeps them, since they are all it says.
    """
    plain = _SPACE.sub(" ", normalise(text)).strip()
    return _MARKS.sub("", plain) or plain


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ExactMatch(GraphComponent):
    """Decides the intent of messages that are worded exactly like a training example.

    Raises :class:`AmbiguousExample` at training when one wording stands under two intents.
    """

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        wordings: dict[str, str] | None = None,
    ) -> None:
        """A component that knows ``wordings`` (wording to intent); none before training."""
        self._model_storage = model_storage
        self._resource = resource
        self._wordings = wordings or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ExactMatch:
        """Creates an untrained component (see parent class)."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Remembers every example's wording."""
        clashes = []
        for example in training_data.intent_examples:
            text, intent = example.get(TEXT), example.get(INTENT)
            if not text:
                continue
            key = wording(text)
            known = self._wordings.setdefault(key, intent)
            if known != intent:
                clashes.append(f"{text!r}: {known}, {intent}")
        if clashes:
            raise AmbiguousExample("one wording under two intents: " + "; ".join(clashes))
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(self._wordings, ensure_ascii=False), "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ExactMatch:
        """Loads the wordings remembered at training."""
        with model_storage.read_from(resource) as folder:
            wordings = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(model_storage, resource, wordings)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides what is known; the rest keeps the classifier's opinion."""
        for message in messages:
            text = message.get(TEXT)
            if text and (intent := self._wordings.get(wording(text))):
                decide(message, intent)
        return messages
