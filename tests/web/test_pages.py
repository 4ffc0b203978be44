from __future__ import annotations

import re
from html import unescape

import pytest

from tests.web.sample import CARDS, LOCALES, code, pages, presentation, record, view

RUNS_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.I)

BEFORE_IDENTITY = {
    "zh": "欠 还款 还清 逾期 债 账单 分期 利息 违约金 催 协议 方案 减免 元 安还".split(),
    "en": "owe owing repay overdue debt balance bill instalment interest collect agreement plan "
    "¥ anhuan".split(),
}
"""voice.md, section 5: what nobody may read before we know who they are."""


def visible(html: str) -> str:
    """What can be read, heard or put there by chat.js: all text and every attribute in words."""
    said = re.findall(
        r'(?:aria-label|placeholder|title|content|value|data-[a-z-]+)="([^"]*)"', html
    )
    text = re.sub(r"<[^>]+>", " ", html)
    return unescape(" ".join([*said, text]))


def found(words: list[str], text: str, locale: str) -> list[str]:
    if locale == "zh":
        return [word for word in words if word in text]
    return [w for w in words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", text, re.I)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_is_neutral_unlisted_and_runs_nothing_inline(locale: str) -> None:
    title = {"zh": "客户服务", "en": "Customer service"}[locale]
    for name, html in pages(locale).items():
        assert f"<title>{title}</title>" in html, name
        assert f'property="og:title" content="{title}"' in html, name
        assert 'name="robots" content="noindex' in html, name
        assert not RUNS_INLINE.search(html), name
        assert html.count("<h1") == 1, name


@pytest.mark.parametrize("locale", LOCALES)
def test_no_page_fetches_anything_from_elsewhere(locale: str) -> None:
    for name, html in pages(locale).items():
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', html)
        assert all(re.match(r"/(?!/)|#", address) for address in addresses), (name, addresses)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("stage", ["welcome", "identify"])
def test_nothing_before_identity_tells_of_a_debt(stage: str, locale: str) -> None:
    document = {"kind": "document", "state": "open", "tries_left": 4}
    show = presentation()
    chats = [
        show.render_chat(view(locale, stage, records=[record(1, text="", card=card, lang=locale)]))
        for card in (code(), code(state="wrong"), code(state="paused"), document)
    ]
    invite = show.render_invite(locale, action="/i/x", reference="7K2M")
    for html in [*chats, invite, show.render_no_invite(locale)]:
        assert found(BEFORE_IDENTITY[locale], visible(html), locale) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_checking_us_comes_first_and_prints_no_number_to_call(locale: str) -> None:
    show = presentation()
    before = show.render_chat(view(locale, "welcome", records=[record(1)]))
    after = show.render_chat(view(locale, "situation", records=[record(1)]))

    assert '<details class="verify" id="verify" open>' in before
    assert '<details class="verify" id="verify">' in after
    assert before.index("7K2M") < before.index('data-seq="1"')
    assert not re.search(r"\d{5,}", visible(before).replace("2026", ""))


def test_without_a_reference_we_still_say_how_to_check() -> None:
    html = presentation().render_invite("zh", action="/i/x")
    assert "卡背面印的电话" in html
    assert "报编号" not in html


def test_an_invite_is_redeemed_by_a_button_and_by_nothing_else() -> None:
    html = presentation().render_invite("zh", action="/i/k7Qm2x", reference="7K2M")

    assert '<form method="post" action="/i/k7Qm2x">' in html
    assert html.count("k7Qm2x") == 1
    assert "<script type" not in html


@pytest.mark.parametrize(
    ("stage", "number"),
    [
        ("welcome", 1),
        ("identify", 1),
        ("consent", 2),
        ("situation", 3),
        ("offers", 4),
        ("agree", 5),
    ],
)
def test_progress_counts_five_steps_in_words(stage: str, number: int) -> None:
    html = presentation().render_progress(stage, "zh")

    assert html.count("<li") == 5
    assert html.count('aria-current="step"') == 1
    assert f"第 {number} 步，共 5 步" in html
    assert html.count("已完成") == number - 1


@pytest.mark.parametrize("stage", ["signed", "followup"])
def test_after_signing_the_bar_is_full_and_shows_the_number(stage: str) -> None:
    html = presentation().render_progress(stage, "zh", "20261124-0417")

    assert html.count("已完成") == 5
    assert "aria-current" not in html
    assert "编号 20261124-0417" in html


def test_the_banner_says_who_has_the_floor() -> None:
    show = presentation()
    assert show.render_banner("zh", {"case": "none"}) == ""
    assert "陶宁（银行同事）正在和您聊" in show.render_banner(
        "zh", {"case": "taken", "name": "陶宁"}
    )
    waiting = show.render_banner("en", {"case": "waiting", "reply_by": "2026-11-24T14:00:00Z"})
    assert "You&#39;ll hear by 22:00 today." in waiting or "You'll hear by 22:00 today." in waiting


def test_a_crisis_takes_the_progress_away_and_stays_after_a_reload() -> None:
    html = presentation().render_chat(view(records=[record(1, card=CARDS["crisis"])]))
    assert "data-crisis" in html
    assert "data-crisis" not in presentation().render_chat(view(records=[record(1)]))


def test_the_page_can_be_used_without_scripts() -> None:
    records = [record(1, quick_replies=[{"title": "同意", "text": "同意"}])]
    html = presentation().render_chat(view(records=records))

    assert '<form class="replies" method="post" action="/chat/messages"' in html
    assert (
        '<form class="composer__form" id="composer" method="post" action="/chat/messages">' in html
    )
    assert '<html lang="zh-CN" class="no-script">' in html


def test_a_style_or_script_gets_a_new_address_when_it_changes() -> None:
    html = presentation().render_no_invite("zh")
    assert re.search(r'href="/static/anhuan\.css\?v=[0-9a-f]{12}"', html)


@pytest.mark.parametrize(
    ("code", "words"),
    [("not_authenticated", "对话已经结束"), ("agreement_unknown", "没有这一页"),
     ("message_too_long", "分几段发"), ("empty_message", "写几个字"),
     ("not_identified", "先确认是您本人")],
)  # fmt: skip
def test_each_problem_has_words_of_its_own(code: str, words: str) -> None:
    assert words in presentation().render_error(code, "zh")


def test_an_unknown_error_still_says_what_is_kept_and_what_to_do() -> None:
    html = pages("zh")["unknown error"]
    assert "之前说的都存着" in html
    assert "卡背面印的电话" in html
    assert "再试一次" in html
    assert "never_heard_of" not in html
