"""Which language a message is written in. Pure."""

from __future__ import annotations

import re

__all__ = ["language_of"]

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str) -> str | None:
    """Return ``zh`` or ``en`` for a message plainly in one language, ``None`` for mixed or bare ones.

    A single Latin word ("ok", "sms") tells nothing; a person who mixes keeps the language of the page.
    """
    han = len(HAN.findall(text))
    words = len(LATIN_WORD.findall(text))
    if han and not words:
        return "zh"
    if not han and words >= 2:
        return "en"
    return None
