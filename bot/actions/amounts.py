"""The sums in one message, each under the fact it is the value of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from bot.actions.fact_names import AMOUNTS, FACTS, OTHERS, OWED_TO, SKIPPED, last_given, named_fact

_ROLES: Final = {
    "income": "monthly_income",
    "spending": "essential_spending",
    "other_debts": "other_debt_payments",
    "offer": "proposed_payment",
}
_INTENTS: Final = {
    "state_income": "monthly_income",
    "state_expense": "essential_spending",
    "state_offer_amount": "proposed_payment",
}
#: Of a range, the end that does not set the payment too high.
_CAUTIOUS_END: Final = {
    "essential_spending": "to",
    "other_debt_payments": "to",
    "proposed_payment": "from",
}
_TOTAL: Final = re.compile(
    r"一共|总共|全部|加起来|合计|拢共|\btotal|altogether|\ball together|\bin all\b|\bcombined",
    re.IGNORECASE,
)
#: What stands between two sums and names neither.
_NO_NAME: Final = re.compile(
    r"或者?|要么|还是|至|到|吧|左右|大概|差不多|上下|多|块钱?|元|蚊|这样|\b(?:or|to|maybe|about|around|yuan|rmb|perhaps|so|like)\b",
    re.IGNORECASE,
)
_NOT_NAMED: Final = (None, SKIPPED, "0.00")
#: From here on no slip of the pen is a day of the month; below it "33" is one that no month has.
_NO_DAY: Final = 100
_OF_THE_MONTH: Final = re.compile(r"号|號|日|天|\bof the month\b|\bday\b|\dth\b", re.IGNORECASE)
_SUMMED: Final = ("essential_spending", "other_debt_payments")
#: A sum beside those told before ("还有药费500").
_BESIDES: Final = re.compile(
    r"还有|另外|再加|加上|外加|忘了|忘记|漏了|少算|没算|\balso\b|\bplus\b|\bon top\b|\bbesides\b|\banother\b|\bforgot|\bas well\b"
    r"|\bleft out\b",
    re.IGNORECASE,
)
#: What one lives on, by its parts: such a sum is no offer, and seldom the whole.
_SPENT_ON: Final = re.compile(
    r"房租|[药学话油餐托]费|补课|医药|看病|奶粉|伙食|吃饭|水电|物业|交通"
    r"|\brent\b|\bfood\b|\bgrocer|\bmeds\b|\bmedic|\bbills?\b|\btuition\b|\bfares?\b",
    re.IGNORECASE,
)
_CAN_PAY: Final = re.compile(
    r"能还|能拿|可以还|想还|先还|每月还|拿出|凑|\b(?:can|could|able to) pay\b|\bafford",
    re.IGNORECASE,
)
_CHARGE: Final = re.compile(
    r"违约金|滞纳金|罚息|手续费|年费|違約金|滯納金|罰息|手續費|年費|\b(?:late|annual|penalty) (?:fee|charge)|\bpenalt",
    re.IGNORECASE,
)
#: A comma within a grouped figure ends no clause.
_CLAUSE: Final = re.compile(r"(?:[^,，。;；!！?？\n]|(?<=\d),(?=\d))+[?？]?")
_DIGITS: Final = ("零", "一", "二两", "三", "四", "五", "六", "七", "八", "九")

Entities = list[dict[str, Any]]


def read_amounts(
    intent: str, text: str, entities: Entities, requested: str | None, known: Mapping[str, Any]
) -> dict[str, object]:
    """The sums of a message under their facts: by the words around each, else by what was asked for.

    Several costs under one name are added up, to the fen; of a range the end that sets no payment too high.
    What a line takes back and what we charge are no facts.
    """
    facts: dict[str, object] = {}
    said = [_elsewhere(entity, text) for entity in _standing(entities)]
    said = [e for e in said if e.get("role") is not None or not _is_a_charge(e, text)]
    for role, field in _ROLES.items():
        values = [e["value"] for e in said if e.get("role") == role]
        if values and field == requested and field in _SUMMED and not _TOTAL.search(text):
            # "rent 6000, food 3000, baby things 1500": what has no name belongs to the question.
            values += [e["value"] for e in said if e.get("role") is None]
        if values:
            facts[field] = _sum(values) if field in _SUMMED else values[0]
    bare = [e for e in said if e.get("role") is None]
    if bare:
        asked_for = _field_of_bare(intent, text, said, requested, known)
        if asked_for is not None and asked_for not in facts:
            one = bare[-1 if intent == "correct_fact" else 0]["value"]
            each = _listed(bare, text) if asked_for == requested and asked_for in _SUMMED else []
            facts[asked_for] = _sum(each) if len(each) > 1 else one
    facts = {field: fact_value(field, value) for field, value in facts.items()}
    for field in _SUMMED:
        if field in facts and field != requested:
            unasked = requested in FACTS and FACTS.index(str(requested)) < FACTS.index(field)
            facts[field] = _among_what_was_told(
                known.get(field), facts[field], text, entities, unasked=unasked
            )
    return {field: value for field, value in facts.items() if value is not None}


def _listed(bare: Entities, text: str) -> list[object]:
    """The sums of a list ("租屋1200食飯1500"): each has a word of its own before it; "1200 or 1500" has none."""
    if _TOTAL.search(text) or any(not isinstance(entity.get("start"), int) for entity in bare):
        return []
    ends = [0, *(int(entity["end"]) for entity in bare)]
    before = [text[end : int(entity["start"])] for end, entity in zip(ends, bare, strict=False)]
    named = all(re.search(r"[^\W\d_]", _NO_NAME.sub("", gap)) for gap in before)
    return [entity["value"] for entity in bare] if named else []


def _among_what_was_told(
    held: object, value: object, text: str, entities: Entities, *, unasked: bool
) -> object:
    """What a sum told later makes of the one told before, to the fen; None where only a part is known.

    "还有药费500" comes on top, "房租是1800不是1500" changes one part, a total replaces all; of a part alone,
    smaller than what was told, the new total is unknown and has to be asked. As long as the question itself is
    ``unasked``, parts are told one after the other and add up.
    """
    if held in (None, SKIPPED) or _TOTAL.search(text):
        return value
    before, new = Decimal(str(_upper(held))), Decimal(str(value))
    back = [Decimal(_first(e["value"])) for e in entities if e.get("entity") == "amount_taken_back"]
    if len(back) == 1 and back[0] < before:
        return str(before - back[0] + new)
    if back:
        return value
    part = _SPENT_ON.search(text) or OWED_TO.search(text)
    if _BESIDES.search(text) or (part and unasked and new != before):
        return str(before + new)
    return None if part and new < before else value


def _standing(entities: Entities) -> Entities:
    """The amounts that hold: one that the same line takes back leaves its role to what stands instead."""
    said = [e for e in entities if e.get("entity") == "amount"]
    back = [e["value"] for e in entities if e.get("entity") == "amount_taken_back"]
    gone = [e for e in said if e["value"] in back]
    kept = [e for e in said if e["value"] not in back]
    if not (gone and kept):
        return said
    role = next((e["role"] for e in gone if e.get("role")), None)
    return [{**e, "role": e.get("role") or role} for e in kept]


def _is_a_charge(entity: dict[str, Any], text: str) -> bool:
    """Whether a sum is a penalty or fee of ours ("130违约金能免了吗"): that is no fact of the person's means."""
    return _CHARGE.search(clause_of(entity, text)) is not None


