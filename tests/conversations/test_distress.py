"""The net of the intake: oblique words are caught, everyday ones are not, whatever is written is read.

The whole set, with the classifier beside the net, is scored by ``make evaluate``.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.conversations.distress import signals_distress
from api.conversations.distress_signs import SIGNS
from evaluation.sets import HARMLESS, SETS, read_set

SET = read_set(SETS / "distress.yml")
MOST_MISSES, MOST_FALSE_ALARMS = 5, 8


def test_the_net_alone_hears_nearly_all_of_the_set() -> None:
    missed = [s.text for s in SET if s.intent != HARMLESS and not signals_distress(s.text)]
    assert len(missed) <= MOST_MISSES, missed


def test_the_net_alarms_on_little_that_only_sounds_like_it() -> None:
    false = [s.text for s in SET if s.intent == HARMLESS and signals_distress(s.text)]
    assert len(false) <= MOST_FALSE_ALARMS, false


@pytest.mark.parametrize(
    "text",
    [
        "我不想活了", "想死", "跳楼算了", "死 了 算 了", "我 不。想，活…了", "活著沒有意義", "想燒炭",
        "ｗａｎｔ ｔｏ ｄｉｅ", "I don’t want to live", "KILL MYSELF", "不想活 I'm done",
        "拿我这条命去抵", "等我不在了你们就清净了", "孩子托付给我姐了 我也没牵挂了", "I'm up on the roof",
        "没想自杀那是假话，绳子都挂好了",
    ],
)  # fmt: skip
def test_signs_are_heard_in_either_script_with_any_marks(text: str) -> None:
    assert signals_distress(text)


@pytest.mark.parametrize(
    "text",
    [
        "累死了", "笑死", "死期存款利率多少", "穷死了拿什么还", "死也不还", "跳过", "没活干了", "跳楼价清仓",
        "this interest is killing me", "cut my payment please", "I'm not suicidal, just stressed",
        "我没想自杀，就是气话", "我不想死，我想还钱", "他自杀了，这卡是他的", "要钱没有要命一条",
        "my online shop was shut by the platform", "",
    ],
)  # fmt: skip
def test_everyday_words_and_other_peoples_stories_are_let_through(text: str) -> None:
    assert not signals_distress(text)


@pytest.mark.parametrize("theme", list(SIGNS))
def test_every_theme_catches_something_of_the_set(theme: str) -> None:
    pattern = re.compile(SIGNS[theme], re.IGNORECASE)
    assert any(pattern.search(s.text) for s in SET if s.intent != HARMLESS)


@given(st.text(max_size=5000))
def test_whatever_is_written_is_read(text: str) -> None:
    assert signals_distress(text) in (True, False)


@given(
    st.text(alphabet="，。 、…*·", max_size=3),
    st.sampled_from(["不想活了", "活不下去了", "想自杀"]),
)
def test_marks_between_characters_hide_nothing(marks: str, words: str) -> None:
    assert signals_distress(marks.join(words))
