"""Every sentence the assistant can say, held to the rules of voice (voice_rules.yml)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bot.reading_ease import breaths, flesch, syllables

ROOT = Path(__file__).parents[2]
RULES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "voice_rules.yml").read_text("utf-8")
)
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
LIMITS = RULES["limits"]
NAMES = sorted(RESPONSES)
PAGE = "page"
"""The channel of a variation that names none."""

PLACEHOLDER = re.compile(r"{(\w+)}")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]")


def variation(name: str, locale: str, channel: str = PAGE) -> dict[str, Any]:
    """What is said on a channel; ``sms`` only where a sentence is written apart for texts."""
    found = [
        v
        for v in RESPONSES[name]
        if {"type": "slot", "name": "locale", "value": locale} in v["condition"]
        and v.get("channel", PAGE) == channel
    ]
    assert len(found) == 1, f"{name}: {len(found)} variations for {locale} on {channel}"
    return found[0]


def channels(name: str) -> list[str]:
    return sorted({v.get("channel", PAGE) for v in RESPONSES[name]})


def bare(name: str, locale: str, channel: str = PAGE) -> str:
    """The text without placeholders and without the person's own words."""
    return PLACEHOLDER.sub("", QUOTED.sub("", variation(name, locale, channel)["text"]))


def has_word(text: str, word: str, locale: str) -> bool:
    if locale == "zh" or not word[0].isalnum():
        return word in text
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def sentences(text: str, locale: str) -> list[str]:
    ends = r"[。；？：\n]" if locale == "zh" else r"(?<=[.?;])\s|\n|: "
    return [part for part in re.split(ends, text) if part.strip()]


def size(text: str, locale: str) -> int:
    return len(text.replace("\n", "")) if locale == "zh" else len(text.split())


def button_texts(name: str, locale: str, channel: str = PAGE) -> list[str]:
    return [button["payload"] for button in variation(name, locale, channel).get("buttons") or []]


SAID = [(name, channel) for name in NAMES for channel in channels(name)]
EACH = pytest.mark.parametrize(("name", "channel"), SAID)
LOCALES = pytest.mark.parametrize("locale", ["zh", "en"])


@EACH
def test_both_languages_have_the_same_placeholders_and_as_many_buttons(
    name: str, channel: str
) -> None:
    zh, en = variation(name, "zh", channel), variation(name, "en", channel)
    assert len(RESPONSES[name]) == 2 * len(channels(name))
    assert set(PLACEHOLDER.findall(zh["text"])) == set(PLACEHOLDER.findall(en["text"]))
    assert len(zh.get("buttons") or []) == len(en.get("buttons") or [])


@EACH
@LOCALES
def test_nothing_forbidden_is_said(name: str, channel: str, locale: str) -> None:
    text = bare(name, locale, channel)
    assert [w for w in RULES["forbid"][locale] if has_word(text, w, locale)] == []
    for word, allowed in RULES["only_in"].items():
        language = "zh" if re.search(r"[\u4e00-\u9fff]", word) else "en"
        if language == locale and has_word(variation(name, locale, channel)["text"], word, locale):
            assert name in allowed, f"{word} may not be said here"


@EACH
@LOCALES
def test_marks_are_calm(name: str, channel: str, locale: str) -> None:
    text = variation(name, locale, channel)["text"]
    assert not re.search(r"[!！～…~]", text)
    assert not EMOJI.search(text)
    assert not re.search(r"\b(?!APR\b|START\b|SIM\b)[A-Z]{3,}\b", PLACEHOLDER.sub("", text))


@EACH
@LOCALES
def test_length_is_within_limits(name: str, channel: str, locale: str) -> None:
    text = PLACEHOLDER.sub("", variation(name, locale, channel)["text"])
    unit = "" if locale == "zh" else "_words"
    kind = "long" if name in RULES["long_allowed"] else "message"
    assert size(text, locale) <= LIMITS[f"{locale}_{kind}{unit}"]
    for sentence in sentences(text, locale):
        assert size(sentence, locale) <= LIMITS[f"{locale}_sentence{unit}"], sentence


@EACH
def test_each_sentence_is_easy_to_read(name: str, channel: str) -> None:
    limits = RULES["reading"]
    english = PLACEHOLDER.sub("ten", variation(name, "en", channel)["text"])
    if len(english.split()) >= limits["en_words"]:
        assert flesch(english) >= limits["en_least"]
    chinese = breaths(PLACEHOLDER.sub("甲乙", variation(name, "zh", channel)["text"]))
    assert max(chinese) <= limits["zh_breath"]
    assert sum(chinese) / len(chinese) <= limits["zh_mean"]


