"""Figures that borrow the unit of the sum before them: "two thousand, I said three", 八千，我刚说九."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.components.grammar.number import Number
from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.spans import overlaps
from bot.components.grammar.text import compiled

__all__ = ["with_shared_units"]

_TOO: Final = compiled(
    r"(?:\b(?:said|say|not|instead of|rather than|mean|meant|wrote|put|typed|heard|promised|or maybe|or)\s+(?:about |only |maybe )?"
    r"|(?:[说讲写填听报打][的了成错]?|不是|唔系|改成?|[听写打说]成了?|不止)(?:是|了|过)?\s*)"
    r"(?P<few>(?:two|three|four|five|six|seven|eight|nine)\b|[2-9](?![\d.,]*\d)|[二两三四五六七八九])"
    r"(?=\s*(?:$|[,，。.;；!！?？]|(?:but|before|earlier|by (?:mistake|accident)|last|first|at first|yesterday|now|then|because|and|when|instead|please|pls|if)\b|[了吧的]?(?:$|[,，。!！?？])|才对|说错|写错|打错))"
)
_NEAR: Final = 40  # letters between the sum and the figure
_EACH_MONTH: Final = compiled(r"[一每]个?月|\b(?:an?|per|each|every) month\b")
_NO_SUM: Final = compiled(
    r"[期月年号日天个口人]|\b(?:months?|years?|people|kids?|of us|day|option|offer|plan)\b"
)


def with_shared_units(
    text: str, numbers: list[Number], taken: list[tuple[int, int]]
) -> list[Number]:
    """The numbers of a text, those with a borrowed unit in place of their bare figures.

    Only a figure close behind a sum of a few hundreds or thousands borrows, where nothing else is counted
    between them.
    """
    found = list(numbers)
    for match in _TOO.finditer(text):
        start, end = match.span("few")
        lenders = [n for n in numbers if n.end <= match.start()]
        if not lenders or overlaps(start, end, taken):
            continue
        lender = lenders[-1]
        between = text[lender.end : match.start()]
        if (
            lender.unit < 100
            or lender.low >= lender.unit * 100
            or len(between) > _NEAR
            or _NO_SUM.search(_EACH_MONTH.sub("", between))
            or any(lender.end <= place < start for place, _ in taken)
        ):
            continue
        few: Decimal = find_numbers(match["few"])[0].low * lender.unit
        own = replace(lender, start=start, end=end, low=few, high=few, is_range=False)
        found = [n for n in found if not overlaps(n.start, n.end, [(start, end)])]
        found.append(own)
    return sorted(found, key=lambda number: number.start)
