from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from tests.web.sample import CARDS, LOCALES, code, offer, presentation, record, view

EVIL = "<img src=x onerror=alert(1)>&\"'"
RUNS_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.I)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CARDS)
def test_every_card_renders_in_both_languages_and_runs_nothing_inline(
    name: str, locale: str, active: bool
) -> None:
    html = presentation().render_record(record(3, card=CARDS[name], lang=locale), locale, active)

    assert f'data-card="{CARDS[name]["kind"]}"' in html
    assert re.search(r"<h2[^>]*>\s*\S", html)
    assert not RUNS_INLINE.search(html)
    assert not re.search(r"\bNone\b(?! fits| of these)|\{[a-z_{%]", html)


@pytest.mark.parametrize("name", CARDS)
def test_every_name_that_a_card_refers_to_exists_once(name: str) -> None:
    html = presentation().render_record(record(3, card=CARDS[name]), "zh", True)
    ids = re.findall(r'\bid="([^"]+)"', html)
    wanted = re.findall(r'\b(?:for|headers|form|aria-labelledby|aria-describedby)="([^"]+)"', html)

    assert len(ids) == len(set(ids))
    assert {part for value in wanted for part in value.split()} <= set(ids)


@pytest.mark.parametrize("kind", ["assistant", "person", "collector", "system"])
def test_what_anybody_says_is_escaped(kind: str) -> None:
    html = presentation().render_record(record(1, kind, EVIL), "zh", True)

    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_what_stands_in_a_card_is_escaped() -> None:
    show = presentation()
    cards = [
        code("signature", name=EVIL, fingerprint=EVIL),
        {"kind": "terms", "agreement_id": "a", "fingerprint": EVIL, "full_url": "/t",
         "rows": [{"label": EVIL, "text": EVIL}]},
        {"kind": "refusal", "reason": "nothing_affordable", "text": EVIL},
        {"kind": "crisis", "title": EVIL, "text": EVIL, "after": EVIL,
         "lines": [{"number": "120", "words": EVIL}]},
        CARDS["signed"] | {"how_to_pay": EVIL},
        {"kind": "offer", "offer": offer(rules=[
            {"id": "x", "words_zh": EVIL, "words_en": EVIL, "citation": EVIL}])},
    ]  # fmt: skip
    for number, card in enumerate(cards):
        html = show.render_record(record(number, card=card), "zh", True)
        assert "<img" not in html
        assert "&lt;img" in html


def test_quick_replies_are_escaped_and_at_most_four() -> None:
    replies = [{"title": EVIL, "text": EVIL}] * 6
    html = presentation().render_record(record(1, quick_replies=replies), "zh", True)

    assert "<img" not in html
    assert html.count('class="pill"') == 4


def test_a_card_that_lacks_a_figure_is_not_shown_with_a_gap() -> None:
    incomplete = offer()
    del incomplete["total"]
    with pytest.raises((UndefinedError, TypeError)):
        presentation().render_record(record(1, card={"kind": "offer", "offer": incomplete}), "zh")


@pytest.mark.parametrize("locale", LOCALES)
def test_yes_and_no_are_given_alike_and_nothing_is_ticked(locale: str) -> None:
    html = presentation().render_record(record(1, card=CARDS["consent"]), locale, True)
    buttons = re.findall(r'<button class="([^"]+)" name="text"', html)

    assert buttons == ["button button--even"] * 2
    assert "checked" not in html
    assert "button--primary" not in html


@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_at_most_one_primary_button_in_view(name: str) -> None:
    html = presentation().render_record(record(1, card=CARDS[name]), "zh", True)
    table_only = re.sub(r'<div class="compare__cards">.*?</section>\s*</div>', "", html, flags=re.S)
    assert table_only.count("button--primary") <= 1


def test_a_past_card_offers_no_button_that_would_act() -> None:
    for name in ("identity code", "signature code", "consent", "offer", "comparison of three"):
        html = presentation().render_record(record(1, card=CARDS[name]), "zh", active=False)
        assert 'name="text"' not in html, name
        assert "data-folded" in html


def test_the_code_field_is_one_field_that_the_telephone_can_fill() -> None:
    html = presentation().render_record(record(1, card=code("signature")), "zh", True)

    assert html.count("<input") == 2  # the code and the tick
    assert 'inputmode="numeric"' in html
    assert 'autocomplete="one-time-code"' in html
    assert "autofocus" not in html
    assert "A31F 09C2" in html
    assert "沈禾" in html


def test_the_monthly_payment_comes_first_and_the_rate_is_named() -> None:
    html = presentation().render_record(record(1, card=CARDS["offer"]), "zh", True)

    assert html.index("1,083.11") < html.index("19,495.98") < html.index("1,656.36")
    assert "年化利率 6%" in html
    assert "原合同 18.25%" in html
    assert "欠 100 元，一年的利息约 6 元" in html
    assert "少收的是违约金（没按时还多收的钱）" in html


def test_an_offer_past_its_day_can_only_be_worked_out_again() -> None:
    html = presentation().render_record(record(1, card=CARDS["offer past its day"]), "zh", True)

    assert "用今天的余额重算" in html
    assert "选第一个" not in html


def test_the_comparison_marks_what_is_best_in_words_too() -> None:
    html = presentation().render_record(record(1, card=CARDS["comparison of three"]), "zh", True)
    table = html[html.index("<table") : html.index("</table>")]

    assert table.count("三个里最少") == 4
    assert table.count("三个里最多") == 1
    assert "每个办法都少收您" in html
    assert table.count('scope="col"') == 3


def test_a_language_switch_rewrites_the_open_card_but_not_what_was_said() -> None:
    html = presentation().render_record(
        record(1, text="看看这个。", card=CARDS["offer"]), "en", True
    )

    assert 'lang="zh-CN">' in html
    assert '<div class="card-holder" lang="en"' in html
    assert "You pay each month" in html
    assert "看看这个。" in html


def test_a_quick_reply_that_a_card_already_offers_is_not_shown_twice() -> None:
    replies = [{"title": "同意", "text": "同意"}, {"title": "看全文", "text": "看全文"}]
    html = presentation().render_record(
        record(1, card=CARDS["consent"], quick_replies=replies), "zh", True
    )
    assert 'class="pill" name="text" value="同意"' not in html
    assert 'class="pill" name="text" value="看全文"' in html


def test_only_the_crisis_card_prints_numbers_to_call() -> None:
    for name, card in CARDS.items():
        html = presentation().render_chat(view(records=[record(1, card=card)]))
        assert ("tel:" in html) == (card["kind"] == "crisis"), name
