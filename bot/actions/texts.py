"""No more text messages, in words that only the classifier understood; the usual ones never get here."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.turn import ConversationAction, Event, Turn, leave_form

#: One of these words, or a sure understanding: a wrong guess would stop messages that somebody wants.
_TELLING: Final = re.compile(
    r"短信|信息|消息|发了|退订|TD|message|text|unsubscribe|contact", re.IGNORECASE
)


class ActionStopTexts(ConversationAction):
    """Has texts stopped at once, and says so."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_stop_texts"

    async def act(self, turn: Turn) -> list[Event]:
        """Asks first where the wish is not clear."""
        if not turn.surely(_TELLING):
            turn.say({}, "utter_ask_opt_out")
            return leave_form(turn)
        answer = await self.api.stop_texts(turn.conversation)
        turn.say(answer.words, "utter_opt_out")
        if (
            turn.asked == "consent"
        ):  # "同意，但是别烦我": a yes beside another wish is not clear enough
            turn.say({}, "utter_ask_consent_clearly")
        return leave_form(turn)

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is claimed, and nothing is asked."""
        return leave_form(turn)
