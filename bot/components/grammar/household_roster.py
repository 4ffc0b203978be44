"""Lists that name the writer too ("me, him and our son"), where a word beside them says that they share the money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, count
from bot.components.grammar.household_kin import KIN, LINK, LIST, ONE, compiled_kin, heads

__all__ = ["find_rosters"]

_ME: Final = (
    r"(?:(?<![靠养管问给找催])[我俺偶](?:自己|本人)?(?![们的]|一?个?老[头太])|\b(?:me|myself|i)\b)"
)
# Whom the words before have named: nobody else in the same list.
_WHO: Final = r"(?:[他她佢](?![们的妈爸爹娘])|\b(?:him|her|he|she)\b)"
_MEMBER: Final = rf"(?:{ONE}|{_ME}|{_WHO})"
_ROSTER: Final = rf"(?P<roster>(?>{_MEMBER}(?:{LINK}{_MEMBER}){{1,9}}))"

_END: Final = r"(?=[\s.。!！?？~;；…]*$|\s*[.。!！;；])"
_PAUSE: Final = r"(?=$|[\s,，.。!！?？~;；:、…])"
# What they do or have together.
_SHARE: Final = (
    rf"(?:[\s,，]*(?:都|全|就|一共|总共|拢共|也|得|要)?\s*(?P<total>{CHINESE}|俩|仨)\s*(?:个人|口人|口|人|个)?(?![月天年号日期千百块元点岁次%])(?:都|全|就|也)?)?"
    r"[\s,，]*(?:都|全|就|也|一直|现在|还)*(?:(?:一起|一块儿?|一道)?(?:住(?!院)|过(?![年节来去了])|生活|吃|喝|花|挤|靠|指[望着])(?![^,，。\s]{0,2}的?时候)|相依为命|一块儿?下岗|没(?:别|其他)人(?=$|[\s,，。了])"
    r"|(?:就|只有|只靠)?(?:这|那|我)?一(?:份|个人的?|点)(?:工资|退休金|收入|低保|死工资|养老金))"
    r"|,?\s(?:(?:are|is|we|all|both|now|altogether|together|just|only) ){0,3}"
    r"(?:(?:living|live|survive|surviving|depend|depending|rely|relying|share|sharing|stay|staying|eat|eating)\b"
    r"|(?:on|off|from) (?:my|one|a|his|her|this|that|the|just|single)\b(?: \w+)? (?:one )?(?:wages?|salary|salaries|pay|paychecks?|paycheque|pension|income|allowance|dole|benefits?)\b"
    r"|(?:have|has|got) (?:nothing|no (?:income|money|wage|pay))\b|under one roof\b|to feed\b|at home\b|in (?:this|the|our|my|one) (?:house|flat|room|home)\b)"
)
_CLOSED: Final = compiled_kin(
    rf"{_ROSTER}(?:{_SHARE})(?:[\s,，]*(?:还有|另外还有|再加上?|外加|and also|plus)\s?(?:一?个)?(?:[^\s,，。]{{1,5}}的)?(?P<also>{LIST}))?"
)
_COUNTED: Final = compiled_atomic(
    rf"{_ROSTER}[\s,，]*(?:都|全|就|一共|总共|拢共|拢总|总计)?\s*(?P<total>{CHINESE}|俩|仨)\s*(?:个人|口人|口|人|个)(?=$|[\s,，.。!！?？~;；:、…]|[都全就也吃靠住过花])"
)
# What says that nobody is left out.
_OPENED: Final = compiled_atomic(
    rf"(?<!不)(?:就|只有|只剩|就剩|剩下?|得返|净系|家里(?:就|有|是|现在)?|屋企(?:得|有)?|屋里|人口是?|写)(?:是|得|返|系)?\s?{_ROSTER}{_PAUSE}(?![\s]?(?:去|要|想|说|吵|商量|借|签|办|知道))"
    r"|\b(?:just|only|so|so that'?s|so it'?s|that'?s|it'?s|its|there'?s|there is|keeps?|feeds?|feeding|household is|home is|left is|includes?)(?: now| just| only| for| is)?:?\s"
    rf"{_ROSTER}(?=\s*(?:$|[^\w\s])|\s(?:together|only|now|alone|here|left|at home)\b)"
)
_ALONE: Final = compiled_atomic(
    rf"^[\s,，.。!！?？~;；:、…]*(?:so |ok |well |嗯|就是|是)?\s?{_ROSTER}{_END}"
)
# "我跟老伴两个老人" are two in all.
_OF_THEM: Final = compiled_atomic(rf"(?P<many>{CHINESE}|俩|仨)个?(?:老人家?|老的|大人|女人)$")
_I: Final = compiled_atomic(_ME)
_THEM: Final = compiled_atomic(_WHO)


def find_rosters(text: str) -> Iterator[tuple[int, int, int]]:
    """Households named head by head, the writer among them: the size, and its place in the text."""
    for pattern in (_COUNTED, _CLOSED, _OPENED, _ALONE):
        for match in pattern.finditer(text):
            roster = match["roster"]
            others = KIN.sub(lambda one: " " * len(one[0]), roster)
            if not _I.search(others):
                continue
            if (again := _OF_THEM.search(roster)) and count(again["many"]) == 1 + heads(
                roster[: again.start()]
            ):
                roster = roster[: again.start()]
            named = heads(roster) + len(_THEM.findall(others))
            said = match.groupdict().get("total")
            size = count(said) if said else None
            if size is None or size < 2:
                size = 1 + named + heads(match.groupdict().get("also") or "")
            if named:
                yield size, match.start(), match.end()
