"""Care before everything else: signs of distress, somebody worn out, and whether they are safe."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.api_client import ApiError
from bot.actions.turn import ConversationAction, Event, Turn, asked, leave_form, rest

#: A word without which "safe" is not believed while care comes first.
_SAFE: Final = re.compile(
    r"安全|没事|還好|还好|好多了|没危险|不会(?:做|干)傻事|\bsafe\b|\bfine\b|\bok(?:ay)?\b|\ball right\b|not going to",
    re.IGNORECASE,
)


class ActionDistress(ConversationAction):
    """Care before everything else: safety, the lines of policy, a colleague alerted."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_distress"

    async def act(self, turn: Turn) -> list[Event]:
        """Says who is alerted only once they are."""
        answer = await self.api.handoff(turn.conversation, "distress")
        turn.say(answer.context.words, "utter_distress", "utter_distress_plain")
        turn.card("crisis")
        return [asked("safe"), *leave_form(turn)]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """The caring words are said whatever the API does, without a claim about a colleague."""
        turn.say(error.words, "utter_distress_plain")
        turn.card("crisis")
        return [asked("safe"), *leave_form(turn)]


class ActionCheckIn(ConversationAction):
    """Somebody is worn out, ashamed or hurt at home: asked whether they are safe, and not about money.

    It is no sign of self-harm by itself: nothing is put on hold, and "接着说" goes on.
    """

    def name(self) -> str:
        """The name the domain knows."""
        return "action_check_in"

    async def act(self, turn: Turn) -> list[Event]:
        """Where signs of distress are open already, what was said then is said again."""
        context = await self.api.context(turn.conversation)
        if context.care:
            return rest(turn, context.words)
        turn.say(context.words, "utter_weary", "utter_weary_plain")
        return [asked("safe"), *leave_form(turn)]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """The same words, whatever the API does."""
        turn.say(error.words, "utter_weary_plain")
        return [asked("safe"), *leave_form(turn)]


class ActionSafe(ConversationAction):
    """They said they are safe."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_safe"

    async def act(self, turn: Turn) -> list[Event]:
        """Nothing else is asked of them; but a guess that they may be safe is not taken for it."""
        context = await self.api.context(turn.conversation)
        if turn.intent == "state_safe" and not turn.surely(_SAFE):
            if context.care:
                return rest(turn, context.words)
            turn.say(context.words, "utter_weary", "utter_weary_plain")
            return [asked("safe"), *leave_form(turn)]
        safe = "utter_safe" if context.care else "utter_safe_go_on"
        turn.say(context.words, safe, "utter_safe_plain")
        return [asked(None), *leave_form(turn)]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """The same, without the hour."""
        turn.say(error.words, "utter_safe_plain")
        return [asked(None), *leave_form(turn)]
