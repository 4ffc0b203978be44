"""What tells a sum from other numbers: the words beside it, and the stretch of time it is for."""

from __future__ import annotations

import re
from typing import Final

from bot.components.grammar.number import Number
from bot.components.grammar.text import compiled

__all__ = ["is_counted", "looks_like_money", "period_of"]

# What is counted by these is no money. Some of them begin a word of their own right after a sum: "三千分36期",
# "两千年底给", "三千代办", "一千月底还".
_COUNTER: Final = compiled(
    r"\s*(?:多|来)?\s*(?:个|期(?!末|间)|号|日(?!元|结|常|薪|后)|岁|年(?![底终末初货关费检])|天(?!天)|次(?![月日贷])|遍|家(?![里人用长])|张(?!罗)|口(?![粮袋价气])|人(?!民币|工)"
    r"|月(?![月还付给交底末初中头尾供结均租光])|(?<!多)点(?!点)|分钟|分(?!\s*[钱之期成三两四五六十\d一二给摊开担])|小时|钟头|折(?![合算扣旧])|(?<!\d\d)(?<![百千万k块元])成(?![本交为都就了吗么不功行]|的话)|平(?![时常均台安])|公里|位|封(?!顶)|条|通|笔|份(?![子内额])"
    r"|步|楼|栋|层|周(?![一二三四五六日天末结薪转])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|倍|斤|代(?![协付还理办偿])|章|些|单(?![位身])|页|字(?!据)|句|颗|粒|片|级|米|克|度(?!过)|件|辆|台|秒|门课|平方|亩|头猪|头牛|股(?!息)|吨|棵|袋|盒|杯|注|积分|里程|粉丝|公斤|里(?:路|地)|趟|顿|圈|名(?!义)|轮|集|篇|毫升|瓶|箱|公分|码"
    r"|(?<=一)(?:起|边|下|直|样|定|般|旦|共|切|时|会)"
    r"|months?\b|mths?\b|years?\b|yrs?\b|days?\b|weeks?\b|hours?\b|hrs?\b|times?\b(?! \d)|calls?\b|people\b|persons?\b|kids?\b|child|cards?\b|banks?\b|lenders?\b|messages?\b|texts?\b|of us\b|minutes?\b|mins?\b|am\b|pm\b|o'clock|%|st\b|nd\b|rd\b|th\b|instal|periods?\b|apps?\b|loans?\b|strangers?\b|payments?\b|options?\b|ways?\b|things?\b|more\b(?! than (?:last|before|you|i|the|it|what)\b)|by one\b|jobs?\b|\+?\s*(?:cvs?|resumes?|applications?)\b"
    r"|thanks\b|thank you|per ?cent\b|apologies\b|reasons?\b|words?\b|pages?\b|lines?\b|orders?\b|deliveries\b|rounds?\b|bits?\b|parts?\b|chunks?\b|goes\b(?! (?:out|to|on|in|toward|into|straight))|pieces\b|degrees\b|km\b|kilos?\b|kg\b|numbers?\b|miles?\b|letters?\b|visits?\b)"
)
# "123abc" is no sum; "500a month" and "500pm" are typed in haste.
_WORD: Final = compiled(r"(?!(?:a|pm|pcm|per|each|every|ish|left|max|or|and|to)\b|x ?\d)[a-z]")
# A figure below a hundred is money only where a word of money or of time stands right beside it.
_BESIDE_SMALL: Final = compiled(
    r"(?:还(?!是)|最多|只能|至多|顶多|房租|挣|赚|工资|收入|到手|[给花付交掏凑剩]|拿出|能出|余额|[卡账兜手身][里上头](?:就|只|还)?(?:[有剩])?|每[笔单次]|各|[扣刷转退存充划][了走掉过]|[每一]天|[每一]个?(?:小时|钟头|周|星期|礼拜|月)|时薪|日薪|周薪|日结|每期)"
    r"(?:大概|大约|差不多|最多|顶多|可以|到手|不到|你们|也就|[只就才能给还挣剩赚花有得要吃拿出个我你了是]){0,4}\s*$"
    r"|\b(?:pay|rent|afford|spare|manage|do|give|send|offer|earn|make|put|scrape|got|have|get|balance|(?:charged|costs?)(?: me| us)?|took|deducted|transferred|spent)\s+(?:(?:you|in|is|of|the|together|only|just|about|around|maybe|like|another|at most|up to|even|back|aside)\s+){0,4}$"
)
_STRONG_SMALL: Final = compiled(
    r"(?:还|最多|只能|房租|挣|工资|收入|到手|\bpay|\brent|\bafford|\bspare)\s*$"
)
# Fees, fines and what is left over are told in small sums: 130违约金, "the fifty late fee", 被罚了五十, 多出来的六十.
_FEE_ZH: Final = (
    r"(?:滞纳金|违约金|罚款|罚金|罚息|手续费|服务费|逾期费|年费|管理费|利息|费用|押金|差价|差额)"
)
_FEE_EN: Final = r"(?:fee|fine|penalty|charge|surcharge|interest|difference)"
_FEES_EN: Final = r"(?:fees?|fines?|penalty|penalties|charges?|surcharges?|interest)"
_FEE_BEFORE: Final = compiled(
    rf"{_FEE_ZH}(?:一共|总共|大概|差不多|收了?|扣了?|[共就才都是要有了只涨到我来])*\s*$"
    r"|(?:[罚扣收免减赔退返补](?:[了走掉回给过]?我|[了走掉回给过]我?的?)[那这]?|(?:多|少|乱|白|又|再|被|还要|总共)[罚扣收赔退补]了?)(?:将近|差不多|大概|整整|[足才就又还])?\s*$"
    r"|(?:[多少差](?:了|出|给了?)我?|比[^,，。\d]{1,8}(?:多|少|贵)(?:了|出)?)(?:个|笔)?\s*$"
    r"|(?:多出来?|剩下?|余下?|另外|其余|还差|多[收扣算要]|少[退算了])的?[那这]?(?:个|笔)?\s*$"
    rf"|\b{_FEES_EN}\s+(?:(?:of|is|was|were|are|at|about|around|only|another|for)\s+){{0,3}}$"
    r"|\b(?:fined|charg(?:ed|ing)|docked|refund(?:ed)?|knock(?:ed|ing)? off|waiv(?:ed|ing)|took off|taking off|overcharged|added|took|up by|down by)\s+(?:me |us |you |my |about |another |an extra |extra )*$|\brefund (?:me |us )?(?:my |the |that )?$"
)
_LEFT_OVER_BEFORE: Final = compiled(
    r"\b(?:the|that|this|an|those|these)\s+(?:other|extra|additional|remaining|missing|further|odd)\s+$"
)
_LEFT_OVER_AFTER: Final = compiled(
    r"\s*(?:$|[,.;!?，。？！]|(?:come|came|coming|go|goes|going|went|is|was|are|were|for|from|on|about|then)\b|[\u3400-\u9fff])"
)
_ASKED_BEFORE: Final = compiled(r"(?<!on )\b(?:this|that|an?|the|my)\s+$")
_ASKED_AFTER: Final = compiled(
    r"\s+(?:for\s*(?:$|[,.;?!])|i (?:don'?t|do not|never) (?:recogni[sz]e|know)|(?:comes?|came) from)"
)
_FEE_AFTER: Final = compiled(
    r"\s*[,，]?\s*(?:实际|结果|现在|怎么|却|变成?)[^\d,，]{0,4}[扣收]"
    rf"|\s*的?(?:逾期|延期|分期|额外)?{_FEE_ZH}"
    rf"|\s+(?:(?:late|overdue|service|penalty|annual|extra|handling|processing|admin|payment|interest|default|monthly)\s+){{0,2}}{_FEE_EN}\b"
    r"|\s*[那这]?(?:是|算)(?:啥|什么|咩|哪门子)的?(?:钱|费|款|名目)|\s*(?:是)?(?:哪|怎么|从哪里?|哪里)来的"
    r"|\s+more than (?:last|before|you|i|the|it|what)\b"
    rf"|\s+in\s+(?:[a-z]+\s+){{0,2}}{_FEES_EN}\b"
)
_ENDS_THERE: Final = compiled(
    r"\s*(?:$|[,，。.;；!！?？~、\n)）]|[都也我可行就的吧呢啊了够能还给成好一每]|左右|上下|不到|封顶|以内|a (?:day|week|month)\b|per\b|each\b|every\b|for\b|twice\b|now\b|today\b|tops\b|max\b|at (?:most|the)\b|is\b|and\b|but\b|if\b|until\b|till\b|or so\b|to\b)"
)
_TIME_AFTER_SMALL: Final = compiled(
    r"\s*(?:(?:an?|per|each|every|/)\s*(?:day|week|month|hour|shift|time|instal?ment)\b|[每一](?:天|周|星期|礼拜|个?月|小时|个?钟头|期)"
    r"|each\s*(?:$|[,.;!?])|(?:left )?[oi]n (?:my|the|this|that) (?:bank |credit |debit )?(?:card|account|wallet|pocket|purse|bank|balance|alipay|wechat)\b"
    r"|(?:我|都|也)*[拿掏出还付给凑挤]不|(?:is|was|'s) (?:all|the most|what|as much)\b)"
)


