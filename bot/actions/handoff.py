"""Where a human is next: each branch with its own words, said after the API has made the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.actions.api_client import ApiError, HandoffAnswer
from bot.actions.turn import ConversationAction, Event, Turn, asked, leave_form


@dataclass(frozen=True)
class Branch:
    """A reason for the API and the words; ``before`` is what may be said before identity."""

    reason: str
    words: tuple[str, ...]
    before: tuple[str, ...] = ()


_HUMAN: Final = ("utter_human_later", "utter_human_noted")
_IN_HOURS: Final = ("utter_human_in_hours", *_HUMAN)

BRANCHES: Final = {
    "ask_human": Branch("ask_human", _HUMAN),
    "nlu_fallback": Branch("not_understood", _HUMAN),
    "dispute_debt": Branch("dispute", ("utter_dispute",), ("utter_dispute_before",)),
    "suspected_fraud": Branch("suspected_fraud", ("utter_fraud",)),
    "complain_harassment": Branch("complaint", ("utter_complaint",), ("utter_complaint_before",)),
    "wrong_person": Branch("wrong_person", ("utter_wrong_person",)),
    "report_death": Branch("death", ("utter_death",)),
    "represents_holder": Branch("represents_holder", ("utter_represents",)),
    "already_paid": Branch("already_paid", ("utter_already_paid",), ("utter_already_paid_before",)),
    # A plain "TD" or STOP is the intake's to act on; this is a wish in other words, for a human.
    "opt_out": Branch("ask_human", ("utter_opt_out",)),
    "refuse_automation": Branch("refuse_automation", ("utter_person_decides",)),
}


class ActionHandoff(ConversationAction):
    """Opens a case for the reason the person gave, then says what happens next."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_handoff"

    async def act(self, turn: Turn) -> list[Event]:
        """The form rests: nothing is asked after this."""
        intent = (
            "nlu_fallback" if turn.asked == "person" and turn.intent == "affirm" else turn.intent
        )
        branch = BRANCHES.get(intent, BRANCHES["ask_human"])
        answer = await self.api.handoff(turn.conversation, branch.reason)
        known = answer.context.identified
        turn.say(answer.context.words, *_words(branch, answer, known), "utter_human_noted")
        return [*_forget_offered_person(turn), *leave_form(turn)]

    def after_trouble(self, turn: Turn) -> list[Event]:
        """No case, no claim; but no question about money either."""
        return leave_form(turn)


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


class ActionSafe(ConversationAction):
    """They said they are safe."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_safe"

    async def act(self, turn: Turn) -> list[Event]:
        """Nothing else is asked of them."""
        context = await self.api.context(turn.conversation)
        turn.say(context.words, "utter_safe", "utter_safe_plain")
        return [asked(None)]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """The same, without the hour."""
        turn.say(error.words, "utter_safe_plain")
        return [asked(None)]


def _words(branch: Branch, answer: HandoffAnswer, identified: bool) -> tuple[str, ...]:
    if branch.words == _HUMAN:
        return _IN_HOURS if answer.in_hours else _HUMAN
    if branch.before and not identified:
        return branch.before
    return branch.words


def _forget_offered_person(turn: Turn) -> list[Event]:
    return [asked(None)] if turn.asked == "person" else []
