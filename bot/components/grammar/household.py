"""How many people live on the money, the writer included: counted (家里五口) or named (我跟老婆带俩娃)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, count
from bot.components.grammar.household_absent import (
    without_the_absent,
    without_the_unsettled,
    without_titles,
)
from bot.components.grammar.household_kept import NOBODY_ELSE, find_kept
from bot.components.grammar.household_kin import (
    CHILD,
    KIN,
    LIST,
    SPOUSE,
    are_uncounted,
    compiled_kin,
    heads,
    is_vague,
)
from bot.components.grammar.household_mixed import in_chinese
from bot.components.grammar.household_roster import find_rosters
from bot.components.grammar.household_total import find_corrections, find_raised, find_totals
from bot.components.grammar.household_whole import (
    BESIDES_ME,
    COUNTED,
    NOR,
    NOT_SO_MANY,
    OTHERS_SAID,
    PARTS,
    beside,
    whole_of,
)
from bot.components.grammar.value import Value, each_once

__all__ = ["count_household", "find_household", "is_about_household", "is_plain_count"]

MOST_AT_HOME: Final = 20
"""More is not a household that anybody means."""

_ALONE: Final = compiled_atomic(
    r"(?:[就只光剩]|只有|就剩)(?:剩|有|得)?(?:下|了)?我(?:自己|自个儿?|一个(?:人)?|一人)(?:住|过)?(?!人?(?:在)?(?:挣|赚|还|扛|养|带|上班|工作|打工|干活|有收入|拉扯|照顾|撑|顶|的工资|出去))(?![爸妈的要想说能带养])|我?[独自]?一个人(?:住|过|生活)|一(?:个)?人吃饱|我?单身(?:汉)?一[个条]人?|独居|孤家寡人|[就只]有?我\s?one person"
    r"|\bliv(?:e|ing) (?:alone|by myself|on my own)\b|(?<!is it )\b(?:just|only) me(?! and| &|,? my| plus| with| (?:work|earn|pay|bring|support|who))\b"
    r"|^[\s,，.。!！?？~;；:、…]*(?:solo|just moi|only moi|just myself|only myself)[\s,，.。!！?？~;；:、…]*$"
)
_JOIN_ZH: Final = r"\s*(?:和|跟|同|与|加上?|还有|仲有|带着?|养着?|、|,|，|\s)\s*(?:一?个)?"
_LIVES: Final = r"(?:一起|一块儿?)?(?:住(?!院|进)|过(?![年节来去了])|生活|吃饭(?!的?时候))"
_JOIN_EN: Final = r"\s*(?:,\s*and|,|and|&|\+|plus|with|as well as|n)\s+"

# Who is named beside the writer counts only where the words say that they live together or are kept:
# "我和老婆商量一下" says nothing of a household.
_NAMED: Final = compiled_kin(
    rf"(?:就|只有|只剩|得|家里?|屋企|屋里头?|屋头|家里就)(?:是|得|有)?[我俺](?:自己)?{_JOIN_ZH}(?P<just>{LIST})(?!知道|晓得|去|说|吵|商量|谈|同意|签)"
    rf"|[我俺](?:自己)?{_JOIN_ZH}(?P<lives>{LIST})(?:{_LIVES}|[,，\s]*(?:就|一共|总共)?\s*{CHINESE}\s*个(?:人(?!签|借|去|说|谈|商量|办|都?知道|合)|$)|[,，\s]*{NOBODY_ELSE})"
    # A list and nothing else.
    rf"|(?:^[\s,，.。!！?？~;；:、…]*|现在\s*|\b(?:now|so) )(?:it'?s |是|就|有)?(?:[我俺]|me)(?:自己)?\s*(?:和|跟|同|与|and|&|n|[,、，])\s*(?P<no_more>{LIST})[\s,，.。!！?？~;；:、…]*$"
    rf"|^[\s,，.。!！?？~;；:、…]*(?P<and_i>{LIST})(?:再?加上?)[我俺](?:自己)?[\s,，.。!！?？~;；:、…]*$"
    rf"|(?:要|得|还要|还得|我)养(?:着|活)?(?P<keeps>{LIST})(?=$|[\s,，。;；!！])"
    rf"|我带着?(?=(?:[两三四五]|俩|仨|一双|一儿))(?P<brings>{LIST})(?=$|[,，。;；!！])"
    rf"|(?<![他她妹弟姐哥妈爸婆公])(?:一个人|独自|自己|单[亲身](?:妈妈|爸爸|妈|爸)?)(?:要|还要)?(?:带|养|拉扯|抚养|照顾)(?:着|大)?(?P<raises>{LIST})"
    rf"|单[亲身](?:妈妈|爸爸|妈|爸|家庭)[\s,，]*(?:有|就)?(?=[一两三四俩仨\d])(?P<single_zh>{LIST})"
    rf"|(?P<couple>夫妻俩?|两口子|俩口子|[小老]两口|两夫妻|我们俩|我俩)(?:[^,，。;；\s]{{0,6}}(?:裁|下岗|失业|没工作|没收入|辞|停工)[了的掉]*[,，\s]+(?:家里)?(?:还(?!有)[要得]?)?)?(?:{_JOIN_ZH}(?:[^\s,，。、和跟]{{1,5}}的)?(?P<theirs>{LIST}))"
    rf"|\b(?:just|only|it'?s|it is|there'?s|there is)\s+(?:me|myself)(?:{_JOIN_EN}|\s+)(?P<en_just>{LIST})"
    rf"|^\s*(?:me|myself)(?:{_JOIN_EN}|\s+)(?P<en_me>{LIST})"
    rf"|\b(?:live|living|stay|staying) with (?P<en_lives>{LIST})"
    rf"|\bsingle (?:mom|mum|mother|dad|father|parent)(?: (?:of|with|and|plus)| to|,|:| -)\s+(?P<en_single>{LIST})"
    rf"|\b(?:raising|supporting|feeding) (?P<en_raises>{LIST}) (?:alone|on my own|by myself)"
    rf"|\bi (?:support|feed|keep|look after|care for|provide for|raise) (?P<en_keeps>{LIST})(?=\s*(?:$|[,.;!]|alone|on my own|by myself|too|as well))"
    rf"|\bfeeds? me{_JOIN_EN}(?P<en_fed>{LIST})"
    rf"|\bwith (?P<en_back>{LIST}) (?:on my back|to feed|to support|to look after|to keep|depending on me)\b"
    rf"|(?P<en_left>{LIST}){_JOIN_EN}(?:me|i|myself)\b (?:are|is|am|were) (?:(?:all|what|who|the (?:only )?ones?)(?: that| who|'s)*(?: is| are)? left|left (?:now|behind|alone|here)|left(?=\s*(?:$|[,.;!]))|on our own|all there is)"
    rf"|^\s*(?P<en_and_me>{LIST}){_JOIN_EN}(?:me|i|myself)\b(?=\s*(?:$|[,.;!]|share|live|all|only))"
    rf"|\bmy (?:wife|husband|partner|spouse) and (?:i|me)(?:(?:{_JOIN_EN}| (?:have|got|have got) )(?P<en_theirs>{LIST})| (?:live|at home|only))(?P<en_couple>)"
)
_WE_TWO: Final = compiled_atomic(
    r"(?:就|只有|只剩)(?:是)?(?:我们|我)(?:俩|两个|两口子|夫妻俩)(?!\s*(?:人?[带养挣]|和|跟|加))|\b(?:just|only) the two of us\b"
)


def find_household(text: str) -> list[Value]:
    """How many people live on the money, where a normalised text says it outright."""
    if (mixed := in_chinese(text)) and (found := _find(mixed[0])):
        found = [_at_home_in(value, mixed[1]) for value in found]
        known = {value.value for value in found}
        more = [value for value in _find(text) if value.value not in known]
        return found + [value for value in more if not (_is_said(found) and _is_size(value))]
    return _find(text)


def _at_home_in(value: Value, places: Sequence[int]) -> Value:
    """A value of a text whose English was put into Chinese, at its place in what was written."""
    return replace(value, start=places[value.start], end=places[value.end - 1] + 1)


def _find(text: str) -> list[Value]:
    found: list[Value] = []
    for size, start, end, back in find_corrections(text):
        _enter_at(found, start, end, size, back=back)
    for match in OTHERS_SAID.finditer(text):
        many = count(str(match[str(match.lastgroup)]).rstrip("个"))
        _enter(found, match, None if many is None else 1 + many)
    for match in COUNTED.finditer(text):
        words = next(group for group in match.groups() if group)
        said = match.lastgroup == "said"
        back = said or NOT_SO_MANY.search(text, 0, match.start()) is not None
        size = count(words.strip().rstrip("个"))
        if size and match.lastgroup in ("home", "mouths", "of", "we"):
            size += beside(text, match.start(), match.end())
        _enter(found, match, size, back=back)
        if other := NOR.match(text, match.end()):
            _enter(found, other, count(other["size"]), back=True)
    for match in PARTS.finditer(text):
        _enter(found, match, _sum(match))
    for size, start, end, final in find_totals(text):
        if final:  # "加上我们仨 拢共五口": the sum at the end is of all of them
            found = [value for value in found if value.end > start or not _is_size(value)]
        if final or not any(value.value != 1 for value in found if _is_size(value)):
            _enter_at(found, start, end, size)
    if _is_said(found):
        return each_once(sorted(found, key=lambda value: value.start))
    kin = KIN.search(text) is not None
    here = without_the_absent(text) if kin else text
    for size, start, end in [
        *find_rosters(here),
        *(find_kept(text, here) if kin else ()),
        *find_raised(here),
    ]:
        if not _is_said(found) and not are_uncounted(here[start:end]):
            _enter_at(found, start, end, size)
    for match in _NAMED.finditer(here) if kin else ():
        named = match.groupdict()
        others = next((group for name, group in named.items() if group and name != "couple"), "")
        if are_uncounted(others) or (match["raises"] and is_vague(others)):
            continue
        couple = match["couple"] is not None or match["en_couple"] is not None
        _enter(found, match, (2 if couple else 1) + heads(others, married=couple))
    for match in _WE_TWO.finditer(text):
        _enter(found, match, 2)
    for match in _ALONE.finditer(text):
        if not _RAISES.match(text, match.end()):  # "我一个人带俩孩子"
            _enter(found, match, 1)
    return each_once(sorted(found, key=lambda value: value.start))


_COUPLE: Final = compiled_atomic(
    r"夫妻俩?|俩?(?<![爸妈母])老?两口子?|小两口|两夫妻|我们俩|我俩|我们\s?couple|\ba couple\b(?! of)"
    r"|(?<!'s )(?:my |the )?\b(?<!'s )(?:wife|husband|hubby|missus|partner) and (?:i|me)\b|\b(?:me|i) and (?:my |the )?(?:wife|husband|missus|partner)\b"
)
_ONLY_ME: Final = compiled_atomic(
    r"(?<!还有)(?<![和跟加靠望着问])(?:[就只光剩]|只有)?(?:[我俺](?:自己|自个儿?|\s?one person|(?:老头子|老太婆)?一个)(?![爸妈月娃儿女孩闺])(?!人?的?(?:在|来)?(?:挣|赚|供|上班|打工|干活|工作|照顾|伺候|扛|撑|顶|管|还)))|光棍|光杆|单身|孤家寡人|孤身|孤寡(?:老人|一人)?|一人户|单过|(?:就|只有|只剩|得|净系)(?:我|俺)?自己(?=$|[\s,，。!！一])|(?:那就|就填|就写|填|就?算)(?:是|成|我)?[1一]个?人?(?:吧|了|呗)?(?=$|[。!！])|自己(?:养|顾|管|吃|花)自己|(?<=[就只])有?[我俺](?=[吧了啊呀嘛]?(?:$|[\s,，。!！]))|^\s*(?:\S{0,5}[\s,，])?一个人(?:住|过|生活)?[\s,，.。!！?？~;；:、…]*$|[就只光]剩下?了?我(?=$|[\s,，。!！])"
    r"|\bsingle\b(?! (?:mum|mom|mother|dad|father|parent|income|wage|earner|salary|roof))|\bby myself\b|\balone\b|\b(?:just|only) (?:me|moi)\b(?! (?:work|earn|pay|bring|support|who))(?!,? (?:and|&|plus|with|my) (?!(?:the|my|a|our) (?:cat|dog|pet)))|\bno(?:body|[- ]one) (?:else )?(?:depends|relies)|\bno(?:body|[- ]?one)(?: else)?(?: at home| here| in the house| to feed)? (?:but|except|besides|apart from|other than) (?:me|myself)\b"
    r"|\b(?:just|only) myself\b|\bme only\b|\bon my own\b|\bsolo\b|\bso (?:just |put )?(?:1|one)(?: now)?[\s,，.。!！?？~;；:、…]*$"
)
# "我自己，老婆，孩子" begins a list, and "I keep my mum on my own" has two mouths: these words end a count.
_NO_MORE: Final = compiled_atomic(r"[就只光剩]|just|only|so\b|me only")
# Said beside others under the same roof, who keep themselves.
_KEEPS_SELF: Final = compiled_atomic(
    r"只(?:管|养|顾)[好活]?[我俺]?自己|\bonly (?:keep|feed|support|pay for) myself\b|\b(?:count|put) (?:me only|only me|just me)\b"
)
_RAISES: Final = compiled_atomic(
    r"带|养(?!老|自己|活自己)|拉扯|抚养|\b(?:kids|children|raise|raising|bring)\b"
)
# "我和她": whom the writer lives with, where nobody else is named whom the word could take up.
_WITH_HER: Final = compiled_atomic(
    r"[我俺][和跟同与][她他](?![们的妈爸爹娘])|\bme and (?:her|him)\b"
)
# "岳父跟我们住": who "we" are is said only where a husband, wife or child is named.
_WITH_US: Final = compiled_atomic(r"(?:跟着?|和|同)我们|\bwith us\b")
_OWN_FAMILY: Final = compiled_atomic(rf"{SPOUSE}|{CHILD}")
_ALL_AT_HOME: Final = compiled_atomic(r"(?:就|只有|只)剩?下?我|\b(?:just|only) (?:me|my)\b")
_FLATMATES: Final = compiled_atomic(
    r"(?:合租的?)?(?:室友|舍友)(?![^,，。]{0,3}不算)|宿舍|合租(?!的?[室舍]友)|\b(?:flat|house|room)(?:mates?|share)\b|\bflatshare\b"
)


def count_household(text: str) -> Value | None:
    """How many a normalised text comes to that is about who lives on the money: everybody it names.

    Less is asked of the words than in :func:`find_household`, which knows nothing of what a text is about.
    """
    if (mixed := in_chinese(text)) and (size := _count(mixed[0])):
        return _at_home_in(size, mixed[1])
    return _count(text)


def _count(text: str) -> Value | None:
    if _KEEPS_SELF.search(text):
        return _value(1, 0, len(text))
    for match in OTHERS_SAID.finditer(text):
        many = count(str(match[str(match.lastgroup)]).rstrip("个"))
        return _value(None if many is None else 1 + many, match.start(), match.end())
    for match in PARTS.finditer(text):
        return _value(_sum(match), match.start(), match.end())
    if (whole := whole_of(text)) and not _FLATMATES.search(text):
        return _value(*whole)
    for match in BESIDES_ME.finditer(text):
        many = count(str(match[str(match.lastgroup)]).rstrip("个"))
        return _value(None if many is None else 1 + many, match.start(), match.end())
    here = without_titles(without_the_absent(text))
    alone = _ONLY_ME.search(here)
    if alone and not _RAISES.search(here) and (_NO_MORE.match(alone[0]) or not heads(here)):
        return _value(1, 0, len(text))
    settled = without_the_unsettled(here)
    if _FLATMATES.search(text) or (settled != here and not _ALL_AT_HOME.search(here)):
        return None
    here = settled
    couple = _COUPLE.search(here)
    named = _COUPLE.sub(" ", here)
    if are_uncounted(named):
        return None
    if _WITH_US.search(named) and not couple and not _OWN_FAMILY.search(named):
        return None
    others = heads(named, married=couple is not None)
    if not others and not couple and _WITH_HER.search(here):
        others = 1
    if couple or others:
        return _value((2 if couple else 1) + others, 0, len(text))
    return None


_ABOUT_HEADS: Final = compiled_atomic(
    r"人数|人口|几口|几个人|\b(?:household|family) size\b|\b(?:how many|number) (?:of us|of people|people)\b|\bheadcount\b"
)


def is_about_household(text: str) -> bool:
    """Whether a normalised text names the household itself, as a correction of it does."""
    return _ABOUT_HEADS.search(text) is not None


def is_plain_count(text: str, value: Value) -> bool:
    """Whether a size stands there as a number, so that nobody need be counted."""
    if (mixed := in_chinese(text)) and any(
        replace(value, entity="household_size") == _at_home_in(found, mixed[1])
        for found in _find(mixed[0])
        if _is_plain(mixed[0], found)
    ):
        return True
    return _is_plain(text, value)


def _is_plain(text: str, value: Value) -> bool:
    if value.start < value.end and COUNTED.search(text, value.start, value.end) is not None:
        return True
    said = (value.value, value.start, value.end)
    return any(found[:3] == said for found in (*find_corrections(text), *find_totals(text)))


def _sum(match: re.Match[str]) -> int | None:
    """The adults and children of a household together."""
    parts = [count(group) for group in match.groups() if group]
    return sum(part for part in parts if part) if all(parts) else None


def _value(size: int | None, start: int, end: int) -> Value | None:
    if size is None or not 1 <= size <= MOST_AT_HOME:
        return None
    return Value("household_size", size, start, end)


def _enter(
    found: list[Value], match: re.Match[str], size: int | None, *, back: bool = False
) -> None:
    """Enter a size that can be, unless something nearer to a plain count stands there already."""
    _enter_at(found, match.start(), match.end(), size, back=back)


def _enter_at(
    found: list[Value], start: int, end: int, size: int | None, *, back: bool = False
) -> None:
    if size is None or not 1 <= size <= MOST_AT_HOME:
        return
    if all(value.end <= start or value.start >= end for value in found):
        entity = "household_size_taken_back" if back else "household_size"
        found.append(Value(entity, size, start, end))


def _is_said(found: list[Value]) -> bool:
    """Whether a size is known that the words do not take back."""
    return any(_is_size(value) for value in found)


def _is_size(value: Value) -> bool:
    return value.entity == "household_size"