def test_all_of_it_is_read_easily_at_twelve() -> None:
    read = [
        flesch(PLACEHOLDER.sub("ten", variation(name, "en", channel)["text"]))
        for name, channel in SAID
    ]
    assert sum(read) / len(read) >= RULES["reading"]["en_mean"]


def test_the_measures_know_hard_from_easy() -> None:
    words = ("agreement", "late", "missed", "little", "changes", "interest")
    assert [syllables(word) for word in words] == [3, 1, 1, 2, 2, 3]
    office = "Your application for instalment restructuring has been comprehensively assessed and is inadmissible."
    assert flesch(office) < 10 < 90 < flesch("You can pay a bit each month. We will tell you when.")
    assert breaths("鉴于贵方未按约履行还款义务我方将依据相关规定予以处理，请知悉。") == [26, 3]


@EACH
@LOCALES
def test_one_question_and_one_apology_at_most(name: str, channel: str, locale: str) -> None:
    text = QUOTED.sub("", variation(name, locale, channel)["text"])
    assert len(re.findall(r"[?？]", text)) <= LIMITS["questions"]
    apologies = sum(text.lower().count(word) for word in RULES["apologies"][locale])
    assert apologies <= LIMITS["apologies"]


@pytest.mark.parametrize("name", RULES["said_before_identity"])
@LOCALES
def test_nothing_tells_of_a_debt_before_identity(name: str, locale: str) -> None:
    said = [
        text
        for channel in channels(name)
        for text in (bare(name, locale, channel), *button_texts(name, locale, channel))
    ]
    words = RULES["before_identity"][locale]
    assert [(t, w) for t in said for w in words if has_word(t, w, locale)] == []


@EACH
@LOCALES
def test_claims_have_a_source(name: str, channel: str, locale: str) -> None:
    text = bare(name, locale, channel)
    if any(has_word(text, claim, locale) for claim in RULES["needs_source"][locale]):
        assert RULES["sources"].get(name), "a claim without a row of law or policy"


@EACH
@LOCALES
def test_buttons_are_few_and_say_plain_words(name: str, channel: str, locale: str) -> None:
    buttons = variation(name, locale, channel).get("buttons") or []
    assert len(buttons) <= LIMITS["buttons"]
    assert len({b["payload"] for b in buttons}) == len(buttons)
    for button in buttons:
        assert button["title"] == button["payload"]
        assert not button["payload"].startswith("/")


def quick_replies() -> list[dict[str, Any]]:
    return [
        block
        for path in sorted((ROOT / "bot/data/nlu").glob("quick_replies*.yml"))
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
    ]


def test_every_button_is_understood_when_typed() -> None:
    nlu = quick_replies()
    taught = {
        line.removeprefix("- ").strip()
        for block in nlu
        for line in block["examples"].splitlines()
        if line.strip()
    }
    shown = {
        text
        for name, channel in SAID
        for locale in ("zh", "en")
        for text in button_texts(name, locale, channel)
    }
    assert shown - taught == set(), "buttons the assistant was not taught"
    assert taught - shown == set(), "taught buttons that nothing shows"


def test_every_button_of_the_page_is_understood_when_typed() -> None:
    taught = {
        line.strip().removeprefix("- ").strip()
        for path in (ROOT / "bot/data/nlu").glob("*.yml")
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]
        for line in (block.get("examples") or "").splitlines()
    }
    sent: set[str] = set()
    for locale in ("zh", "en"):
        pages = yaml.safe_load((ROOT / f"api/web/text/{locale}.yaml").read_text("utf-8"))
        for texts in pages.values():
            for key, text in texts.items():
                if key.endswith("_send"):
                    sent |= {text.replace("{ordinal}", number) for number in "123"}
    assert sent - taught == set(), "the page sends what the assistant was not taught"


def test_quick_replies_name_only_known_intents() -> None:
    nlu = quick_replies()
    assert {block["intent"] for block in nlu} <= set(DOMAIN["intents"])


def test_the_gated_answers_are_among_those_said_before_identity() -> None:
    from bot.actions.answers import ANSWERS, TOPICS
    from bot.actions.handoff import BRANCHES

    answers = [*ANSWERS.values(), *(topic.answer for topic in TOPICS)]
    said = {response for answer in answers for response in answer.unknown}
    said |= {r for branch in BRANCHES.values() for r in branch.before or branch.words}
    assert said - set(RULES["said_before_identity"]) == set()


def test_every_response_an_action_names_exists() -> None:
    named = {
        response
        for path in (ROOT / "bot/actions").glob("*.py")
        for response in re.findall(r"[\"'](utter_\w+)[\"']", path.read_text("utf-8"))
    }
    assert {n for n in named if n not in RESPONSES} == set()