def is_counted(text: str, end: int) -> bool:
    """Whether a number that ends there counts something else, or is a part of a word ("123abc")."""
    return bool(_COUNTER.match(text, end) or _WORD.match(text, end))


def looks_like_money(text: str, number: Number) -> bool:
    """Whether a number without a currency is a sum all the same."""
    if number.unit >= 100:
        return True
    if _is_a_rate(text, number):
        return False
    if number.high <= _LAST_DAY and _DAY_BEFORE.search(
        text[max(0, number.start - 12) : number.start]
    ):
        return False
    if number.script == "arabic" and (
        number.high >= 100 or number.high != number.high.to_integral_value()
    ):
        return True
    if number.high < 10:
        return False
    if number.script == "arabic" and _STRONG_SMALL.search(text, 0, number.start):
        return True
    if _is_a_fee(text, number):
        return True
    return bool(
        _TIME_AFTER_SMALL.match(text, number.end)
        or (
            _BESIDE_SMALL.search(text, max(0, number.start - 24), number.start)
            and _ENDS_THERE.match(text, number.end)
        )
    )


def _is_a_fee(text: str, number: Number) -> bool:
    """Whether a fee, a fine or a remainder stands beside a number."""
    before = text[max(0, number.start - 36) : number.start]
    return bool(
        _FEE_BEFORE.search(before)
        or _FEE_AFTER.match(text, number.end)
        or (_LEFT_OVER_BEFORE.search(before) and _LEFT_OVER_AFTER.match(text, number.end))
        or (_ASKED_BEFORE.search(before) and _ASKED_AFTER.match(text, number.end))
    )


