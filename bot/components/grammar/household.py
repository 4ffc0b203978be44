"""How many people live on the money, the writer included: counted (家里五口) or named (我跟老婆带俩娃)."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.counting import CHINESE, ENGLISH, count
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

__all__ = ["count_household", "find_household", "is_plain_count"]

MOST_AT_HOME: Final = 20
"""More is not a household that anybody means."""

_ALONE: Final = compiled(
    r"(?:[就只光剩]|只有|就剩)(?:剩|有|得)?(?:下|了)?我(?:自己|自个儿?|一个(?:人)?|一人)(?:住|过)?(?!人?(?:在)?(?:挣|赚|还|扛|养|带|上班|工作|打工|干活|有收入|拉扯|照顾|撑|顶|的工资|出去))(?![爸妈的要想说能带养])|我?[独自]?一个人(?:住|过|生活)|一(?:个)?人吃饱|我?单身(?:汉)?一[个条]人?|独居"
    r"|\bliv(?:e|ing) (?:alone|by myself|on my own)\b|(?<!is it )\b(?:just|only) me(?! and| &|,? my| plus| with)\b"
)

_KIN: Final = r"(?:娘|爷|母子|母女|父子|父女|祖孙|爷孙|姐妹|兄弟|哥|姐弟|兄妹)"
_COUNTED: Final = compiled(
    rf"(?:一家子?|全家|家[里中]?|屋企|屋里头?|屋头|我[们哋]家|一共|总共|三代同堂)"
    rf"(?:老小|大小|上下|老老小小|连我|人口|就)?\s*(?:一共|总共|共|有|就|是|得|净系|剩)?\s*(?P<home>{CHINESE})\s*(?:口(?!子)人?|个人|人|个(?=$|[\s,，。]))(?![上月均])"
    rf"|(?P<mouths>{CHINESE})\s*(?:口(?:之家|人)|张嘴)"
    rf"|(?P<live>(?:{CHINESE}(?=\s*(?:个人|口人|人))|俩|仨))\s*(?:个人|口人|人)?\s*(?:吃饭|开饭|住(?!院)|过(?![年节来去了])|生活|要养|花|靠|指着|指望|挤)"
    r"|(?:我们|咱们?)(?P<we>俩|仨|[两三四五六七]个(?!月|小时|星期|礼拜|人?的?[工孩]))(?:人)?(?=$|[\s,，。;；!！]|过(?![年节来去了])|住|吃|靠|生活|花|相依)"
    rf"|(?:就|只有|只剩|剩下?|我们|咱们?)(?:了|是)?{_KIN}(?P<kin>俩|仨|[三四五]个?)|{_KIN}(?P<kin_lives>俩|仨)个?(?:人)?(?:过|相依|生活|住|吃)"
    rf"|\b(?:family|household|home) of (?P<of>{ENGLISH})\b|\b(?P<us>{ENGLISH}) of us\b"
    rf"|\b(?P<fed>{ENGLISH}) mouths\b(?: to feed)?"
    rf"|\b(?P<people>{ENGLISH}) (?:people|persons?|souls|mouths)"
    rf" (?:(?:living|live|here|to feed)\s*)*(?:at home|here|under one roof|in (?:my|our|the|this) (?:home|house|flat|household|family))"
    rf"|\b(?P<person>{ENGLISH})[- ](?:person|people) (?:household|family|home)\b"
    rf"|\b(?:we(?:'re| are)|there(?:'s| are)) (?P<house>{ENGLISH}) in (?:(?:my|our|the) )?(?:home|house|flat|household|family)\b"
)

_CHILDREN_ZH: Final = r"(?:孩子|娃儿?|小孩|细路仔?|儿子|女儿|闺女|小子|丫头|崽|仔女)"
_MEMBER_ZH: Final = (
    rf"(?:我|我们|她|他|的)*(?:"
    rf"(?P<many>{CHINESE}|俩|仨)\s*个?(?:{_CHILDREN_ZH}|老人家?|老的|小的|大人|弟弟|妹妹|哥哥|姐姐|妹|弟|闺女)"
    r"|(?P<two>(?:一儿一女|一男一女|一双儿女|双胞胎(?:儿子|女儿)?|爸爸妈妈|爸妈|父母|爹妈|爹娘|公公婆婆|公婆|岳父岳母|岳父母|爷爷奶奶|阿爸阿妈|老爸老妈))"
    r"|(?:老婆|老公|媳妇|爱人|妻子|丈夫|先生|太太|老伴儿?|对象|女朋友|男朋友|女友|男友|老头儿?|老太婆"
    r"|老妈|老爸|老娘|老爹|妈妈|爸爸|阿妈|阿爸|母亲|父亲|妈|爸|奶奶|爷爷|外婆|外公|姥姥|姥爷|婆婆|公公|岳母|岳父|丈母娘"
    rf"|弟弟?|妹妹?|哥哥?|姐姐?|细佬|阿妹|{_CHILDREN_ZH}))"
)
# Between two of a list the joint may be left out, and each may have a word of its own: "再加个上高中的妹妹".
_LINK_ZH: Final = r"\s?[,，、]?\s?(?:和|跟|同|与|外加|再加上?|加上?|还有|仲有|另有|再有|带着?|养着?)?\s?(?:上|了)?(?:一?[个位])?(?:[^\s,，。、和跟加]{1,5}的)?"
_JOIN_ZH: Final = r"\s*(?:和|跟|同|与|加上?|还有|仲有|带着?|养着?|、|,|，|\s)\s*(?:一?个)?"
_ONE_ZH: Final = re.sub(r"\?P<\w+>", "?:", _MEMBER_ZH)
_LIST_ZH: Final = rf"(?:{_ONE_ZH}(?:{_LINK_ZH}{_ONE_ZH})*)"
_LIVES: Final = r"(?:一起|一块儿?)?(?:住(?!院|进)|过(?![年节来去了])|生活|吃饭)"

_CHILD_EN: Final = r"(?:baby (?:girl|boy|son|daughter)|kid|child|son|daughter|boy|girl|toddler|baby|newborn|infant|teenager|teen|grandson|granddaughter|grandchild|niece|nephew|kiddo|little one)"
_MEMBER_EN: Final = (
    rf"(?:both\s+(?:of\s+)?)?(?:(?:my|our|the|her|his|an?)\s+)?(?:(?:little(?! one)|old|elderly|disabled|small|young|teenage)\s+)?(?:"
    rf"(?P<many>{ENGLISH})\s+(?:(?:little|small|young|grown|school[- ]age|teenage|elderly|old|younger|older)\s+)?(?:kids?|children|child|sons?|daughters?|boys?|girls?|toddlers?|babies|baby|newborns?|infants?|teenagers?|teens?|kiddos?|little ones?|littles|grandkids|grandchildren|parents|brothers?|sisters?|siblings|grandparents|nephews?|nieces?|dependents|dependants)\b"
    rf"|(?:{ENGLISH})[- ]years?[- ]olds?(?:\s+(?:{_CHILD_EN}|mum|mom|mother|dad|father|brother|sister))?"
    r"|(?P<two>parents|twins|in-laws|grandparents)"
    r"|(?:wife|husband|partner|spouse|girlfriend|boyfriend|fiancée?|mom|mum|mother(?:-in-law)?|dad|father(?:-in-law)?"
    rf"|grandma|grandpa|granny|aunt|uncle|cousin|grandmother|grandfather|sister|brother|{_CHILD_EN})\b)"
)
_JOIN_EN: Final = r"\s*(?:,\s*and|,|and|&|plus|with|as well as)\s+"
_ONE_EN: Final = re.sub(r"\?P<\w+>", "?:", _MEMBER_EN)
_LIST_EN: Final = rf"(?:{_ONE_EN}(?:{_JOIN_EN}{_ONE_EN})*)"

# Who is named beside the writer counts only where the words say that they live together or are kept:
# "我和老婆商量一下" says nothing of a household.
_NAMED: Final = compiled(
    rf"(?:就|只有|只剩|得|家里?|屋企|屋里头?|屋头|家里就)(?:是|得|有)?[我俺](?:自己)?{_JOIN_ZH}(?P<just>{_LIST_ZH})"
    rf"|[我俺](?:自己)?{_JOIN_ZH}(?P<lives>{_LIST_ZH})(?:{_LIVES}|[,，\s]*(?:就|一共|总共)?\s*{CHINESE}\s*个(?:人|$))"
    rf"|(?P<with_me>{_LIST_ZH})(?:都|还)?(?:跟|和|同)[我俺]{_LIVES}"
    rf"|(?:要|得|还要|还得|我)养(?:着|活)?(?P<keeps>{_LIST_ZH})(?=$|[\s,，。;；!！])"
    rf"|(?:一个人|独自|自己|单亲(?:妈妈|爸爸|妈|爸)?)(?:要|还要)?(?:带|养|拉扯|抚养|照顾)(?:着|大)?(?P<raises>{_LIST_ZH})"
    rf"|(?P<couple>夫妻俩?|两口子|俩口子|小两口|两夫妻|我们俩|我俩)(?:{_JOIN_ZH}(?P<theirs>{_LIST_ZH}))"
    rf"|\b(?:just|only|it's|its|it is|there's|there is)\s+(?:me|myself)(?:{_JOIN_EN}|\s+)(?P<en_just>{_LIST_EN})"
    rf"|^\s*(?:me|myself)(?:{_JOIN_EN}|\s+)(?P<en_me>{_LIST_EN})"
    rf"|(?P<mine>{_LIST_ZH})(?:都|全)?(?:跟|归|由)我(?:带|养)?(?=$|[\s,，。])"
    rf"|\b(?P<en_on_me>{_LIST_EN})(?: (?:all|both))? (?:live|depend|rely)s? on (?:me|my|what i)\b"
    rf"|\b(?:live|living|stay|staying) with (?P<en_lives>{_LIST_EN})"
    rf"|\bsingle (?:mom|mum|mother|dad|father|parent)(?: (?:of|with|and|plus)| to|,|:| -)\s+(?P<en_single>{_LIST_EN})"
    rf"|\b(?:raising|supporting|feeding) (?P<en_raises>{_LIST_EN}) (?:alone|on my own|by myself)"
    rf"|\bi (?:support|feed|keep|look after|care for|provide for|raise) (?P<en_keeps>{_LIST_EN})(?=\s*(?:$|[,.;!]|alone|on my own|by myself|too|as well))"
    rf"|^\s*(?P<en_and_me>{_LIST_EN}){_JOIN_EN}(?:me|i|myself)\b(?=\s*(?:$|[,.;!]|share|live|all|only))"
    rf"|\bmy (?:wife|husband|partner|spouse) and (?:i|me)(?:{_JOIN_EN}(?P<en_theirs>{_LIST_EN})| (?:live|at home|only))(?P<en_couple>)"
)
_WE_TWO: Final = compiled(
    r"(?:就|只有|只剩)(?:是)?(?:我们|我)(?:俩|两个|两口子|夫妻俩)|\b(?:just|only) the two of us\b"
)
# "五个人不是四个": the size that a correction says no more.
_NOT_SO_MANY: Final = compiled(
    r"(?:不是|并非|\bnot|\bisn't|\baren't|\brather than|\binstead of)\s*$"
)
_NOR: Final = compiled(
    rf"\s*(?:人|at home|here|now|in total|living here)?[\s,，]*(?:而?不是|并非|\b(?:and )?not\b|\brather than\b|\binstead of\b)\s*(?!an?\b)(?P<size>{CHINESE}|{ENGLISH})(?!\d)(?:\s*(?:口人|个人|[口个人]))?(?!月)"
)
_OF_MEMBERS: Final = (compiled(_MEMBER_ZH), compiled(_MEMBER_EN))


def find_household(text: str) -> list[Value]:
    """How many people live on the money, where a normalised text says it outright."""
    found: list[Value] = []
    for match in _COUNTED.finditer(text):
        words = next(group for group in match.groups() if group)
        back = _NOT_SO_MANY.search(text, 0, match.start()) is not None
        _enter(found, match, count(words.rstrip("个")), back=back)
        if other := _NOR.match(text, match.end()):
            _enter(found, other, count(other["size"]), back=True)
    for match in _NAMED.finditer(text):
        named = match.groupdict()
        others = next((group for name, group in named.items() if group and name != "couple"), "")
        couple = match["couple"] is not None or match["en_couple"] is not None
        _enter(found, match, (2 if couple else 1) + _members(others))
    for match in _WE_TWO.finditer(text):
        _enter(found, match, 2)
    for match in _ALONE.finditer(text):
        if not _RAISES.match(text, match.end()):  # "我一个人带俩孩子"
            _enter(found, match, 1)
    return each_once(sorted(found, key=lambda value: value.start))


_COUPLE: Final = compiled(
    r"夫妻俩?|两口子|小两口|两夫妻|我们俩|我俩|(?:my |the )?(?:wife|husband|partner) and (?:i|me)\b|(?:me|i) and (?:my |the )?(?:wife|husband|partner)\b"
)
_NOBODY: Final = compiled(
    r"没有?(?:要|生|小)?(?:孩子|娃|儿女)|(?:孩子|儿女|爸妈|父母|老伴)(?:都)?(?:不用我?管|不在了|没了|大了|走了)"
    r"|(?:孩子|娃|[他她]|我)?(?:他|她)?(?:爸|妈|爹|娘|老公|老婆|媳妇|丈夫|妻子|老伴儿?|爱人|男人|女人)(?:妈|爸)?(?:都|也|早就?|已经|又|自己|从来)?(?:不管|跑了|走了|没了|去世|过世|不在|离[了开婚]|另住|在老家|死了|没有|不要我)"
    r"|没有?(?:老婆|老公|对象|媳妇|爱人|父母|爸妈|兄弟姐妹|别人|其他人)|(?:跟|和|同)?(?:前妻|前夫|老婆|老公|媳妇)离了?婚?了"
    r"|\b(?:no|without|nor) (?:kids|children|family|siblings|brothers|sisters|husband|wife|partner|parents|one else)\b"
    r"|\b(?:my |his |her |their |the )?(?:mum|mom|mother|dad|father|wife|husband|partner|parents|ex)\s+(?:left|died|passed|is gone|are gone|doesn'?t (?:live|help|care|stay)|ran off|moved out|is dead)"
    r"|\bsingle (?:mum|mom|mother|dad|father|parent)\b"
)
_ONLY_ME: Final = compiled(
    r"(?:[就只光剩]|只有)?我(?:自己|自个|(?:老头子|老太婆)?一个)(?![爸妈月])|光棍|单身|\bsingle\b(?! (?:mum|mom|mother|dad|father|parent))|\bby myself\b|\balone\b|\b(?:just|only) me\b(?!,? (?:and|&|plus|with|my) (?!(?:the|my|a|our) (?:cat|dog|pet)))|\bnobody (?:else )?(?:depends|relies)"
)
# Uncounted, so that nobody can say how many: "孩子们", "my kids", "a big family".
_UNCOUNTED: Final = compiled(
    r"[子娃女人弟妹]们|一?大家子|一大家|儿女|兄弟姐妹|弟弟妹妹|数不清|好几[口个]|\bbig family\b|\b(?:kids|children|siblings|relatives|brothers|sisters|sons|daughters|grandkids|grandchildren)\b"
)
_RAISES: Final = compiled(r"[带养]着?|拉扯|抚养|\b(?:kids|children|raise|raising|bring)\b")
_COUNTED_MEMBERS: Final = compiled(
    rf"(?:{CHINESE}|俩|仨)\s*个?{_CHILDREN_ZH}|\b(?!an?\b){ENGLISH}\s+(?:(?:little|small|young|grown|older|younger)\s+)?(?:kids|children|siblings|brothers|sisters|sons|daughters|grandkids|grandchildren)\b"
)
_SO_MANY: Final = compiled(
    rf"(?P<zh>{CHINESE}|six|five|four|three)\s*(?:口(?!子)人?|个人)|\bwe(?:'re| are) (?P<en>{ENGLISH})\b"
)


def count_household(text: str) -> Value | None:
    """How many a normalised text comes to that is about who lives on the money: everybody it names.

    Less is asked of the words than in :func:`find_household`, which knows nothing of what a text is about.
    """
    if (alone := _ONLY_ME.search(text)) and not _RAISES.search(text):
        return Value("household_size", 1, alone.start(), alone.end())
    if (
        (match := _SO_MANY.search(text))
        and (size := count(match["zh"] or match["en"]))
        and (size > 1 or not _RAISES.search(text))
    ):
        return Value("household_size", size, match.start(), match.end())
    others = _NOBODY.sub("", text)
    couple = _COUPLE.search(others)
    if _UNCOUNTED.search(_COUNTED_MEMBERS.sub(" ", others)):
        return None
    named = _members(_COUPLE.sub(" ", others))
    size = (2 if couple else 1) + named
    if (couple or named) and size <= MOST_AT_HOME:
        return Value("household_size", size, 0, len(text))
    return None


def _members(listed: str) -> int:
    """How many people a list of relatives names."""
    total = 0
    for pattern in _OF_MEMBERS:
        for match in pattern.finditer(listed):
            many = count(match["many"]) if match["many"] else None
            total += 2 if match["two"] else many if many is not None else 1
    return total


def is_plain_count(text: str, value: Value) -> bool:
    """Whether a size stands there as a number, so that nobody need be counted."""
    return value.start < value.end and _COUNTED.search(text, value.start, value.end) is not None


def _enter(
    found: list[Value], match: re.Match[str], size: int | None, *, back: bool = False
) -> None:
    """Enter a size that can be, unless something nearer to a plain count stands there already."""
    if size is None or not 1 <= size <= MOST_AT_HOME:
        return
    if all(value.end <= match.start() or value.start >= match.end() for value in found):
        entity = "household_size_taken_back" if back else "household_size"
        found.append(Value(entity, size, match.start(), match.end()))
