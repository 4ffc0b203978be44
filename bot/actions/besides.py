"""Facts that a line gives beside its question: "我失业了，一个月最多八百，会影响征信吗".

The question is answered; what was told with it is noted in the same turn, so that it need not be said
again. Only while the situation is being asked: later a changed fact would change a plan on the table,
which is ``action_take_fact``'s to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rasa_sdk.events import SlotSet

from bot.actions.acknowledging import say_refused
from bot.actions.amounts import clause_of
from bot.actions.api_client import ApiClient, Context
from bot.actions.fact_names import FACTS, REASONS, SKIPPED
from bot.actions.facts import read_facts
from bot.actions.later import LATER
from bot.actions.read_back import missing_facts, read_back
from bot.actions.situation import QUESTION
from bot.actions.turn import Event, Turn

_STAGE: Final = "situation"


@dataclass
class Noted:
    """The record after what was sent, and the events that bring the form's slots up to it."""

    context: Context
    events: list[Event] = field(default_factory=list)

    def closing(self, turn: Turn) -> list[Event]:
        """The read-back, when what was told beside the question answered the form's last one."""
        if not self.events or not turn.in_form or missing_facts(self.context.situation):
            return []
        return read_back(turn, self.context.words)


async def note_besides(turn: Turn, api: ApiClient, wishes: Mapping[str, object]) -> Noted:
    """Sends wishes and the facts of this line in one call; with neither, only asks for the record."""
    facts = _facts(turn)
    if not (facts or wishes):
        return Noted(await api.context(turn.conversation))
    answer = await api.situation(turn.conversation, {**wishes, **facts})
    refused = say_refused(turn, answer)
    taken = {fact: value for fact, value in facts.items() if fact not in refused}
    if (reason := taken.get("reason")) in REASONS:
        turn.say({}, f"utter_ack_{reason}")
    elif taken:
        turn.say({}, "utter_noted")
    events: list[Event] = [SlotSet(fact, taken[fact]) for fact in FACTS if fact in taken]
    return Noted(answer.context, events)


def _facts(turn: Turn) -> dict[str, object]:
    """The facts of the line; what was open is only answered by a value, never by a word like 没有."""
    if turn.stage != _STAGE or turn.caring:
        return {}
    requested = turn.slot("requested_slot") if turn.in_form else None
    if requested in LATER or requested == "reason":
        requested = None
    entities = turn.every_entity
    known = {fact: turn.slot(fact) for fact in FACTS}
    # A sum within the question ("这笔95是什么") is what is asked about; one in a clause of its own is told.
    entities = [
        e for e in entities
        if e.get("entity") != "amount" or e.get("role") is not None
        or not QUESTION.search(clause_of(e, turn.text).strip())
    ]  # fmt: skip
    found = read_facts(turn.intent, turn.text, entities, requested, known, turn.today)
    return {fact: value for fact, value in found.items() if value != SKIPPED}
