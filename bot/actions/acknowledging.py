"""What is said to a fact that was just told: one short word, sympathy once, or why it is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.actions.api_client import SituationAnswer
from bot.actions.fact_names import SKIPPED
from bot.actions.facts import is_plain_value
from bot.actions.turn import Turn

_SURE_OF_A_REASON: Final = 0.4
_SOMEBODY_ELSE_DIED: Final = ("是家里别的亲人", "Someone else in the family")
"""The button under "whose death was it?"; after it no other word is right."""
_REFUSALS: Final = {
    "amount_absurd": "utter_refused_amount",
    "negative": "utter_refused_negative",
    "not_a_day": "utter_refused_day",
    "date_past": "utter_refused_date_past",
    "date_too_far": "utter_refused_date_too_far",
    "not_a_date": "utter_ask_income_from",
}


def say_refused(turn: Turn, answer: SituationAnswer) -> set[str]:
    """Says why each fact that the API would not take is asked again; returns their names."""
    for item in answer.refused:
        turn.say({}, _REFUSALS.get(item.code, "utter_refused_value"))
    return {item.field for item in answer.refused}


def kind_word(turn: Turn, facts: Mapping[str, object]) -> str:
    """The word for a reason just told; a wrong word of sympathy is worse than a plain one."""
    if facts["reason"] == SKIPPED:
        return "utter_noted"
    if turn.text.strip() in _SOMEBODY_ELSE_DIED:
        return "utter_ack_bereaved"
    sure = turn.confidence >= _SURE_OF_A_REASON or is_plain_value(turn.text)
    return f"utter_ack_{facts['reason']}" if sure else "utter_ack_other"


def acknowledge(
    turn: Turn,
    answer: SituationAnswer,
    facts: Mapping[str, object],
    refused: set[str],
    known: Mapping[str, Any],
    requested: str,
) -> None:
    """One short word, and sympathy once only: for the reason, when it is first told."""
    taken = [fact for fact in facts if fact not in refused]
    if not taken:
        return
    if facts.get("reason") not in (None, SKIPPED):
        turn.say({}, kind_word(turn, facts))
    elif all(known.get(fact) not in (None, SKIPPED, facts[fact]) for fact in taken):
        turn.say({}, "utter_changed")
    elif facts.get("essential_spending") == SKIPPED:
        turn.say(answer.context.words, "utter_ack_skip_spending", "utter_ack_skip")
    elif SKIPPED in facts.values():
        turn.say({}, "utter_ack_skip")
    elif requested not in taken or len(taken) > 1 or any(known.get(f) == SKIPPED for f in taken):
        turn.say({}, "utter_noted")
