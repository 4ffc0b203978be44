"""The same sentence in the other language: ours were written in both, a person's words were not.

Nothing here translates. A sentence of ours is recognised by the wording it was filled from, and shown
as that wording stands in the other language, with its sums and days written as that language writes
them. What a person wrote freely has no parallel, and the console says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from api.kit.dates import date_text, month_day_text
from api.policy.lookup import PolicyView

__all__ = ["Pair", "Parallel", "pairs_of_assistant", "pairs_of_policy", "pairs_of_wording"]

Pair = tuple[str, str]
"""The same wording in Chinese and in English, with its placeholders."""

PLACEHOLDER = re.compile(r"{(\w+)}")
CHINESE_MONEY = re.compile(r"(\d[\d,]*(?:\.\d+)?)[ \u00a0]?元")
ENGLISH_MONEY = re.compile(r"¥(\d[\d,]*(?:\.\d+)?)")
CHINESE_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日( 周[一二三四五六日])?")
ENGLISH_DAY = re.compile(r"(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DEEPEST = 3
"""A value can itself be a sentence with a value in it, and so on."""
LEAST_OWN_WORDS = 2
"""A wording of fewer letters of its own, as ``{low}到{high}``, says nothing of where a text came from."""


class Parallel:
    """Finds the other language's sentence for one of ours."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """``pairs``: every wording we speak from; of two that fit, the one with more words of its own."""
        known = sorted(set(pairs), key=lambda pair: -len(_own_words(pair[0])))
        self._wordings = {
            "zh": [(_pattern(zh), en) for zh, en in known if _tells(zh)],
            "en": [(_pattern(en), zh) for zh, en in known if _tells(en)],
        }
        self._found = lru_cache(maxsize=4096)(self._find)

    def other(self, text: str, lang: str, today: date) -> str | None:
        """Return what ``text`` (in ``lang``) says in the other language, or ``None`` if it is not ours.

        ``today`` is the day on which it was said: a Chinese date leaves out the year of that day.
        """
        return self._found(text.strip(), lang, today, 0)

    def _find(self, text: str, lang: str, today: date, depth: int) -> str | None:
        for pattern, other in self._wordings[lang]:
            matched = pattern.fullmatch(text)
            if matched is not None:
                values = {
                    name: self._value(value, lang, today, depth + 1)
                    for name, value in matched.groupdict().items()
                }
                if all(name in values for name in PLACEHOLDER.findall(other)):
                    return other.format_map(values)
        return None

    def _value(self, value: str, lang: str, today: date, depth: int) -> str:
        """Write a value in the other language, as far as it is known there; a name stays what it is."""
        if depth <= DEEPEST:
            lines = value.split("\n")
            found = [self._found(line.strip(), lang, today, depth) for line in lines]
            if any(found):
                return "\n".join(
                    new if new is not None else _figures(old, lang, today)
                    for new, old in zip(found, lines, strict=True)
                )
        return _figures(value, lang, today)


def _figures(text: str, lang: str, today: date) -> str:
    """Write sums and days the other way; everything else stays."""
    if lang == "zh":
        text = CHINESE_MONEY.sub(r"¥\1", text)
        return CHINESE_DAY.sub(_checked(lambda m: _english_day(m, today)), text)
    text = ENGLISH_MONEY.sub("\\1\u00a0元", text)
    return ENGLISH_DAY.sub(_checked(lambda m: _chinese_day(m, today)), text)


def _checked(write: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    def replaced(match: re.Match[str]) -> str:
        try:
            return write(match)
        except ValueError:  # no such day
            return match.group()

    return replaced


def _english_day(match: re.Match[str], today: date) -> str:
    year = int(match[1] or today.year)
    return month_day_text(date(year, int(match[2]), int(match[3])), "en", today)


def _chinese_day(match: re.Match[str], today: date) -> str:
    day = date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
    return date_text(day, "zh", today)


def _own_words(wording: str) -> str:
    return re.sub(r"\W", "", PLACEHOLDER.sub("", wording))


def _tells(wording: str) -> bool:
    return len(_own_words(wording)) >= LEAST_OWN_WORDS


def _pattern(wording: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    end = 0
    for found in PLACEHOLDER.finditer(wording):
        parts.append(re.escape(wording[end : found.start()]))
        name = found[1]
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
        seen.add(name)
        end = found.end()
    parts.append(re.escape(wording[end:]))
    return re.compile("".join(parts), re.DOTALL)


def pairs_of_wording(zh: Mapping[str, Any], en: Mapping[str, Any]) -> list[Pair]:
    """Return the pairs of two files of the same keys, as ``wording/zh.yaml`` and ``en.yaml`` are."""
    return [
        (str(words).strip(), str(en[key]).strip())
        for key, words in zh.items()
        if isinstance(words, str) and isinstance(en.get(key), str)
    ]


def pairs_of_policy(policy: PolicyView) -> list[Pair]:
    """Return the pairs of every value of policy that is words: the bank's name, hours, how to pay."""
    values = (policy.value(parameter) for parameter in policy.ids())
    return [
        (value.zh, value.en)
        for value in values
        if isinstance(getattr(value, "zh", None), str)
        and isinstance(getattr(value, "en", None), str)
    ]


def pairs_of_assistant(domain: Path) -> list[Pair]:
    """Return the pairs of the assistant's sentences and of its buttons, from its ``domain.yml``.

    Variations of one response belong together by channel and by their order. Without the file (an api
    that stands alone) there are none.
    """
    if not domain.is_file():
        return []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    responses = yaml.load(domain.read_text(encoding="utf-8"), Loader=loader)["responses"]  # noqa: S506
    pairs: list[Pair] = []
    for variations in responses.values():
        for zh, en in _couples(variations):
            if zh.get("text") and en.get("text"):
                pairs.append((str(zh["text"]).strip(), str(en["text"]).strip()))
            pairs += [
                (str(one["title"]), str(other["title"]))
                for one, other in zip(zh.get("buttons", ()), en.get("buttons", ()), strict=False)
            ]
    return pairs


def _couples(variations: list[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    by_channel: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for variation in variations:
        spoken = next(
            (one["value"] for one in variation.get("condition", ()) if one["name"] == "locale"), ""
        )
        if spoken:
            channel = by_channel.setdefault(str(variation.get("channel", "")), {})
            channel.setdefault(str(spoken), []).append(variation)
    for channel in by_channel.values():
        yield from zip(channel.get("zh", ()), channel.get("en", ()), strict=False)
