"""Which offer: 第二个, 方案三, "option 2", "plan B"; and what names one only where one is being chosen."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

__all__ = ["find_choices", "find_options"]

_OPTION_DIGITS: Final = {
    "一": 1,
    "中间": 2,
    "二": 2,
    "两": 2,
    "三": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "a": 1,
    "b": 2,
    "c": 3,
    "甲": 1,
    "乙": 2,
    "丙": 3,
    "①": 1,
    "②": 2,
    "③": 3,
}
_EN_OPTIONS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "middle": 2,
    "last": 3,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "one": 1,
    "two": 2,
    "three": 3,
}
CHOICES: Final = _OPTION_DIGITS | _EN_OPTIONS
"""Which offer a word or figure names."""
_ONE: Final = r"(?P<d>[一二两三123①②③])(?![\d零一二三四五六七八九十百千万.kw])"
_OPTION: Final = compiled(
    r"(?P<circled>[①②③])"
    r"|第(?P<nth>[一二三123])(?:个|种|款|项|条路|套|份)?(?:方案|办法|选项|计划)?(?![期月次年天笔步段遍\d页条章方者人产])(?!个月)"
    r"|头(?P<head>一)?个(?![月人])|(?P<between>中间)[那这的]?(?:一|种)?个?(?=$|[\s,，。吧好行可合挺就方])"
    r"|(?:方案|选项|办法|选择|计划)\s*(?P<after>[一二三123abc甲乙丙])(?![\da-z十百千万])"
    r"|(?P<lettered>[abc甲乙丙])\s*(?:方案|选项|计划|案|套餐|款(?!项))|(?<![a-z])(?P<letter_number>[123])\s*(?:方案|选项)"
    r"|(?:我?(?:就)?(?:选|要|挑|定|拣|揀))\s*(?:择|方案|第)?\s*(?P<chosen>[一二三123abc甲乙丙])"
    r"(?:个|号)?(?=$|[\s,，。.!！吧啊呢了号])(?!号还)(?! [a-z]+ ?(?:months?|years?))"
    r"|(?<![\d零一二三四五六七八九十])(?P<numbered>[一二三123])号(?:方案|办法|选项)"
    r"|\b(?:options?|opt\.?|plan|offer|number|choice|package|no\.?)\s*#?\s*(?P<en>[123bc]|a(?=\s*(?:$|[.,!?，。\u3400-\u9fff]|please|pls|looks|is|sounds|for|then|it|works|seems))|one|two|three)\b(?!\s*(?:month|year|,\d|\.\d))"
    r"|#\s*(?P<hash>[123])(?!\d)"
    r"|\b(?:the\s+)?(?P<en_nth>first|second|third|middle|last|1st|2nd|3rd)\s+(?:one(?! (?:to|who|year|month))|option|plan|offer|choice)\b"
    r"|^\s*(?:the\s+)?(?P<en_alone>first|second|third|1st|2nd|3rd)\b(?=\s*(?:[,.!]|please|pls|$|looks|works|sounds|suits|for me))"
)
_FLAT: Final = compiled(r"^\s*[(\[]?(?P<d>[一二三123])[)\].、。]?\s*(?:吧|please|pls)?\s*$")


def find_options(text: str) -> list[Value]:
    """Which of up to three offers a normalised text names (1-3); a lone 1, 2 or 3 names one as well."""
    if flat := _FLAT.match(text):
        return [Value("option", _OPTION_DIGITS[flat["d"]], flat.start("d"), flat.end("d"))]
    found = []
    for match in _OPTION.finditer(text):
        word = next((group for group in match.groups() if group), "一")  # 头个
        number = _OPTION_DIGITS.get(word) or _EN_OPTIONS[word]
        found.append(Value("option", number, match.start(), match.end()))
    return found


# Where an offer is being chosen, a place in the list, a lone letter or figure, and "2号" name one.
_FOLLOWS: Final = (
    r"(?=\s*(?:吧|啦|呗|嘛|呀|了|就行|就好|可以|please|pls|looks|works|sounds|suits|will do|then|for me)?\s*(?:$|[,，。;；.!！?？])"
    r"|\s+(?![期年个月天万千百元块])[\u3400-\u9fff]|\s*(?:looks|works|sounds|suits|will do)\b)"
)
_CHOICE: Final = compiled(
    rf"(?:^|(?<=[\s,，。;；.!]))(?:那就|就|选|要|定|来)?(?P<lone>[123一二三])号?{_FOLLOWS}"
    r"|(?<![\d月])(?P<day>[123一二三])号(?!\s*(?:还|发|前|之前|扣|到|付|给|交|线|楼|店|门))"
    r"|(?<![\d.,])(?P<pair>[123一二三])(?=\s*(?:and|or|vs|和|跟|与|或者?|还是|、|/)\s*(?:option |plan |方案)?[123一二三](?![\d一二三四五六七八九十百千万期年]))|(?:\b(?:and|or|vs)|[和跟与或、]|或者|还是)\s*(?P<other>[123一二三])(?![\d.,]*\d|[零一二三四五六七八九十百千万期年个月天]|\s*(?:months?|years?|k\b))"
    rf"|(?:^|(?<=[\s,，。;；.!])|(?<=[选要定]))(?P<letter>[abc甲乙丙]){_FOLLOWS}"
    r"|\b(?:the )?(?P<nth>first|second|third|1st|2nd|3rd|last|middle)\b(?![ -](?:part(?:y|ies)|time|month|instal|payment|year|week|card|job|call|night|day|thing|person|chance))"
    r"|第(?P<place>[一二三123])(?![方者人产期月次年天笔步\d十])(?:条|款|项|行|栏|排|个|种)?"
    r"|(?P<top>最上面|最前面|顶上|头一个|\b(?:top|upper|topmost) (?:one|option|offer|plan))"
    r"|(?P<bottom>最后(?:那|一|的)?(?:一)?(?:个|种|款|条|项|套|档)?|最下面|最底下|末尾|末了那个|压轴|倒数第[一1]|\b(?:bottom|final|lowest) (?:one|option|offer|plan)|\bthe (?:bottom|last)\b)"
    r"|(?P<centre>倒数第[二2]|中间|当中|正中|居中|折中|\b(?:in the middle|middle|mid) ?(?:one|option|offer|plan)?)"
)
_PLACES: Final = {"top": 1, "centre": 2, "bottom": 3}
_FIGURES: Final = frozenset({"lone", "day", "pair", "other", "letter"})
_NO_PLACE: Final = compiled(
    r"最后(?:一)?(?:次|期|问|天|说|还|再|我|决定|想|怎|总|就|能|会|通牒|机会)"
)


def find_choices(text: str, *, sure: bool) -> list[Value]:
    """Which offers a normalised text names by words that name one only where one is being chosen.

    ``sure``: lone figures and letters only, no places in a list. Those said in pairs ("1 or 3") have a mark.
    """
    found = []
    for match in _CHOICE.finditer(text):
        if _NO_PLACE.match(text, match.start()):
            continue
        kind = match.lastgroup or ""
        if sure and kind not in _FIGURES:
            continue
        number = _PLACES[kind] if kind in _PLACES else CHOICES[match[kind]]
        mark: dict[str, object] = {"pair": True} if kind in ("pair", "other") else {}
        start, end = match.span(kind)
        found.append(Value("option", number, start, end, extra=mark))
    return each_once(found)
