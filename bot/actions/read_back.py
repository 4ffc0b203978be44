"""What is on record of the situation: what is missing, what the form remembers, all of it read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk.events import SlotSet

from bot.actions.amounts import is_spent
from bot.actions.api_client import Context
from bot.actions.fact_names import FACTS, named_fact
from bot.actions.turn import Event, Turn, asked

#: Intents that may tell anew what was told before.
TOLD_ANEW: Final = ("correct_fact", "state_expense", "dispute_debt")


def missing_facts(situation: Mapping[str, Any]) -> list[str]:
    """The form's questions that the record has no answer to, in order."""
    return [fact for fact in FACTS if situation.get(fact) is None]


def remembered_facts(context: Context) -> list[Event]:
    """The form's slots as the record has them."""
    return [SlotSet(fact, context.situation.get(fact)) for fact in FACTS]


def read_back(turn: Turn, words: Mapping[str, str]) -> list[Event]:
    """Everything noted in one message, for a yes or a correction."""
    turn.say(
        words,
        "utter_read_back_more",
        "utter_read_back",
        "utter_read_back_short_more",
        "utter_read_back_short",
    )
    return [asked("read_back")]


def part_of_spending(turn: Turn) -> bool:
    """Whether a line that gave no fact holds a sum that is spent: then it was a part of what is spent."""
    sums = turn.entities("amount")
    about = named_fact(turn.text) == "essential_spending" and turn.intent in TOLD_ANEW
    return bool(sums) and (about or any(is_spent(entity, turn.text) for entity in sums))


def total_again(turn: Turn) -> list[Event]:
    """A part of what one lives on was told anew: the form asks for the whole."""
    turn.say({}, "utter_total_again")
    return [SlotSet("essential_spending", None)]
