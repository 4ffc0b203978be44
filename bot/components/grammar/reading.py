"""All values of one message, each place read once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from bot.components.grammar.amounts import find_amounts
from bot.components.grammar.dates import find_dates
from bot.components.grammar.english_dates import day_in_words
from bot.components.grammar.household import find_household
from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.options import find_options
from bot.components.grammar.spans import overlaps
from bot.components.grammar.terms import find_terms
from bot.components.grammar.text import compiled, normalise
from bot.components.grammar.value import Value

# Words that leave a value bare: "大概4200吧" says no more than 4200.
_FILLER: Final = compiled(
    r"大概|大约|大致|差不多|估计|可能|应该|也就|只有|就是|左右|上下|不到|多一?点|每个?月|一个?月|[约吧呢啊哦嗯呃额就的了是那哈呀嘛]"
    r"|\b(?:roughly|about|around|maybe|approx(?:imately)?|like|probably|i think|i guess|or so|ish|per|a|the|month|each|every|monthly|it'?s|is|um+|uh+|er+|on|of|well|just|lah?|lor|bah|leh|hor|meh)\b"
    r"|[\s,，。.!！?？~;；:：'\"()（）/-]"
)
_BARE_DAY: Final = compiled(
    r"(?:那就|就|嗯)?(?:每个?月的?)?(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?)(?:吧|呗|啦|嘛|呀|了|\s?(?:lah?|lor|bah|leh))?"
)

_ORDINAL: Final = compiled(r"(?:the )?(?:1st|2nd|3rd)")


def read_values(text: str, today: date) -> list[Value]:
    """Every value in what a person wrote, in order; ``today`` is the day they wrote it."""
    plain = normalise(text)
    options, household, terms = _whatever_the_day(plain)
    if bare := _bare_number(plain, options):
        return bare
    # "in two months" is a day too: what the message is about decides (bot.components.grammar.in_context).
    wished = [value for value in terms if value.entity == "term_months"]
    dates = _apart(find_dates(plain, today), [*options, *household, *wished])
    read = [*options, *household, *terms, *dates]
    places = [(value.start, value.end) for value in read]
    amounts = find_amounts(plain, places, bare=_is_lone_number(plain))
    return sorted([*read, *amounts], key=lambda value: (value.start, value.end))


# A message is read for its features, then for its values, and its clauses each: the same words again.
@lru_cache(maxsize=16)
def _whatever_the_day(plain: str) -> tuple[list[Value], list[Value], list[Value]]:
    """Options, the household and terms: what does not depend on the day. Not to be changed by callers."""
    options = find_options(plain)
    household = _apart(find_household(plain), options)
    return options, household, _apart(find_terms(plain), [*options, *household])


def is_bare(text: str, values: list[Value]) -> bool:
    """Whether a message holds values and nothing else that means anything."""
    plain = normalise(text)
    for value in sorted(values, key=lambda v: v.start, reverse=True):
        plain = plain[: value.start] + " " + plain[value.end :]
    return bool(values) and not _FILLER.sub("", plain)


def _apart(values: list[Value], others: list[Value]) -> list[Value]:
    places = [(value.start, value.end) for value in others]
    return [value for value in values if not overlaps(value.start, value.end, places)]


def _is_lone_number(plain: str) -> bool:
    numbers = find_numbers(plain)
    if len(numbers) != 1:
        return False
    rest = plain[: numbers[0].start] + " " + plain[numbers[0].end :]
    return not _FILLER.sub("", rest)


def _bare_number(plain: str, options: list[Value]) -> list[Value]:
    """A lone figure of 1 to 31 could be a choice, a day or a sum: each is given, the slot decides.

    1 to 3 are a choice or a day, never a sum; from 4 on a day or a sum.
    """
    if not options and (day := day_in_words(plain.strip(" .。、,，!！"))) is not None:
        return [Value("day_of_month", day, 0, len(plain))]
    if len(options) == 1 and _ORDINAL.fullmatch(plain.strip(" .,!")):
        return [*options, replace(options[0], entity="day_of_month")]
    digits = _BARE_DAY.fullmatch(plain.strip(" .。、,，!！()"))
    if digits is None or not 1 <= (number := int(find_numbers(digits["day"])[0].low)) <= 31:
        return []
    start = plain.index(digits["day"])
    end = start + len(digits["day"])
    day = Value("day_of_month", number, start, end)
    if number <= 3:
        return [*(options or [Value("option", number, start, end)]), day]
    return [day, Value("amount", f"{number}.00", start, end)]
