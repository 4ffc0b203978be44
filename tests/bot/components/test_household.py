"""How many people live on the money, as people say it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)


def sizes(text: str) -> list[object]:
    """The household sizes that are read in a text."""
    return [value.value for value in read_values(text, TODAY) if value.entity == "household_size"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("家里四口人", 4),
        ("就我一个人过", 1),
        ("我和俩娃，三个人", 3),
        ("两口子加一个女儿", 3),
        ("一家五口靠我一个人", 5),
        ("屋企得我同老婆兩個", 2),
        ("there are four of us at home", 4),
        ("I live alone", 1),
        ("a family of five on one wage", 5),
        ("我家 3 个人", 3),
        ("单亲妈妈带着儿子", 2),
        ("我爸妈跟我住，都没收入", 3),
        ("single mum with two kids", 3),
        ("my wife and I plus her parents", 4),
        ("就我跟老伴两个人", 2),
        ("我独自带着两个孩子", 3),
        ("我们家就我和老娘", 2),
        ("there's me and my two boys", 3),
        ("屋里头就我跟俩闺女", 3),
        ("我们家五口人吃饭", 5),
        ("四口之家", 4),
        ("我单身汉一条", 1),
        ("just me", 1),
        ("me, my wife and 2 kids", 4),
        ("I live with my parents", 3),
        ("there's five of us under one roof", 5),
        ("六个人吃饭", 6),
        ("四张嘴要吃饭", 4),
        ("夫妻俩带三个孩子", 5),
        ("我跟老婆孩子一起住", 3),
        ("一共三个人", 3),
        ("我一个人带两个孩子", 3),
        ("supporting two kids alone", 3),
        ("4-person household", 4),
        ("we are six in our flat", 6),
        ("就我们两口子", 2),
        ("爸妈一个女儿跟我一起过", 4),
        ("living with my mum and my sister", 3),
        ("只有我和我妈", 2),
        ("家里上下六口", 6),
        ("全家7口人", 7),
        ("single dad to a toddler", 2),
        ("一家三口", 3),
        ("family of four", 4),
        ("single mom with two kids", 3),
        ("there are three of us", 3),
        ("就我一个人", 1),
    ],
)
def test_counted_or_named_a_household_is_summed_with_the_writer(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "同阿爸阿媽仲有個細佬住",
        "我和老婆商量一下",
        "just me and the dog",
        "我老婆病了，两个孩子要上学",
        "人均三千",
        "家里有人病了",
        "每个月家里要用三千",
        "is it just me or is it slow",
        "my husband and I separated",
        "我们俩离婚了",
        "户口",
        "三口",
    ],
)
def test_relatives_who_are_only_mentioned_are_no_household(text: str) -> None:
    assert sizes(text) == []
