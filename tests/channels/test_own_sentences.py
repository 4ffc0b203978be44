"""The sentences the API says by itself, held to the same rules of voice as the assistant's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.reading_ease import breaths, flesch

ROOT = Path(__file__).parents[2]
RULES: dict[str, Any] = yaml.safe_load((ROOT / "tests/bot/voice_rules.yml").read_text("utf-8"))
SENTENCES: dict[str, dict[str, str]] = {
    locale: yaml.safe_load((ROOT / f"api/conversations/wording/{locale}.yaml").read_text("utf-8"))
    for locale in ("zh", "en")
}
EACH = pytest.mark.parametrize("name", sorted(SENTENCES["zh"]))
LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])
PLACEHOLDER = re.compile(r"{(\w+)}")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
BEFORE_IDENTITY = re.compile(
    r"assistant_|no_answer|code_(?:identity|signature|late_(?:document|newer|done|void|care))|sms_|invitation|crisis_|care_eta"
    r"|safe|call_me|new_code|a_person|followup_(?:reminder|today|asked|talk|notice|ended|received|half|part|fulfilled)$"
)
"""Said to a number that nobody has proved, or on a screen that others see."""


def bare(name: str, locale: str) -> str:
    return PLACEHOLDER.sub("", QUOTED.sub("", SENTENCES[locale][name]))


def has(text: str, word: str, locale: str) -> bool:
    if locale == "zh" or not word[0].isalnum():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def test_both_languages_say_the_same_things() -> None:
    assert set(SENTENCES["zh"]) == set(SENTENCES["en"])
    for name, zh in SENTENCES["zh"].items():
        assert set(PLACEHOLDER.findall(zh)) == set(PLACEHOLDER.findall(SENTENCES["en"][name])), name


@EACH
@LOCALES
def test_nothing_forbidden_is_said_and_marks_are_calm(name: str, locale: str) -> None:
    text = bare(name, locale)
    assert [word for word in RULES["forbid"][locale] if has(text, word, locale)] == []
    assert not re.search(r"[!！～…~]|[\U0001F000-\U0001FAFF\u2600-\u27BF]", text)
    assert not re.search(r"\b(?!APR\b|START\b|STOP\b)[A-Z]{3,}\b", text)
    assert len(re.findall(r"[?？]", text)) <= RULES["limits"]["questions"]


@EACH
@LOCALES
def test_nothing_tells_of_a_debt_to_whom_nobody_knows(name: str, locale: str) -> None:
    if BEFORE_IDENTITY.match(name):
        words = RULES["before_identity"][locale]
        assert [word for word in words if has(bare(name, locale), word, locale)] == []


@EACH
def test_each_is_easy_to_read(name: str) -> None:
    limits, rules = RULES["limits"], RULES["reading"]
    english = PLACEHOLDER.sub("ten", SENTENCES["en"][name])
    if len(english.split()) >= rules["en_words"]:
        assert flesch(english) >= rules["en_least"]
    for sentence in re.split(r"(?<=[.?;])\s|\n|: ", english):
        assert len(sentence.split()) <= limits["en_sentence_words"], sentence
    chinese = PLACEHOLDER.sub("甲乙", SENTENCES["zh"][name])
    assert max(breaths(chinese)) <= rules["zh_breath"]
    for sentence in re.split(r"[。；？：\n]", chinese):
        assert len(sentence) <= limits["zh_sentence"], sentence