def is_spent(entity: dict[str, Any], text: str) -> bool:
    """Whether a sum is what somebody lives on: by its role, or by what it is spent on ("the meds are 1100")."""
    if entity.get("role") is not None:
        return bool(entity["role"] == "spending")
    clause = clause_of(entity, text)
    others = (OTHERS, OWED_TO, _CAN_PAY, _CHARGE)
    return bool(_SPENT_ON.search(clause)) and not any(each.search(clause) for each in others)


def owed_elsewhere(text: str) -> bool:
    """Whether a line tells of other lenders ("借呗分12期")."""
    return OTHERS.search(text) is not None or OWED_TO.search(text) is not None


def clause_of(entity: dict[str, Any], text: str) -> str:
    """The clause that holds an entity, with its question mark; the whole text where its place is unknown."""
    start = entity.get("start")
    if not isinstance(start, int):
        return text
    found = (match for match in _CLAUSE.finditer(text) if match.start() <= start < match.end())
    return next((match.group() for match in found), text)


def _elsewhere(entity: dict[str, Any], text: str) -> dict[str, Any]:
    """What goes to other lenders ("别的银行每月还1000") or to living ("还有话费100") is not an offer to us."""
    if not isinstance(entity.get("start"), int):
        return entity
    if entity.get("role") is None and is_spent(entity, text):
        return {**entity, "role": "spending"}
    if entity.get("role") != "offer":
        return entity
    clause = re.split(r"[,，。;；\n]", text[: entity["start"]])[-1]
    if OTHERS.search(clause):
        return {**entity, "role": "other_debts"}
    if _SPENT_ON.search(clause) and not _CAN_PAY.search(clause):
        return {**entity, "role": "spending"}
    return entity


