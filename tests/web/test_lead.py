from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from api.web.lead import lead
from api.web.words import entries
from tests.web.sample import CARDS, LOCALES, presentation, record

ROOT = Path(__file__).parents[2]


def bubble(text: str, card: str, locale: str = "zh") -> str:
    html = presentation().render_record(
        record(1, text=text, card=CARDS[card], lang=locale), locale, True
    )
    found = re.search(r'<div class="bubble">(.*?)</div>', html, re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("有一个办法：\n每月还1,083.11元\n一共还19,495.98元", "有一个办法："),
        ("验证码发了，10分钟内填。有人来要，别告诉他。", "验证码发了，10分钟内填。"),
        ("I've sent a code. It's good for 10.5 minutes.", "I've sent a code."),
        ("It costs ¥1.50 a month. Nothing else.", "It costs ¥1.50 a month."),
        ("没有句号", "没有句号"),
    ],
)
def test_beside_a_card_the_message_keeps_its_first_line_or_sentence(text: str, shown: str) -> None:
    assert lead(record(1, text=text, card=CARDS["offer"])) == shown


@pytest.mark.parametrize("card", [None, "terms", "refusal"])
def test_a_message_whose_card_does_not_say_it_all_stays_whole(card: str | None) -> None:
    text = "一共五段。\n①欠款20,256.36元。"
    assert lead(record(1, text=text, card=CARDS[card] if card else None)) == text


def test_the_figures_of_an_offer_stand_in_the_card_only() -> None:
    assert "1,083.11" not in bubble("有一个办法：\n每月还1,083.11元", "offer")


def test_the_words_of_a_crisis_stand_in_its_card_only() -> None:
    assert bubble("可以拨：12356", "crisis") == ""


def test_a_quick_reply_that_the_card_offers_as_a_button_is_not_shown_twice() -> None:
    replies = [{"title": text, "text": text} for text in ("选这个", "为什么是这个数", "找人工")]
    html = presentation().render_record(
        record(1, card=CARDS["offer"], quick_replies=replies), "zh", True
    )

    assert re.findall(r'class="pill"[^>]*value="([^"]+)"', html) == ["为什么是这个数"]


def test_a_person_stays_among_the_replies_where_there_is_no_card() -> None:
    html = presentation().render_record(
        record(1, quick_replies=[{"title": "找人工", "text": "找人工"}]), "zh", True
    )

    assert 'class="pill"' in html


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_card_covers_are_quick_replies_of_the_assistant(locale: str) -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    payloads = {
        button["payload"]
        for variations in responses.values()
        for variation in variations
        for button in variation.get("buttons", [])
    }
    covered = {
        text
        for key, words in entries(locale).items()
        if key.startswith("covered.")
        for text in str(words).split("|")
    }

    assert covered - payloads == set()
