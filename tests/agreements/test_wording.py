"""The two wordings say the same things, each in words a frightened person can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.agreements.terms import sections, summary_rows
from api.agreements.wording import (
    LOCALES,
    VERSION,
    WordingGap,
    counted,
    fill,
    placeholders,
    structure,
    words,
)
from tests.agreements.sample_terms import OFFERS, POLICY, build, instalments

# From the voice: substrings in Chinese, whole words in English.
FORBIDDEN = {
    "zh": "后果自负 起诉 上门 天经地义 立即 务必 别担心 恭喜 保证 绝对 百分之百 一定能 敬请 特此 知悉 鉴于 贵方 "
    "耐心等待 尽快 老赖 失信 恶意 黑名单 债务人 欠款人 坏账 等同 同等法律效力 无息 免息 您有权 应当 必须 ！ … ～",
    "en": "obligation guarantee guaranteed definitely immediately urgent failure hereby herein whereas kindly "
    "unfortunately debtor defaulter delinquent blacklist forgiveness handwritten interest-free entitled !",
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a wording with where it stands; the forms of a count are one language's own."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in ("counts", "locale"):
                yield from leaves(part, f"{path}/{key}")
    else:
        yield path, str(value)


def test_both_languages_have_the_same_parts_and_placeholders() -> None:
    found = {
        locale: {path: placeholders(text) for path, text in leaves(words(VERSION, locale))}
        for locale in LOCALES
    }
    assert found["zh"] == found["en"]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_part_of_the_structure_is_written_and_nothing_else_is(locale: str) -> None:
    plan, wording = structure(VERSION), words(VERSION, locale)
    assert [row["id"] for row in plan["summary"]] == list(wording["summary"])
    assert [part["id"] for part in plan["sections"]] == list(wording["sections"])
    for part in plan["sections"]:
        ids = [paragraph["id"] for paragraph in part["paragraphs"]]
        assert ids == list(wording["sections"][part["id"]]["paragraphs"]), part["id"]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_threatens_promises_or_hides_behind_an_office(locale: str) -> None:
    for path, text in leaves(words(VERSION, locale)):
        for word in FORBIDDEN[locale].split():
            pattern = re.escape(word) if locale == "zh" or word == "!" else rf"\b{word}\b"
            assert not re.search(pattern, text, re.IGNORECASE), (path, word)


@pytest.mark.parametrize("locale", LOCALES)
def test_sentences_are_short_enough_to_read(locale: str) -> None:
    longest = 48 if locale == "zh" else 30
    for path, text in leaves(words(VERSION, locale)):
        if not path.startswith(("/summary", "/sections")):
            continue
        for sentence in re.split(r"[。；：;:]|\.\s", re.sub(r"\{\w+\}", "x", text)):
            length = len(sentence.replace(" ", "")) if locale == "zh" else len(sentence.split())
            assert length <= longest, (path, sentence)


def test_a_placeholder_without_a_value_is_never_shown() -> None:
    with pytest.raises(WordingGap):
        fill("{bank} and {holder}", {"bank": "云汀银行"})
    with pytest.raises(WordingGap):
        fill("{bank}", {"bank": ""})


@pytest.mark.parametrize(("version", "locale"), [("v9", "zh"), ("../v1", "zh"), ("v1", "fr")])
def test_an_unknown_version_or_language_is_refused(version: str, locale: str) -> None:
    with pytest.raises(WordingGap):
        words(version, locale)


def test_a_count_takes_the_form_of_its_number() -> None:
    english, chinese = words(VERSION, "en"), words(VERSION, "zh")
    assert [counted(english, "days", n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert counted(english, "times", 2) == "twice"
    assert counted(chinese, "periods", 1) == "1 期"


@pytest.mark.parametrize("locale", LOCALES)
def test_terms_hold_nothing_of_the_persons_finances_or_reasons(locale: str) -> None:
    terms = build(locale)
    assert "left_after" not in str(terms)
    assert "123.45" not in str(terms)  # what the sample's offer leaves them each month
    assert "按您说的收入算" not in str(terms)
    assert "from the income you told us" not in str(terms)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("changes", "present", "absent"),
    [
        ({"relief_if_broken": "stays"}, ("仍然少收", "still not charged"), ("加回来", "owed again")),
        ({"moves_per_year": 0}, ("银行先跟您商量", "talks with you first"), ("挪一个月", "can move")),
        ({"annual_fee_meanwhile": "charged"}, ("年费：照原来", "charged as in"), ("年费：还款期间不收", "fee: not")),
    ],
)  # fmt: skip
def test_a_sentence_follows_the_banks_policy(
    locale: str, changes: dict[str, Any], present: tuple[str, str], absent: tuple[str, str]
) -> None:
    text = str(build(locale, policy_values=POLICY | changes))
    place = LOCALES.index(locale)
    assert present[place] in text
    assert absent[place] not in text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("periods", [1, 3, 7, 36, 60])
def test_the_summary_says_what_the_schedule_says(locale: str, periods: int) -> None:
    offer = instalments(periods)
    rows = {
        row["id"]: row["text"].replace(",", "") for row in summary_rows(build(locale, offer=offer))
    }
    (pay,) = [text for row_id, text in rows.items() if row_id.startswith("pay_")]
    assert offer["monthly"] in pay or offer["total"] in pay
    assert (offer["schedule"][-1]["payment"] in pay) or periods == 1
    assert ("how_long" in rows) is (periods > 1)


@pytest.mark.parametrize("kind", OFFERS)
def test_clause_references_point_to_the_clause_they_name(kind: str) -> None:
    by_id = {section["id"]: section for section in sections(build("zh", offer=OFFERS[kind]()))}
    ending = " ".join(by_id["breach"]["paragraphs"])
    assert f"第 {by_id['duties']['number']} 条里停止催收" in ending
    assert f"第 {by_id['new_cards']['number']} 条里不申请新卡" in ending
    assert f"第 {by_id['breach']['number']} 条" in " ".join(by_id["new_cards"]["paragraphs"])
