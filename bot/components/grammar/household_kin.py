"""Who is named as living on the money, and how many heads that comes to: "老婆 俩儿子", "my wife and two kids".

One pattern reads both languages, for people write "俩 daughters" and "我 wife 两个 kids".
"""

from __future__ import annotations

import re
from typing import Final

import regex

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, ENGLISH, count

__all__ = [
    "CHILD",
    "KIN",
    "LINK",
    "LIST",
    "NUMBER",
    "ONE",
    "RELATIVE",
    "SPOUSE",
    "SUBJECTS",
    "are_uncounted",
    "compiled_kin",
    "heads",
    "is_vague",
    "without_counted",
]

NUMBER: Final = rf"(?:(?:{CHINESE}|俩|仨)|\b{ENGLISH}\b)"
SPOUSE: Final = (
    r"(?:老婆仔?|老公|媳妇儿?|爱人|妻子|丈夫|太太|老伴儿?|对象|(?:女|男)(?:朋友|盆友|票|友)|婆娘|男人(?!们)|老头[儿子]?|老太婆|堂客|屋里头的|孩儿他[爸妈爹娘]"
    r"|(?:孩子|娃儿?|宝宝)(?:他|她)?(?:爸爸?|妈妈?|爹|娘)"
    r"|\b(?:wife|wifey|missus|husband|hubby|hubs|partner|spouse|girlfriend|boyfriend|gf|bf|fiancée?)\b)"
)
_AGE: Final = r"(?:\d{1,2}|[一二两三四五六七八九十几]{1,3})(?:岁半?|个月)"
_CHILD_ZH: Final = (
    r"(?:(?:孩子|娃儿?)(?![他她]?[爸妈爹娘])|小孩子?|细路仔?|孩儿(?!他)|(?<![大小老二])姑娘|[大小]姑娘|儿子|女儿|闺女|小子|丫头|小女(?![儿孩人生])|小儿(?![子科媳女])|犬子|[男女]孩(?:儿|子)?|[男女]娃|(?<![第怀])[头一二三四]胎|[大二三]宝|崽|仔女|宝宝|细[仔女]|大[仔女](?![的儿人生])"
    # Cantonese says no more than 仔 and 女; alone they are parts of other words.
    r"|(?<=[个我])(?:仔(?![细裤])|女(?![儿人士的方性友朋婿工司票生盆娃孩将]))"
    # Somebody of whom only their school or bed is said: "还有个上小学的".
    rf"|(?<=个)(?:(?:还|正|刚|在){{0,2}}(?:[上读念](?:小学|初中|高中|中学|大学|大专|职高|幼儿园|托班|学前班|学|书|[一二三四五六]年级|初[一二三]|高[一二三]|大[一二三四])|吃奶|喝奶|没断奶|没上学|满月|出生|瘫痪?|瘫在?床上?|卧床|躺床上|坐轮椅)|不到{_AGE}|{_AGE}多?|老|小)的(?=$|[\s,，。;；!！])"
    # "老大" and "小的" are children where they stand in a list.
    r"|(?<=[和跟同与加有、,，\s])(?:老[大二三幺](?![爷娘哥姐])|[大小]的(?![时们]))|幺[儿妹])"
)
_CHILD_EN: Final = (
    r"(?:baby (?:girl|boy|son|daughter)|newborn (?:baby|boy|girl)|kid|child|son|daughter|boy|girl|toddler|baby|newborn|infant|teenager|teen"
    r"|(?<=our )(?:first|second)(?! (?:pay|month|inst|offer|time|date|plan|card|call|one))|eldest|oldest|youngest|firstborn|grandson|granddaughter|grandchild|niece|nephew|kiddo|little one|lad)"
)
CHILD: Final = rf"(?:{_CHILD_ZH}|\b{_CHILD_EN}s?\b|\bchildren\b)"
_OTHERS_ZH: Final = (
    r"(?:外?孙(?:子|女儿?)|外?孙(?=$|[\s,，。])|侄(?:子|女)|外甥女?|儿媳妇?|女婿|嫂子|弟媳|叔叔|舅舅|姑姑|阿姨|小姨"
    r"|老妈|老爸|老娘|老爹|阿妈|阿爸|姆妈|妈妈|爸爸|母亲|父亲|妈(?![呀的蛋妈])|爸(?![妈爸])|(?<!大)爹|(?<!大)娘(?!家)|奶奶|爷爷(?!奶奶)|外婆|外公(?!外婆)|姥姥(?!姥爷)|姥爷|婆婆|公公(?!婆婆)"
    r"|岳母|岳父(?!岳母)|丈母娘|丈人|弟弟|弟(?!弟)|妹妹|妹(?!妹)|哥哥|哥(?![哥们])|姐姐|姐(?!姐)|细佬|阿妹"
    r"|老豆|老窦|老母(?!亲)|阿公|阿[嬷嫲婆]|嫲嫲|家[姐婆公嫂]|阿[哥姐弟]|老汉儿?|老爷子|老太太)"
)
_OTHERS_EN: Final = (
    r"(?:mom|mum|mam|mama|mother(?:[- ]in[- ]law)?|dad|papa|father(?:[- ]in[- ]law)?|gran|nan|nana|grandma|grandpa|granny|grandad|grandmother|grandfather"
    r"|aunt(?:ie|y)?|uncle|ah (?:ma|mah|gong|pa|kong)|lola|lolo|mil|fil|old (?:man|lady)|cousin|sister(?:[- ]in[- ]law)?|brother(?:[- ]in[- ]law)?|sis|bro|kuya)"
)
RELATIVE: Final = rf"(?:{SPOUSE}|{_OTHERS_ZH}|{_CHILD_ZH}|\b(?:{_OTHERS_EN}|{_CHILD_EN})\b)"
_MANY: Final = (
    rf"(?:{_CHILD_ZH}|外?孙(?:子|女儿?)?|侄(?:子|女)|外甥女?|宝贝|老人家?|老的|小的|弟弟|弟(?!弟)|妹妹|妹(?!妹)|哥哥|哥(?!哥)|姐姐|姐(?!姐)|(?:大|小|初中|高中)?学生"
    rf"|\b(?:{_CHILD_EN}s?|children|babies|littles|grandkids|grandchildren|parents|brothers?|sisters?|siblings|grandparents"
    r"|dependents|dependants|old folks|wife|elders)\b)"
)
# What may stand between a number and whom it counts: "两个上学的孩子", "three very young kids".
_KIND: Final = r"(?:[^\s,，。、和跟与同加\d一二两三四五六七八九十俩仨个]{1,6}的|\d{1,2}岁的?|[小亲老]|(?:little(?! one)|small|young|grown|school[- ]age|teenage|elderly|old|younger|older|disabled|very young)\s)"
_TWO: Final = (
    r"(?:爸爸妈妈|爸妈|父母|爹妈|爹娘|阿爸阿妈|老爸老妈|老豆老母|老汉老[娘妈]|阿公阿[嬷嫲婆]|公公婆婆|公婆|岳父岳母|岳父母|爷爷奶奶|外公外婆|姥姥姥爷"
    r"|一儿一女|一男一女|一双儿女|一?对?(?:双胞胎|龙凤胎|双生)(?:儿子|女儿|孩子|闺女)?"
    r"|\b(?:both (?:of )?)?(?:(?:my|our|the|his|her) )?(?:parents|folks|in-laws|grandparents|(?:twins|twin (?:girls|boys|sons|daughters|babies)))\b)"
)
# Whose relative it is, where not the writer's own: "老公他妈" names the mother alone.
_OF: Final = rf"(?:{SPOUSE}(?:他|她|的|'s )+|[他她]的?|\b(?:his|her|(?:my |the )?ex'?s|{RELATIVE}'s)\s|{RELATIVE}的(?={RELATIVE}))"
_HEAD: Final = (
    rf"(?P<one_a>{NUMBER}(?!\s*岁)\s*[个位名]?\s*{_KIND}?\s*(?:{_MANY}))(?:{NUMBER}[- ]years?[- ]olds?\b)?"
    rf"|(?P<old>\b{ENGLISH}[- ]years?[- ]olds?\b(?:\s+{RELATIVE})?)"
    rf"|(?P<two>{_TWO})"
    # "我和女儿两个" are two in all: a number behind its noun is of that noun alone at the beginning of words.
    rf"|(?:(?<=[个有])|(?<![\u4e00-\u9fff]))(?P<whom>{_MANY}|(?:老公|老婆)(?=一))(?P<after>(?:{CHINESE}|俩|仨)|\s\b{ENGLISH}\b)\s*[个位](?!月|人|多|[学工星礼小上])"
    rf"|(?P<whose>{_OF})?(?P<single>{RELATIVE})(?!们)"
)
_HEADS: Final = compiled_atomic(_HEAD)
_MANY_OF: Final = compiled_atomic(
    rf"(?P<many>{NUMBER})(?!\s*岁)\s*[个位名]?\s*{_KIND}?\s*(?P<noun>{_MANY})"
)

