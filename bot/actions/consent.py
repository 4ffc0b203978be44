"""The separate consent to be asked about money, given or refused."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.offers import present_barred
from bot.actions.read_back import missing_facts, read_back, remembered_facts
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked

_YES: Final = re.compile(
    r"同意|可以|好|行|嗯|愿意|没问题|问吧|\b(?:yes|yeah|ok|okay|sure|agree|fine|go ahead|ask)\b",
    re.IGNORECASE,
)
_UNSURE: Final = re.compile(
    r"不|别|个[鬼屁头球]|才怪|凭什么|可能|应该|也许|大概|行吧|好像|再想|[?？]|吗|\bnot\b|n't\b|\bguess\b|\bmaybe\b|\bsuppose\b|\bbut\b"
    r"|\bmy (?:foot|ass|arse)\b|\byeah right\b|\bas if\b|\blike hell\b",
    re.IGNORECASE,
)
#: A "none" that answers one of the six questions is no refusal to be asked them.
_ANSWERS_SOMETHING_ELSE: Final = re.compile(
    r"没有?(?:别的|其他|了)?[。.]?|都没有|none|nothing(?: elsewhere)?", re.IGNORECASE
)
_NO: Final = re.compile(
    r"不|别|拒绝|算了|没必要|\b(?:no|not|refuse|decline|disagree|rather)\b|n't\b", re.IGNORECASE
)


class ActionGrantConsent(ConversationAction):
    """Records the consent and begins to ask."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_grant_consent"

    async def act(self, turn: Turn) -> list[Event]:
        """Somebody who already told everything is read back to, not asked again."""
        if not turn.surely(_YES, _UNSURE):
            turn.say({}, "utter_ask_consent_clearly")
            return [asked("consent"), ask_facts(False)]
        known = await self.api.context(turn.conversation)
        if known.barred:  # no plan can come of it: nothing is asked, and no consent is needed
            return [*await present_barred(turn, self.api, known), ask_facts(False)]
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
        if _ANSWERS_SOMETHING_ELSE.fullmatch(turn.text.strip()) or not turn.surely(_NO):
            turn.say({}, "utter_ask_consent_clearly")
            return [asked("consent")]
        context = await self.api.consent(turn.conversation, granted=False)
        turn.say(context.words, "utter_consent_refused", "utter_human_noted")
        return [asked("consent")]
