"""What the product says about cases, and what it suggests to colleagues, held to the rules of voice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.contact.segments import plain_for_sms, segments
from api.conversations.suggestions import suggestions

ROOT = Path(__file__).parents[2]
RULES: dict[str, Any] = yaml.safe_load((ROOT / "tests/bot/voice_rules.yml").read_text("utf-8"))
LIMITS = RULES["limits"]
WORDING = ROOT / "api/conversations/wording"
PLACEHOLDER = re.compile(r"{(\w+)}")
OURS = re.compile(
    r"^(?:colleague_|finding_|care_looks|contact_paused|case_answered|proving_|proved)"
)
BEFORE_IDENTITY = re.compile(
    r"^(?:colleague_here|care_looks|contact_paused|case_answered|proving_|proved|greeting_care|prove_identity"
    r"|greeting_fraud|greeting_complaint|greeting_ask_human|greeting_vulnerability|care_|still_there)"
)


def said(locale: str) -> dict[str, str]:
    """Return the sentences of a language by their names."""
    wording = yaml.safe_load((WORDING / f"{locale}.yaml").read_text("utf-8"))
    found = {name: text for name, text in wording.items() if OURS.match(name)}
    return found | {each.id: each.text for each in suggestions(locale)}


EACH = [(locale, name, text) for locale in ("zh", "en") for name, text in said(locale).items()]


def has_word(text: str, word: str, locale: str) -> bool:
    """Return whether a word stands in a text, as the rules of voice mean it."""
    if locale == "zh" or not word[0].isalnum():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    zh, en = said("zh"), said("en")
    assert list(zh) == list(en)
    assert len(zh) > 35
    for name in zh:
        # A language may not need the bank's name where the other does.
        both = set(PLACEHOLDER.findall(zh[name])) ^ set(PLACEHOLDER.findall(en[name]))
        assert both <= {"bank"}, name


@pytest.mark.parametrize(("locale", "name", "text"), EACH)
def test_each_sentence_keeps_to_the_rules_of_voice(locale: str, name: str, text: str) -> None:
    bare = PLACEHOLDER.sub("", re.sub(r"“[^”]*”|\"[^\"]*\"", "", text))
    assert [word for word in RULES["forbid"][locale] if has_word(bare, word, locale)] == []
    assert not re.search(r"[!！～…~]", text)
    assert len(re.findall(r"[?？]", text)) <= LIMITS["questions"]
    assert sum(bare.lower().count(word) for word in RULES["apologies"][locale]) <= 1
    size = len(bare) if locale == "zh" else len(bare.split())
    assert size <= LIMITS[f"{locale}_message" if locale == "zh" else f"{locale}_message_words"]
    for part in re.split(r"[。；？：]" if locale == "zh" else r"(?<=[.?;])\s|: ", bare):
        long = len(part) if locale == "zh" else len(part.split())
        assert (
            long <= LIMITS[f"{locale}_sentence" if locale == "zh" else f"{locale}_sentence_words"]
        )
    if BEFORE_IDENTITY.match(name):
        words = RULES["before_identity"][locale]
        assert [word for word in words if has_word(bare, word, locale)] == []
    filled = plain_for_sms(PLACEHOLDER.sub("12345678", text))
    assert segments(filled) <= 3
