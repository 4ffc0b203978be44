"""The trained model on sentences it has never seen, through Rasa's own parse.

The floors stand a little under what was measured, so that a change that makes understanding worse
fails, and a lucky or unlucky sentence does not.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

_ROOT = Path(__file__).parents[3]
_HERE = Path(__file__).parent
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_MOST_SECONDS_A_PARSE = 0.010
_TRIED_TIMES = 200

# (file, language): share of sentences whose first intent is right, before the fallback's doubt.
_FLOORS = {
    ("held_out", "zh"): 0.90,
    ("held_out", "en"): 0.92,
    ("fresh", "zh"): 0.78,
    ("fresh", "en"): 0.75,
}


class Reader:
    """Parses text with the newest trained model."""

    def __init__(self, model: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._agent = Agent.load(str(model))

    def parse(self, text: str, **metadata: Any) -> dict[str, Any]:
        assert self._agent.processor is not None
        message = UserMessage(text, metadata=metadata)
        return self._loop.run_until_complete(self._agent.processor.parse_message(message))

    def guess(self, text: str) -> str:
        """The first intent that is not the fallback's "I am not sure"."""
        ranking = self.parse(text)["intent_ranking"]
        return next(str(one["name"]) for one in ranking if one["name"] != "nlu_fallback")

    def close(self) -> None:
        self._loop.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    models = sorted((_ROOT / "bot/models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        pytest.skip("no trained model in bot/models: run `make train`")
    one = Reader(models[-1])
    yield one
    one.close()


def sentences(name: str) -> list[tuple[str, str]]:
    listed = yaml.safe_load((_HERE / f"{name}.yml").read_text("utf-8"))
    return [(text, intent) for intent, texts in listed.items() for text in texts]


def training() -> Iterator[tuple[str, str]]:
    for path in sorted((_ROOT / "bot/data/nlu").glob("*.yml")):
        for part in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in part["examples"].splitlines():
                if "intent" in part and line.strip():
                    yield line.strip().removeprefix("- "), part["intent"]


@pytest.mark.parametrize("name", ["held_out", "fresh"])
def test_no_evaluated_sentence_is_a_training_example(name: str) -> None:
    known = {text.casefold() for text, _ in training()}
    assert [text for text, _ in sentences(name) if text.casefold() in known] == []


@pytest.mark.parametrize(("name", "language"), list(_FLOORS))
def test_unseen_sentences_are_understood(
    reader: Reader, name: str, language: str, record_property: Any
) -> None:
    wanted = [
        (text, intent)
        for text, intent in sentences(name)
        if (_CHINESE.search(text) is not None) == (language == "zh")
    ]
    wrong = Counter(
        f"{intent} read as {guess}"
        for text, intent in wanted
        if (guess := reader.guess(text)) != intent
    )
    accuracy = 1 - sum(wrong.values()) / len(wanted)
    record_property("accuracy", accuracy)
    report = f"{name} {language}: {accuracy:.3f} of {len(wanted)}; {wrong.most_common()}"
    assert accuracy >= _FLOORS[name, language], report


def test_buttons_and_known_wordings_are_never_misread(reader: Reader) -> None:
    listed = list(training())[::7]
    assert [text for text, intent in listed if reader.guess(text) != intent] == []


def test_one_line_gives_reason_wish_and_amount(reader: Reader) -> None:
    parsed = reader.parse("我失业了，能不能分期，一个月最多八百")
    (amount,) = [e for e in parsed["entities"] if e["entity"] == "amount"]
    assert (amount["value"], amount["role"]) == ("800.00", "offer")
    names = [one["name"] for one in parsed["intent_ranking"][:4]]
    assert {"ask_for_plan", "reason_job_loss", "state_offer_amount"} & set(names)


def test_metadata_reaches_the_components(reader: Reader) -> None:
    parsed = reader.parse("下个月15号", locale="zh", stage="situation", today="2026-12-20")
    values = {entity["entity"]: entity["value"] for entity in parsed["entities"]}
    assert values == {"date": "2027-01-15", "locale": "zh", "stage": "situation"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("２", "choose_option"),
        ("3", "choose_option"),
        ("第二个", "choose_option"),
        ("三千五", "inform_value"),
        ("大概4200吧", "inform_value"),
        ("36期", "inform_value"),
        ("我在想跳楼算了", "distress_self_harm"),
        ("别给我转人工，直接给方案", "ask_for_plan"),
        ("選這個", "choose_option"),
    ],
)
def test_what_must_not_be_misread(reader: Reader, text: str, intent: str) -> None:
    assert reader.guess(text) == intent


@pytest.mark.parametrize("text", ["asdkjh qwe", "蓝色的大象在唱歌", "the moon is made of cheese"])
def test_nonsense_starts_nothing(reader: Reader, text: str) -> None:
    assert reader.parse(text)["intent"]["name"] in ("nlu_fallback", "chitchat_oos")


@pytest.mark.parametrize(
    "text",
    [
        "asdfgh", "qwe", "。。。", "哈哈哈啊啊啊", "djfkdjf 123abc", "123abc", "qwerty", "zxcvbnm", "jjjj",
        "啊啊啊啊", "呃呃呃", "额额", "阿斯顿发", "阿斯蒂芬个", "的的的的", "我我我我我", "……", "？？", "!!!", "😀😀", "😭",
        "hahaha", "blah blah blah", "flurb gnarx", "紫色的云朵吃了螺丝", "你\u0300\u0301", "привет", "1a2b3c",
    ],
)  # fmt: skip
def test_gibberish_is_not_understood(reader: Reader, text: str) -> None:
    parsed = reader.parse(text)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert [e for e in parsed["entities"] if e["entity"] == "amount"] == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("嗯嗯嗯嗯", "affirm"), ("好好好", "affirm"), ("不不不", "deny"), ("ok", "affirm"),
        ("没钱", "cannot_pay_anything"), ("失业", "reason_job_loss"), ("redundent", "reason_job_loss"),
        ("人工", "ask_human"), ("human", "ask_human"), ("利息", "ask_interest_relief"),
    ],
)  # fmt: skip
def test_short_words_are_no_gibberish(reader: Reader, text: str, intent: str) -> None:
    assert reader.guess(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "一个亿", "10^12", "九千万", "十个亿", "一千个亿", "1亿", "一兆", "1e9", "10**12", "5x10^9",
        "10的12次方", "100000000", "100000000000000", "a billion", "two trillion", "100,000,000",
    ],
)  # fmt: skip
def test_an_absurd_sum_is_understood_so_that_it_can_be_refused(reader: Reader, text: str) -> None:
    parsed = reader.parse(text)
    assert parsed["intent"]["name"] == "inform_value"
    (amount,) = [e for e in parsed["entities"] if e["entity"] == "amount"]
    value = amount["value"]
    low = float(value["from"] if isinstance(value, dict) else value)
    assert 10_000_000 <= low <= 999_999_999_999


def test_a_parse_takes_a_few_milliseconds(reader: Reader) -> None:
    # Processor time, so that whatever else runs on the machine does not decide.
    taken = []
    for text, _ in sentences("held_out")[:_TRIED_TIMES]:
        start = time.process_time()
        reader.parse(text)
        taken.append(time.process_time() - start)
    assert sorted(taken)[len(taken) // 2] <= _MOST_SECONDS_A_PARSE
