"""The assistant's sentences as text messages: short, nothing to tap, and nothing left to a link."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.channels.texting import LONGEST_TEXT, compose
from api.contact.segments import segments
from api.conversations.models import Message
from api.policy.lookup import Policy

ROOT = Path(__file__).parents[2]
RESPONSES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (ROOT / "domain.yml").read_text("utf-8")
)["responses"]
VIEW = Policy.shipped().on(date(2026, 11, 24))
LENGTHY = {"crisis_lines": 120, "how_to_pay": 60, "waived_sentence": 45, "pays": 40}
"""Placeholders of more than a sum or a day, with the characters they have at most or so."""
PAGE = re.compile(r"这一页|点一下|点开|按钮|\bon this page\b|\btap\b|\bclick\b|\bbutton\b", re.I)
ON_THE_PAGE = {
    "utter_other_offers_3", "utter_if_worse", "utter_if_worse_signed", "utter_read_back_more",
}  # fmt: skip
"""Turns with so many figures that they may lead to the page: they stand side by side there."""


def spoken(name: str, locale: str) -> dict[str, Any]:
    """Return the variation that a person who texts gets."""
    fitting = [one for one in RESPONSES[name] if one["condition"][0]["value"] == locale]
    return next((one for one in fitting if one.get("channel") == "sms"), fitting[0])


def filled(text: str, locale: str) -> str:
    """Return a text with values of a usual length."""

    def value(found: re.Match[str]) -> str:
        most = LENGTHY.get(found.group(1))
        if most:
            return ("字" if locale == "zh" else "x") * (most if locale == "zh" else most * 2)
        return "1,234.56 元" if locale == "zh" else "1,234.56"

    return re.sub(r"{(\w+)}", value, text)


def texts(name: str, locale: str, links: list[str]) -> list[str]:
    """Return the texts of a turn that says one response."""
    one = spoken(name, locale)
    replies = [
        {"title": button["title"], "text": button["payload"]} for button in one.get("buttons") or []
    ]
    record = Message(speaker="assistant", text=filled(one["text"], locale), quick_replies=replies)

    def link() -> str:
        links.append(name)
        return "https://bank.example/i/abcdefghijkl"

    return compose([record], locale, VIEW, link)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_each_sentence_fits_into_texts(name: str, locale: str) -> None:
    links: list[str] = []
    said = texts(name, locale, links)
    assert all(segments(text) <= LONGEST_TEXT for text in said)
    assert name in ON_THE_PAGE or not links, said


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_nothing_speaks_of_a_page_to_who_texts(name: str, locale: str) -> None:
    assert not PAGE.search(spoken(name, locale)["text"])


def test_what_is_written_for_texts_is_written_in_both_languages() -> None:
    for name, variations in RESPONSES.items():
        by_text = [
            one["condition"][0]["value"] for one in variations if one.get("channel") == "sms"
        ]
        assert by_text in ([], ["zh", "en"]), name


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_document_is_never_asked_for_by_text(locale: str) -> None:
    asked = spoken("utter_ask_document", locale)["text"]
    assert "卡号" in asked or "card" in asked
    assert "证件" not in asked
    assert "document" not in asked
