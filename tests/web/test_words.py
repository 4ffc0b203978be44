from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from api.web.words import Words, entries
from tests.bot.reading_ease import breaths, flesch
from tests.web.sample import LOCALES

RULES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "bot/voice_rules.yml").read_text("utf-8")
)
"""The rules of voice that hold for the assistant, the API's own sentences and the pages alike."""


def said(locale: str) -> list[tuple[str, str]]:
    """Every text of the pages with its key; lists of words to look for are none."""
    return [
        (key, text)
        for key, entry in entries(locale).items()
        for text in (entry.values() if isinstance(entry, dict) else [entry])
        if not key.startswith("covered.")
    ]


def has(text: str, word: str, locale: str) -> bool:
    if locale == "zh" or not word[0].isalnum():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def placeholders(entry: str | dict[str, str]) -> set[str]:
    text = entry["other"] if isinstance(entry, dict) else entry
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_words() -> None:
    assert entries("zh").keys() == entries("en").keys()


@pytest.mark.parametrize("key", sorted(entries("zh").keys() & entries("en").keys()))
def test_both_languages_say_the_same_facts(key: str) -> None:
    free = {"bank", "ordinal", "plan", "interest", "yuan"}
    zh, en = placeholders(entries("zh")[key]), placeholders(entries("en")[key])
    assert zh - free == en - free


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_keep_to_the_voice(locale: str) -> None:
    for key, text in said(locale):
        assert not re.search(r"[!！～~\U0001F300-\U0001FAFF]", text), key
        assert not [word for word in RULES["forbid"][locale] if has(text, word, locale)], key
        if "…" in text:
            assert key in ("sending.pending", "waiting.dots"), key


def test_the_pages_are_easy_to_read() -> None:
    limits, rules = RULES["limits"], RULES["reading"]
    for key, text in said("zh"):
        assert max(breaths(re.sub(r"{\w+}", "甲乙", text)) or [0]) <= rules["zh_breath"], key
    for key, text in said("en"):
        english = re.sub(r"{\w+}", "ten", text)
        if len(english.split()) >= rules["en_words"]:
            assert flesch(english) >= rules["en_least"], key
        for sentence in re.split(r"(?<=[.?;])\s|\n|: ", english):
            assert len(sentence.split()) <= limits["en_sentence_words"], key


def test_a_missing_value_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        Words("zh", bank="云汀银行")("offer.until")
    with pytest.raises(KeyError):
        Words("zh", bank="云汀银行")("no.such.words")


def test_one_try_and_two_tries_read_right() -> None:
    words = Words("en", bank="Yunting Bank")
    assert words("document.wrong", n=1).endswith("1 more try.")
    assert words("document.wrong", n=2).endswith("2 more tries.")


def test_a_value_is_escaped_on_its_way_into_a_sentence() -> None:
    assert "<b>" not in Words("zh")("code.i_am", name="<b>")
