"""Setting an intent that needs no guessing."""

from __future__ import annotations

from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message


def decide(message: Message, intent: str) -> None:
    """Puts ``intent`` first with confidence 1.0; what the classifier thought stays behind it at 0.0."""
    certain = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    others = [
        {**one, PREDICTED_CONFIDENCE_KEY: 0.0}
        for one in message.get(INTENT_RANKING_KEY) or []
        if one.get(INTENT_NAME_KEY) != intent
    ]
    message.set(INTENT, certain, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [certain, *others], add_to_output=True)
