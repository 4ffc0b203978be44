"""The net before the assistant: words of despair are caught in either script, and everyday talk is not."""

from __future__ import annotations

import pytest

from api.conversations.distress import signals_distress

DESPAIR = [
    "我不想活了", "活不下去了", "想死", "我想 死", "跳楼算了", "想跳樓", "上吊", "割腕", "烧炭", "買了安眠藥想吃", "喝农药",
    "没有我你们会更好", "我要是没了，你们就清静了", "要是我死了呢", "等我不在了找我老婆吧", "死了算了", "一死了之", "只有死路一条",
    "遗书都写好了", "拿命还行吗", "活着没意思", "活着好累", "结束自己", "离开这个世界", "解脱算了", "撑不下去了，不想活", "没有活路",
    "I want to die", "i wanna die", "kill myself", "I'm going to end it all", "better off dead", "everyone is better without me",
    "I don’t want to be here any more", "no reason to live", "thinking of hanging myself", "overdosed", "suicidal",
    "I'd rather be dead", "what's the point of living", "hurt myself",
]  # fmt: skip
EVERYDAY = [
    "累死了", "气死我了", "饿死了", "想死你了", "笑死", "烦死了", "工资被拖死了", "我要还款", "我想还钱", "没钱了", "这个月还不上",
    "公司死了，倒闭了", "我爸去世了", "生意撑不下去了", "跳过", "跳过这一题", "没了工作", "孩子没了学费", "走了很远的路", "活儿没了",
    "a plan to die for", "my phone died", "the deadline", "I can't go on holiday", "end the call", "I'm killing time", "jump to the next question",
    "cut my hours", "hang on", "I hurt my back", "better off paying monthly",
]  # fmt: skip


@pytest.mark.parametrize("text", DESPAIR)
def test_words_of_despair_are_caught(text: str) -> None:
    assert signals_distress(text)


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_words_are_let_through(text: str) -> None:
    assert not signals_distress(text)


@pytest.mark.parametrize(
    "text", ["我 不 想 活 了", "我，不。想·活…了", "不想活了😭", "Ｉ ｗａｎｔ ｔｏ ｄｉｅ"]
)
def test_spaces_marks_and_full_width_do_not_hide_them(text: str) -> None:
    assert signals_distress(text)
