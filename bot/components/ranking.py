"""Setting an intent: as a ranking of guesses, or one that needs no guessing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

_LONGEST: Final = 10
"""How many intents of a ranking are kept (as many as Rasa's own classifiers keep)."""


def rank(message: Message, shares: Iterable[tuple[str, float]]) -> None:
    """Puts the likeliest intent first and keeps the next ones behind it."""
    listed = [
        {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: share}
        for intent, share in sorted(shares, key=lambda one: -one[1])[:_LONGEST]
    ]
    message.set(INTENT, listed[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, listed, add_to_output=True)


def decide(message: Message, intent: str, confidence: float = 1.0) -> None:
    """Puts ``intent`` first; what the classifier thought stays behind it, at 0.0 if this is certain.

    Whatever else the classifier held likely counts half at most: what is decided is in doubt no more.
    """
    decided = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
    most = 0.0 if confidence >= 1.0 else confidence / 2
    others = [
        {**one, PREDICTED_CONFIDENCE_KEY: min(one[PREDICTED_CONFIDENCE_KEY], most)}
        for one in message.get(INTENT_RANKING_KEY) or []
        if one.get(INTENT_NAME_KEY) != intent
    ]
    message.set(INTENT, decided, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [decided, *others], add_to_output=True)
