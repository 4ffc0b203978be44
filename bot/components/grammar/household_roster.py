"""Lists that name the writer too ("me, him and our son"), where a word beside them says that they share the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, count
from bot.components.grammar.household_kin import KIN, LINK, LIST, ONE, compiled_kin, heads

__all__ = ["find_rosters"]

_ME: Final = (
    r"(?:(?<![靠管问给找催])[我俺偶](?:自己|本人)?(?![们的]|一?个?老[头太])|\b(?:me|myself|i)\b)"
)
# Whom the words before have named: nobody else in the same list.
_WHO: Final = r"(?:[他她佢](?![们的妈爸爹娘])|\b(?:him|her|he|she)\b)"
_MEMBER: Final = rf"(?:{ONE}|{_ME}|{_WHO})"
_ROSTER: Final = compiled_atomic(rf"(?P<roster>(?>{_MEMBER}(?:{LINK}{_MEMBER}){{1,9}}))")
_A_LINE: Final = 30

_END: Final = r"(?=[\s.。!！?？~;；…]*$|\s*[.。!！;；])"
_PAUSE: Final = r"(?=$|[\s,，.。!！?？~;；:、…])"
# What they do or have together.
_SHARE: Final = (
    rf"(?:[\s,，]*(?:都|全|就|一共|总共|拢共|也|得|要)?\s*(?P<total>{CHINESE}|俩|仨)\s*(?:个人|口人|口|人|个)?(?![月天年号日期千百块元点岁次%])(?:都|全|就|也)?)?"
    r"[\s,，]*(?:都|全|就|也|一直|现在|还)*(?:(?:一起|一块儿?|一道)?(?:住(?!院)|过(?![年节来去了])|生活|吃|喝|花|挤|靠|指[望着])(?![^,，。\s]{0,2}的?时候)|相依为命|一块儿?下岗|没(?:别|其他)人(?=$|[\s,，。了])"
    r"|(?:就|只有|只靠)?(?:这|那|我)?一(?:份|个人的?|点)(?:工资|退休金|收入|低保|死工资|养老金))"
    r"|,?\s(?:(?:are|is|were|we|all|both|now|altogether|together|just|only|left) ){0,4}"
    r"(?:(?:living|live|survive|surviving|depend|depending|rely|relying|share|sharing|stay|staying|eat|eating)\b"
    r"|(?:on|off|from) (?:my|one|a|his|her|this|that|the|just|single)\b(?: \w+)? (?:one )?(?:wages?|salary|salaries|pay|paychecks?|paycheque|pension|income|allowance|dole|benefits?)\b"
    r"|(?:have|has|got) (?:nothing|no (?:income|money|wage|pay))\b|without (?:an? |any |our )?(?:wages?|pay|income|salary|money|jobs?|work|paycheck)\b|under one roof\b|to feed\b|at home\b|in (?:this|the|our|my|one) (?:house|flat|room|home)\b)"
)
_ALSO: Final = compiled_kin(
    rf"[\s,，]*(?:(?:家里)?还有|另外还有|再加上?|外加|还(?:要|得)?[带养供]着?|[带养]着|and also|(?:and |,? )?(?:we )?(?:still )?(?:have|got|with|plus)|,(?=\s(?:one|two|three|four|\d)\b))\s?(?:一?个(?!上|[读念]))?(?:[^\s,，。]{{1,5}}的)?(?P<also>{LIST})"
)
# Out of work together: of a couple alone it is not said who else lives on them.
_LAID_OFF: Final = compiled_atomic(
    r"(?:[^\s,，。;；]{0,6}的)?[\s,，]*(?:都|全|一块儿?|一起|一同|一道|双双|同时|俩|两个|先后|前后脚|同一[天批]|今年|上个?月)+(?:让|给)?(?:被|让)?(?:公司|厂里?|单位|老板)?(?:裁|辞退?|优化|开除?|炒|下岗|失业|丢了?(?:工作|饭碗)|没了?(?:工作|活)|停工|待岗)(?:了|掉了?|员了?|干)?"
    r"|,? (?:(?:both|all|together|got|were|was|are|have|just|been) ){0,4}(?:laid off|lost (?:our|their) jobs?|made redundant|sacked|fired|let go|out of work|jobless|unemployed)\b(?: together)?"
)
_CLOSED: Final = compiled_atomic(_SHARE)
_INCOME: Final = (
    r"(?:工资|退休金|养老金|低保|收入|生活费|开销|开支|花销|伙食|日子|口粮|吃喝|饭钱|饭)"
)
_COUNTED: Final = compiled_atomic(
    r"[\s,，]*(?:都|全|就|一共|总共|拢共|拢总|总计)?\s*"
    rf"(?P<total>{CHINESE}|俩|仨)\s*(?:个人|口人|口|人|个)(?=$|[\s,，.。!！?？~;；:、…]|[都全就也吃靠住过花挤等指]|的(?:{_INCOME}|$|[\s,，.。]))"
)
# What says that nobody is left out, or that these are kept.
_OPENER: Final = compiled_atomic(
    r"(?<!不)(?:就|只有|只剩|就剩|剩下?|得返|净系|(?:家|屋)[里头中](?:头|面)?(?:就|有|是|现在)?|屋企(?:得|有)?|人口是?|写)(?:是|得|返|系)?(?P<only>)\s?$"
    r"|(?<![领抱收喂])(?:养|养活|供|供养|够|喂饱|抛下|撇下|丢下|扔下|留下|撂下)(?:了|着|活)?(?P<keeps>)\s?$"
    r"|\b(?:just|only|so|so that'?s|so it'?s|that'?s|it'?s|its|there'?s|there is|household is|home is|left is|includes?)(?: now| just| only| for| is)?:?(?P<lists>)\s$"
    r"|\b(?:keeps?|keeping|feeds?|feeding|supports?|supporting|(?:wages?|income|food|money|pay|salary|pension|rice|rent) for)(?: only| just)?(?P<feeds>)\s$"
)
_OPENED: Final = {
    "only": compiled_atomic(rf"{_PAUSE}(?!\s?(?:去|要|想|说|吵|商量|借|签|办|知道))"),
    "keeps": compiled_atomic(r"(?!的|\s?(?:商量|说|去|知道))"),
    "lists": compiled_atomic(
        r"(?=\s*(?:$|[^\w\s])|\s(?:together|only|now|alone|here|left|at home)\b)"
    ),
    "feeds": compiled_atomic(r"(?!\w|\s?')"),
}
# Three heads or more, the writer among them, are told of as those who live together, unless they do or suffer something.
_TOLD_OF: Final = compiled_atomic(
    r"(?:打给|打电话|电话|找|骚扰|问|催|告诉|通知|联系|吓|烦|骂|威胁|帮|替|害|让|叫|同意|对|向|给|跟|和|逼|影响|连累|之间|拖累)$"
    r"|\b(?:call|calls|called|calling|tell|told|telling|text|texted|texting|contact|contacted|contacting|harass|harassed|harassing|scare|scared|scaring|ask|asked|asking"
    r"|threaten|threatened|threatening|bother|bothering|bothered|annoy|annoying|between|about|to|from|against|by|of|hurt|insult|insulting|blame|sue|suing) $"
)
_GO_ON: Final = compiled_atomic(
    r"[\s.。!！?？~;；…]*$|[\s]*[,，.。!！?？;；:：、…]|\s(?![a-z要想说去来不知同签商会也])|(?:都|全|就|也)?(?:靠|指|没(?:有)?(?:收入|工作|上班)|要(?:吃|养|生活)|吃|住|过|花|等着)"
    r"|\s(?:all |both |now |still |only |just )*(?:needs?|can|cannot|can't|could|must|have|has|get|eats?|lives?|living|survive|share|depend|rely|on|off|at|in|here|under|now|too|who|so|but|with|to (?:feed|keep|live))\b"
)
_WHOLE: Final = compiled_atomic(r"[\s,，.。!！?？~;；:、…]*(?:so |ok |well |嗯|就是|是)?\s?$")
_ENDS: Final = compiled_atomic(_END)
# "我跟老伴两个老人" are two in all.
_OF_THEM: Final = compiled_atomic(rf"(?P<many>{CHINESE}|俩|仨)个?(?:老人家?|老的|大人|女人)$")
_I: Final = compiled_atomic(_ME)
_THEM: Final = compiled_atomic(_WHO)


def find_rosters(text: str) -> Iterator[tuple[int, int, int]]:
    """Households named head by head, the writer among them: the size, and its place in the text.

    The plainest first: a sum beside the list, a living that is shared, that nobody is left out, a list alone.
    """
    read = [found for match in _ROSTER.finditer(text) if (found := _read(match, text))]
    for _, size, start, end in sorted(read):
        yield size, start, end


def _read(match: re.Match[str], text: str) -> tuple[int, int, int, int] | None:
    """The rank, size and place of one list of which the words beside it say that it is a household."""
    start, end = match.span()
    roster = match["roster"]
    others = KIN.sub(lambda one: " " * len(one[0]), roster)
    if not _I.search(others):
        return None
    if (again := _OF_THEM.search(roster)) and count(again["many"]) == 1 + heads(
        roster[: again.start()]
    ):
        roster = roster[: again.start()]
    named = heads(roster) + len(_THEM.findall(others))
    if not named:
        return None
    if (total := _COUNTED.match(text, end)) and (size := count(total["total"])) and size > 1:
        return 0, size, start, total.end()
    if shared := _CLOSED.match(text, end):
        said = count(shared["total"]) if shared["total"] else None
        if said and said > 1:
            return 1, said, start, shared.end()
        also = _ALSO.match(text, shared.end())
        return 1, 1 + named + (heads(also["also"]) if also else 0), start, shared.end()
    if idle := _LAID_OFF.match(text, end):
        also = _ALSO.match(text, idle.end())
        if also or named > 1:
            return 1, 1 + named + (heads(also["also"]) if also else 0), start, idle.end()
    before = text[max(0, start - _A_LINE) : start]
    if (opener := _OPENER.search(before)) and _OPENED[str(opener.lastgroup)].match(text, end):
        return 2, 1 + named, start, end
    if _WHOLE.match(text[:start]) and _ENDS.match(text, end):
        return 3, 1 + named, start, end
    if named > 1 and not _TOLD_OF.search(before) and _GO_ON.match(text, end):
        return 4, 1 + named, start, end
    return None
