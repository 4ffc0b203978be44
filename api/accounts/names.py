"""A cardholder's name where it is not needed in full: the family name, the rest as a star. Pure."""

from __future__ import annotations

import re

__all__ = ["masked_name"]

CHINESE = re.compile(r"^[\u3400-\u9fff\U00020000-\U0003ffff]+$")

DOUBLE = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "尉迟", "公孙", "慕容", "令狐",
    "皇甫", "宇文", "长孙", "申屠", "闻人", "端木", "呼延", "百里", "东郭", "西门", "公冶", "澹台", "轩辕",
})  # fmt: skip
"""Family names of two characters that are in use."""


def masked_name(name: str) -> str:
    """Return a name for lists: ``沈*``, ``欧阳*``, ``Okoro, M*``; of one that is not so made, its first letter."""
    written = name.strip()
    if len(written) < 2:
        return "*"
    if CHINESE.match(written):
        family = written[:2] if written[:2] in DOUBLE and len(written) > 2 else written[0]
        return f"{family}*"
    words = written.replace("·", " ").split()
    if len(words) > 1 and all(word.isascii() for word in words):
        return f"{words[-1]}, {words[0][0]}*"
    return f"{written[0]}*"
