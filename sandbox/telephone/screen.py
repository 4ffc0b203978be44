"""What a phone's screen shows: texts as bubbles, with times, links and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.telephone.store import Text
from sandbox.telephone.words import Words

__all__ = ["Bubble", "Part", "bubbles", "sender_name"]

_ZONE = ZoneInfo("Asia/Shanghai")
"""Mainland and Hong Kong numbers share one clock; the sample has no others."""

_PAUSE = timedelta(minutes=5)
"""After a pause as long as this, the screen shows the time again."""

_PARTS = re.compile(r"(?P<link>https?://[^\s<>\"'，。；、）】」]+)|(?P<code>(?<!\d)\d{6}(?!\d))")
_SIGNATURE = re.compile(
    r"【(?P<zh>[^】]{2,20})】|^(?P<en>[^\d:：]{2,30})[:：]|^\d{6} (?:is your code )?from (?P<code>[^\d,.]{2,30}?) [a-z]"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Part:
    """A piece of a bubble: plain words, a link, or a six-digit code to be set bold."""

    kind: str
    words: str


@dataclass(frozen=True)
class Bubble:
    """One text as shown; ``when`` is set where the screen shows the time above it.

    ``note`` stands below it: segments and delivery, or what became of a text written here.
    """

    sid: str
    inbound: bool
    lang: str
    parts: tuple[Part, ...]
    note: str
    outcome: str | None
    when: str | None


def bubbles(texts: Sequence[Text], words: Words, today: date) -> list[Bubble]:
    """Return the texts of one phone as its screen shows them on a day, oldest first."""
    shown: list[Bubble] = []
    before: datetime | None = None
    for text in texts:
        at = text.created_at.astimezone(_ZONE)
        shown.append(
            Bubble(
                sid=text.sid,
                inbound=text.inbound,
                lang="zh" if _CHINESE.search(text.body) else "en",
                parts=tuple(_parts(text.body)),
                note=_note(text, words),
                outcome=text.outcome,
                when=_when(at, before, today, words),
            )
        )
        before = at
    return shown


def sender_name(texts: Sequence[Text], words: Words) -> str:
    """Return the name a phone would show for the sender.

    A bank's text bears its name (``【…】`` in Chinese; ``…:`` at the start in English, or after the
    code), and phones show that rather than the number; so does this one, and it needs no name of
    its own.
    """
    for text in reversed(texts):
        if not text.inbound and (found := _SIGNATURE.search(text.body)):
            return (found["zh"] or found["en"] or found["code"]).strip()
    received = [text for text in texts if not text.inbound]
    return received[-1].sender if received else words.nobody_yet


def _parts(body: str) -> Iterator[Part]:
    end = 0
    for found in _PARTS.finditer(body):
        if found.start() > end:
            yield Part("words", body[end : found.start()])
        yield Part(str(found.lastgroup), found.group().rstrip(".,;:"))
        end = found.start() + len(found.group().rstrip(".,;:"))
    if end < len(body):
        yield Part("words", body[end:])


def _note(text: Text, words: Words) -> str:
    if text.inbound:
        return words.outcomes[text.outcome]
    segments = words.segments_one if text.segments == 1 else words.segments_many
    arrived = text.updated_at.astimezone(_ZONE).strftime("%H:%M")
    status = words.statuses.get(text.status, text.status).format(arrived)
    joint = "，" if words.lang == "zh" else ", "
    return segments.format(text.segments) + joint + status


def _when(at: datetime, before: datetime | None, today: date, words: Words) -> str | None:
    clock = at.strftime("%H:%M")
    if before is not None and before.date() == at.date():
        return clock if at - before >= _PAUSE else None
    if at.date() == today:
        return f"{words.today} {clock}"
    if at.date() == today - timedelta(days=1):
        return f"{words.yesterday} {clock}"
    day = words.date.format(month=at.month, day=at.day, month_name=at.strftime("%b"))
    return f"{day} {clock}"
