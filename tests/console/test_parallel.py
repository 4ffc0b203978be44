"""Our own sentences are shown in the other language as they were written there; nothing is translated."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from api.console.parallel import Parallel, pairs_of_assistant, pairs_of_policy, pairs_of_wording
from api.policy.lookup import Policy

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
WORDING = [
    yaml.safe_load((ROOT / f"api/conversations/wording/{locale}.yaml").read_text(encoding="utf-8"))
    for locale in ("zh", "en")
]
PAIRS = pairs_of_assistant(ROOT / "domain.yml") + pairs_of_wording(*WORDING)


@pytest.fixture(scope="module")
def parallel() -> Parallel:
    policy = Policy.load(ROOT / "api/policy/parameters").on(TODAY)
    return Parallel([*PAIRS, *pairs_of_policy(policy)])


def test_a_sentence_of_the_assistant_stands_beside_its_other_variation(parallel: Parallel) -> None:
    zh = "您好，这里是云汀银行的信用卡服务。我是自动助手，想找真人也可以。\n先确认是您本人，再说具体的事。全程不收费，想停随时能停。"
    en = parallel.other(zh, "zh", TODAY)
    assert en is not None
    assert en.startswith("Hello, this is Yunting Bank card services. I'm an automated assistant")
    assert parallel.other(en, "en", TODAY) == zh


def test_sums_and_days_are_written_as_the_other_language_writes_them(parallel: Parallel) -> None:
    zh = "系统还没修好，不让您再等了。您说的都在，我转给了同事，编号A0007，11月25日 周三 10:15前联系您。急的话打卡背面的电话。"
    en = parallel.other(zh, "zh", TODAY)
    assert en is not None
    assert "A0007" in en
    assert "25 Nov 2026 10:15" in en
    assert not re.search(r"[\u4e00-\u9fff]", en)
    pairs = [("一共还{total}，到{day}。", "In all {total}, until {day}.")]
    one = Parallel(pairs)
    said = "一共还19,495.98\u00a0元，到2028年5月23日。"
    assert one.other(said, "zh", TODAY) == "In all ¥19,495.98, until 23 May 2028."
    assert one.other("In all ¥19,495.98, until 23 Dec 2026.", "en", TODAY) == (
        "一共还19,495.98\u00a0元，到12月23日 周三。"
    )


def test_what_a_button_says_is_known_in_both_languages(parallel: Parallel) -> None:
    assert parallel.other("找人工", "zh", TODAY) == "A person"
    assert parallel.other("A person", "en", TODAY) == "找人工"


@pytest.mark.parametrize("words", ["我七月被裁了，孩子要交学费", "收到", "1500", "…", ""])
def test_what_a_person_wrote_freely_has_no_parallel(parallel: Parallel, words: str) -> None:
    assert parallel.other(words, "zh", TODAY) is None


def test_a_name_or_a_day_that_is_none_stays_as_it_was_written() -> None:
    one = Parallel([("{name}，{day}前答复您。", "{name}, you have an answer by {day}.")])
    assert one.other("陶宁，2月31日前答复您。", "zh", TODAY) == (
        "陶宁, you have an answer by 2月31日."
    )


def test_every_sentence_of_ours_is_found_again_once_it_is_filled(parallel: Parallel) -> None:
    """Of any sentence filled with invented values some parallel is found, in both directions."""
    lost = []
    for zh, en in set(PAIRS):
        if len(re.sub(r"{\w+}|\W", "", zh)) < 2 or len(re.sub(r"{\w+}|\W", "", en)) < 2:
            continue
        for words, lang in ((zh, "zh"), (en, "en")):
            filled = re.sub(r"{(\w+)}", lambda found: f"x{len(found[1])}", words)
            if parallel.other(filled, lang, TODAY) is None:
                lost.append(filled)
    assert lost == []


def test_an_api_without_the_assistants_files_knows_only_its_own_sentences(tmp_path: Path) -> None:
    assert pairs_of_assistant(tmp_path / "domain.yml") == []
