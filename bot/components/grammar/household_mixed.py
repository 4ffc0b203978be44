"""Chinese and English in one sentence ("我 family 3 口", "孩子 dad 不管"): the English words of a household in Chinese.

Who mixes takes any word from either language, so that patterns of one language seldom meet a whole sentence. Where
Chinese stands beside them, English words are put into Chinese here, and the patterns of Chinese read the sentence.
"""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.atomic import compiled_atomic

__all__ = ["in_chinese"]

_NUMBERS: Final = {
    "one": "一", "two": "两", "three": "三", "four": "四", "five": "五", "six": "六", "seven": "七", "eight": "八",
    "nine": "九", "ten": "十",
}  # fmt: skip
_KIN: Final = (
    (r"mother[- ]in[- ]law|mil", "婆婆"),
    (r"father[- ]in[- ]law|fil", "公公"),
    (r"in-laws", "公公婆婆"),
    (r"grandparents", "爷爷奶奶"),
    (r"grandma|granny|grandmother|nana|nai ?nai", "奶奶"),
    (r"grandpa|grandad|grandfather|ye ?ye", "爷爷"),
    (r"grandson", "孙子"),
    (r"granddaughter", "孙女"),
    (r"wife|wifey|lao ?po", "老婆"),
    (r"husband|hubby|hubs|lao ?gong", "老公"),
    (r"girlfriend|gf", "女朋友"),
    (r"boyfriend|bf", "男朋友"),
    (r"partner", "对象"),
    (r"parents|fumu", "爸妈"),
    (r"mom|mum|mama|mother", "妈妈"),
    (r"dad|papa|daddy|father|baba", "爸爸"),
    (r"twins", "双胞胎"),
    (r"sons?", "儿子"),
    (r"daughters?|girls?", "女儿"),
    (r"bab(?:y|ies)|newborn|infant", "宝宝"),
    (r"kids?|child(?:ren)?|toddlers?|boys?", "孩子"),
    (r"(?:elder |older |big )?(?:brothers?|bro)", "哥哥"),
    (r"(?:younger |little )(?:brothers?|bro)", "弟弟"),
    (r"(?:elder |older |big )?(?:sisters?|sis)", "姐姐"),
    (r"(?:younger |little )(?:sisters?|sis)", "妹妹"),
)
_WORDS: Final = (
    (r"(?:family|household) (?:size|members?(?: number)?|number)|number of people|head ?count", "家庭人数"),
    (r"(?:(?:at|in) )?(?:my |our |the |this )?(?:family|household)(?! (?:of|with)\b)", "家里"),
    (r"(?<=[人口个] )(?:at|in) (?:(?:my|our|the) )?home", ""),
    (r"(?:at|in|under) (?:my |our |the |this |one )?(?:home|house|flat|roof|place)", "家里"),
    (r"single (?:mom|mum|mother|mama)", "单亲妈妈"),
    (r"single (?:dad|father|papa)", "单亲爸爸"),
    (r"(?:got )?divorced", "离婚了"),
    (r"(?:both |all )?(?:passed away|died|(?:is|are) dead)", "去世了"),
    (r"moved (?:out|away)|married out|got married|(?:are |is |all |都 )*independent", "成家"),
    (r"(?:is |are )?in (?:jail|prison)|(?:is |are )?in (?=监狱|牢)", "在"),
    (r"(?:walked out|ran (?:off|away) )?(?:and )?left me (?:and|with)", "丢下我和"),
    (r"(?:also |all |both |now |still )*(?:live|stay|eat)s? with me|(?:living|staying|eating) with me", "跟我一起住"),
    (r"(?:only|just) (?:me|myself)(?: alone)?(?!,? (?:and|plus|with|n|&|\+|和|跟|带))|me (?:only|alone)", "只有我一个人"),
    (r"by myself|on my own|alone|solo", "一个人"),
    (r"(?:to )?(?:rais(?:e|ing)|support(?:ing)?|feed(?:ing)?|bring(?:ing)? up|tak(?:e|ing) care of|look(?:ing)? after)", "养"),
    (r"(?:(?:rely|depend|live|survive)s?|relying|depending|living|surviving) (?:all )?on", "靠"),
    (r"lives?|living|stays?|staying", "住"),
    (r"eats?|eating", "吃"),
    (r"in total|altogether|total|all together", "一共"),
    (r"only(?=\s*(?:$|[,.;!]))", ""),
    (r"count(?! on)", "算"),
    (r"only|just", "只有"),
    (r"jobless|unemployed|no (?:job|work)", "没工作"),
    (r"low income", "低收入"),
    (r"pension", "退休金"),
    (r"salary|wages?", "工资"),
    (r"(?:re)?married", "结婚"),
    (r"both", "都"),
    (r"earn(?:s|ing)?(?: money)?", "挣钱"),
    (r"(?:on |with )?(?:one|single) (?:person's )?(?:salary|wages?|pay|income)", "靠一份工资"),
    (r"(?:should|must|ought to) be|actually(?: is| it's)?|in fact", "应该是"),
    (r"(?:chang(?:e|ed)|updated?|make it|correct(?:ed)?)(?: it| that)? to", "改成"),
    (r"not|isn't|instead of|rather than", "不是"),
    (r"no|without", "没有"),
    (r"now", "现在"),
    (r"forgot(?: to (?:count|add))?|left out|missed", "漏了"),
    (r"so", "所以"),
    (r"we(?:'re| are)", "我们是"),
    (r"we|us|our", "我们"),
    (r"and|plus|with|n", "和"),
    (r"i(?:'m| am)?|me|myself", "我"),
    (r"she|her", "她"),
    (r"he|him|his", "他"),
    (r"it'?s|it is|there'?s|there (?:is|are)|that'?s|are|is", "是"),
    (r"my|the|also|here|already|please|pls|lah?|lor", ""),
)  # fmt: skip
_KIN_EN: Final = "|".join(words for words, _ in _KIN)
_IN_ORDER: Final = (
    *((f"k{at}", *pair) for at, pair in enumerate(_KIN)),
    *((f"w{at}", *pair) for at, pair in enumerate(_WORDS)),
)
_INTO: Final = {name: chinese for name, _, chinese in _IN_ORDER}
_ENGLISH: Final = compiled_atomic(
    rf"(?<![\w'])(?:{'|'.join(f'(?P<{name}>{words})' for name, words, _ in _IN_ORDER)}|(?P<of_us>\d|{'|'.join(_NUMBERS)}) of us"
    rf"|(?P<number>{'|'.join(_NUMBERS)})(?! (?:hundred|thousand|months?|days?|years?|weeks?)\b)"
    rf"|an?(?P<one>)(?= (?:\w+ )?(?:{_KIN_EN})\b)"
    r"|(?P<people>family members?|people|persons?|pax|ppl|heads?|adults?))(?![\w'])|(?P<plus>(?<!\w)[&+](?!\w))"
)
_CHINESE: Final = compiled_atomic(r"[\u4e00-\u9fff]")
_LATIN: Final = compiled_atomic(r"[a-z]{2}|\bi\b|[&+]")
_SPACE: Final = compiled_atomic(r"(?<=[\u4e00-\u9fff]) (?=\d)|(?<=\d) (?=[\u4e00-\u9fff])")
_COUNTED: Final = re.compile(r"[\d一二两三四五六七八九十]\Z")


