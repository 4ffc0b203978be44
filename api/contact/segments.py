"""How many segments a text is billed as, counted as Twilio publishes it.

Source: Twilio, "What is GSM-7 character encoding?" and "SMS character limit": 160 GSM-7
characters in one segment, 153 in each of several; 70 and 67 as soon as one character is outside
GSM-7. The alphabet is that of 3GPP TS 23.038: the characters of its extension table take two
places, as do characters outside the basic multilingual plane in UCS-2 (really UTF-16). Neither is
split over two segments.
"""

from __future__ import annotations

__all__ = ["plain_for_sms", "segments"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "–": "-",
     "—": "-", "−": "-", "×": "x", "•": "*"}
)  # fmt: skip


def plain_for_sms(body: str) -> str:
    """Return a text whose typographic signs do not turn a GSM-7 text into the dearer UCS-2."""
    plain = body.translate(_PLAIN)
    return plain if _is_gsm(plain) else body.replace("\u00a0", " ").replace("\u202f", " ")


def _is_gsm(body: str) -> bool:
    return all(character in _BASIC or character in _EXTENSION for character in body)


def segments(body: str) -> int:
    """Return the number of segments of ``body``; an empty text is still sent as one."""
    if _is_gsm(body):
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