# "年化14.6还是18.25", "is 0.05% a day the same as 18.25 a year": rates without their sign.
_HIGHEST_RATE: Final = 40
_RATE: Final = compiled(
    r"利率|年化|年利|月利|日利|[年月日]息|费率|百分之|%|万[一二三四五六七八]一?天|\bapr\b|\brates?\b|\bper ?cent\b|\binterest rate"
)
_CEILING: Final = compiled(r"\s*(?:封顶|红线|[才就]?算?高利贷|合法|违法)")
_RATE_GAP: Final = compiled(r"[^。;；!！\n元块¥]*$")


def _is_a_rate(text: str, number: Number) -> bool:
    """Whether a small figure close behind a word of rates is one more of them."""
    if number.script != "arabic" or number.unit > 1 or number.high > _HIGHEST_RATE:
        return False
    before = text[max(0, number.start - 30) : number.start]
    if _STRONG_SMALL.search(before):
        return False
    near = [m.end() for m in _RATE.finditer(before)]
    behind = bool(near and _RATE_GAP.match(before, near[-1]))
    return behind or bool(_CEILING.match(text, number.end))


# "on 30 each month", "固定每月十七就成": days; nobody pays so little.
_LAST_DAY: Final = 31
_DAY_BEFORE: Final = compiled(r"\bon (?:the |every |each )?$|(?:固定|定在?|都是?)每个?月$")
# How long a sum is for.
_YEARLY: Final = compiled(
    r"年薪|年收入|(?<!还)(?<!再)(?<!完)(?<!后)(?<!了)(?:一|每)年(?!期|后|前|内|半|多)(?:到手|能?挣|赚|收入)?|\ba year\b|\bper year\b|\byearly\b|\bannual(?:ly)?\b|\bper annum\b"
)
_DAILY: Final = compiled(
    r"日薪|(?:(?:一|每)天|(?<!月)(?<!月的)[一每]日)(?:能)?(?:挣|赚|就|才|只|有|跑)?|日结|\ba day\b|\bper day\b|\bdaily\b|/day"
)
_WEEKLY: Final = compiled(
    r"周薪|(?:一|每)(?:个)?(?:周|星期|礼拜)|\ba week\b|\bper week\b|\bweekly\b|/week"
)
_MONTHLY: Final = compiled(
    r"(?:一|每)个?月|月薪|/月|\ba month\b|\bper month\b|\bmonthly\b|/month|\bpm\b"
)
_HOURLY: Final = compiled(
    r"时薪|(?:一|每)(?:个)?(?:小时|钟头)|\ban hour\b|\bper hour\b|\bhourly\b|/hour|/hr|\ban hr\b"
)


def period_of(text: str, start: int, end: int) -> str | None:
    """The stretch of time a sum is for, where the words right beside it say so."""
    before, after = text[max(0, start - 8) : start], text[end : end + 10]
    before = re.split(r"[,，。;；!?！？\n]", before)[-1]
    after = re.split(r"[,，。;；!?！？\n]", after)[0]
    near = (before, after)
    for name, pattern in (
        ("month", _MONTHLY),
        ("year", _YEARLY),
        ("week", _WEEKLY),
        ("day", _DAILY),
        ("hour", _HOURLY),
    ):
        if any(pattern.search(side) for side in near):
            return name
    return None
