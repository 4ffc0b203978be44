"""Colleagues and the assistant: the floor given back, a call arranged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rasa_sdk.events import SlotSet

from bot.actions.api_client import ApiClient, Context
from bot.actions.handoff import NOT_ABLE
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked, leave_form, rest
from bot.actions.welcome import take_up

#: What is remembered of the talk before a colleague came answers nothing after it.
_FORGOTTEN: Final = (
    SlotSet("options_shown", None),
    SlotSet("counter", None),
    SlotSet("misses", 0),
)


class ActionHandedBack(ConversationAction):
    """``/handed_back``: the floor came back, or a promise of ours was not kept; said as it is."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_handed_back"

    async def act(self, turn: Turn) -> list[Event]:
        """Says what became of it; after a colleague's agreement goes on from there."""
        context = await self.api.context(turn.conversation)
        fresh = [*leave_form(turn), *_FORGOTTEN, asked(None), ask_facts(False)]
        handed = context.handed
        if handed is None:
            return fresh
        if handed.kind == "handed_back":
            return [*fresh, *await self._go_on(turn, context)]
        if handed.kind == "call_missed" and not context.care:
            return [*fresh, *await _offer_times(turn, self.api, "utter_call_missed")]
        ways: dict[str, Callable[[], bool]] = {
            "closed": lambda: turn.say(
                context.words, "utter_case_closed", "utter_case_closed_plain"
            ),
            "away": lambda: turn.say(context.words, "utter_colleague_away"),
            "late": lambda: turn.say(
                context.words, "utter_late_care" if context.care else "utter_late"
            ),
        }
        ways.get(handed.kind, ways["late"])()
        return fresh

    async def _go_on(self, turn: Turn, context: Context) -> list[Event]:
        """The colleague's word first, then what the record calls for."""
        if context.care or context.on_hold or context.bereaved:
            return rest(turn, context.words)
        handed = context.handed
        if handed is not None and handed.agreed:
            turn.say(context.words, "utter_handed_back_agreed", "utter_handed_back")
        elif handed is not None and handed.plan:
            turn.say(context.words, "utter_handed_back_plan", "utter_handed_back")
        elif handed is not None and handed.facts:
            turn.say(context.words, "utter_handed_back_facts", "utter_handed_back")
        else:
            turn.say(context.words, "utter_handed_back")
        return await take_up(turn, self.api, context)

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing that was asked before a colleague came is answered by what is said now."""
        return [*leave_form(turn), *_FORGOTTEN, asked(None), ask_facts(False)]


class ActionOfferCall(ConversationAction):
    """They want to be phoned: a few times to choose from. The API hears which one is chosen."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_offer_call"

    async def act(self, turn: Turn) -> list[Event]:
        """In distress, or where a screen is too much, nobody chooses times: a colleague calls."""
        if turn.caring:
            answer = await self.api.handoff(turn.conversation, "ask_human")
            turn.say(answer.context.words, "utter_distress_call", "utter_human_noted")
            return leave_form(turn)
        if NOT_ABLE.search(turn.text):
            answer = await self.api.handoff(turn.conversation, "cannot_use")
            turn.say(answer.context.words, "utter_call_you", "utter_human_noted")
            return leave_form(turn)
        again = turn.asked == "call_back"
        words = "utter_call_times_again" if again else "utter_call_times"
        return [*leave_form(turn), *await _offer_times(turn, self.api, words)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """No times, no claim; but no question about money either."""
        return leave_form(turn)


class ActionCallArranged(ConversationAction):
    """``/call_back_chosen``: the call is arranged in the API's record."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_call_arranged"

    async def act(self, turn: Turn) -> list[Event]:
        """Says when, and that meanwhile they may go on."""
        context = await self.api.context(turn.conversation)
        turn.say(context.words, "utter_call_arranged", "utter_human_noted")
        return [asked(None), *leave_form(turn)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """It is arranged all the same."""
        return [asked(None), *leave_form(turn)]


async def _offer_times(turn: Turn, api: ApiClient, words: str) -> list[Event]:
    answer = await api.call_back(turn.conversation)
    if not answer.times:
        turn.say(answer.context.words, "utter_no_call_time", "utter_human_noted")
        return [asked(None)]
    turn.say(answer.context.words, words, "utter_call_times", choices=answer.times)
    return [asked("call_back")]
