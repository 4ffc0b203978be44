"""The separate consent to be asked about money, given or refused."""

from __future__ import annotations

from bot.actions.situation import missing_facts, read_back, remembered_facts
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked


class ActionGrantConsent(ConversationAction):
    """Records the consent and begins to ask."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_grant_consent"

    async def act(self, turn: Turn) -> list[Event]:
        """Somebody who already told everything is read back to, not asked again."""
        context = await self.api.consent(turn.conversation, granted=True)
        events = remembered_facts(context)
        if missing_facts(context.situation):
            turn.say(context.words, "utter_questions_begin")
            return [*events, asked("facts"), ask_facts(True)]
        return [*events, *read_back(turn, context.words), ask_facts(False)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Without a recorded consent nothing is asked."""
        return [ask_facts(False)]


class ActionRefuseConsent(ConversationAction):
    """Records the refusal; the API has a colleague take over."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_refuse_consent"

    async def act(self, turn: Turn) -> list[Event]:
        """Says who will be in touch and by when; a change of mind stays open."""
        context = await self.api.consent(turn.conversation, granted=False)
        turn.say(context.words, "utter_consent_refused", "utter_human_noted")
        return [asked("consent")]
