"""A doubtful guess beside which the message may well be none of our subject starts nothing.

"湖人昨天赢了没" is no question about payments, though it is asked like one. What is out of scope is led back
kindly, which costs a turn; what is started by mistake costs trust.
"""

from __future__ import annotations

from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.ranking import decide

OUT_OF_SCOPE: Final = "chitchat_oos"
CERTAIN: Final = frozenset(
    {
        "distress_self_harm",  # a false alarm is cheap, a miss is not
        *("greet", "thanks", "goodbye"),  # start nothing either
        *("inform_value", "affirm", "deny", "skip"),  # answer what was just asked
    }
)
"""Are never doubted away."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OutOfScope(GraphComponent):
    """Takes a doubtful guess for out of scope where that is likely too, and asks again where it may be.

    Below the confidence ``doubtful`` out of scope has to have the share ``beside`` of the guess's; below
    ``unsure`` the share ``perhaps`` is enough to ask again. All were measured on the known set and on two
    spent ones, by a model that had not learnt from them: of 20 sentences that started something, of 496 that
    should not, nine no longer do; of 4,000 others a dozen that were right are asked for again instead.
    """

    def __init__(self, doubtful: float, beside: float, unsure: float, perhaps: float) -> None:
        self._doubtful, self._beside = doubtful, beside
        self._unsure, self._perhaps = unsure, perhaps

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings."""
        return {"doubtful": 0.6, "beside": 0.35, "unsure": 0.9, "perhaps": 0.1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OutOfScope:
        """Creates the component (see parent class)."""
        settings = {**cls.get_default_config(), **config}
        return cls(*(float(settings[name]) for name in ("doubtful", "beside", "unsure", "perhaps")))

    def process(self, messages: list[Message]) -> list[Message]:
        """Decides each message in place."""
        for message in messages:
            intent = message.get(INTENT)
            if (
                not message.get(TEXT)
                or not intent
                or intent[INTENT_NAME_KEY] in {*CERTAIN, OUT_OF_SCOPE}
            ):
                continue
            confidence = intent[PREDICTED_CONFIDENCE_KEY]
            beside = next(
                (
                    one[PREDICTED_CONFIDENCE_KEY]
                    for one in message.get(INTENT_RANKING_KEY) or []
                    if one[INTENT_NAME_KEY] == OUT_OF_SCOPE
                ),
                0.0,
            )
            if confidence < self._doubtful and beside >= self._beside * confidence:
                decide(message, OUT_OF_SCOPE, confidence)
            elif confidence < self._unsure and beside >= self._perhaps * confidence:
                decide(message, DEFAULT_NLU_FALLBACK_INTENT_NAME, confidence)
        return messages
