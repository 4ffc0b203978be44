"""Places of a text that are already spoken for, so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.components.grammar.text import compiled

# Digits that are never a sum: clock times, percentages, card tails, hotlines, telephone and
# document numbers, links.
_NEVER_A_SUM: Final = compiled(
    r"https?://\S+"
    r"|\d{1,2}:\d{2}"
    r"|\d+(?:\.\d+)?\s*(?:%|‰|percent\b|per cent\b|个?百分点|个点|折|成(?![为了都])|p\.?a\b)"
    r"|百分之[零一二三四五六七八九十百点\d.]+"
    r"|(?:尾号|尾数|末四位|后四位|最后四位|last four|last 4|\bending(?: in)?)\D{0,6}\d{3,4}"
    r"|(?:打|拨|拨打|call|dial|ring)\s*(?:了|过)?\s*\d{3,5}(?!\d|\s*(?:元|块|次|个|遍|times|calls))"
    # A telephone number has eight digits or more; a round one is an absurd sum.
    r"|(?<![\d.,])(?!\d+0{5}(?!\d))\d{8,}[\dx]*(?!\s*(?:元|块|rmb|yuan))"
    r"|[a-z]{1,4}\d{3,}(?![\d,.]*\s*[k千百万元块])"
    r"|(?:\bno\.?|编号|案号|协议号)\s*[a-z]*\d[\d-]*"
    r"|(?:\b(?:user|customer|account|client|case|staff)(?: (?:number|no\.?|id))?|用户|客户|账号|帐号|工号|卡号)\s*[:：是]?\s*\d[\d-]*(?![\d,.]*\s*(?:[k千百万元块]|yuan|rmb))"
)
_KEPT: Final = compiled(r"(?:rmb|cny|y)\d")


def never_a_sum(text: str) -> list[tuple[int, int]]:
    """Places of digits that no grammar may take for money."""
    return [m.span() for m in _NEVER_A_SUM.finditer(text) if not _KEPT.match(m.group())]


def overlaps(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether the place [start, end) touches any taken one."""
    return any(start < other_end and end > other_start for other_start, other_end in taken)
