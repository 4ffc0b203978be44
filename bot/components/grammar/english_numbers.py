"""Numbers in English words: "twelve hundred", "two and a half thousand", "a couple of grand"."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from bot.components.grammar.number import ARABIC, Number
from bot.components.grammar.text import compiled

__all__ = ["english_numbers"]

_EN_ONES: Final = {
    word: Decimal(n)
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_EN_TENS: Final = {
    word: Decimal(10 * n)
    for n, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_EN_UNITS: Final = {
    "hundred": Decimal(100),
    "hundreds": Decimal(100),
    "thousand": Decimal(1000),
    "thousands": Decimal(1000),
    "grand": Decimal(1000),
    "thou": Decimal(1000),
    "million": Decimal(1_000_000),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_EN_BIG: Final = "hundred|thousand|thou|grand|million|billion|trillion"
_EN_WORD: Final = "|".join([*_EN_ONES, *_EN_TENS, *_EN_UNITS])
# "a few hundred", "hundreds of calls" name no figure.
_NO_FIGURE: Final = rf"(?:(?<=few )|(?<=several )|(?<=some )|(?<=many )|(?<=ish ))(?:{_EN_BIG})\b|(?<!\d )(?:hundreds|thousands)\b"
_EN_RUN: Final = compiled(
    rf"(?:(?<![\w.,])(?:{ARABIC})(?=\s*(?:and a half\s+)?(?:{_EN_BIG})s?\b)"
    rf"|\b(?:an?\s+(?=(?:couple|{_EN_BIG})\b))?(?!{_NO_FIGURE})\b(?:couple(?:\s+of)?|{_EN_WORD})\b)"
    rf"(?:(?:[\s-]*(?:\band\s+)?(?:\ba\s+half\b|(?:{_EN_WORD})\b))|\s+and\s+a\s+half\b"
    rf"|(?<=thousand)\s+(?:{ARABIC})(?=\s+hundred)|(?<=thousand)\s+[1-9]\d\d(?![\d.,]*\d))*"
)


def english_numbers(text: str) -> list[Number]:
    """Numbers in English words of a normalised text, in order."""
    numbers = []
    for match in _EN_RUN.finditer(text):
        words = match.group().replace("-", " ").split()
        start, end = match.start(), match.start() + len(match.group().rstrip())
        value = _evaluate_english(words)
        if value is None:
            value = _hundreds_unsaid(words, text, start, end)
        if value is None:
            numbers += _apart(text, start, end)
            continue
        if text[:start].endswith("half ") and words[0] in ("a", "an"):  # half a grand
            value, start = value / 2, start - len("half ")
        numbers.append(Number(start, end, value, value, _largest_unit(words), "english"))
    return numbers


# "three fifty a month", "can pay two twenty": the hundred goes without saying where it is no time of day.
_OF_A_TIME: Final = compiled(
    r"\s*(?:(?:an?|per|each|every) (?:month|week|day)\b|monthly\b|/month|yuan\b|rmb\b|kuai\b|max\b|at most\b|tops\b)"
)
_PAYING: Final = compiled(
    r"\b(?:pay|afford|manage|offer|earn|make|give|spare|rent is|rent was)\s+(?:you |about |around |maybe |like |only |just |at most |up to )?$"
)


def _hundreds_unsaid(words: list[str], text: str, start: int, end: int) -> Decimal | None:
    if not (
        len(words) in (2, 3)
        and 0 < _EN_ONES.get(words[0], Decimal(0)) < 20
        and words[1] in _EN_TENS
        and (_OF_A_TIME.match(text, end) or _PAYING.search(text[max(0, start - 24) : start]))
    ):
        return None
    rest = _evaluate_english(words[1:])
    return None if rest is None or rest >= 100 else _EN_ONES[words[0]] * 100 + rest


def _apart(text: str, start: int, end: int) -> list[Number]:
    """The two numbers around an "and" that are no number together ("between two and three thousand")."""
    first, joint, second = text[start:end].partition(" and ")
    found = []
    for words, at in ((first, start), (second, end - len(second))):
        value = _evaluate_english(words.replace("-", " ").split()) if joint else None
        if value is not None:
            unit = _largest_unit(words.split())
            found.append(Number(at, at + len(words), value, value, unit, "english"))
    return found


def _largest_unit(words: list[str]) -> Decimal:
    return max((_EN_UNITS[word] for word in words if word in _EN_UNITS), default=Decimal(1))


def _evaluate_english(words: list[str]) -> Decimal | None:
    total = Decimal(0)
    current: Decimal | None = None
    half = False
    for word in words:
        if word in ("and", "of"):
            continue
        if word in ("a", "an"):
            continue
        if word == "half":
            half = True
        elif word == "couple":
            current = Decimal(2)
        elif word in _EN_ONES or word in _EN_TENS:
            number = _EN_ONES.get(word, _EN_TENS.get(word, Decimal(0)))
            if (
                current is not None
                and (current % 10 or current == 0 or number >= 10)
                and current < 100
            ):
                return None
            current = number if current is None else current + number
        elif word in _EN_UNITS:
            base = Decimal(1) if current is None else current
            if half:
                base, half = base + Decimal("0.5"), False
            if _EN_UNITS[word] == 100:
                current = base * 100
            else:
                total += base * _EN_UNITS[word]
                current = None
        else:
            if current is not None:
                return None
            current = Decimal(word.replace(",", ""))
    if _one_unit_down(words):
        total, current = total + (current or Decimal(0)) * 100, None
    if half:
        biggest = max((_EN_UNITS[w] for w in words if w in _EN_UNITS), default=None)
        if biggest is None:
            current = (current or Decimal(0)) + Decimal("0.5")
        else:
            total += biggest / 2
    if current is None and total == 0:
        return None
    return total + (current or Decimal(0))


def _one_unit_down(words: list[str]) -> bool:
    """Whether a lone figure after a few thousand means hundreds: "two thousand two", "a grand five", said as 两千二 is."""
    if len(words) < 2 or words[-2] not in ("thousand", "grand") or words[-1] not in _EN_ONES:
        return False
    few = words[:-2]
    said = "".join(few)
    if said.isdecimal():
        thousands = Decimal(said)
    else:
        thousands = Decimal(1) if said == "a" else _EN_ONES.get(said, Decimal(99))
    return 0 < thousands < 10 > _EN_ONES[words[-1]] > 0