def _field_of_bare(
    intent: str, text: str, said: Entities, requested: str | None, known: Mapping[str, Any]
) -> str | None:
    """Whose value a bare amount is."""
    if intent == "correct_fact":
        given = named_fact(text) or _by_old_value(text, requested, said, known)
        if given is None and requested is not None:
            given = last_given(known)
        return given if given in AMOUNTS else None
    if requested in AMOUNTS:
        return requested
    passed_over = requested == "pay_day" and known.get("proposed_payment") in _NOT_NAMED
    if passed_over and intent not in _INTENTS:
        # "500吧", said to the next question: no day is that large.
        sums = [Decimal(_first(e["value"])) for e in said if e.get("role") is None]
        a_day = sums[0] < _NO_DAY or _OF_THE_MONTH.search(text)
        return None if a_day else "proposed_payment"
    return _INTENTS.get(intent)


def _by_old_value(
    text: str, requested: str | None, said: Entities, known: Mapping[str, Any]
) -> str | None:
    """The fact whose old value the correction names; of several, the last given while being asked."""
    old = {_first(e["value"]) for e in said}
    new = _first(said[-1]["value"])
    named = [
        field
        for field in AMOUNTS
        if known.get(field) not in (None, SKIPPED)
        and _first(known[field]) != new  # "actually 6000" takes back no 6000
        and (_first(known[field]) in old or _spelled(_first(known[field]), text))
    ]
    if len(named) == 1 or (named and requested is not None):
        return named[-1]
    return None


def _spelled(value: str, text: str) -> bool:
    """Whether a sum that is taken back ("不是六千") stands in a text, in a spelling people use."""
    whole = int(Decimal(value))
    if whole <= 0:
        return False
    thousands, rest = divmod(whole, 1000)
    spellings = {str(whole), f"{whole:,}"}
    if thousands and not rest:
        spellings |= {f"{thousands}千", f"{thousands}k"}
        if thousands < len(_DIGITS):
            spellings |= {f"{digit}千" for digit in _DIGITS[thousands]}
    if 0 < thousands < len(_DIGITS) and rest and not rest % 100:
        spellings |= {f"{d}千{h}" for d in _DIGITS[thousands] for h in _DIGITS[rest // 100]}
        spellings.add(f"{thousands}.{rest // 100}k")
    plain = text.lower()
    return any(re.search(rf"(?<![\d.,]){re.escape(each)}(?!\d)", plain) for each in spellings)


def _first(value: object) -> str:
    return str(value.get("from")) if isinstance(value, Mapping) else str(value)


def _sum(values: list[object]) -> object:
    """Several costs in one line ("房租1500，吃饭1000") are one sum; a stated total comes alone."""
    sums = [str(_upper(value)) for value in values]
    return str(sum((Decimal(each) for each in sums), Decimal("0.00")))


def _upper(value: object) -> object:
    return value.get("to") if isinstance(value, Mapping) else value


def fact_value(field: str, value: object) -> object:
    """An amount in the form the API takes for this fact; income is always a range."""
    if field == "monthly_income":
        return value if isinstance(value, Mapping) else {"from": value, "to": value}
    if isinstance(value, Mapping):
        return value.get(_CAUTIOUS_END[field])
    return value
