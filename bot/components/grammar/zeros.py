"""Nothing, said in words or as a figure: 没收入, "income is 0", 没有别的债, a lone 0."""

from __future__ import annotations

from typing import Final

from bot.components.grammar.spans import overlaps
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value

__all__ = ["find_zeros"]

# "之前说没别的贷款" holds no longer.
_SAID_BEFORE: Final = compiled(r"(?:说|讲|\bsaid|\btold you)[^,，。.]{0,6}$")
_INCOME: Final = compiled(
    r"(?:没有?(?:任何|什么|一点)?|(?<![\d.,百千万])[零0]|无)(?:收入|工资(?!条|卡|单)|进账|经济来源|收入来源)(?!证明)|(?:没有?|无)(?:钱)?进账|一分(?:钱)?(?:收入|进账|工资)?(?:都|也)?没有?(?:挣|赚|收入|进账)"
    r"|(?:收入|工资|进账)(?:现在|目前|眼下|如今|暂时|这会儿|已经|基本|几乎|变成|降到|就|都|是|为|归|等于|[:：\s]){0,4}(?:零|0)(?![\d.零花活碎])|\bno (?:income|salary|wages?|pay|earnings)\b|\bzero income\b|\b(?:income|salary|wages?|earnings|(?:my|our|net|monthly|home|sick|basic) pay)\s*(?:is|are|was|at|of|now|currently|right|just|still|about|[:=\s]){0,4}\s*(?:0(?![\d.,])|zero\b|nil\b|nothing\b)|\b(?:0|zero|nil) (?:income|salary|wages?|earnings)\b|\b(?:earn|make|making|get|getting|earning)\s+(?:zero|nil|0(?![\d.,]))|\bnothing coming in\b|\bnot earning(?: anything)?\b|\bearn(?:ing)? nothing\b|\bwithout (?:any )?income\b|\bno money coming in\b|\bdon'?t (?:have|get) (?:any|an) income\b"
)
_OTHER_DEBTS: Final = compiled(
    r"(?:没有?|无)(?:任何)?(?:别的|其他|其它|别处|另外的?)(?:的)?(?:债|贷款|欠款|卡|银行|平台|地方|网贷|要还的)|没(?:有)?(?:网贷|欠别人|欠别家|别的要还)|别的(?:地方)?(?:都)?(?:没有|不欠|没欠)|只(?:有|欠)(?:你们)?这(?:一)?(?:张|家|一?笔)(?:卡)?"
    r"|\bno other (?:debts?|loans?|lenders?|cards?|payments?|banks?)|\bonly (?:this|the one) card\b|\bnothing else (?:owed|to pay)|\bdon'?t owe any(?:one|body) else|\bnone elsewhere"
)
_LONE: Final = compiled(
    r"^\s*(?:是|就)?(?:一分(?:钱)?(?:都|也)?(?:没有|没)|一毛(?:钱)?(?:都|也)?(?:没有|没)|零(?:元|块)?|0(?:\.0+)?\s*(?:元|块|yuan|rmb)?|zero|nil|not a (?:cent|penny)|nothing at all)(?:蛋|了|啊|吧|呢|\s?(?:lah?|lor|leh))?\s*[.。!！]?\s*$"
    # "0，真係冇": nothing more is said after it.
    r"|^\s*(?:是|就)?(?:零|0|zero|nil)[,，。.!！、\s]+(?:真|冇|没|一分|一毛|啥都|什么都|sorry|nothing|really|honestly|can'?t|i (?:have|got) (?:nothing|no))[^\d]{0,20}$"
)


def find_zeros(text: str) -> list[Value]:
    """What a normalised text says there is none of, as sums of 0.00 with their roles."""
    if zero := _LONE.match(text):
        return [Value("amount", "0.00", zero.start(), zero.end())]
    found = []
    for pattern, role in ((_OTHER_DEBTS, "other_debts"), (_INCOME, "income")):
        for match in pattern.finditer(text):
            if _SAID_BEFORE.search(text, 0, match.start()):
                continue
            if not overlaps(match.start(), match.end(), ((v.start, v.end) for v in found)):
                found.append(Value("amount", "0.00", match.start(), match.end(), role))
    return found
