"""A person's name as lists show it: enough to tell people apart, too little to know them. Pure."""

from __future__ import annotations

import re

__all__ = ["masked_name"]

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
TWO_CHARACTERS = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 "
    "申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐".split()
)
"""Chinese family names of two characters."""


def masked_name(name: str) -> str:
    """Return ``沈*``, ``欧阳*`` or ``Okoro, M*``; of a name of one word, its first letter."""
    plain = " ".join(name.split())
    if not plain:
        return "*"
    if HAN.match(plain):
        family = plain[:2] if plain[:2] in TWO_CHARACTERS and len(plain) > 2 else plain[:1]
        return f"{family}*"
    words = plain.split(" ")
    return f"{words[-1]}, {words[0][0]}*" if len(words) > 1 else f"{plain[0]}*"