_OWN: Final = (
    r"(?:(?:我们?|她|他|的)+|\b(?:my|our|the|her|his|their|an?)\s+)?"
    r"(?:(?:\b(?:little(?! one)|old|elderly|disabled|small|young|teenage)\b)\s+|小(?!的)|大(?=[儿女闺孩])|个(?=[孩娃儿女闺丫崽弟妹哥姐孙侄外])|(?:\d{1,3}|[一二两三四五六七八九十]{1,3})[来多几]?岁[来多]?的)?"
)
# In a list every word is read in one way only, and the list is bounded: a long message must not cost seconds.
ONE: Final = (
    rf"{_OWN}(?:(?!an?\b){NUMBER}(?!\s*岁)\s*[个位名]?\s*{_KIND}?\s*(?:{_MANY})(?:{NUMBER}[- ]years?[- ]olds?\b)?"
    rf"|\b{ENGLISH}[- ]years?[- ]olds?\b(?:\s+{RELATIVE})?|{_TWO}|(?:\b(?:ex|{_OTHERS_EN}|wife|husband|partner)'s\s)?{RELATIVE}(?!们))"
)
# Between two of a list the joint may be left out, and each may have a word of its own: "再加个上高中的妹妹".
LINK: Final = (
    r"(?:\s*(?:,\s*and|and|&|\+|plus|with|as well as|n)\s+"
    r"|(?:\s?[,，、]\s?|\s)?(?:然后)?(?:和|跟|同|与|外加|再加上?|加上?|还有|仲有|另有|再有|带着?|养着?)?\s?(?:上|了)?(?:一?[个位](?!孩|娃|小|儿|女|闺|丫|崽|弟|妹|哥|姐|老[人的]))?(?:[^\s,，。、和跟加一二两三四五俩仨个]{1,5}的)?)"
)
KIN: Final = compiled_atomic(ONE)
"""One of them: a text without any holds no list either, and looking for one costs little."""
_LIST: Final = rf"(?>{ONE}(?:{LINK}{ONE}){{0,9}})"
LIST: Final = "(?&list)"
"""A list of relatives, by its name: whatever holds it is made by :func:`compiled_kin`."""


