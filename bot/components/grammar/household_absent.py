"""Relatives who are named and do not live on the money: the dead, the gone, the unborn, those who keep themselves."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE
from bot.components.grammar.household_kin import (
    CHILD,
    LIST,
    RELATIVE,
    SPOUSE,
    SUBJECTS,
    compiled_kin,
)

__all__ = ["without_the_absent", "without_the_unsettled", "without_titles"]

_GONE_ZH: Final = (
    r"(?:走得早|走了(?!过来)|跑了|跑路|没了(?=$|[\s,，。;；剩就只我以])|去世|过世|过咗?身|走咗|搬(?:走|出去|咗)了?|去咗|早逝|病逝|不在(?:了|世|家|身边)?|死了|另住|单住"
    r"|坐牢|在监狱|在服刑|服刑|关[着起]|蹲(?:监狱|大牢|号子|监)|在牢里|被判|进去了|在老家|在乡下|不(?:管|要我|跟我们?住|在一起|一起住)|成家|嫁(?!过来)|出嫁|分家|分开(?:住|过)?|自己(?:住|过)"
    r"|不[用靠]我?[管养]|[^\s,，。;；]{0,4}不算(?=$|[\s,，。;；])|没有(?=$|[\s,，。;；])|还没有|在外[头地面][^,，。\s]{0,4}\s?[^,，。\s]{0,4}不(?:寄|给|往家|拿)|(?:跟|归|判给了?)(?:前[妻夫]|[她他](?=$|[\s,，。;；])|男方|女方)|(?:归|判给了?)(?:孩子|娃)?[她他]?(?:爸爸?|妈妈?|爹|娘|爷爷|奶奶)(?:了|养|带)?|自己(?:够|养|顾)自己|够自己(?:花|用|吃))"
)
_ALL_OF_THEM: Final = rf"(?:{SUBJECTS}|儿女|前妻|前夫)"
_AWAY: Final = (
    r"(?:left(?! (?:his|her|their|school|work|the)\b)|died|passed(?: away)?(?! (?:his|her|their|the|an?)\b)|ran off|walked out|moved out|got married|(?:is|are|was|were)(?: all| both| now| long)? (?:dead|gone|in (?:prison|jail)|grown(?! but))(?: (?:up|and gone|and left))?"
    r"|(?:is|are|lives?|living|stays?)\s(?:back |over |up |down )?(?:in (?:the|a|another|his|her|their) (?:province|village|city|home ?town|own \w+)|abroad|overseas|elsewhere|downstairs|upstairs|next door|away)"
    r"|(?:has|have|on) (?:his|her|their) own|(?:pays?|gives?) (?:nothing|no\b|(?:his|her|their) own)|doesn'?t (?:live|help|care|stay|pay)|(?:don'?t|do not) (?:live|stay) with|(?:(?:is|are|lives?|stays?) )?with (?:my|his|her|their) ex\b)"
)
_CROSSED_OUT: Final = r"(?:去掉|减掉|删掉|划掉|拿掉|除去|去咗|剔除)"
_TOLD_OF_THEM: Final = (
    r"(?:都|也)?(?:有|拿)(?:自己的?)?(?:退休金|养老金|工资|收入)[^,，。;；]{0,3}不[用靠]我?[管养]?|(?:都|也)?有(?:自己的?)?(?:退休金|养老金)(?=$|[,，。;；])"
    rf"|[^,，。;；]{{0,8}}[,，\s][把将][他她佢它](?:们)?(?:也|都|给)?{_CROSSED_OUT}"
    rf"|(?:跟我|和我)?[他她]?[^\s,，。;；、和跟同还没未不他她]{{0,5}}?{_GONE_ZH}了?"
    rf"|(?:,? (?:both|all|already|now|just|then|never|recently)){{0,2}},? (?:already )?{_AWAY}"
    r"|(?: \w+){1,3} (?:but|and) (?:on|has|have|with) (?:his|her|their) own(?: \w+)?"
)
_ABSENT: Final = compiled_kin(
    # Nobody there to count.
    rf"没有?(?:要|生|小)?(?:{CHILD}|儿女)|(?:还|都)?没(?:有)?(?:出嫁|成家|结婚)?(?:老婆|老公|对象|媳妇|爱人|父母|爸妈|兄弟姐妹)"
    r"|\b(?:no|without|nor|any) (?:kids|child(?:ren)?|family|siblings|brothers|sisters|husband|wife|partner|parents)\b"
    rf"|{CHILD}\s?还?没有(?=$|[\s,，。;；])"
    # The unborn.
    rf"|{CHILD}[还都]*在肚子里"
    rf"|肚子里[还仲]?(?:有|怀)?着?(?:{CHINESE}|俩)?[个对]?(?:双胞胎|龙凤胎|{CHILD})?(?:还?没(?:出来|出生|生))?"
    rf"|怀[着了上]*(?:(?:{CHINESE}|俩)[个对]?(?:双胞胎|龙凤胎|{CHILD})?|双胞胎|龙凤胎|{CHILD})"
    rf"|\b(?:expecting|pregnant with|due (?:with|to have)) {LIST}|\b(?:a |the |our )?(?:baby|child|twins|little one) (?:is )?(?:on the way|due|coming)\b"
    # The grown, whom nobody need keep.
    rf"|(?:{CHILD}|儿女|爸妈|父母|老伴)(?:都|也)?(?:不用我?管|大了|独立|自立|工作了|上班了)"
    r"|\b(?:my |our |the )?(?:kids|children|sons|daughters)(?: \w+){0,3} (?:grown|moved out|left home|married)(?: (?:up|and gone|and left))?\b"
    rf"|(?:准备|打算|想|不敢|不想|没打算)(?:再)?(?:要|生){CHILD}"
    rf"|\b(?:take|leave|count|remove|delete|drop|strike)(?: off| out)? {LIST} (?:off|out|away)\b|\b(?:remove|delete|drop|strike) {LIST}"
    rf"|把{LIST}(?:也|都|给)?{_CROSSED_OUT}"
    # Who once was there, or is somewhere else; named first, they are read once for all that may be told of them.
    rf"|{_ALL_OF_THEM}(?:{_TOLD_OF_THEM})"
    rf"|{SPOUSE}(?:跟我|和我)?[^\s,，。;；、和跟同还没未不]{{0,5}}?离(?:了|开|婚)|(?:我们俩|我俩|夫妻俩?|两口子)(?:已经|都|早就?)?(?:离|分)[了婚手居开]"
    r"|(?:跟|和|同)?(?:前妻|前夫|老婆|老公|媳妇)(?:早就?|已经)?离了?婚?了|\b(?:kid|kids|son|daughter) ?(?:跟|归)(?:前妻|前夫)"
    rf"|(?:\b(?:my|the) )?{SPOUSE}(?: and i| just| have)* (?:split(?: up)?|divorced|separated)\b"
    rf"|\b(?:when|after|because|since|cos|cause|once) {LIST} (?:got (?:sick|ill)|fell ill|died|passed|went|lost|was|were)\b"
)
# Words for the writer's own state and for whom they write to, which name no head beside them.
_NO_HEAD: Final = compiled_atomic(
    r"\bsingle (?:mum|mom|mother|dad|father|parent)\b|单亲(?:妈妈|爸爸|妈|爸)?|单身(?:妈妈|爸爸|妈|爸)|\bsingle (?=income|wage|salary|earner)"
    r"|没有?(?:别人|其他人)|\b(?:no|any) one else\b"
    r"|(?:啊|呀|吧)(?:大哥|老哥|大姐|哥|姐)(?=$|[\s,，。!！])|^(?:大哥|小姐姐|哥|姐|bro|sis)[,，\s]"
)
# "公公婆婆…不是，是岳父岳母": who was named first is taken back.
_TAKEN_BACK: Final = compiled_kin(
    rf"(?:公公婆婆|岳父岳母|爸妈|父母|爷爷奶奶|{RELATIVE})[….,，\s]*(?:[哦噢啊呃嗯不]\s*)?(?:不是|不对|说错了?|\bno,? i mean\b|\bsorry,?)[\s,，]*(?:应该)?是?(?={LIST})"
)
# Away, and nobody knows whether they live on the same money.
_UNSETTLED: Final = compiled_atomic(
    rf"{RELATIVE}(?:都|也|又|一直|常年)*在外[头地面]"
    rf"|{RELATIVE} (?:works?|working|is working) (?:abroad|overseas|away|in (?:another|the|a different) (?:city|province|country))\b"
)


def without_the_absent(text: str) -> str:
    """A normalised text without those relatives who do not live on the money; every place stays the same."""
    return _ABSENT.sub(_blank, _TAKEN_BACK.sub(_blank, text))


def without_titles(text: str) -> str:
    """A normalised text without words that sound like a relative and name none ("单亲妈妈", "大哥")."""
    return _NO_HEAD.sub(_blank, text)


def without_the_unsettled(text: str) -> str:
    """A normalised text without those who are away, nobody knows on whose money: no longer there where "家里就我和…"."""
    return _UNSETTLED.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
