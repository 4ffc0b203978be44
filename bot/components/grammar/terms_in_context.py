"""Terms where it is known what a message is about: a plan's, a pause's, one corrected by a bare figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.components.grammar.counting import count
from bot.components.grammar.reading import is_bare
from bot.components.grammar.spans import overlaps
from bot.components.grammar.terms import IN_YEARS, LONGEST_TERM, NUMBER_EN, USUAL_TERMS
from bot.components.grammar.text import compiled
from bot.components.grammar.value import Value, each_once

__all__ = ["is_pause", "with_corrected", "with_terms", "with_years", "without_stretches"]

_NO_TERM: Final = frozenset(
    {
        "ask_credit_record", "complain_harassment", "legal_question", "threaten_legal", "ask_privacy",
        "cannot_pay_anything", "weary", "report_hardship", "dispute_debt", "already_paid", "insult",
        "state_income", "state_expense", "state_household", "suspected_fraud", "report_death", "wrong_person",
        "ask_what_i_owe", "number_changed", "distress_self_harm", "ask_evidence",
    }
)  # fmt: skip
"""Where stretches of time are told for another reason than a plan, as in every ``reason_…``."""
_OF_A_PLAN: Final = compiled(
    r"期|分|拆|延长|拉长|还[清完到]|方案|\binstal|\bsplit|\bspread|\bpay(?:ing|ments?)?\b|\brepay|\bplan\b|\bclear (?:it|this)"
)
# English takes more letters for the same: "can i do instalment 6 months", "five years of paying".
_PLAN_AROUND: Final = compiled(
    r"\binstal\w*|\bsplit|\bspread|\brepay\w*|\bpayment plan|\bof pay(?:ing|ments?)\b|\bto pay (?:it |this |you )?(?:off|back)"
)
# A shorter one that is begged for is a pause more often than a plan.
_A_LONG_TERM: Final = 12
_ASKED_FOR: Final = compiled(
    r"\b(?:pls|plz|please|possible)\b|\b(?:over|into) |行[吗不么]|可以[吗不么]|成[吗不么]|得唔得|好不好"
)
_PICKED: Final = compiled(
    r"(?:选|签|办|定|分)(?:择|了|的是|的)?\s*$|\b(?:choose|chose|pick|picked|sign(?:ed)?(?: up)?(?: for)?|go (?:for|with)|split (?:in|into|over))\s+(?:the |a )?$"
)
_BEFORE_A_PAUSE: Final = compiled(
    r"(?:停|缓|宽限|休|歇|喘|顺延|推迟|延后|延期|挂起|暂缓)(?:还款|还|供|扣|付|缴|一下|个|上)?\s*$"
    r"|\b(?:pause|postpone|defer|delay|freeze|suspend|hold off|skip|stop|put off|hold)\b[^,.;]{0,25}$"
)
_AFTER_A_PAUSE: Final = compiled(
    r"的?(?:宽限|缓冲|喘息|空档|假期|不还|别扣)|\s*(?:payment |repayment )?(?:holiday|break|pause|grace|breather|freeze|deferral|respite|reprieve|moratorium|off\b)"
)
_SPELLED: Final = r"twelve|eighteen|twenty[- ]four|thirty[- ]six|thirty|forty[- ]eight|sixty"
_FIGURE: Final = compiled(
    rf"(?<![\d.,¥零一二三四五六七八九十百千万两第月a-z])(\d{{1,2}}|[二三四六]?十[二八四六]?|(?:{_SPELLED})\b)"
    r"(?![\d.,]*\d|%|\s*(?:[号日天年块元千百万个期月次岁多点分几成一二三四五六七八九]|k\b|w\b|st\b|nd\b|rd\b|th\b|yuan|rmb|days?\b|years?\b|hundred|thousand|calls?\b|times\b|payments?\b))"
)
_YEARS_TOO: Final = compiled(
    r"(?:\b(?:make it|not|or|to|than|into|rather|instead of|say|maybe|prefer|want|need|for|take|have|do|try)|改[成为]?|换[成为]?|变成|不是|不要|[要给来])\s*(?:about |maybe |rather )?"
    r"(?P<years>10|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|[一二两三四五六七八九十])"
    r"(?=\s*(?:$|[,.!?;，。！？；]|instead|please|pls|but|if|then|at most|or|吧|行|可以|好|才|成))"
)
# The figure that stands for another term, or for the one taken back: "I said ten by mistake", "是18".
_CORRECTED: Final = compiled(
    rf"\b(?:not|said|say|typed|wrote|put|picked|chose|clicked|entered|meant|mean|wanted|want|instead of|rather than|should be|should have been|but)\s+(?P<en>\d{{1,2}}|{NUMBER_EN})(?=\s*(?:$|[,.;!?，。]|by mistake\b|but\b|instead\b|before\b|earlier\b|first\b|wrongly\b|not\b|please\b|pls\b))"
    r"|(?:不是|唔系|而?是|[说写打填听选点看输记改换](?:成|的是|了|是|错|错成|为)|[要改换])\s*(?P<zh>\d{1,2}|[二三四五六]?十[二四五八六]?)(?=\s*(?:$|[,，。;；!?！？了吧的]|不是|唔系|说错|打错|写错|才[对是]))"
)
_NO_MONTHS_BEFORE: Final = compiled(r"[日号岁人口娃]|\b(?:day|date|on|aged?|people|family)\b")
_NEAR: Final = 40  # letters; a correction stands close to what it corrects
_TENS: Final = r"(?:ten|fifteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
_MONTHS_TOO: Final = compiled(
    r"(?:[打写填说点选看输错记听弄搞]成了?|\b(?:make it|you (?:put|wrote|typed|heard|have)|(?:put|typed|wrote) it as))\s*"
    rf"(?P<stands>\d{{1,2}}(?![\d.,]*\d)|{_TENS}\b)(?=\s*(?:$|[了,，。.;!?！？]|instead|please|pls|not|by mistake))"
    rf"|(?<![\d.,¥-])(?P<suits>(?<![a-z])\d{{1,2}}|\b{_TENS})(?=(?:'s)?\s*(?:is |would be |will be |sounds? )?(?:enough|plenty|better|fine|perfect|will do|would do|suits|works)\b|[就也才]?(?:够[了的]?|合适|差不多)(?:$|[,，。了吧]))"
    rf"|\bnot [a-z]+(?: months?)?[,.;!]? (?:but )?(?P<other>{_TENS})(?=\s*(?:$|[,.;!?]))"
)


def is_pause(plain: str, value: Value) -> bool:
    """Whether a number of months says how long nothing shall be paid."""
    return bool(
        _BEFORE_A_PAUSE.search(plain, 0, value.start) or _AFTER_A_PAUSE.match(plain, value.end)
    )


def without_stretches(plain: str, found: list[Value], intent: str) -> list[Value]:
    """Terms without those that only say how long something lasted, lasts or may wait."""
    elsewhere = intent in _NO_TERM or intent.startswith("reason_")
    kept = []
    for value in found:
        if value.entity != "term_months" or is_bare(plain, [value]):
            kept.append(value)
            continue
        beside = plain[max(0, value.start - 6) : value.end + 8]
        picked = _PICKED.search(plain[max(0, value.start - 16) : value.start])
        around = plain[max(0, value.start - 14) : value.end + 14]
        planned = bool(
            picked
            or _OF_A_PLAN.search(beside)
            or _PLAN_AROUND.search(around)
            or (value.value >= _A_LONG_TERM and _ASKED_FOR.search(around))
        )
        if is_pause(plain, value) or (intent == "ask_extension" and not planned):
            kept.append(replace(value, entity="months_ahead"))
        elif (planned or not elsewhere) and not (
            intent == "ask_annual_rate"
            and value.value == 12
            and IN_YEARS.search(plain, value.start, value.end)
        ):
            kept.append(value)
    return kept


def with_years(plain: str, found: list[Value]) -> list[Value]:
    """The unit of the first goes for the second: "two years is too short, make it five"."""
    terms = [v for v in found if v.entity == "term_months"]
    if not any(IN_YEARS.search(plain, v.start, v.end) for v in terms):
        return found
    taken = [(value.start, value.end) for value in found]
    for match in _YEARS_TOO.finditer(plain):
        years = count(match["years"])
        if years and not overlaps(match.start("years"), match.end("years"), taken):
            found = [*found, Value("term_months", years * 12, *match.span("years"))]
    return each_once(found)


def with_terms(plain: str, found: list[Value]) -> list[Value]:
    """Figures without a unit, where a message is about the term: "could we stretch it to 48"."""
    known = {value.value for value in found if value.entity == "term_months"}
    # "forty's enough", "打成14了"
    said = [match.span(match.lastgroup or 0) for match in _MONTHS_TOO.finditer(plain)]
    for start, end in [*(m.span(1) for m in _FIGURE.finditer(plain)), *said]:
        months = count(plain[start:end])
        beside = [v for v in found if overlaps(start, end, [(v.start, v.end)])]
        if (
            months is None
            or not 2 < months <= LONGEST_TERM
            or (months not in USUAL_TERMS and (start, end) not in said)
            or months in known
            or any(v.entity not in ("amount", "day_of_month") for v in beside)
        ):
            continue
        found = [value for value in found if value not in beside]
        found.append(Value("term_months", months, start, end))
        known.add(months)
    return found


def with_corrected(text: str, found: list[Value]) -> list[Value]:
    """Beside a term in months, the figure that corrects it or that it corrects: "twelve months, I said ten"."""
    terms = [v for v in found if v.entity == "term_months"]
    months = [v for v in terms if not IN_YEARS.search(text, v.start, v.end)]
    if not months or any(v.entity.startswith("household_size") for v in found):
        return found
    known = {v.value for v in months}
    for match in _CORRECTED.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        number = count(text[start:end])
        beside = [v for v in found if v.start < end and start < v.end]
        near = any(-_NEAR < start - v.end < _NEAR for v in months)
        if (
            number is None
            or number in known
            or not 2 < number <= LONGEST_TERM
            or not near
            or _NO_MONTHS_BEFORE.search(text[max(0, start - 12) : start])
            or any(v.entity not in ("amount", "day_of_month") for v in beside)
        ):
            continue
        found = [v for v in found if v not in beside]
        found.append(Value("term_months", number, start, end))
        known.add(number)
    return found
