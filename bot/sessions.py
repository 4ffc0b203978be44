"""A conversation that goes on for long begins a new session of Rasa's, so that its turns stay as quick as ever.

Rasa reads, and goes through, every event of a session for each message. It begins a new one after a pause
(``session_expiration_time``), in which the slots are what they were. Here it also begins one, in the same
way, when a session has grown long; never inside a form, which Rasa would leave then. What it begins with
is each slot's last value, where Rasa takes over every value that a slot ever had. Every event is kept.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from rasa.core.actions.action import ActionSessionStart
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changed import RasaChanged

__all__ = ["LONGEST_SESSION", "begin_sessions_anew"]

LONGEST_SESSION = 250
"""Events after which the next message begins a new session: about thirty turns."""


def begin_sessions_anew(
    processor: type = MessageProcessor, start: type = ActionSessionStart
) -> None:
    """Have ``processor`` take a long session for one that has expired; a second call changes nothing.

    Raises:
        RasaChanged: sessions do not expire, or do not begin, like this (another version of Rasa).
    """
    own_check = getattr(processor, "_has_session_expired", None)
    own_slots = getattr(start, "_slot_set_events_from_tracker", None)
    if not callable(own_check) or not callable(own_slots):
        raise RasaChanged(
            f"{processor.__qualname__} has no _has_session_expired, or {start.__qualname__} no "
            "_slot_set_events_from_tracker: see bot/sessions.py."
        )
    if hasattr(own_check, "__wrapped__"):
        return

    @wraps(own_check)
    def expired(self: Any, tracker: DialogueStateTracker) -> bool:
        long = len(tracker.events) > LONGEST_SESSION and tracker.active_loop_name is None
        return long or bool(own_check(self, tracker))

    @wraps(own_slots)
    def slots(tracker: DialogueStateTracker) -> list[SlotSet]:
        last = {event.key: event for event in own_slots(tracker)}
        return list(last.values())

    processor._has_session_expired = expired
    start._slot_set_events_from_tracker = staticmethod(slots)
