"""Which of the person's sums an amount is, by the words around it.

A line may hold several facts ("到手4000，房租1500，最多能还800"), so each amount looks for the nearest
telling word in its own clause, first before it, then after it, then in the clause before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.components.grammar.text import compiled

# Order matters where two words begin at the same place: the first named role keeps it.
_WORDS: Final[dict[str, str]] = {
    "other_debts": (
        r"别的银行|别家银行|其他银行|其它银行|另外[几一两]?[张家]?(?:卡|银行)|别的(?:卡|贷款|平台|地方|债)|其[他它](?:卡|贷款|平台|地方|债)"
        r"|别处|别家|外面(?:还)?(?:欠|要还)|[网房车]贷|花呗|借呗|白条|微粒贷|月供|以贷养贷|消费贷|助学贷|小贷|信用社|亲戚朋友?的?钱"
        r"|\bother (?:lenders?|cards?|loans?|banks?|debts?|creditors?|payments?|apps?|platforms?)|\bmortgage|\bcar (?:loan|payment)"
        r"|\bonline loans?|\bstudent loans?|\bloan (?:payments?|apps?|repayments?)|\belsewhere|\bhuabei|\bjiebei|\banother (?:bank|card|lender)"
    ),
    "spending": (
        r"房租|租金|租房|吃饭|伙食|开销|开支|花销|花费|支出|生活费|水电|学费|奶粉|药费|医药费|看病|吃药|过日子|日常|柴米油盐|交通费|补习|托费|要花|得花|花掉|赡养|抚养费"
        r"|\bspend(?:ing|s)?|\brent\b|\bliving (?:costs?|expenses?)?|\bexpenses?|\bgroceries|\bfood\b|\bbills?\b|\butilit|\btuition|\bschool fees?"
        r"|\bmedicine|\bmedication|\bcosts? of living|\bto live on|\bto live\b|\bchildcare|\bget by on|\boutgoings?"
    ),
    "income": (
        r"到手|工资|收入|薪水|薪资|月薪|年薪|底薪|挣|赚|退休金|养老金|低保|失业金|补贴|提成|进账|人工|跑单|发(?:的|下来)?钱|打零工|兼职"
        r"|\btake[- ]home|\bsalary|\bwages?|\bincome|\bearn(?:ing|s)?|\bmake\b|\bmaking\b|\bmakes\b|\bpension|\bbenefits?|\bpaycheck|\bpay ?packet|\bbring(?:ing)? (?:in|home)"
        r"|\bget paid|\bpaid about|\bunemployment (?:pay|money)|\bcoming in|\bnet pay|\bmonthly pay\b|\bgigs?\b|\bi get\b"
    ),
    "lump_sum": (
        r"一次性|一次还|手头|手上有|手里有|攒了|凑了|先还|先给|先打|先付|借到了?|\blump sum|\bone[- ]off|\bat once|\bin one go|\bright now i have|\bsaved up|\bupfront|\bup front|\bto start with|\bscraped together|\bone payment"
    ),
    "offer": (
        r"能还|可以还|还得起|还得了|最多|至多|顶多|每个?月(?:只)?(?:能)?还|一个月(?:只)?(?:能)?还|拿得出|拿出|挤出|承受|负担得起|能给|能付|能拿|能交|愿意还|想还|月还|还个|给你们|控制在|不超过"
        r"|\bcan (?:you |u |we )?(?:only |just |maybe |probably |still |at most )?(?:pay|do|manage|afford|spare|give|put|handle|offer|scrape)|\bcould (?:pay|do|manage|afford)|\bafford|\bat most|\bmax(?:imum)?\b|\bno more than|\bup to|\bmanage\b"
        r"|\bpay (?:you|back)|\bmonthly payments? of|\bhow about|\bwhat about|\boffer\b|\bi'?ll pay|\bwilling to pay|\bset aside|\btops\b"
    ),
    "debt": (
        r"欠款|本金|总共欠|一共欠|欠你?们?|欠了|负债|额度|透支|刷了|账单|要我还|让我还|催我还|盗刷|\bowe[ds]?\b|\bowing|\bbalance|\bcredit limit|\bdebt of|\bcharge(?:d|s)?\b|\btransaction|\bin debt"
    ),
    "before": (
        r"以前|原来|原先|之前|从前|过去|本来|上个月还|上份工作|\bused to|\bpreviously|\bbefore (?:that|covid|the)|\bi was (?:making|earning|on)|\bdown from|\bfrom\b"
    ),
}
_WORD: Final = compiled("|".join(f"(?P<{role}>{words})" for role, words in _WORDS.items()))
# A bare 还 ("每月还2000房贷") says less than anything else near it.
_WEAK_OFFER: Final = compiled(r"还(?:个|款)?|\bpay\b")
# "工资从6000降到4200": only the second is today's.
_FELL_FROM: Final = compiled(r"(?:从|由|\bfrom)\s*(?:about |around )?$")
_FELL_TO: Final = compiled(r"\s*(?:元|块钱?)?\s*(?:[降减跌掉变缩砍]|到|\bdown to|\bto\b)")
_FELL: Final = compiled(
    r"[降减跌掉变缩砍](?:成|到|为|了|薪)?(?:了)?(?:只有|只剩)?\s*$|\b(?:down|dropped|fell|cut|reduced) to\s*(?:about |around )?$"
)
_PARTNER: Final = compiled(r"老婆|老公|爱人|妻子|丈夫|\bwife|\bhusband|\bpartner")
_ONE_DAY: Final = compiled(r"今天|明天|后天|下周|月底|\btoday|\btomorrow|\bnext week|\bthis week")
_EVERY: Final = compiled(r"每|一个月|月月|\bmonth")
_TOTAL: Final = compiled(r"一共|总共|加起来|合计|\btotal|\baltogether|\ball together|\bcombined")
_CLAUSE_END: Final = compiled(
    r"[,，。;；!！?？\n、]|但是?|不过|可是|然后|而且|\bbut\b|\band\b|\bthen\b|\bplus\b|\bafter\b"
)
_NOW: Final = compiled(r"现在|如今|目前|这会儿|眼下|\bnow\b|\bthese days\b|\bcurrently\b")
_TOO_MUCH_AFTER: Final = compiled(
    r"\s*(?:元|块钱?)?\s*(?:一个月|每个?月|a month|per month|/month)?\s*(?:也|都|我|实在|真的?|还是|对我来?说?|就|已经|is|are|was|'s|for me|that'?s|this)*\s*"
    r"(?:太多|太高|多了点|高了|有点[多高]|还不[起了上]|拿不出|付不起|交不起|承受不|负担不|吃不消|不行|压力(?:太|很)?大|too (?:much|high)|way too|more than i can|is impossible|impossible)"
)
_TOO_MUCH_BEFORE: Final = compiled(
    r"(?:还不[起了上]|拿不出|付不起|交不起|承受不[了起]|负担不起|没(?:有|法|办法)?(?:还|付|能力还)|can'?t (?:pay|afford|do|manage)|cannot (?:pay|afford|do|manage)"
    r"|couldn'?t (?:pay|afford)|unable to pay|don'?t have|haven'?t got|没有那?么?多?)\s*(?:这|那|the|that|even)?\s*$"
)


_FAR: Final = 100
"""Characters before a sum beyond which nothing tells what it is, where nobody ends a clause."""


@dataclass(frozen=True)
class _Hit:
    role: str
    start: int
    end: int


def role_of(text: str, start: int, end: int, others: list[tuple[int, int]]) -> str | None:
    """The role of the amount at [start, end), or ``None`` when nothing near it tells.

    ``others`` are the places of the other amounts: a telling word does not reach across one of
    them from behind (in "房租1500最多还800" 房租 belongs to 1500).
    """
    if _TOO_MUCH_AFTER.match(text, end) or _TOO_MUCH_BEFORE.search(text, 0, start):
        return "too_much"
    if _FELL_FROM.search(text, 0, start) and _FELL_TO.match(text, end):
        return "before"
    if _FELL.search(text, 0, start):
        return "income"
    clause_start, clause_end = _clause(text, start, end)
    after_limit = min([clause_end, *(s for s, _ in others if s >= end)])
    before = _hits(text, clause_start, start)
    after = _hits(text, end, after_limit)
    strong = [hit for hit in before if not _blocked(hit, start, others)]
    # "以前工资8000": a sum of the past says nothing of today's income.
    past = any(hit.role == "before" for hit in strong) and not _NOW.search(
        text, clause_start, start
    )
    if past and _last(strong).role in ("before", "income"):
        return "before"
    strong = [hit for hit in strong if hit.role != "before"]
    if strong:
        chosen = _last(strong)
        # "每月要还2000房贷": the lender named after the sum tells more than a wish to pay.
        if chosen.role == "offer" and any(hit.role == "other_debts" for hit in after):
            return "other_debts"
        return chosen.role
    after = [hit for hit in after if hit.role != "before"]
    if after:
        return after[0].role
    if reached := [hit for hit in before if hit.role not in ("before", "offer")]:
        # Several sums after one word: "房租吃饭1500、800".
        return _last(reached).role
    if _PARTNER.search(text, clause_start, start) and _hits(text, 0, clause_start):
        return "income"
    weak = [m for m in _WEAK_OFFER.finditer(text, clause_start, start + _FAR) if m.end() <= start]
    if weak:
        once = _ONE_DAY.search(text, clause_start, start) and not _EVERY.search(text)
        return "lump_sum" if once else "offer"
    return _inherited(text, clause_start, others)


def _last(hits: list[_Hit]) -> _Hit:
    return max(hits, key=lambda hit: hit.end)


def _hits(text: str, start: int, end: int) -> list[_Hit]:
    return [
        _Hit(match.lastgroup or "", match.start(), match.end())
        for match in _WORD.finditer(text, start, end)
    ]


def _blocked(hit: _Hit, start: int, others: list[tuple[int, int]]) -> bool:
    return any(hit.end <= other_start and other_end <= start for other_start, other_end in others)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a place, as far before it as anything tells of it.

    A comma inside a grouped figure is inside the place already.
    """
    clause_start = 0
    for match in _CLAUSE_END.finditer(text, 0, start):
        clause_start = match.end()
    following = _CLAUSE_END.search(text, end)
    return max(clause_start, start - _FAR), following.start() if following else len(text)


def _inherited(text: str, clause_start: int, others: list[tuple[int, int]]) -> str | None:
    """The role of the clause before, when that one named a subject and no sum ("工资嘛，大概五千")."""
    if clause_start == 0:
        return None
    previous_start, _ = _clause(text, clause_start - 1, clause_start - 1)
    if any(previous_start <= s < clause_start for s, _ in others):
        # "房租1500、吃饭800，加起来2300": a total belongs to what was listed.
        if not _TOTAL.search(text, clause_start):
            return None
        listed = [
            h.role for h in _hits(text, 0, clause_start) if h.role in ("spending", "other_debts")
        ]
        return listed[-1] if listed else None
    hits = [hit for hit in _hits(text, previous_start, clause_start) if hit.role != "before"]
    return hits[-1].role if hits else None
