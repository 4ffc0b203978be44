"""How long to pay: 36期, 三年, 一年半, "18 months", "split it into 36"."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.counting import CHINESE, ENGLISH, count
from bot.components.grammar.numbers import find_numbers
from bot.components.grammar.terms_told import is_kept_for, is_told, told_of_instalments
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

# A span of time that lies behind ("失业半年了", "three months ago") is a story, not a wish.
_BEHIND: Final = compiled(
    r"\s*多?\s*(?:[前了没以之来内大]|ago\b|old\b|overdue|late\b|behind|already|now\b|多少|利息|without(?! (?:any )?(?:interest|fees?))"
    r"|下来|利率|定期|定存|大额存单|到手|能?[挣赚]|收入|要?交|房租|工资|试用|身孕|社保|押金|的?(?:孩子|娃|宝宝|工资|房租)|合同|pregnant|of (?:my )?(?:rent|wages|salary)"
    r"|的?(?:银行)?(?:流水|工资[条单]|对账单|账单|明细|缴费记录)|的?劳动|(?:of )?(?:bank )?(?:pay ?slips?|pay ?stubs?|wage slips?|statements?)\b"
    r"|(?:salary|rent|deposit|probation|notice|in arrears)\b)"
)
_BEFORE: Final = compiled(
    r"(?:已经|失业|逾期|欠了?|停了|病了|过去|最近|这|征信|记录|保留|住院|拖了|晚了|断了|干了|隔了|第|近|流水打?|工资[条单]打?|毕业|癌症?|瘤|化疗|放疗|疗程|肾病|尘肺|[早中晚]|试用期?|实习期?|租期|合同期?|保修期?|才用?|还要还|还得还|还剩"
    r"|(?:pay ?slips?|statements?) (?:for|of)(?: the)?|for the (?:past|last)|\bpast|\blast|late by|overdue(?: for| by)?|unemployed for|sick for|\bin|every"
    r"|work for(?: the past)?|pregnant|\bbeen\b[^,.;]{0,30}\bfor|\b(?:son|daughter|baby|kid|child|boy|girl|twins|newborn|toddler)(?:'s| is| are)(?: only| just)?)\s*(?:大概|快|有|about)?\s*$"
)
# "每月还五百三年还清": a sum before the years is not a part of their number.
_YEARS_ZH: Final = r"(?:(?<![\d.])\d{1,2}|(?<![零十一二两三四五六七八九])[一二两三四五六七八]?[一二两三四五六七八九十])"
_SPELLED: Final = r"(?:three|six|nine|ten|twelve|eighteen|twenty[- ]four|thirty[- ]six|thirty|forty[- ]eight|sixty)"
NUMBER_EN: Final = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    rf"|thirteen|fourteen|fifteen|sixteen|seventeen|nineteen|{ENGLISH})"
)
_PARTS_EN: Final = r"instal?lments?|payments|bits|chunks|parts|pieces|portions|goes|slices|repayments|terms|periods"
_TERM: Final = compiled(
    rf"(?P<years>{_YEARS_ZH})年(?!级|前|底|代|费|检)(?P<half>半)?(?:零?(?P<rest>{CHINESE})个月)?|(?<![上下前后大小])(?P<half_year>半年)"
    rf"|(?P<months>{CHINESE}|\b{NUMBER_EN})\s*多?(?:个 ?(?:月|months?\b)|(?P<instalments>期(?!间|末|货)|月期))|分(?:成|作)?(?P<times>{CHINESE})(?:次|回|笔|份)"
    rf"|[分拆](?:成|作|个|做)?(?P<split_zh>\d{{1,2}}|[二三四五六]?十[二八四六]?)(?=\s*(?:$|[,，。;；!！?？\s]|行|可|吧|好|还|能|吗|呗|啊|的|慢))"
    rf"|\b(?:split|divide|break|cut|spread|stretch|slice|chop)\b[^.;!?]{{0,30}}?\b(?:into|over|across|in)\s+(?P<split>\d{{1,2}}|{_SPELLED})\b(?=\s*(?:$|[,.;!?，。]|please|pls|{_PARTS_EN}|for|if|and|or|so|equal|can|could|anot|ok(?:ay)?|is|possible|bo|lah?|leh|\w+ly))(?:\s*(?:{_PARTS_EN}))?"
    rf"|(?P<half_year_en>half a year|a half[- ]year)"
    rf"|(?P<years_en>{ENGLISH}) and a half years|(?:a|one) year and a half(?P<year_and_half>)"
    rf"|(?P<full_years_en>{NUMBER_EN})[\s-]*(?:years?|yrs?)\b(?![ -]old)"
    rf"|(?P<months_en>{NUMBER_EN})[\s-]*(?:monthly |equal |small |smaller |easy )*(?:months?|mths?|mos?|(?P<parts>{_PARTS_EN}))\b"
)
_DIVIDED: Final = compiled(r"(?:[分拆](?:成|作|个)?|divided? (?:it )?(?:in|into|over))\s*$")
# "会坐几年牢 3年还是5年" asks of another term.
_PRISON: Final = compiled(r"坐[^,，。]{0,3}牢|判[^,，。断]{0,4}年|刑期|\b(?:jail|prison)\b")
# One that lies ahead ("半年后", "in two months") says when something begins.
_AHEAD: Final = compiled(r"\s*(?:(?:之|以)?后|from now\b)")
_UNTIL_THEN: Final = compiled(r"(?:再过|再等|\bin|\bafter)\s*(?:大概|about|another)?\s*$")
# "一年两万", "seventy thousand a year", "once a year": how much or how often in a year, not how long.
_ONE_YEAR: Final = compiled(
    r"[一1]年$|(?:an?|one)[\s-]+(?:years?|yrs?|months?|mths?|mos?)$|half a year$|半年$"
)
_OF_A_YEAR_ZH: Final = compiled(
    r"(?![就也][行好够成可])(?:到头|下来|到晚|忙到头|里头?|[收挣赚交花得落拿存剩能要也才就只有发]|大概|大约|差不多|总共|一共|房租|学费|物业费?|工资|年终|保费|左右|可以|最多|顶多|[一两二三四五六七八九十\d]+[次回趟季学]|分[一两二三四]?(?:次|学期|季))"
)
_GAP_TO_SUM: Final = compiled(r"[^\d,，。;；!！?？分期完清供零一二两三四五六七八九十百千万几]{0,5}")
_WISHED_ZH: Final = compiled(
    r"(?:[分用拿]|期限|[分改换变拆弄搞降减加]成?|(?:[延拉缩减压加放][长短到]?|改短|改长)(?:成|为|到|至)?|[改换变]为|定|办|做|选|要)\s*$"
)
_ALL_PAID: Final = compiled(
    r"[^,，。\d]{0,6}(?:还清|还完|还得[清完]|还掉|搞定|搞得定|付清|结清|弄完|弄得完|清掉|清完|了结)"
)
# "签了36个月的": a term that was agreed lies behind and is a plan's all the same, unless it is of work or a lease.
_AGREED: Final = compiled(r"(?:签|选|办|定|批|分)(?:的是|了|过)\s*$")
_OF_ANOTHER: Final = compiled(r"租|劳动|工作|保险|手机|宽带")
_OF_ANOTHER_AFTER: Final = compiled(r"\s*的?(?:手|居|劳动|合同|租|保险|工|会员)")
# "你听成12期了", "want 20期 now": a term misheard or wished for, and no story of what was paid.
_TAKEN_FOR: Final = compiled(
    r"(?:[听打写说选当弄搞改换变看填点拉延]成|[改换]为|[延拉]到|要|想|是)\s*$|\b(?:want|need|prefer|make it|to|into|rather|take|you (?:heard|put|wrote|typed))\s*(?:it |for |have )?$"
)
_NO_STORY: Final = compiled(r"\s*(?:了(?![两三四五六七八九十几多]|快)|now\b)")
# "had this card ten years", 用了你们卡八年: so long it has lasted.
_LASTED: Final = compiled(
    r"\b(?:had|used|using|customer|client|known|worked|lived|married|divorced|together|served|studied)\b[^,.;!?]{0,24}$"
    r"|(?:用|干|当|做|开|跟|养|租|住|来|等|熬|撑|拖|守|忍|打|病|瘫)了[^,，。;；!！?？\d]{0,8}$"
)
_STILL_TO_PAY: Final = compiled(r"(?:还|付|交|供|分|拖)到\s*$")
_PAST_PAYMENTS: Final = compiled(
    r"\b(?:missed|made|paid|skipped|after|already|sent|took|charged|yesterday|unknown|strange|fake|failed)\b[^,.;]{0,14}$"
)
_OF_PAST_PAYMENTS: Final = compiled(
    r"\s*(?:i (?:don'?t|didn'?t|never|made|missed|already|haven'?t|can'?t)|already|were|was|went|came|that (?:i|are|were)|missing|behind|late|so far|not (?:mine|me)\b|on (?:the |my )?(?:card|statement|bill))"
)
# "24 times 512", "512 x 36", 36个512: so many instalments of a sum.
_SO_MANY: Final = compiled(
    r"(?<![\d.,¥])(?P<times>\d{1,2})\s*(?:times|x|×|\*|乘以?|个)\s*(?=¥?[1-9]\d{2,3}(?![\d万]))|(?<=\d)(?<!\d\d\d\d\d)\s*(?:times|x|×|\*|乘以?)\s*(?P<by>\d{1,2})(?![\d.,]*\d|\s*(?:%|个月|months?|期))"
)
# "make that 12 into 20", "把12期拉到20": the figures of a change, of which the words tell that it is one of the term.
_INTO: Final = compiled(
    r"\b(?:make|turn|change|stretch|extend|spread|lengthen|shorten|cut|reduce|break|switch)\b[^\d,.;]{0,16}(?P<old>\d{1,2}|\b[a-z]+(?:[- ](?:four|six|eight))?) (?:instal\w+ |months? )?(?:in ?to|out to) (?P<new>\d{1,2})(?![\d.,]*\d|(?:st|nd|rd|th)\b|\s*(?:%|k\b))"
)
# "这24期", "这36个月的还能改不": figures that only plans have; "这两年" is a story.
_THIS: Final = compiled(r"[这那]\s*$|\b(?:these|those|the|this)\s*$")
_WITHIN: Final = compiled(r"(?:之|以)?内")
# "how many out of the 18 have i done"
_OUT_OF: Final = compiled(
    r"\b(?:out )?of (?:the |my |all |these |those )?(?P<all>\d{1,2}|(?:twelve|eighteen|twenty[- ]four|thirty[- ]six|forty[- ]eight|sixty)\b)"
    r"(?=\s*(?:$|[,.;?!，。？]|how\b|have\b|did\b|do\b|are\b|is\b|left\b|done\b|paid\b|so far\b|i\b|to go\b|already\b))"
)
IN_YEARS: Final = compiled(r"年|year|yr|annum")
"""What tells a term of years from one of months."""
_LISTED_BEFORE: Final = compiled(
    r"(?<![\d.,¥])(?:\d{1,2}\s*(?:[,，/、]|\b(?:or|vs\.?|versus)|,\s*or\b|和|跟|或者?|还是)\s*){1,3}$"
)
_LISTED_AFTER: Final = compiled(
    r"\s*(?:/|、|,?\s*\b(?:or|vs\.?|versus|and|than)\b|或者?|还是|[和跟与同比])\s*(\d{1,2})(?=\s*(?:$|[,，.。?？!]|[好呢吗比划哪更利差]|same\b|different\b|which\b))"
)
_PROGRESS: Final = compiled(r"\b(?:how many|left|done|paid|instal\w*|remaining|to go)\b")
_HOW_OFTEN: Final = compiled(
    r"(?:\b(?:once|twice|thrice|times|days?|weeks?|hours?|earn|earned|make|income|salary|costs?|bonus|yuan|rmb|kuai|grand|thousand|hundred|every)|[\dk千百万元块w%])\s*$"
)
# "两千一个月,不是一年", "2100 a month, not a year": a word about how often the sum comes.
_NOT_A: Final = compiled(r"(?:不是|唔系|还是|而非|\bnot|\bor)\s*$")
_EACH_MONTH: Final = compiled(
    r"(?:一个?月|每个?月|月薪)[^,，。]{0,6}[\d一二两三四五六七八九]|[\dk千百万块元](?: yuan| rmb| kuai)? ?(?:an? month|per month|monthly|/month|一个?月|每个?月)"
)


def _is_period(text: str, match: re.Match[str]) -> bool:
    """Whether a year beside a sum or an event says how often, rather than how long to pay."""
    said = match[0]
    if not _ONE_YEAR.search(said):
        return False
    if _NOT_A.search(text[max(0, match.start() - 8) : match.start()]) and _EACH_MONTH.search(
        text, 0, match.start()
    ):
        return True
    if _ALL_PAID.match(text, match.end()):
        return False
    if said[0] in "一1半" and said[-1] == "年":
        if _WISHED_ZH.search(text, 0, match.start()):
            return False
        gap = _GAP_TO_SUM.match(text, match.end())
        after = gap.end() if gap else match.end()
        sums = [
            n
            for n in find_numbers(text[max(0, match.start() - 12) : after + 12])
            if n.unit >= 100 or n.high >= 100
        ]
        offset = max(0, match.start() - 12)
        beside = any(
            n.start + offset == after
            or (
                text[n.end + offset : match.start()].strip()
                in ("", "块", "元", "块钱", "来块", "左右")
                and n.end + offset <= match.start()
            )
            for n in sums
        )
        return beside or bool(_OF_A_YEAR_ZH.match(text, match.end()))
    return bool(_HOW_OFTEN.search(text, 0, match.start()))


USUAL_TERMS: Final = frozenset({3, 6, 9, 12, 18, 24, 30, 36, 48, 60})
_INSTALMENTS: Final = compiled(r"instal|terms|periods")
_PLANS_ONLY: Final = frozenset(term for term in USUAL_TERMS if term >= 12)
LONGEST_TERM: Final = 120  # months; beyond that it is not a term anybody means


def find_terms(text: str) -> list[Value]:
    """Terms in months of a normalised text; of two joined ones (两三年) the longer.

    What lies ahead is called ``months_ahead``.
    """
    found: list[Value] = []
    if _PRISON.search(text):
        return found
    told = told_of_instalments(text)
    for match in _TERM.finditer(text):
        if (match["instalments"] or match["parts"]) and is_told(
            text, match.span(), _months(match) or 0, told
        ):
            continue
        if IN_YEARS.search(match[0]) and is_kept_for(text, *match.span()):
            continue
        if split := match["split"] or match["split_zh"]:
            if (months := count(split)) in USUAL_TERMS:
                name = "split" if match["split"] else "split_zh"
                found.append(Value("term_months", months, *match.span(name)))
            continue
        if _is_period(text, match):
            continue
        parts = match["instalments"] or match["parts"]
        ahead = not parts and (
            (
                _AHEAD.match(text, match.end())
                and not _STILL_TO_PAY.search(text[max(0, match.start() - 4) : match.start()])
            )
            or _UNTIL_THEN.search(text, 0, match.start())
        )
        if ahead:
            if (months := _months(match)) is not None and months <= LONGEST_TERM:
                found.append(Value("months_ahead", months, match.start(), match.end()))
            continue
        before = _BEFORE.search(text, 0, match.start())
        this = _THIS.search(text[max(0, match.start() - 9) : match.start()]) and (
            match["months"] or parts
        )
        if before and this and _months(match) in _PLANS_ONLY:
            before = None
        agreed = _is_agreed(text, match)
        within = _WITHIN.match(text, match.end()) and _ALL_PAID.match(text, match.end())
        # 分三年利息咋算 asks of the plan's interest, 三年利息咋算 of a deposit's.
        if not parts and _LASTED.search(text[max(0, match.start() - 36) : match.start()]):
            continue
        divided = _DIVIDED.search(text, 0, match.start()) or (
            _NO_STORY.match(text, match.end())
            and _TAKEN_FOR.search(text[max(0, match.start() - 16) : match.start()])
            and (parts or match["months"] or match["months_en"])
        )
        if (match["parts"] or "").startswith("payment") and (
            _OF_PAST_PAYMENTS.match(text, match.end())
            or _PAST_PAYMENTS.search(text[max(0, match.start() - 30) : match.start()])
        ):
            continue
        # "12期跟36期利率一样不一样" compares plans, 三年利率 deposits.
        compared = match["instalments"] and text.startswith(("利", "的利"), match.end())
        if (not (divided or within or compared) and _BEHIND.match(text, match.end())) or (
            before and not (parts and before[0].strip() == "in")
        ):
            continue
        if not parts and not agreed and text[: match.start()].endswith(("了", "过")):
            continue  # "病了三个月"
        if re.match(r"(?:个)?月[一二三四五六七八九十\d]+[号日]", text[match.end() - 1 :]):
            continue
        months = _months(match)
        in_goes = match["times"] or (match["parts"] and not _INSTALMENTS.match(match["parts"]))
        if months == 2 and in_goes:
            continue  # "分两次给": two payments, and no plan of two months
        if months is not None and 1 < months <= LONGEST_TERM:
            found.append(Value("term_months", months, match.start(), match.end()))
    found += _listed(text, found)
    for match in (*_SO_MANY.finditer(text), *_INTO.finditer(text)):
        places = [name for name in ("times", "by", "old", "new") if match.groupdict().get(name)]
        said = [(count(match[name]), match.span(name)) for name in places]
        if said[0][0] in _PLANS_ONLY and all(1 < (m or 0) <= LONGEST_TERM for m, _ in said):
            found += [Value("term_months", months, *place) for months, place in said]
    if _PROGRESS.search(text):
        for match in _OUT_OF.finditer(text):
            if (months := count(match["all"])) in USUAL_TERMS:
                found.append(Value("term_months", months, *match.span("all")))
    return each_once(found)


def _listed(text: str, found: list[Value]) -> list[Value]:
    """Terms that share the unit of another: "12, 24 or 36 months", 12/24/36期, "36期还是24"."""
    listed: list[Value] = []
    for term in found:
        if term.entity != "term_months" or IN_YEARS.search(text, term.start, term.end):
            continue
        before = _LISTED_BEFORE.search(text[max(0, term.start - 24) : term.start])
        offset = max(0, term.start - 24)
        if before:
            listed += _usual(text, before.start() + offset, term.start)
        if after := _LISTED_AFTER.match(text, term.end):
            listed += _usual(text, *after.span(1))
    return [one for one in listed if one.value not in {term.value for term in found}]


def _usual(text: str, start: int, end: int) -> list[Value]:
    figures = [(int(m[0]), m) for m in re.finditer(r"\d{1,2}", text[start:end])]
    return [
        Value("term_months", months, m.start() + start, m.end() + start)
        for months, m in figures
        if months in USUAL_TERMS
    ]


def _is_agreed(text: str, match: re.Match[str]) -> bool:
    """Whether the term is what somebody signed or was granted ("签了两年"), and not for a lease or a job."""
    return bool(
        _AGREED.search(text[max(0, match.start() - 9) : match.start()])
        and not _OF_ANOTHER.search(text, max(0, match.start() - 10), match.start())
        and not _OF_ANOTHER_AFTER.match(text, match.end())
    )


def _months(m: re.Match[str]) -> int | None:
    if m["half_year"] or m["half_year_en"]:
        return 6
    if m["year_and_half"] is not None:
        return 18
    if m["years"] or m["years_en"] or m["full_years_en"]:
        years = count(m["years"] or m["years_en"] or m["full_years_en"])
        if years is None or years > 10:
            return None
        extra = 6 if m["half"] or m["years_en"] else (count(m["rest"]) or 0) if m["rest"] else 0
        return years * 12 + extra
    return count(m["months"] or m["times"] or m["months_en"])
