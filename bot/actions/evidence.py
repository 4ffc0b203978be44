"""Papers that policy wants looked at before a signature: what is wanted, and how far it has come.

The file itself never passes here: it goes from the person's page to the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.actions.api_client import ApiError, Context
from bot.actions.turn import ConversationAction, Event, Turn, asked

MISSING: Final = "missing"
IN_REVIEW: Final = "in_review"
COMPLETE: Final = "complete"
REFUSALS: Final = {"evidence_missing": MISSING, "evidence_in_review": IN_REVIEW}


class ActionEvidence(ConversationAction):
    """Answers what papers are wanted, how to hand them in, and what has become of them."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_evidence"

    async def act(self, turn: Turn) -> list[Event]:
        """The record says it; before identity nothing of it is said."""
        context = await self.api.context(turn.conversation)
        if not context.identified:
            turn.say(context.words, "utter_needs_identity")
            return []
        if context.care or context.bereaved:
            turn.say(context.words, "utter_evidence_none")
            return []
        return tell_of_evidence(turn, context)


def stands_between(context: Context) -> bool:
    """Whether papers still stand between this person and a signature."""
    return context.evidence in (MISSING, IN_REVIEW)


def tell_of_evidence(turn: Turn, context: Context) -> list[Event]:
    """Says what is wanted, that it is being looked at, that it is done, or that nothing is wanted."""
    if stands_between(context):
        return _tell(turn, str(context.evidence), context.words)
    turn.say(
        context.words,
        "utter_evidence_done" if context.evidence == COMPLETE else "utter_evidence_none",
    )
    return []


def refused_for_evidence(turn: Turn, error: ApiError) -> list[Event]:
    """Says why no code was sent; empty where the refusal was for something else."""
    state = REFUSALS.get(error.code)
    return [] if state is None else [*_tell(turn, state, error.words), asked("evidence")]


def _tell(turn: Turn, state: str, words: Mapping[str, str]) -> list[Event]:
    if state == MISSING:
        turn.say(words, "utter_evidence_before_signing", "utter_evidence_plain")
        turn.card("evidence")
    else:
        turn.say(words, "utter_evidence_in_review", "utter_human_noted")
    return [asked("evidence")] if turn.stage == "agree" else []