def in_chinese(text: str) -> tuple[str, list[int]] | None:
    """A normalised text of both languages, its words of a household in Chinese, and the place of each of its signs.

    None where all of it is of one language.
    """
    if not _LATIN.search(text) or not _CHINESE.search(text):
        return None
    out: list[str] = []
    places: list[int] = []
    end = 0
    for match in _ENGLISH.finditer(text):
        before = out[-1] if out else ""
        between = text[end : match.start()]
        said = between.strip() or before
        counted = _COUNTED.search(said) is not None
        if match["people"] is not None and not counted and not said.endswith("个"):
            continue
        word = _in_chinese(match, counted)
        kept = between.rstrip()
        if kept.endswith((",", ".", ";")):
            kept = between
        if not word and (kept or before)[-1:].isascii():
            word = " "
        for piece, start in ((kept, end), (word, match.start())):
            out.extend(piece)
            places.extend(min(start + at, match.end() - 1) for at in range(len(piece)))
        end = match.end()
        if text[end : end + 1] == " ":
            end += 1
    out.extend(text[end:])
    places.extend(range(end, len(text)))
    return _closed_up("".join(out), places)


def _closed_up(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Without the spaces about a figure that Chinese does not have."""
    kept = [at for at in range(len(text)) if not _SPACE.match(text, at)]
    return "".join(text[at] for at in kept), [places[at] for at in kept]


def _in_chinese(match: re.Match[str], counted: bool) -> str:
    """The Chinese of one match; a noun that is counted gets its measure word."""
    kind = str(match.lastgroup)
    if kind == "of_us":
        said = match["of_us"]
        return f"我们{_NUMBERS.get(said, said)}个人"
    if kind == "number":
        return _NUMBERS[match["number"]]
    if kind in ("one", "plus"):
        return "一" if kind == "one" else "和"
    if kind == "people":
        return "个人" if counted else "人"
    return f"个{_INTO[kind]}" if counted and kind.startswith("k") else _INTO[kind]
