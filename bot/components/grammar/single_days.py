"""Whether a day without its month is one single day, or a day that comes again each month."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.components.grammar.calendar_days import such_day
from bot.components.grammar.tense import EITHER, PAST, TO_COME, Tenses
from bot.components.grammar.text import compiled

__all__ = ["comes_again", "is_monthly", "one_day"]

# "every time the phone rings" and 每天 say nothing of a day that comes each month.
_EVERY_MONTH: Final = compiled(
    r"每(?![天次晚回日夜周星礼禮餐顿小分笔人家])|月月|逢"
    r"|\b(?:every|ev|each)\b(?! (?:time|day|night|morning|evening|week|hour|one|call|of|person|single)|\s*(?:$|[,.;!?]))"
    r"|\b(?:always|usually|monthly)\b|发薪日|\bpay ?days?\b(?! (?:got|was|has been|is) (?:pushed|moved|delayed|late|put|postponed))"
)
# Wages, rents and debits come again each month: their day is no single one.
_MONTHLY: Final = compiled(
    r"发(?:了|完|的)?(?:工资|薪|饷|钱|粮)|[开出](?:粮|薪|支|饷|资)|工资|薪水|退休金|养老金|(?:还款|扣款|账单|发薪|出账|到期)日|房租|房贷|车贷|自动扣|以前|平时|一般|都是|总是|老是"
    r"|\b(?:pay ?day|wages?|salary|pension|gets? paid|(?:am|are|is) paid|due (?:date|day|on)|statement (?:day|date)|rent|mortgage|autopay|used to|pays us)\b|'m paid\b"
)
_THIS_TIME: Final = compiled(
    r"[这本]个?月|[这本]期|这次|今个?月|\bthis (?:month|time|one)\b|[头首]期|第一[笔期]|\bfirst (?:one|payment|instal)"
)
#: What is of one day only, whatever the message is about: a call, a text, a night, a day off, one instalment.
_ONCE_AFTER: Final = compiled(
    r"\s*(?:的?(?:要|该|得)?[还供扣付]?[那嗰这][期笔]|(?:的?[那嗰][条通封个次]|的)(?:短信|信息|消息|电话|来电|通知|邮件)|那天(?:我|你们?|他们|有人|在|刚好|正好|人|[早晚]上|[上下]午|中午|打|来|发烧|生病|住院)|凌晨|半夜|[早晚]上|[上下]午|中午"
    r"|[^,，。;；]{0,6}(?:打给我|打电话|打过来|回电|回我?个?电话|复[诊查]|联系我|找我聊)|[^,，。;；]{0,5}(?:别|不要|莫|唔好)(?:再|给我|老|总)*(?:打|发|催|联系|找|烦)"
    r"|(?:我|我们|那天|当天|全天|白天|也|是|正好|刚好|才)*(?:休息|休班|轮休|调休|放假|没班|不上班|有空|有时间|在家|面试|开庭|手术|出院|入职|复工)"
    r"|[,.?!;]? (?:but |and |so )?(?:by then|(?:on )?that day|that night)\b"
    r"|,? in the (?:morning|afternoon|evening)|[,.]? (?:so )?(?:please )?(?:call|ring|phone|text)(?: me)? (?:then|that day))"
)
_ONCE_BEFORE: Final = compiled(
    r"(?:\b(?:call|phone|ring|speak|talk|back|should have (?:gone out|come|been (?:paid|taken|sent)))(?: (?:me|to me|to you|again|back|home))? (?:on )?"
    r"|\b(?:(?:day|days) off (?:is|are)|i'?m (?:off|free|home|at home|available)(?: work)?(?: again)?) (?:on )?)$"
)
#: To a later day, once: a wish for time, unless it is the due day itself that is moved.
_PUT_OFF: Final = compiled(
    r"(?:[延拖缓熬撑挨]|宽限|推迟|顺延|延期|延后|延长|容|挪|再等)(?:个?几天)?(?:一下|一下子)?[到至]\s*$"
    r"|\b(?:push|extend|delay|postpone|stretch|hold|wait|give me)\b[^,.;!?]{0,30}\b(?:to|till?|until|for)(?: the)? $"
)
_DEADLINE: Final = compiled(r"\s*(?:之|以)?前")
_PART: Final = compiled(r"[,，。;；!！?？\n]|\bbut\b|\bso\b|\bbecause\b")
_LOOK_BACK: Final = 45


def comes_again(text: str) -> bool:
    """Whether a text names what happens every month."""
    return _EVERY_MONTH.search(text) is not None


def is_monthly(text: str, start: int, end: int) -> bool:
    """Whether the clause around a day tells of wages, rents or debits, and of no single one of them."""
    begins = max((m.end() for m in _PART.finditer(text, 0, start)), default=0)
    stop = _PART.search(text, end)
    clause = text[begins : stop.start() if stop else len(text)]
    return _MONTHLY.search(clause) is not None and _THIS_TIME.search(clause) is None


def one_day(
    text: str, match: re.Match[str], day: int, today: date, tenses: Tenses, told: str | None
) -> date | int:
    """The single day that a bare one is, or the day itself where it comes again each month."""
    start, end = match.span()
    tense = tenses.at(start, end)
    before = max(0, start - _LOOK_BACK)
    if not (_ONCE_AFTER.match(text, end) or _ONCE_BEFORE.search(text, before, start)):
        monthly = is_monthly(text, start, end)
        if _PUT_OFF.search(text, before, start) and (told == TO_COME or not monthly):
            return such_day(today, day, past=False) or day
        outright = tenses.outright(start, end)
        if told is None or (told == EITHER and outright != PAST):
            last = told == EITHER and not monthly and _is_deadline(text, match)
            return (last and such_day(today, day, past=False)) or day
        if monthly and not (told == PAST and outright == PAST):
            return day
    return such_day(today, day, past=tense == PAST) or day


def _is_deadline(text: str, match: re.Match[str]) -> bool:
    return match[0].endswith("前") or _DEADLINE.match(text, match.end()) is not None
