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
    r"|(?:收入|工资|进账)(?:现在|目前|眼下|如今|暂时|这会儿|已经|基本|几乎|变成|降到|就|都|是|系|为|归|等于|得返?|[:：\s]){0,4}(?:零|0)(?![\d.零花活碎])|\bno (?:income|salary|wages?|pay|earnings)\b|\bzero income\b|\b(?:income|salary|wages?|earnings|(?:my|our|net|monthly|home|sick|basic) pay)\s*(?:is|are|was|at|of|now|currently|right|just|still|about|[:=\s]){0,4}\s*(?:0(?![\d.,])|zero\b|nil\b|nothing\b)|\b(?:0|zero|nil) (?:income|salary|wages?|earnings)\b|\b(?:earn|make|making|get|getting|earning)\s+(?:zero|nil|0(?![\d.,]))(?! (?:progress|help|support|sense|sleep|replies|answers?|calls?|interest))|\bnothing coming in\b|\bnot earning(?: anything)?\b|\bearn(?:ing)? nothing\b|\bwithout (?:any )?income\b|\bno money coming in\b|\bdon'?t (?:have|get) (?:any|an) income\b"
)
_OTHER_DEBTS: Final = compiled(
    r"(?:没有?|无)(?:任何)?(?:别的|其他|其它|别处|另外的?)(?:的)?(?:债|贷款|欠款|卡|银行|平台|地方|网贷|要还的)|没(?:有)?(?:网贷|欠别人|欠别家|别的要还)|别的(?:地方)?(?:都)?(?:没有|不欠|没欠)|只(?:有|欠)(?:你们)?这(?:一)?(?:张|家|一?笔)(?:卡)?"
    r"|\bno other (?:debts?|loans?|lenders?|cards?|payments?|banks?)|\bonly (?:this|the one) card\b|\bnothing else (?:owed|to pay)|\bdon'?t owe any(?:one|body) else|\bnone elsewhere"
)
_LONE: Final = compiled(
    r"^\s*(?:是|就)?(?:一分(?:钱)?(?:都|也)?(?:没有|没)|一毛(?:钱)?(?:都|也)?(?:没有|没)|零(?:元|块)?|0(?:\.0+)?\s*(?:元|块|yuan|rmb)?|zero|nil|not a (?:cent|penny)|nothing at all)(?:蛋|了|啊|吧|呢|\s?(?:lah?|lor|leh))?\s*[.。!！]?\s*$"
    r"|^\s*(?:没有?|冇|无|no|none|nothing)[\s,，。.]*(?:就?是)?(?:零|0|zero|nil)(?:元|块)?\s*[.。!！]?\s*$"
    # "0，真係冇": nothing more is said after it.
    r"|^\s*(?:是|就)?(?:零|0|zero|nil)[,，。.!！、\s]+(?:真|冇|没|一分|一毛|啥都|什么都|sorry|nothing|really|honestly|can'?t|i (?:have|got) (?:nothing|no))[^\d]{0,20}$"
)
# The figure itself, beside a word that says of what: "other debt 0", 月入0, "0 to give", 能还的是0.
_NIL: Final = r"(?:(?<![\d.,])[0零](?![.,]\d)(?![\d%零花活碎头下食星售点一二三四五六七八九首息利件分秒]|\s*(?:%|interest|percent|down|deposit))|\b(?:zero|nil)\b(?! (?:interest|percent|down|tolerance|deposit|progress|sense|chance|help|idea|energy|complaints?|mistakes?)))"
_A_NIL: Final = compiled(_NIL)
_IS: Final = r"(?:现在|目前|眼下|暂时|这个?月|已经|几乎|变成|降到|直接|[清归降跌]到?|还|就|只|都|的|是|系|为|有|得返?|[:：=\s]|\b(?:is|are|was|at|now|currently|still|about|only|just|exactly|shows|says|like|of|(?:went|dropped|fell|down|gone)(?: down)?(?: to)?|in my [a-z]+)\b){0,5}"
_FIGURE_OF: Final = compiled(
    rf"(?P<income>(?:收入|工资|[月年]入|月薪|薪水|工钱|业绩|营业额|生意|到手|进项|进帐|流水|提成|退休金|养老金|\b(?:income|salary|wages?|earn(?:ing)?s?|making|take[- ]home|pension|sales|turnover|benefits?|allowance)){_IS}{_NIL}|{_NIL}\s*(?:进账|收益|进项|coming in))"
    rf"|(?P<other_debts>(?:(?:别的|其[他它]|另外的?|别家的?|别处的?|外面的?)(?:债务?|贷款?|欠款|还款)|外债|[网车房]贷|\b(?:other|any other|more) (?:debts?|loans?|cards?|payments?|lenders?)(?: payments?)?){_IS}{_NIL})"
    rf"|(?P<spending>(?:房租|租金|开销|支出|生活费|\b(?:rent|expenses|spending)){_IS}{_NIL}|\bno rent,? so {_NIL})"
    rf"|(?P<offer>(?:[能可]以?(?:[还给付拿出]|拿出|凑出)(?:得起|来|你们?)?|还得起|还款能力|\b(?:offer|(?:can|could|afford|able)(?: to)?(?: (?:pay|give|offer|do|afford|spare|manage))?(?: (?:you|back))?)){_IS}{_NIL}"
    rf"|{_NIL}\s*(?:yuan |rmb |kuai |元|块钱?)?(?:to (?:give|pay|spare|offer|work with)\b|能[还给付]))"
    rf"|(?P<unnamed>(?:存款|积蓄|余额|\b(?:savings|balance|account|saved)){_IS}{_NIL}|{_NIL} (?:savings|saved|left)\b|[存剩攒]{_IS}{_NIL}|\b(?:got|have|i'?ve) (?:literally |exactly |about |just )?{_NIL}(?=\s*(?:$|[,.!;，。]))"
    rf"|(?<=[\dk千百万块元])(?: (?:down )?to |(?:直接|一下子?)?[降跌掉变](?:到|成|为)了?)(?:about )?{_NIL}"
    # A message may begin with it and go on: "zero. i have nothing".
    rf"|^\s*{_NIL}(?=\s*[,，。.!！;；](?!\d)))"
)
_TAKEN_BACK: Final = compiled(
    r"[\s,，。.]*(?:(?:that|this|it|which)\s*(?:is|was|'s)?\s*)?(?:不对|说错|写错|填错|错了|wrong|not (?:right|true|correct)|a mistake)"
)
_BY_ROLE: Final = ((_OTHER_DEBTS, "other_debts"), (_INCOME, "income"), (_FIGURE_OF, None))


def find_zeros(text: str) -> list[Value]:
    """What a normalised text says there is none of, as sums of 0.00 with their roles."""
    if zero := _LONE.match(text):
        return [Value("amount", "0.00", zero.start(), zero.end())]
    found = []
    for pattern, role in _BY_ROLE if _A_NIL.search(text) else _BY_ROLE[:2]:
        for match in pattern.finditer(text):
            if pattern is not _FIGURE_OF and _SAID_BEFORE.search(text, 0, match.start()):
                continue
            if overlaps(match.start(), match.end(), ((v.start, v.end) for v in found)):
                continue
            of = match.lastgroup if match.lastgroup != "unnamed" else None
            back = match.lastgroup and _TAKEN_BACK.match(text, match.end())
            entity = "amount_taken_back" if back else "amount"
            found.append(Value(entity, "0.00", match.start(), match.end(), of or role))
    return found
