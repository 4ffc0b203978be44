"""The months after a signature: how much is paid, a month moved back, whether reminders name the sum."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.api_client import ApiClient, ApiError, Progress
from bot.actions.turn import ConversationAction, Event, Turn, asked, leave_form

_LEFT_OUT: Final = re.compile(
    r"别|不要|不用|不写|不带|去掉|\bdon'?t\b|\bno\b|\bwithout\b|\bleave\b.*\bout\b|\bkeep\b.*\bout\b",
    re.IGNORECASE,
)
#: By the state of the agreement, and in force by that of its next payment.
_SAID: Final = {
    "fulfilled": ("utter_progress_done",),
    "broken": ("utter_progress_ended",),
    "withdrawn": ("utter_progress_withdrawn",),
    "in_grace": ("utter_progress_grace", "utter_progress"),
    "missed": ("utter_progress_missed", "utter_progress"),
}
_NO_MOVE: Final = frozenset(
    {"agreement_ended", "nothing_to_move", "too_late_to_move", "no_moves_left"}
)


def progress_responses(progress: Progress) -> tuple[str, ...]:
    """The responses for how an agreement stands; without one, what is owed."""
    if progress.state is None:
        return ("utter_what_you_owe_fees", "utter_what_you_owe", "utter_refused_nothing_due")
    in_force = progress.state == "in_force"
    if in_force and progress.next_state == "due" and not progress.begun:
        return ("utter_progress_first", "utter_progress")
    return _SAID.get(progress.next_state if in_force else progress.state, ("utter_progress",))


class ActionTellProgress(ConversationAction):
    """Says how much is paid and what comes next, as the bank's payments stand."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_tell_progress"

    async def act(self, turn: Turn) -> list[Event]:
        """Leaves the conversation where it was."""
        progress = await self.api.progress(turn.conversation)
        turn.say(progress.words, *progress_responses(progress))
        return leave_form(turn) if turn.caring else []


class ActionMoveMonth(ConversationAction):
    """Moves the oldest open payment back by a month, as the agreement allows."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_move_month"

    async def act(self, turn: Turn) -> list[Event]:
        """Without an agreement there is nothing to move yet, but a plan may begin later."""
        progress = await self.api.progress(turn.conversation)
        if progress.state != "in_force":
            turn.say(progress.words, "utter_extension")
            return []
        moved = await self.api.move_month(turn.conversation)
        turn.say(moved.words, "utter_moved")
        return [asked("after_signing")]

    def failed(self, turn: Turn, error: ApiError) -> list[Event]:
        """What the agreement does not allow is for a colleague."""
        if error.code in _NO_MOVE:
            turn.say(error.words, "utter_no_move")
            return [asked("person")]
        return super().failed(turn, error)


class ActionReminderSums(ConversationAction):
    """Has reminders name the sum, or leave it out again."""

    def name(self) -> str:
        """The name the domain knows."""
        return "action_reminder_sums"

    async def act(self, turn: Turn) -> list[Event]:
        """Unasked it is left out, since anybody may look at a telephone."""
        wanted = _LEFT_OUT.search(turn.text) is None
        context = await self.api.reminder_sums(turn.conversation, wanted=wanted)
        turn.say(context.words, "utter_sums_named" if wanted else "utter_sums_left_out")
        return []


async def hard_month(api: ApiClient, turn: Turn) -> dict[str, str]:
    """Words for a month that can be moved back, or none where nothing can be moved."""
    try:
        progress = await api.progress(turn.conversation)
    except ApiError:
        return {}
    return dict(progress.words) if progress.may_move else {}
