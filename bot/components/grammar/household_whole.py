"""How many live on the money where the number is said as the whole: "家里五口", "the four of us", "算上我四个"."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, ENGLISH, count
from bot.components.grammar.household_kin import CHILD, LIST, NUMBER, SUBJECTS, compiled_kin, heads

__all__ = [
    "BESIDES_ME",
    "COUNTED",
    "NOR",
    "NOT_SO_MANY",
    "OTHERS_SAID",
    "PARTS",
    "beside",
    "whole_of",
]

_KIN: Final = r"(?:娘|爷|母子|母女|父子|父女|祖孙|爷孙|姐妹|兄弟|哥|姐弟|兄妹)"
_ENDS: Final = r"(?=\s*(?:$|[,，.。;；:：!！?？()（）]))"
_CLOSES: Final = r"(?=$|[\s,，。;；!！~])"
_AT_HOME: Final = (
    r"(?:at home|under one roof|in (?:my|our|the|this) (?:home|house|flat|household|family))"
)
# The end of a sum is no number of heads: "1,012 in total".
_FREE: Final = r"(?<![\d.,¥$])\b"
COUNTED: Final = compiled_atomic(
    rf"(?:一家子?|全家|家[里中]?|屋企|屋里[头厢]?|屋头|厝[里内]|我[们哋]家|一共|总共|三代同堂)"
    rf"(?:老小|大小|上下|老老小小|连我|人口|就)?\s*(?:一共|总共|共|有|就|是|得|净系|剩)?\s*(?P<home>{CHINESE})\s*(?:[口囗](?!子)人?|个人|人|个(?=$|[\s,，。]))(?![上月均]|[在来]?(?:挣|赚|上班|打工|欠))"
    rf"|(?P<mouths>{CHINESE})\s*(?:口(?:之家|人)|张嘴)|(?:算上|加上|连|连上|带上)我(?:自己)?(?:一共|总共|拢共|共|有)*(?P<clan>[三四五六七八九十])口子"
    rf"|(?<=是)(?P<now>{CHINESE})\s*口{_CLOSES}"
    rf"|(?P<live>(?:{CHINESE}(?=\s*(?:个人|口人|人))|俩|仨))\s*(?:个人|口人|人)?\s*(?:吃饭|开饭|住(?!院)(?:在?一块儿?|在?一起)?|过(?![年节来去了])|生活|要养|花|靠|指着|指望|挤(?:一块)?)"
    rf"|(?:(?:家庭|家里|家中|全家|常住)(?:人口|人数|成员)|人口)数?\s*(?:一共|共|是|为|有|[:=])?\s*(?P<form>{NUMBER})\s*(?:口人?|个人?|人)?{_CLOSES}"
    rf"|(?:供养|抚养|赡养)(?:人口|人数)?\s*[:=]?\s*(?P<kept>{CHINESE})\s*[个口]?人?\s*[,，(]?\s*(?:含|包括|连)(?:我|本人|自己)"
    r"|(?:我们|咱们?)(?P<we>俩|仨|[两三四五六七]个(?!月|小时|星期|礼拜|人?的?[工孩]))(?:人)?(?:住一块儿?|(?=$|[\s,，。;；!！]|过(?![年节来去了])|住|吃|靠|生活|花|相依))"
    rf"|(?:就|只有|只剩|剩下?|我们|咱们?)(?:了|是|我们|我)?{_KIN}(?P<kin>俩|仨|[两三四五]个?)(?!都?(?:要|得|该|应该|能|需要|想|会|去|来)?不?(?:替|帮|给|为|签|商量|吵|知道|继承|去|来|问|打|负责|背|担))|{_KIN}(?P<kin_lives>俩|仨)个?(?:人)?(?:过|相依|生活|住|吃)"
    r"|(?P<siblings>[两三四五六])(?:姐妹|兄弟|兄妹|姐弟)(?:都|一起|一块儿?)*(?:住|过(?![年节来去了])|生活|吃)"
    rf"|\b(?:family|household|home) of (?P<of>{ENGLISH})\b|\b(?P<us>{ENGLISH}) of us\b"
    rf"|\b(?:just|only|for|feeds?|keeps?|it'?s|between|the|of) us (?P<us_all>two|three|four|five|six|seven){_ENDS}"
    rf"|\b(?:for|feeds?|keeps?|of) us (?P<us_need>two|three|four|five|six|seven)(?=\s(?:comes?|is|are|costs?|to live|at home|all|on)\b)"
    rf"|{_FREE}(?P<fed>{ENGLISH}) mouths\b(?: to feed)?"
    rf"|{_FREE}(?P<people>{ENGLISH}) (?:people|persons?|souls|mouths|pax|ppl|adults)"
    rf" (?:(?:living|live|here|to feed)\s*)*(?:here|{_AT_HOME})"
    rf"|\b(?P<person>{ENGLISH})[- ](?:person|people) (?:household|family|home)\b"
    rf"|\b(?:we(?:'re| are| r)|there(?:'s| are)) (?:only |just |now )?(?P<house>{ENGLISH}) (?:now )?(?:in (?:(?:my|our|the) )?(?:home|house|flat|household|family)\b|at home\b|under one roof\b)"
    rf"|\bwe(?:'re| are| r) (?P<by_now>(?!an?\b){ENGLISH}) now{_ENDS}|(?P<mixed>{CHINESE})\s*个?人\s?{_AT_HOME}"
    rf"|(?<=\bnot )(?P<never>(?!an?\b){ENGLISH})(?= people\b)"
    rf"|{_FREE}(?P<roof>{ENGLISH}) under one roof\b"
    rf"|\b(?:i|we) (?:said|put|wrote|told you) (?P<said>(?!an?\b){ENGLISH}) (?=at home\b)"
    rf"|\b(?:household|family) (?:size|members?|headcount)\s*(?:is|are|of|[:=-])?\s*(?P<size>(?!an?\b){NUMBER})\s*个?(?={_CLOSES[3:-1]}|[.;)])"
    rf"|\b(?:household|family)(?: is| ?[:=]) (?:now |only )?(?P<is>(?!an?\b){ENGLISH})(?= not\b|\s*(?:$|[,.;]))"
)
"""What says the whole of itself, whatever a message is about."""

# "两大一小", "4 adults 2 kids": the whole in two parts.
PARTS: Final = compiled_atomic(
    rf"(?<![\w月])(?P<adults>[一两二三四五\d])大(?:[带和加])?(?P<children>[一两二三四五\d])小{_CLOSES}"
    rf"|(?P<adults_zh>{NUMBER})\s*个?大人[\s,，和跟带加]*(?P<children_zh>{NUMBER})\s*个?(?:{CHILD}|小的)"
    rf"|\b(?P<adults_en>{ENGLISH}) adults?(?:,|,? and| &| \+| plus| with| n)? (?P<children_en>{ENGLISH}) (?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies))\b"
)
_KEEPING_THEM: Final = rf"(?:我|我一个人|独自)(?:要|得)?(?:养|带|照顾|拉扯)着?[他她]们(?P<them>俩|仨|[两三四五]个){_CLOSES}"
OTHERS_SAID: Final = compiled_atomic(
    rf"{_KEEPING_THEM}"
    rf"|(?:除了|除开|不算|不含)我(?:自己)?[,，\s]*(?:还有|有|共)?(?P<besides>{CHINESE})(?:[个口]人?|张嘴)(?=都?(?:靠|要(?:吃|养|活)|吃|等着|花|指|住|过(?![来去])|张嘴))"
    rf"|\bbesides (?:me|myself),? (?:there(?:'s| are| is) )?(?P<besides_en>(?!an?\b){ENGLISH})(?: people| others| mouths)?(?= (?:to feed|live|eat|at home|depend|in the (?:house|family)))"
    rf"|\bme ?\+ ?(?P<more>(?!an?\b){ENGLISH})(?=[\s,，.。!！?？~;；:、…]*$)"
)
# The others by number, so that the writer comes to them: "养他们仨", "me + 2", "不算我还有三个".
BESIDES_ME: Final = compiled_atomic(
    rf"{_KEEPING_THEM}"
    rf"|(?:不算|除了|不包括|不含|除开)我(?:自己)?[,，\s]*(?:还有|有|共)?(?P<others>{CHINESE})[个口]人?{_CLOSES}"
    rf"|(?:离[了异婚]?婚?|单[亲身](?:妈妈|爸爸|妈|爸)?)[\s,，]*(?:我|自己|一个人|独自|要)*[带养]着?(?P<raises>[一两三四]|俩|仨)个?(?:{CHINESE}岁多?的)?{_CLOSES}"
    rf"|\bme ?(?:\+|and|plus|&) ?(?P<more>(?!an?\b){ENGLISH})(?= others?\b| more\b|{_ENDS[3:-1]})"
    rf"|\b(?P<excluding>{ENGLISH}) (?:people |others |more )?(?:besides|not counting|not including|excluding|apart from|other than) me\b"
)
# "五个人不是四个": the size that a correction says no more.
NOT_SO_MANY: Final = compiled_atomic(
    r"(?:不是|并非|\bnot|\bisn't|\baren't|\brather than|\binstead of|(?<=不)是)\s*$|\b(?:i|we) (?:said|put|wrote|told you)\s*$"
)
NOR: Final = compiled_atomic(
    rf"\s*(?:人|at home|here|now|in total|living here)?[\s,，]*(?:而?不是|并非|\b(?:and )?not\b|\brather than\b|\binstead of\b)\s*(?!an?\b)(?P<size>{CHINESE}|{ENGLISH})(?!\d)(?:\s*(?:口人|个人|[口个人]))?(?!月)"
)

_AT_WORK: Final = r"(?!人?的?(?:都|在|来|去|出去)?(?:挣|赚|供|养|带|上班|打工|干活|工作|工资|收入|照顾|伺候|还[贷款钱债]|给我|打电话|催))"
_SO_MANY: Final = compiled_atomic(
    rf"(?<![小老俩])(?P<mouths>{CHINESE}|six|five|four|three)\s*口(?!子)人?"
    rf"|(?:连|算上|加上?|包括|含|带上?)(?:我|本人|[他她]|{SUBJECTS})(?:自己|本人)?(?:在内|一起)?\s*(?:一共|总共|共|拢共|有)?\s*(?P<with_me>{NUMBER})[个口]?人?{_CLOSES}"
    rf"|(?:合起来|加起来|一共|总共|拢共|统共|加一块儿?|total)\s*(?:是|有)?\s*(?P<sum>俩|仨|{NUMBER}(?=\s*[个口人]))\s*[个口]?人?{_CLOSES}"
    rf"|{_FREE}(?P<total>(?!an?\b){NUMBER})(?: people| persons| pax)? (?:in total|in all|all in|altogether|all together|all told)\b"
    rf"|{_FREE}(?P<including>(?!an?\b){ENGLISH}) (?:people |persons |pax |of us )?(?:at home )?(?:incl(?:uding|\.)?|counting|with) (?:me|myself|mine|我)(?![a-z])"
    rf"|{_FREE}(?P<if_counted>(?!an?\b){ENGLISH}),? (?:people |of us )?(?:if (?:you|we|i) count|counting|including) "
    rf"|(?:就|只有|只剩|剩)(?:是)?(?:我们|咱们?|我)(?:{_KIN})?(?P<we_are>俩|仨|[两三四五]个)(?:人)?(?!人?(?:带|养|挣|还|月|上班))"
    rf"|\bwe(?:'re| are| r)(?: now| only| just)? (?P<en>(?!an?\b){ENGLISH})(?= (?:plus|and|with|now|in|at|here|altogether|only|people|persons|pax|souls|all|living)\b|{_ENDS[3:-1]})"
    rf"|{_FREE}(?P<persons>(?!an?\b){ENGLISH}) ?(?:people|persons|pax|souls|ppl|heads)\b(?! (?:call|work|earn|who|from|in my|phone|text|keep|came|come))"
    rf"|(?P<men>{NUMBER})\s*个人{_AT_WORK}|(?P<people>俩|仨|(?<![a-z\d]){CHINESE})人{_AT_WORK}"
)
_AND: Final = compiled_kin(
    rf"[\s,，]*(?:还有|仲有|外加|再加上?|加上?|[和跟]|plus\b|and\b|with\b)\s*(?P<others>{LIST})"
)
_FINAL: Final = frozenset({"mouths", "with_me", "sum", "total", "including", "if_counted"})
"""Sizes to which nothing that follows is added."""
_CORRECTS: Final = compiled_atomic(
    r"[,，\s]不[,，\s对]|不对|说错|改成|变成|现在|\bno\b|\bsorry\b|\bi mean\b|\bnow\b"
)


_MORE: Final = compiled_kin(
    rf"\s*(?:外加|再加上?|加上?(?!起来)|plus\b)\s*(?:一个|个)?(?P<others>{LIST})"
)
_BEFORE: Final = compiled_kin(rf"(?P<others>{LIST})(?:(?:和|跟|与|加上?)(?:我们|咱们?)|加上?)$")


def beside(text: str, start: int, end: int) -> int:
    """How many come to a family that is counted by itself: "我们一家三口加岳母", "a family of 3 plus grandma"."""
    around = (_MORE.match(text, end), _BEFORE.search(text, 0, start))
    return sum(heads(match["others"]) for match in around if match)


def whole_of(text: str) -> tuple[int, int, int] | None:
    """The size that is said as the whole where a text is known to tell of it, with its place.

    Of several that stand to each other as a correction does ("俩人，不，仨人了"), the last; else mouths before
    what is only called people.
    """
    best: tuple[int, int, int] | None = None
    mouths = False
    for match in _SO_MANY.finditer(text):
        kind = str(match.lastgroup)
        size = count(match[kind].rstrip("个"))
        if size is None or size < 2 or NOT_SO_MANY.search(text, 0, match.start()):
            continue
        if kind not in _FINAL and (others := _AND.match(text, match.end())):
            size += heads(others["others"])
        final = kind in _FINAL
        if (
            best is None
            or (final and not mouths)
            or _CORRECTS.search(text, best[2] - 1, match.start() + 1)
        ):
            best, mouths = (size, match.start(), match.end()), final
    return best
