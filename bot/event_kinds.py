"""Rasa finds the class of an event by its name once, instead of anew for each event.

Rasa 3.6 walks the whole tree of event classes for every event that it reads: for each turn once for
each event of the conversation so far, and again for what an action answered. This was about a tenth
of what Rasa does in a turn, and grows with the conversation.

To be removed when Rasa mends it (``rasa.shared.core.events.Event.resolve_by_type``).
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from rasa.shared.core.events import Event

from bot.rasa_changed import RasaChanged

__all__ = ["remember_event_kinds"]


def remember_event_kinds(events: type = Event) -> None:
    """Have ``events`` remember the classes it has found; a second call changes nothing.

    What is not found is looked for again, and refused as Rasa refuses it.

    Raises:
        RasaChanged: ``events`` has no such search (another version of Rasa).
    """
    search = getattr(events, "resolve_by_type", None)
    if not callable(search):
        raise RasaChanged(
            f"{events.__module__}.{events.__qualname__} has no resolve_by_type: see "
            "bot/event_kinds.py, and delete it if this Rasa finds events quickly by itself."
        )
    if hasattr(search, "__wrapped__"):
        return
    found: dict[str, type] = {}

    @wraps(search)
    def resolve(type_name: str, default: Any = None) -> Any:
        kind = found.get(type_name)
        if kind is None:
            kind = search(type_name, default)
            if kind is not None and kind.type_name == type_name:
                found[type_name] = kind
        return kind

    events.resolve_by_type = staticmethod(resolve)
