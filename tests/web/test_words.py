from __future__ import annotations

import re
from string import Formatter

import pytest

from api.web.words import Words, entries
from tests.web.sample import LOCALES

FORBIDDEN = {
    "zh": "别担心 放心 尽快 耐心等待 保证 绝对 恭喜 太好了 敬请 抱歉 输入有误 您有权 上岸".split(),
    "en": "don't worry|rest assured|unfortunately|as soon as possible|be patient|guarantee|"
    "congratulations|invalid|kindly|entitled|debtor|overdue".split("|"),
}
"""From voice.md's list, what a page is most tempted to say."""


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
    for key, entry in entries(locale).items():
        for text in entry.values() if isinstance(entry, dict) else [entry]:
            assert not re.search(r"[!！～~\U0001F300-\U0001FAFF]", text), key
            assert not [word for word in FORBIDDEN[locale] if word in text.lower()], key
            if "…" in text:
                assert key in ("sending.pending", "waiting.dots"), key


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
