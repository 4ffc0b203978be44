"""How many segments a text is billed as, counted as Twilio publishes it.

Source: Twilio, "What is GSM-7 character encoding?" and "SMS character limit": 160 GSM-7
characters in one segment, 153 in each of several; 70 and 67 as soon as one character is outside
GSM-7. The alphabet is that of 3GPP TS 23.038: the characters of its extension table take two
places, as do characters outside the basic multilingual plane in UCS-2 (really UTF-16). Neither is
split over two segments.
"""

from __future__ import annotations

__all__ = ["segments"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


def segments(body: str) -> int:
    """Return the number of segments of ``body``; an empty text is still sent as one."""
    if all(character in _BASIC or character in _EXTENSION for character in body):
        sizes = [2 if character in _EXTENSION else 1 for character in body]
        alone, each = 160, 153
    else:
        sizes = [2 if ord(character) > 0xFFFF else 1 for character in body]
        alone, each = 70, 67
    return 1 if sum(sizes) <= alone else _packed(sizes, each)


def _packed(sizes: list[int], room: int) -> int:
    """Return how many segments of ``room`` places the characters fill, none of them split."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
