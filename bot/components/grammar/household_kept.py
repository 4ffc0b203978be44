"""Whom the writer keeps, brings up or was left with: "俩儿子我一人养", "alone with two girls", "my pay feeds my wife and son"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE
from bot.components.grammar.household_kin import LIST, NUMBER, SPOUSE, compiled_kin, heads, is_vague

__all__ = ["NOBODY_ELSE", "find_kept"]

_START: Final = r"(?:^|(?<=[\s,，。.;；!！]))"
_END: Final = r"(?=$|[\s,，。.;；!！?？])"
_MUST: Final = r"(?:还|又|也)?(?:要|得|需要|在)?"
_KEEP: Final = r"(?:养活?|供养?|抚养|赡养|拉扯|带|领|守|拖|照顾|照看|伺候|奶)(?:着|住|大|起)?"
_LONELY: Final = r"(?:自己|独自|一个?人|单独|一个(?:女的|女人|男的|大?男人|老太[婆太]|老[头汉]子?|寡妇|当[妈爹爸]的))"
NOBODY_ELSE: Final = r"(?:没(?:有)?(?:别人|别的人|其他人)了?|that'?s (?:all|it|us)\b|(?:nobody|no one|no-one|noone) else\b)(?=[\s,，.。!！?？~;；:、…]*$)"
_LIVES: Final = r"(?:一起|一块儿?|单独|自己|一个人)?(?:过(?![年节来去了])|住(?!院)|生活|相依为命|搬出|熬日子|租房)"
_WAGE: Final = r"(?:wages?|salary|pay|paycheck|income|pension|money|job|earnings)"
_FEED: Final = r"(?:supports?|feeds?|keeps?|carr(?:y|ies)|covers?|maintains?|provides? for|raises?|looks? after|cares? for)"
_ON: Final = (
    r"(?=\s*(?:$|[,.;!?])| (?:on|with|from|off|and (?:that|it)|by|too|alone|here|every|each|all)\b)"
)
_KEPT: Final = compiled_kin(
    rf"[我俺]{_LONELY}{_MUST}{_KEEP}(?P<alone>{LIST})"
    rf"|{_START}[我俺]?(?:要|得)?(?:抚养|养活?|拉扯|带|领|守)(?:着|住)?(?={NUMBER})(?P<counted>{LIST})(?:{_END}|(?=搬|租|在|没|还[要得]))"
    rf"|(?:{_START}|[我俺])(?:一个人)?(?:带|领|守|陪|拉)着?(?P<lives>{LIST}){_LIVES}"
    rf"|(?:撇|丢|扔|抛|留|撂|剩)下?了?(?=俩|仨|{CHINESE}个)(?P<left>{LIST})(?:给|跟|让)我"
    rf"|\b(?:my|this|that|the|one|his|her) (?:\w+ )?{_WAGE} (?:has to |must |also |alone )?{_FEED} (?P<paid>{LIST}){_ON}"
    rf"|\bi (?:have to |must |also |alone |now )*{_FEED} (?P<i_keep>{LIST}){_ON}"
    rf"|\b(?:alone|on my own|by myself|left) with (?P<with>{LIST})"
)
# Who is named first and lives with the writer: looked for only where the words that close such a sentence stand.
_BY_ME: Final = compiled_atomic(
    r"(?:[跟和同归由靠是]|指着|指望)我|我(?:自己|独自|一个?人|一个\S{1,3})?(?:在|来)?(?:养|带|管|拉扯|供|照顾)|\bwith me\b|\bon (?:me|my|what i)\b"
)
_THEY: Final = compiled_kin(
    rf"(?P<mine>{LIST}(?:[两三四]个|俩|仨)?)(?:都|全|也)*(?:是|由|归|靠|跟|指着|指望)?我{_LONELY}?(?:在|来)?(?:养活?|带|管|拉扯|供|照顾)着?{_END}"
    rf"|(?P<with_me>{LIST})(?:都|还)?(?:跟|和|同)[我俺](?:(?:一起|一块儿?)?(?:住(?!院|进)|过(?![年节来去了])|生活|吃饭(?!的?时候))|[,，\s]*{NOBODY_ELSE})"
    rf"|(?P<mine_now>{LIST})(?:都|全)?(?:跟|归|由)我(?:带|养)?(?=$|[\s,，。])"
    rf"|\b(?P<on_me>{LIST})(?: (?:all|both))? (?:live|depend|rely)s? on (?:me|my|what i)\b"
    rf"|(?P<stays>{LIST}) (?:also |now |still )?(?:stays?|lives?|is living|is staying|are living|are staying|moved in) with me\b(?! (?:and|till|until|for))"
)
# "no husband" takes nobody away from the children named before.
_NO_OTHER: Final = compiled_kin(
    rf"\b(?=(?!an?\b){NUMBER}\b)(?P<kept>{LIST}),? (?:and|with|but) no (?:husband|wife|partner|dad|father|mum|mom|mother|man)\b"
)
# The husband or wife at home: ill, without work, or whom the writer has to nurse.
_AT_HOME_TOO: Final = compiled_atomic(
    rf"(?<!前)(?:{SPOUSE})[^。;；]{{0,12}}(?:失业|没工作|下岗|待业|没上班|没收入|没挣钱|病|瘫|残|伤|摔|掉下来|住院|在家|躺)"
)


def find_kept(text: str, here: str) -> Iterator[tuple[int, int, int]]:
    """Households told by whom the writer keeps: the size, and its place in the text.

    ``here`` is the text without those who do not live there.
    """
    for match in _NO_OTHER.finditer(text):
        yield 1 + heads(match["kept"]), match.start(), match.end()
    they = _THEY.finditer(here) if _BY_ME.search(here) else ()
    for match in (*_KEPT.finditer(here), *they):
        kind = str(match.lastgroup)
        kept = match[kind]
        if (kind != "mine_now" and is_vague(kept)) or not (many := heads(kept)):
            continue
        yield 1 + many + _spouse_beside(here, match.start()), match.start(), match.end()


def _spouse_beside(text: str, before: int) -> int:
    """Whether a husband or wife is told of just before who lives there too."""
    found = _AT_HOME_TOO.search(text, 0, before)
    return 1 if found else 0