def compiled_kin(words: str) -> regex.Pattern[str]:
    """A compiled pattern that names :data:`LIST`, which is written out once: two dozen times took seconds to compile."""
    return compiled_atomic(rf"{words}(?(DEFINE)(?P<list>{_LIST}))")


# Those of whom one verb tells: "儿子媳妇都在外头", "my mum and dad died"; a comma or space begins anew.
SUBJECTS: Final = rf"(?>{ONE}(?:[和跟与、]?{ONE}|\s(?:and|&|or)\s{ONE}){{0,5}})"

# A child named again by a vaguer word is the same child: "我和儿子，孩子才三岁".
_ANY_CHILD: Final = compiled_atomic(
    r"孩子|娃儿?|小孩子?|崽|小的|kids?|child|children|kiddos?|little ones?"
)
_A_CHILD: Final = compiled_atomic(CHILD)
_ADDED: Final = compiled_atomic(r"[和跟同与加]|还有|外加|带|\b(?:and|plus|with|n)\b|[&+]")
_SAME: Final = {
    "妈妈": "妈", "老妈": "妈", "阿妈": "妈", "姆妈": "妈", "母亲": "妈", "老娘": "妈", "娘": "妈", "mom": "妈",
    "mum": "妈", "mother": "妈", "爸爸": "爸", "老爸": "爸", "阿爸": "爸", "父亲": "爸", "老爹": "爸", "爹": "爸",
    "dad": "爸", "father": "爸", "弟弟": "弟", "细佬": "弟", "妹妹": "妹", "阿妹": "妹", "哥哥": "哥", "姐姐": "姐",
    "brother": "bro", "sister": "sis",
}  # fmt: skip
_A_SPOUSE: Final = compiled_atomic(SPOUSE)


