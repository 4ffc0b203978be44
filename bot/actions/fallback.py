"""What was not understood or is none of our subject: said plainly once, then choices, then a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rasa_sdk.events import SlotSet

from bot.actions.answers import plain_answer
from bot.actions.counters import answer_wish, takes_back, wish_of
from bot.actions.fact_names import AMOUNTS
from bot.actions.facts import read_facts
from bot.actions.offers import compare_plans
from bot.actions.situation import QUESTION
from bot.actions.taking_facts import ActionTakeFact
from bot.actions.turn import Event, Turn, asked, leave_form, rest
from bot.actions.which_offer import says_too_much

_OFFERED = 3
"""The miss after which a person is offered; the next one calls them."""


def led_back(turn: Turn, words: Mapping[str, str], kindly: Sequence[str]) -> list[Event]:
    """Lead back from what is none of our subject: kindly, the second time in a row with choices, then with a person.

    ``kindly``: the responses to try. Nobody is sent for because somebody likes to talk: after a person
    was offered it is answered kindly again.
    """
    misses = int(turn.slot("misses") or 0) + 1
    counted = SlotSet("misses", misses)
    if misses == _OFFERED:
        turn.say({}, "utter_offer_person")
        return [counted, asked("person"), *leave_form(turn)]
    again = "utter_off_topic_again"
    repeated = (f"{again}_short" if turn.in_form else again,) if misses == _OFFERED - 1 else ()
    turn.say(words, *(repeated or kindly))
    return [counted]


def _tells_a_sum(turn: Turn) -> bool:
    """Whether the figure is clear though the words were not ("还有孩子补课500")."""
    facts = read_facts(turn.intent, turn.text, turn.every_entity, None, {}, turn.today)
    return bool(facts.keys() & set(AMOUNTS)) and not QUESTION.search(turn.text)


class ActionNotUnderstood(ActionTakeFact):
    """Counts misses in the slot ``misses``, which any message of our subject sets back to nothing."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_not_understood"

    async def act(self, turn: Turn) -> list[Event]:
        """Says so; but a figure that is set against a plan, or takes one back, is heard."""
        if turn.caring:
            return rest(turn, (await self.api.context(turn.conversation)).words)
        # Whatever the words were, the figure is clear.
        if takes_back(turn):
            return [SlotSet("misses", 0), *await super().act(turn)]
        if wish := wish_of(turn):
            return [SlotSet("misses", 0), *await answer_wish(turn, self.api, wish)]
        if says_too_much(turn):
            return [SlotSet("misses", 0), *await compare_plans(turn, self.api)]
        if turn.stage == "situation" and not turn.in_form and _tells_a_sum(turn):
            return [SlotSet("misses", 0), *await super().act(turn)]
        if plainly := plain_answer(turn.text):
            context = await self.api.context(turn.conversation)
            if context.identified:
                turn.say(context.words, *plainly.known)
                return [SlotSet("misses", 0)]
        misses = int(turn.slot("misses") or 0) + 1
        counted = SlotSet("misses", misses)
        if misses == 1:
            turn.say({}, "utter_not_understood_short" if turn.in_form else "utter_not_understood")
            return [counted]
        if misses == 2:
            again = "utter_not_understood_again"
            turn.say({}, f"{again}_short" if turn.in_form else again)
            return [counted]
        if misses == _OFFERED:
            turn.say({}, "utter_offer_person")
            return [counted, asked("person"), *leave_form(turn)]
        # A person was offered and the offer was not understood either: nobody is left in a loop.
        answer = await self.api.handoff(turn.conversation, "not_understood")
        in_hours = ("utter_human_in_hours",) if answer.in_hours else ()
        turn.say(answer.context.words, *in_hours, "utter_human_later", "utter_human_noted")
        return [SlotSet("misses", 0), asked(None), *leave_form(turn)]
