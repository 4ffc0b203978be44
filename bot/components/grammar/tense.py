"""Whether a day is told as past or as still to come, by the words around it."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from bot.components.grammar.text import compiled

__all__ = ["EITHER", "PAST", "TO_COME", "Tenses"]

PAST: Final = "past"
TO_COME: Final = "to come"
EITHER: Final = "either"
"""A bare day is one single day where its own words tell of the past."""

_DEED: Final = "还交打转付存汇充结缴给补扣划"
# 还清 alone is a wish as often as a deed ("周五我就结清"), and 发了先打 tells of a condition.
_TOLD_PAST: Final = compiled(
    rf"[{_DEED}寄传签](?:了|过|走(?=[了的我\d¥一二三四五六七八九十两百])|[掉清完](?:了|的))(?![^,，。;；]{{0,5}}[就再先])|[{_DEED}]咗|过去了|已经?[{_DEED}寄传]|[还付交扣转存打汇寄传递](?:的款|的(?!话|上|起|钱)|[上进]去的|给你们的)|(?:[那这][条通封]|[号日]的)(?:短信|信息|电话|来电|通知|邮件)|的(?:罚息|滞纳金|违约金|账单)|(?<!提)供的|(?:办|开|出|查|签|买|租|入职|到岗|上班|毕业|搬家?)的(?!话|起|时)|发的(?:邮件|材料|短信|微信|信息|消息|图|照片|证明|单子|资料|病历)|[聊谈问见]过(?![来去])|跟(?:你|您|你们|客服)[说讲提]过|到账了|上次|打来的(?!话)|刚(?![好刚]|才?[写说讲填])|没(?:收到|看|接|顾|注意|[^,，。;；\s]{1, 4}了)|一直"
    r"|被(?:裁|辞|开除|盗|刷|骗)|失业了|下岗|裁员|[刷盗骗取裁辞摔撞病倒丢院关](?:了|走了|掉了|门了)(?![^,，。;；]{0,5}[就再先才])|去世|过世|(?:起|开始)的|以来|到现在|至今|(?:做|动|开)的(?:[^,，。;；]{0,2})手术|才(?:[^,，。;；]{1,3}的(?!时|钱)|还了|知)"
    r"|(?<!get )(?<!gets )(?<!'m )(?<!am )(?<!be )(?<!are )(?<!is )(?<!being )(?<!getting )\bpaid\b"
    r"|\b(?:already|transferred|sent|settled|cleared|cancell?ed|wired|deposited|submitted|uploaded|e?mailed|posted|did|(?<!thought it )(?<!think it )was|were|went|made|took|taken|debited|deducted|charged|received|ago|called|rang|came|handed|signed|remitted|happened|promised (?:me |us )?on|lost|spent|shut|closed|died|fell|got(?! to\b| no\b| a\b| paid)|broke|laid off|sacked|fired|dismissed|let go|passed away|stole|stolen|bought|crashed|admitted|gone out|since|wrote|written|spoke|talked|chatted|messaged|texted|phoned|replied|applied|complained|missed|met|visited)\b"
)
_TOLD_TO_COME: Final = compiled(
    r"再|等|[能会想别](?!是)|(?<!不)要(?!是|了)|不要(?!了)|可以|准备|打算|[之以]后(?!的|就没|就不|没|一直|开始)|才(?!还了|知|[^,，。;；]{1,3}的(?!时|钱))|到时|(?<!低)保证|一定|肯定|争取|希望|[拖延缓]|宽限|行[不吗]|到账(?!了)|下来(?!了)|打给我|[说讲约谈][好定](?:了|的)?(?:是|在)?(?=\s*[\d一二三四五六七八九十]{1,3}[号日])|发(?![了过现的烧病炎作生疯]|微信|短信|消息|信息)|结(?![了过掉清])账|前[还给付交打]|不[还交付]就"
    r"|\b(?:will|can(?:'?t|not)?|could|would|won'?t|going to|gonna|next|until|till|wait|gets? paid|am paid|due|expect|hope|promise|should(?! have)|starts?|starting|now says?|promises|scheduled|booked|lands?|arrives?|comes|coming|let me)\b|'ll\b"
)
_CLAUSE_END: Final = compiled(
    r"[,，。;；!！?？\n]|(?<=[\u4e00-\u9fff])(?<!打给我)\s+(?=[\u4e00-\u9fff])|但是?|不过|然后|\bbut\b|\bthen\b|\band\b"
)


class Tenses:
    """How the days of one normalised text are told.

    ``usual`` is what the message's intent makes likely: :data:`PAST`, :data:`TO_COME` or ``None``.
    """

    def __init__(self, text: str, usual: str | None) -> None:
        self._usual = usual
        self._text = text

    # Looked for only where a day is found: most messages name none.
    @cached_property
    def _gone(self) -> list[tuple[int, int]]:
        return [m.span() for m in _TOLD_PAST.finditer(self._text)]

    @cached_property
    def _ahead(self) -> list[tuple[int, int]]:
        return [m.span() for m in _TOLD_TO_COME.finditer(self._text)]

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        return [m.span() for m in _CLAUSE_END.finditer(self._text)]

    def at(self, start: int, end: int) -> str | None:
        """How the day at [start, end) is told: by the words of its clause, else by the whole text."""
        gone, ahead = self._beside(start, end)
        if gone and ahead:
            near = min([*gone, *ahead], key=lambda span: max(start - span[1], span[0] - end))
            return self._usual or (PAST if near in gone else TO_COME)
        if gone or ahead:
            return PAST if gone else TO_COME
        return self._usual or (PAST if self._gone and not self._ahead else None)

    def outright(self, start: int, end: int) -> str | None:
        """How the words of the day's own clause tell it, where they agree."""
        gone, ahead = self._beside(start, end)
        if bool(gone) == bool(ahead):
            return None
        return PAST if gone else TO_COME

    def _beside(self, start: int, end: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        if not self._gone and not self._ahead:
            return [], []
        begins = max((after for _, after in self._ends if after <= start), default=0)
        ends = min((before for before, _ in self._ends if before >= end), default=len(self._text))
        gone = [span for span in self._gone if begins <= span[0] and span[1] <= ends]
        ahead = [span for span in self._ahead if begins <= span[0] and span[1] <= ends]
        return gone, ahead
