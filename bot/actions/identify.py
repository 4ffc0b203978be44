"""Proving who is here: codes and document digits are taken by the API, never by the assistant."""

from __future__ import annotations

from bot.actions.api_client import ApiError
from bot.actions.turn import ConversationAction, Event, Turn, ask_facts, asked, leave_form
from bot.actions.welcome import take_up

_NOT_YET_KNOWN = ("welcome", "identify", "care")


class ActionSendCode(ConversationAction):
    """Has a code sent to the telephone on file."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_send_code"

    async def act(self, turn: Turn) -> list[Event]:
        """Says where the code went only once the API has sent it; who is known needs none."""
        if turn.stage not in _NOT_YET_KNOWN:
            turn.say({}, "utter_no_code_needed")
            return []
        context = await self.api.challenge(turn.conversation, "identity")
        turn.say(context.words, "utter_code_sent")
        turn.card("code")
        return [asked("code")]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """Too many tries: until when it rests."""
        if error.code == "codes_enough":
            turn.say(error.words, "utter_codes_enough")
            turn.card("code")
            return [asked("code")]
        if error.code == "challenge_paused":
            turn.say(error.words, "utter_challenge_paused")
            turn.card("code")
            return [asked("start")]
        return super().failed(turn, error)


class ActionChallengePassed(ConversationAction):
    """``/challenge_passed`` for the code or the document (signing has its own action)."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_challenge_passed"

    async def act(self, turn: Turn) -> list[Event]:
        """Asks for the second proof, or goes on to what the record says is next."""
        context = await self.api.context(turn.conversation)
        if not context.identified:
            turn.say(context.words, "utter_ask_document")
            turn.card("document")
            return [asked("document"), ask_facts(False)]
        turn.say(context.words, "utter_identity_done")
        if context.returning and context.stage in _UNDER_WAY and not context.on_hold:
            turn.say(context.words, "utter_welcome_back")
        return await take_up(turn, self.api, context)

    def after_trouble(self, turn: Turn) -> list[Event]:
        """Nothing is asked after a failure."""
        return [ask_facts(False)]


class ActionChallengeFailed(ConversationAction):
    """``/challenge_failed``: wrong, paused or expired, for any of the three proofs."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_challenge_failed"

    async def act(self, turn: Turn) -> list[Event]:
        """Says kindly how many tries are left, until when it rests, or that it ran out of time."""
        purpose = str(turn.slot("purpose") or "identity")
        outcome = next((str(found["value"]) for found in turn.entities("outcome")), "wrong")
        context = await self.api.context(turn.conversation)
        if outcome == "paused":
            turn.say(context.words, "utter_challenge_paused")
        elif outcome == "expired":
            turn.say(context.words, "utter_code_expired")
        else:
            turn.say(context.words, _WRONG.get(purpose, "utter_code_wrong"))
        turn.card("document" if purpose == "document" else "code")
        return [asked(_ASKED.get(purpose, "code")), *leave_form(turn)]


_UNDER_WAY = ("situation", "offers", "agree")
_WRONG = {"document": "utter_document_wrong", "signature": "utter_signing_code_wrong"}
_ASKED = {"document": "document", "signature": "signing_code"}
