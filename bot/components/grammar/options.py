"""Which offer: 第二个, 方案三, "option 2", "plan B"; and what names one only where one is being chosen."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.spans import overlaps
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
CHOICES: Final = _OPTION_DIGITS | _EN_OPTIONS | {"大": 1}
"""Which offer a word or figure names."""
_ONE: Final = r"(?P<d>[一二两三123①②③])(?![\d零一二三四五六七八九十百千万.kw])"
_OPTION: Final = compiled(
    r"(?P<circled>[①②③])|(?P<keycap>[123])\ufe0f?\u20e3"
    r"|第(?P<nth>[一二三123])(?:个|种|款|项|条路|套|份(?=方案|办法|选项|计划|[吧好行可]|$))?(?:方案|办法|选项|计划)?(?![期月次年天笔步段遍\d页条章方者人产])(?!个月|\.\d)"
    r"|(?<!点)头(?P<head>一)?个(?![月人])|首个(?=方案|办法|选项|计划|吧|$)|(?<!年)(?:头|前)(?P<head_kind>一)(?:种|款|项|套|份|条)(?=[\s,，。;；!！?？吧行好可合就的]|$|方案|办法|选项|计划)|(?<![期月年天周段途])(?P<between>中间)[那这的]?(?:一|种)?个?(?=$|[\s,，。吧好行可合挺就方])"
    r"|(?:方案|选项|办法|选择|计划)\s*(?P<after>[一二三123abc甲乙丙])(?![\da-z十百千万])"
    r"|(?P<lettered>[abc甲乙丙])\s*(?:方案|选项|计划|案|套餐|款(?!项))|(?<![a-z])(?P<letter_number>[123])\s*(?:方案|选项)"
    r"|(?:我?(?:就)?(?:选|要|挑|定|拣|揀))\s*(?:择|方案|第)?\s*(?P<chosen>(?![一1]个)[一二三123abc甲乙丙])"
    r"(?:个|号)?(?=$|[\s,，。.!！吧啊呢了号])(?!号还)(?! [a-z]+ ?(?:months?|years?))"
    r"|(?<![\d零一二三四五六七八九十])(?P<numbered>[一二三123])号(?:方案|办法|选项)"
    r"|\b(?:no\.?\s*#?\s*(?P<no>[123])|(?:options?|opt\.?|plan|offer|number|choice|package)\s*#?\s*(?P<en>[123bc]|a(?=\s*(?:$|[.,!?，。\u3400-\u9fff]|'s\b|please|pls|looks|is|sounds|for|then|it|works|seems))|one|two|three))\b(?!\s*(?:month|year|,\d|\.\d))"
    # "it's the second I want", "the second is nearly okay": a day is neither wanted nor okay.
    r"|\b(?:want|take|choose|chose|prefer|pick|picked|meant|mean|like|go (?:for|with)|went (?:for|with)|clicked(?: on)?)\s+the (?P<en_wanted>first|second|third)(?=\s*(?:$|[,.;!?，。]|please|pls|not\b|instead|but\b))"
    r"|\bthe (?P<en_liked>first|second|third)\s+(?:i (?:want|would|prefer|choose|chose|pick|picked|meant|like|take)|i'd (?:like|take|prefer)|(?:is|was|looks|seems|sounds|would be)\s+(?:nearly |almost |quite |just |still |a bit |the |more |most |way |too |very |not |really ){0,2}(?:ok|okay|fine|good|better|best|possible|doable|cheap\w*|expensive|high|low|affordable|manageable|right|nice|great|long|short)\b)"
    # "pressed 1 by mistake", 按成2了: what a finger did.
    r"|\b(?:press(?:ed)?|click(?:ed)?(?: on)?|tap(?:ped)?(?: on)?|hit|chose|choose|pick(?:ed)?|select(?:ed)?|registered|recorded)\s+(?P<pressed>[123bc])(?=\s*(?:$|[,.;!?，。]|by (?:mistake|accident)\b|but\b|instead\b|not\b|wrongly\b|accidentally\b|and (?:meant|wanted|want|mean)\b|when\b|meant\b))"
    r"|(?:[按点戳](?:成|了|错成|错了|的是|到)|[选揀拣](?:成|错成|错了|了|的是))\s*(?P<pressed_zh>[123一二三abc])(?=了?\s*(?:$|[,，。;；!！]|其实|想|要|应该|实际|不是|本来))"
    r"|#\s*(?P<hash>[123])(?!\d)"
    r"|\b(?:the\s+)?(?P<en_nth>first|second|third|middle|last|1st|2nd|3rd)\s+(?:one(?! (?:to|who|year|month))|option|plan|offer|choice)\b"
    r"|^\s*(?:the\s+)?(?P<en_alone>first|second|third|1st|2nd|3rd)\b(?=\s*(?:[,.!]|please|pls|$|looks|works|sounds|suits|for me))"
)
_WRONG: Final = compiled(r"[按点戳选揀拣]错|\bwrong (?:button|option|offer|plan)\b")
# Beside an offer pressed or named, the bare figure of the other: "clicked 3, meant 1", "pressed 2, it should be 1".
_MEANT: Final = compiled(
    r"(?:\b(?:meant?|want(?:ed)?|should (?:be|have been)|it'?s|make it|not|instead of)\s+(?:to (?:press|click|tap|pick|choose|hit|select)\s+)?"
    r"|应该(?:是|点|按)?|(?:本来|其实|原本)?(?:[要想][按点选要]|[要是选]|改成?|换成?)(?:的是)?\s*)(?P<meant>[123]|(?<![a-z])[abc](?![a-z]))(?=号?[了吧呀]?\s*(?:$|[,.;!?，。；！？]|by mistake\b|please\b|pls\b|instead\b))"
)
_FLAT: Final = compiled(
    r"^\s*[(\[]?(?P<d>[一二三123])[)\].、。]?\s*(?:吧|please|pls)?\s*$"
    # "三吧三吧", "B吧": said again, or with a word of consent, a letter is a choice as well.
    r"|^\s*(?P<again>[一二三123abc])(?:(?:吧|呗|啦|[\s,，、!！])+(?P=again))+(?:吧|呗|啦|[\s,，。!！])*$"
    r"|^\s*(?P<letter>[abc])\s*(?:吧|呗|please|pls)[\s。.!！]*$"
)
# "a" alone is an article more often than an offer.
_ITEM: Final = r"(?:[一二三123甲乙丙①②③]|[bc](?![a-z])|a(?![a-z]|\s+(?!and\b|or\b|are\b|both\b|is\b|all\b|no\b|wait\b|sorry\b|i mean\b|please\b|pls\b)[a-z]))"
_AND: Final = r"(?:\s*(?:[、/&+和跟与同或及]|还是|或者|以及)\s*|\s*,?\s*\b(?:and|or|vs|versus)\b\s*(?:option |plan )?|\s+(?=[\d一二三]))"
_NEXT: Final = rf"(?:{_AND}?{_ITEM}|[,，]\s*{_ITEM}(?=[,，、和跟与都个全均或]|\s*(?:$|\b(?:and|or|both|all|are)\b)))"
_NO_UNIT: Final = r"(?![a-z\d零四五六七八九十百千万期年月天块元次%.]|个月|\s*(?:years?|months?|days?|times|instal|k\b|yuan|rmb|kids?|people)\b)"
# Several offers under one name: "方案一二", "options 1 and 2", "plan 1, 2 or 3"; or said to be wavered between.
_SEVERAL: Final = compiled(
    rf"(?:(?:方案|选项|办法|第)\s*|\b(?:options?|plans?|offers?|numbers|choices?|packages?)\s+)(?P<named>{_ITEM}{_NEXT}{{1,2}}){_NO_UNIT}"
    rf"|(?<![\d.,a-z周期拜月号日十百千万])(?P<wavered>{_ITEM}{_AND}{_ITEM})(?=\s*(?:之间|两个之?间|里头?[选挑]|当中[选挑]|[选挑]哪|哪个好))"
    rf"|\b(?:torn|stuck|choos\w+|decid\w+|hesitat\w+|undecided|waver\w+|still)\s+between\s+(?P<spelled>(?:the )?(?:one|two|three|first|second|third) (?:and|or) (?:the )?(?:one|two|three|first|second|third))\b(?!\s*(?:hundred|thousand|grand|k\b|months?|years?|of us))"
    rf"|\bbetween\s+(?:option |plan )?(?P<between>{_ITEM}\s*(?:and|&|or)\s*(?:option |plan )?{_ITEM})(?![a-z\d.,]*\d|[a-z%])"
    r"(?=\s*(?:$|[,.;!?，。；！？\u3400-\u9fff]|lah?\b|leh\b|lor\b|i\b|can'?t\b|cannot\b|still\b|but\b|now\b|hard\b|which\b|please\b|pls\b|for me\b|at the moment\b))"
)
_EACH: Final = compiled(rf"{_ITEM}|one|two|three|first|second|third")
_NO_DAY: Final = compiled(r"(?:别|不要|不能|唔好|莫|勿|不)(?:给我)?$")
# 第4条第二款, 协议第一项: places in a contract or a law.
_OF_A_CONTRACT: Final = compiled(
    r"(?:第[\d一二三四五六七八九十百]{1,4}[条章节款][的之]?|合同|协议|合约|章程|条例|规定|细则|法|条款|约定|附件|文件)(?:书|里面?|上面?|中|内)?[的之]?\s*$"
)
# The first that is paid, called, born or earned is none of the offers.
_NO_OFFER_BEFORE: Final = compiled(
    r"(?:\b(?:paid|pay|missed|received|got|sent|make|made|settled|cleared)\s+(?:you |off |for )?(?:the\s+)?)$"
)
_NO_OFFER_AFTER: Final = compiled(
    r"(?:就|先|肯定|一定|要|会|都)*(?:[还交付]|打给|交给|付给|转给|通知|联系)的?(?:就是|给|清)*(?:你|您|咱|这[张家个]|银行|贵行|信用卡|卡)"
    r"|[还交付]的(?:就?是)?|(?:份|个|位|张|家)?(?:工作|工资|兼职|薪|活儿?|差事|收入|奖金|社保|合同|孩子|娃|宝宝|儿子|女儿|闺女|小孩|老婆|老公|媳妇|客服|同事|电话|短信|人|平台|银行|卡|账单|账户|还款日|公司|厂|店|东家|问题)"
    r"|[份张家位句回顿桶封通届批场胎眼反季周轮阶车站层楼笔时故代女男志课志声话要]"
    r"|\s+(?:(?:is|was|will be|'s|falls|comes)\s+)?(?:due\b|(?:already )?paid\b|(?:on|by|in|from|before|starting|goes (?:out|in)|comes|due)\s+(?:on )?(?:the )?(?:\d|january|february|march|april|may\b|june|july|august|september|october|november|december|jan\b|feb\b|mar\b|apr\b|jun\b|jul\b|aug\b|sept?\b|oct\b|nov\b|dec\b|mon|tues?|wed|thurs?|fri|satur|sunday|next|this|pay ?day|new year|christmas)|(?:today|tomorrow|tonight|next (?:week|month|mon|tue|wed|thu|fri|sat|sun))|(?:in |by |the )?\d|my (?:son|daughter|kid|child|boy|girl|wife)\b|(?:isn'?t|wasn'?t|not) (?:mine|me)\b"
    r"|(?:that |which )?(?:i|we) (?:already |just |will |must |always )?(?:pay|paid|call|called|sent|missed|clear|settle)\b|(?:in|of) (?:january|february|march|april|may|june|july|august|september|october|november|december))"
)


def find_options(text: str) -> list[Value]:
    """Which of up to three offers a normalised text names (1-3); a lone 1, 2 or 3 names one as well."""
    if flat := _FLAT.match(text):
        name = flat.lastgroup or ""
        return [Value("option", _OPTION_DIGITS[flat[name]], flat.start(name), flat.end(name))]
    found = _several(text)
    places = [(value.start, value.end) for value in found]
    pressed = bool(_WRONG.search(text))
    for match in _OPTION.finditer(text):
        if overlaps(match.start(), match.end(), places) or _is_no_offer(text, match):
            continue
        word = next((group for group in match.groups() if group), "一")  # 头个
        number = _OPTION_DIGITS.get(word) or _EN_OPTIONS[word]
        found.append(Value("option", number, match.start(), match.end()))
        pressed = pressed or bool(match["pressed"] or match["pressed_zh"])
    for match in _MEANT.finditer(text) if pressed else ():
        if not overlaps(*match.span("meant"), [(v.start, v.end) for v in found]):
            found.append(Value("option", CHOICES[match["meant"]], *match.span("meant")))
    return sorted(found, key=lambda value: value.start)


def _several(text: str) -> list[Value]:
    found = []
    for match in _SEVERAL.finditer(text):
        name = match.lastgroup or ""
        for one in _EACH.finditer(text, *match.span(name)):
            found.append(Value("option", CHOICES[one[0]], one.start(), one.end()))
    return found


def _is_no_offer(text: str, match: re.Match[str]) -> bool:
    """Whether a place in a row is that of a payment, a child or a job."""
    # "别定1号，1号我要交房租": a day that shall not be, and no offer.
    if match["chosen"] and "号" in match[0] and _NO_DAY.search(text, 0, match.start()):
        return True
    if not (match["nth"] or match["en_nth"] or match[0].startswith("头")):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    if match["nth"] and match[0][-1] in "款项条" and _OF_A_CONTRACT.search(before):
        return True
    return bool(
        _NO_OFFER_AFTER.match(text, match.end())
        or (
            match["en_nth"]
            and _NO_OFFER_BEFORE.search(text[max(0, match.start() - 30) : match.start()])
        )
    )


# Where an offer is being chosen, a place in the list, a lone letter or figure, and "2号" name one.
_FOLLOWS: Final = (
    r"(?=\s*(?:吧|啦|呗|嘛|呀|了|就行|就好|可以|please|pls|looks|works|sounds|suits|will do|then|for me)?\s*(?:$|[,，。;；.!！?？])|[吧呗]|好[点些]|不行|不要|不合适|贵|[那这](?:个|款|种)|我?(?:还|付|给)不|每个?月|更|比较|划算|便宜|合适|还行|太"
    r"|\s+(?![期年个月天万千百元块])[\u3400-\u9fff]|\s*(?:looks|works|sounds|suits|will do|is|was|costs)\b)"
)
_CHOICE: Final = compiled(
    rf"(?<![\d.,a-z¥])(?P<row>{_ITEM}(?:(?:{_AND}|,\s*){_ITEM}){{1,2}}|[一二三]{{2,3}})(?=\s*(?:都|全|均|哪|有[啥什何]|区别|差[在别]|怎么?选|比|太|\b(?:all|both|which|too|any)\b))"
    # An offer named and taken back, and the one that takes its place: "A，啊不是", "不是1是2", "1 no sorry 3".
    rf"|(?:^|(?<=[\s,，。选要]))(?P<back>{_ITEM})(?=号?[\s,，.。]*(?:[啊哎哦呃额]\s*)?(?:不是|不对|不不|不[,，]|说错|打错|选错|错了|no\b|wait\b|sorry\b|i mean\b|oops\b))"
    rf"|(?:不是|不要|不选|唔系|唔要|\bnot\s)\s*(?P<denied>{_ITEM})(?=号?[了嘛吗呢]?[\s,，]*(?:我?\s*(?:是|要|选|换|而是|pick|choose|take|want)|but\b|it'?s\b|i (?:want|mean|meant|pick|choose|take|prefer)\b))"
    r"|(?:(?<=[是要选换])|(?<=[换改选][成到为]))(?P<stands>[一二三123abc甲乙丙])(?=号?[吧了呀啊]?\s*(?:$|[,，。!！]))"
    r"|(?:那?就|还是|要不|换成?|好像|感觉|觉得|其实|倒是|不如|又?想[选要]|又?看[上中])(?P<leaning>[123一二三abc])(?=号?(?:[也还]?(?:划算|便宜|合适|更|比较|轻松|省|好|行|可以|不错|[那这](?:个|款|种))|吧|\s*(?:$|[,，。!！])))"
    r"|(?<=[从由])(?P<left>[123abc])(?=换|改)"
    r"|(?<![a-z])(?P<pair_letter>[abc])(?=\s*(?:\bor\b|\bvs\b|和|跟|与|或者?|还是|、|/|比)\s*[abc](?![a-z]))"
    r"|(?:\b(?:or|vs)\s|[和跟与或、/比]|或者|还是)\s*(?P<other_letter>[abc])(?=\s*(?:$|[,，.。?？!;；]|[\u3400-\u9fff]))"
    r"|^(?:选|要|就)?老(?P<aged>[大二三])(?=吧?$)"
    rf"|(?:^|(?<=[\s,，。;；.!]))(?:那就|就|选|要|定|来)?(?P<lone>[123一二三])号?{_FOLLOWS}"
    r"|(?<![\d月])(?P<day>[123一二三])号(?!\s*(?:还|发|前|之前|扣|到|付|给|交|线|楼|店|门))"
    r"|(?<![\d.,])(?P<pair>[123一二三])(?=\s*(?:and|or|vs|和|跟|与|或者?|还是|、|/)\s*(?:option |plan |方案)?[123一二三](?![\d一二三四五六七八九十百千万期年]))|(?:\b(?:and|or|vs)|[和跟与或、]|或者|还是)\s*(?P<other>[123一二三])(?![\d.,]*\d|[零一二三四五六七八九十百千万期年个月天]|\s*(?:months?|years?|k\b))"
    rf"|(?:^|(?<=[\s,，。;；.!])|(?<=[选要定]))(?:那?就|还是|要不|那)?(?P<letter>[abc甲乙丙]){_FOLLOWS}"
    r"|\b(?:the )?(?P<nth>first|second|third|1st|2nd|3rd|last|middle)\b(?![ -](?:part(?:y|ies)|time|month|instal|payment|year|week|card|job|call|night|day|thing|person|chance))"
    r"|第(?P<place>[一二三123])(?![方者人产期月次年天笔步\d十])(?:条|款|项|行|栏|排|个|种)?"
    r"|(?P<top>最上面|最前面|顶上|头一个|\b(?:top|upper|topmost) (?:one|option|offer|plan))"
    r"|(?P<bottom>最后(?:那|一|的)?(?:一)?(?:个|种|款|条|项|套|档)?|最下面|最底下|末尾|末了那个|压轴|倒数第[一1]|\b(?:bottom|final|lowest) (?:one|option|offer|plan)|\bthe (?:bottom|last)\b)"
    r"|(?P<centre>倒数第[二2]|中间|当中|正中|居中|折中|\b(?:in the middle|middle|mid) ?(?:one|option|offer|plan)?)"
)
_PLACES: Final = {"top": 1, "centre": 2, "bottom": 3}
_FIGURES: Final = frozenset(
    {
        "lone",
        "day",
        "pair",
        "other",
        "letter",
        "row",
        "back",
        "denied",
        "stands",
        "aged",
        "leaning",
        "left",
        "pair_letter",
        "other_letter",
    }
)
_BESIDE_ANOTHER: Final = frozenset(
    {
        "pair",
        "other",
        "row",
        "back",
        "denied",
        "stands",
        "leaning",
        "letter",
        "left",
        "pair_letter",
        "other_letter",
    }
)
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
        mark: dict[str, object] = {"pair": True} if kind in _BESIDE_ANOTHER else {}
        if kind == "row":
            named = _EACH.finditer(text, *match.span(kind))
            found += [Value("option", CHOICES[m[0]], *m.span(), extra=mark) for m in named]
            continue
        number = _PLACES[kind] if kind in _PLACES else CHOICES[match[kind]]
        found.append(Value("option", number, *match.span(kind), extra=mark))
    return each_once(found)