def heads(listed: str, *, married: bool = False) -> int:
    """How many people a text names, the writer left out; nobody counts twice.

    ``married``: the husband or wife is counted already, as in "我们两口子".
    """
    known = {"spouse"} if married else set()
    others = children = vague = 0
    listed_singly = end = 0
    for match in _HEADS.finditer(listed):
        noun, many = _counted(match)
        if match["after"] and listed_singly and many == listed_singly + 2:
            many = None  # "我 儿子 女儿三个": all three of them
        is_child = _A_CHILD.fullmatch(noun) is not None
        if many is None:
            key = "spouse" if _A_SPOUSE.fullmatch(noun) else _SAME.get(noun, noun)
            key += "'s" if match["whose"] else ""
            if key in known:
                continue
            known.add(key)
            many, listed_singly = 1, listed_singly + 1
        else:
            known.add(noun)
            listed_singly = 0
        added = _ADDED.search(listed[end : match.start()]) is not None
        if is_child and _ANY_CHILD.fullmatch(noun):
            children, vague = (children + many, vague) if added else (children, vague + many)
        elif is_child and vague and added and not children:
            children, vague = children + vague + many, 0
        elif is_child:
            children += many
        else:
            others += many
        end = match.end()
    return others + max(children, vague)


# Uncounted, so that nobody can say how many: "孩子们", "my kids", "a big family".
_UNCOUNTED: Final = compiled_atomic(
    r"[子娃女儿人弟妹哥姐]们|一?大家子|一大家|儿女(?!双全)|兄弟姐妹|弟弟妹妹|数不清|好几[口个]|保姆|\bhelper\b|\bmaid\b|\bbig family\b|\b(?:kids|children|siblings|relatives|brothers|sisters|sons|daughters|grandkids|grandchildren)\b"
)


def are_uncounted(listed: str) -> bool:
    """Whether a text names several of whom it does not say how many."""
    return _UNCOUNTED.search(without_counted(listed)) is not None


# Nobody can say how many children "孩子" alone is, where nobody else is named.
_VAGUE: Final = compiled_atomic(r"\s*(?:我的?|my |the )?(?:孩子|小孩子?|娃儿?|崽)\s*")


def is_vague(listed: str) -> bool:
    """Whether a list names nothing but children whose number the word leaves open."""
    return _VAGUE.fullmatch(listed) is not None


def without_counted(listed: str) -> str:
    """A text without those who are named by number: "two kids" leave no kids of whom nobody knows how many."""
    return _HEADS.sub(lambda match: match[0] if match["single"] else " ", listed)


def _counted(match: re.Match[str]) -> tuple[str, int | None]:
    """Whom one match names, and how many of them where it says a number."""
    if match["two"]:
        return match["two"], 2
    if match["old"]:
        return "child", 1
    if match["one_a"] and (inner := _MANY_OF.match(match["one_a"])):
        return inner["noun"], count(inner["many"])
    if match["after"]:
        return match["whom"], count(match["after"].strip())
    return match["single"], None
