"""Whether a day is told as past or as still to come, by the words around it."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.text import compiled

__all__ = ["PAST", "TO_COME", "Tenses"]

PAST: Final = "past"
TO_COME: Final = "to come"

_DEED: Final = "还交打转付存汇充结缴给补扣划"
_TOLD_PAST: Final = compiled(
    rf"[{_DEED}寄传签](?:了|过|掉|清|完|走)|[{_DEED}]咗|过去了|已经?[{_DEED}寄传]|[还付交扣转存打汇](?:的款|的(?!话|上|起|钱)|进去的|给你们的)|到账了|上次|打来的(?!话)|刚(?![好刚])|没收到"
    r"|(?<!get )(?<!gets )(?<!'m )(?<!am )(?<!be )(?<!are )(?<!is )(?<!being )(?<!getting )\bpaid\b"
    r"|\b(?:already|transferred|sent|settled|cleared|cancell?ed|wired|deposited|submitted|uploaded|e?mailed|posted|did|was|were|went|made|took|taken|debited|deducted|charged|received|ago|called|rang|told|came|handed|signed|remitted|happened|lost|spent|shut|closed|died|fell|broke)\b"
)
_TOLD_TO_COME: Final = compiled(
    r"再|等|[能会想要](?!是)|可以|准备|打算|之后|以后|才(?!还了|知)|到时|保证|一定|肯定|争取|希望|[拖延缓]|宽限|行[不吗]|到账(?!了)|下来(?!了)|发(?![了过现])|结(?![了过掉清])账|前[还给付交打]"
    r"|\b(?:will|can|could|would|going to|gonna|next|until|till|wait|gets? paid|am paid|due|expect|hope|promised?|should|starts?|starting|lands?|arrives?|comes|coming|let me)\b|'ll\b"
)
_CLAUSE_END: Final = compiled(r"[,，。;；!！?？\n]|但是?|不过|然后|\bbut\b|\bthen\b|\band\b")


class Tenses:
    """How the days of one normalised text are told.

    ``usual`` is what the message's intent makes likely: :data:`PAST`, :data:`TO_COME` or ``None``.
    """

    def __init__(self, text: str, usual: str | None) -> None:
        self._usual = usual
        self._gone = [m.span() for m in _TOLD_PAST.finditer(text)]
        self._ahead = [m.span() for m in _TOLD_TO_COME.finditer(text)]
        self._ends = [m.span() for m in _CLAUSE_END.finditer(text)]
        self._length = len(text)

    def at(self, start: int, end: int) -> str | None:
        """How the day at [start, end) is told: by the words of its clause, else by the whole text."""
        if not self._gone and not self._ahead:
            return self._usual
        begins = max((after for _, after in self._ends if after <= start), default=0)
        ends = min((before for before, _ in self._ends if before >= end), default=self._length)
        gone = [span for span in self._gone if begins <= span[0] and span[1] <= ends]
        ahead = [span for span in self._ahead if begins <= span[0] and span[1] <= ends]
        if gone and ahead:
            near = min([*gone, *ahead], key=lambda span: max(start - span[1], span[0] - end))
            return self._usual or (PAST if near in gone else TO_COME)
        if gone or ahead:
            return PAST if gone else TO_COME
        return self._usual or (PAST if self._gone and not self._ahead else None)
