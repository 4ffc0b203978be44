"""What bare figures mean once it is known what a message is about: "could we stretch it to 48" is a term.

The grammars read what the words themselves say. A figure that they leave alone, or could only take for a sum,
is settled here by the message's intent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.components.grammar.household import count_household
from bot.components.grammar.options import find_choices
from bot.components.grammar.reading import is_bare
from bot.components.grammar.spans import overlaps
from bot.components.grammar.terms import USUAL_TERMS
from bot.components.grammar.text import normalise
from bot.components.grammar.value import Value

__all__ = ["settled"]

_TERM_INTENTS: Final = ("change_term", "ask_for_plan")
_FIGURE: Final = re.compile(
    r"(?<![\d.,¥])(\d{1,2})(?![\d.,]*\d|%|\s*(?:号|日|天|年|块|元|k\b|w\b|万|千|百|st\b|nd\b|rd\b|th\b))"
)


def settled(text: str, values: Sequence[Value], intent: str) -> list[Value]:
    """The values of a text, with those that only its intent can tell; ``values`` are what its words say."""
    plain, found = normalise(text), list(values)
    ahead = [value for value in found if value.entity == "months_ahead"]
    days = [value for value in found if value.entity == "date"]
    if intent in _TERM_INTENTS and not is_bare(text, found):
        found = [value for value in found if value not in ahead and not _at(value, ahead, days)]
        found += [replace(value, entity="term_months") for value in ahead]
    else:
        found = [value for value in found if value not in ahead or not _at(value, days, ahead)]
    if intent == "change_term":
        found = _with_terms(plain, found)
    elif intent == "choose_option" and not any(value.entity == "option" for value in found):
        found = _with_choices(plain, found)
    elif intent == "state_household" and not any(
        value.entity == "household_size" for value in found
    ):
        size = count_household(plain)
        found += [size] if size is not None else []
    return sorted(found, key=lambda value: (value.start, value.end))


def _at(value: Value, places: Sequence[Value], among: Sequence[Value]) -> bool:
    """Whether a value, one of ``among``, stands where one of ``places`` stands."""
    return value in among and overlaps(
        value.start, value.end, [(other.start, other.end) for other in places]
    )


def _with_terms(plain: str, found: list[Value]) -> list[Value]:
    known = {value.value for value in found if value.entity == "term_months"}
    for match in _FIGURE.finditer(plain):
        months = int(match[1])
        beside = [v for v in found if overlaps(match.start(), match.end(), [(v.start, v.end)])]
        if (
            months not in USUAL_TERMS
            or months in known
            or any(v.entity not in ("amount", "day_of_month") for v in beside)
        ):
            continue
        found = [value for value in found if value not in beside]
        found.append(Value("term_months", months, match.start(), match.end()))
        known.add(months)
    return found


def _with_choices(plain: str, found: list[Value]) -> list[Value]:
    for choice in find_choices(plain):
        places = [(choice.start, choice.end)]
        found = [
            value
            for value in found
            if not (
                value.entity in ("day_of_month", "date")
                and overlaps(value.start, value.end, places)
            )
        ]
        found.append(choice)
    return found
