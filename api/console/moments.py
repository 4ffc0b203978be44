"""How long somebody has waited and when an answer was promised, in the words of the queue. Pure.

The page itself goes on counting as time passes (``console-times.js``); both say the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from markupsafe import Markup

from api.kit.dates import local_date, month_day_text, time_text
from api.web.words import Words

__all__ = ["Promised", "promised", "promised_words", "waited_words"]

Promised = Literal["late", "soon", "later"]

SOON = timedelta(hours=1)
"""Within this, a promise is counted down in minutes."""
MINUTES_A_DAY = 24 * 60


def promised(due: datetime, now: datetime) -> Promised:
    """Return whether a promised time is over, near, or still to come."""
    if due <= now:
        return "late"
    return "soon" if due - now < SOON else "later"


def waited_words(w: Words, since: datetime, now: datetime) -> Markup:
    """Write how long ago something was: minutes, then hours and minutes, then days."""
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    if minutes < 1:
        return w("desk.since_now")
    if minutes < 60:
        return w("desk.since_minutes", n=minutes)
    if minutes >= MINUTES_A_DAY:
        return w("desk.since_days", n=minutes // MINUTES_A_DAY)
    hours, rest = divmod(minutes, 60)
    if rest == 0:
        return w("desk.since_hours", n=hours)
    return w("desk.since_hours_minutes", n=hours, m=rest)


def promised_words(w: Words, due: datetime, now: datetime) -> Markup:
    """Write when an answer was promised: minutes left, a time of today or tomorrow, a day, or how late."""
    state = promised(due, now)
    if state == "late" and now - due < timedelta(minutes=1):
        return w("desk.due_now")
    if state == "late":
        return w("desk.due_past", since=waited_words(w, due, now))
    if state == "soon":
        return w("desk.due_minutes", n=max(1, int((due - now) / timedelta(minutes=1))))
    days = (local_date(due) - local_date(now)).days
    if days == 0:
        return w("desk.due_today", time=time_text(due))
    if days == 1:
        return w("desk.due_tomorrow", time=time_text(due))
    day = month_day_text(local_date(due), w.locale, local_date(now))
    return w("desk.due_day", day=day, time=time_text(due))
