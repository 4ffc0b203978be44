"""Instalments and years that are told of, and no term of a plan: 逾期5期, 多挂了四期, a record kept five years."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.counting import CHINESE
from bot.components.grammar.spans import overlaps
from bot.components.grammar.text import compiled

__all__ = ["is_kept_for", "is_told", "told_of_instalments"]

# "逾期5期", 多挂了四期, 已还了三期: owed, paid or miscounted.
_TOLD: Final = compiled(
    rf"(?:逾期|欠|拖|断|漏|[多少][收挂算扣记写刷]|已还|扣了|收了|还了|交了|供了|还差|剩)(?:[了过我的下有着给]|你们){{0,3}}\s*(?P<told>{CHINESE})\s*个?期(?!间|末|货)"
    r"|\b(?:missed|skipped|missing)\s+(?:only |just )?(?P<missed>\d{1,2}|[a-z]{3,6}) (?:monthly )?instal"
)
_SHORTEST_PLAN: Final = 12
_COUNTED_TOO: Final = compiled(
    r"(?:显示|[说算记写]成?|明明|实际|其实|就|只|才|不?是|哪有|不止|没有?|一共|总共)(?:上|有|是|欠了?|差)?\s*$"
)
_KEPT_FOR: Final = compiled(
    r"(?:留|存|挂|跟|显示|影响|等|背)(?:多少|着|你|了|我|个|够|满|上|在上面|到)?\s*$|(?:还清|结清|还完|之)(?:之|以)?[后了]\s*$"
    r"|\b(?:first|only|once|never|late|customer)\b[^,.;]{0,20}\bin\s*$|\b(?:stays?|kept|keep|shows?|remain|remains|sits?)\b[^,.;]{0,16}$"
)
_OF_A_RECORD: Final = compiled(
    r"记录|征信|不良|黑名单|污点|\brecord|\breport\b|\bfirst\b|\bonly\b|\bnever\b|\bonce\b|\bcustomer\b|\blate\b"
)
_THEN_GONE: Final = compiled(r"(?:之后|以后|后|就|才|会){0,2}(?:自动)?(?:消|删|清除|抹|失效)")


def told_of_instalments(text: str) -> list[tuple[int, int]]:
    """Where a normalised text counts instalments that are owed, paid or miscounted."""
    return [match.span(match.lastgroup or 0) for match in _TOLD.finditer(text)]


def is_told(text: str, place: tuple[int, int], months: int, told: list[tuple[int, int]]) -> bool:
    """Whether instalments are such, or so few beside such that they are counted with them (明明就3期)."""
    if not told or overlaps(*place, told):
        return bool(told)
    return months < _SHORTEST_PLAN and bool(
        _COUNTED_TOO.search(text[max(0, place[0] - 8) : place[0]])
    )


def is_kept_for(text: str, start: int, end: int) -> bool:
    """Whether so many years are how long a record is kept, or how long all went well."""
    if _THEN_GONE.match(text, end):
        return True
    return bool(_KEPT_FOR.search(text[max(0, start - 36) : start]) and _OF_A_RECORD.search(text))
