"""What one message says about the person's situation, as facts ready for the API.

Pure reading of the understood message: intent, entities, and what had been asked. The API judges
whether a value can be right; here it is only put under its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bot.actions.later import LATER, read_later

#: In the order in which they are asked (the same as in ``domain.yml``).
FACTS: Final = (
    "reason",
    "monthly_income",
    "essential_spending",
    "other_debt_payments",
    "proposed_payment",
    "pay_day",
)
SKIPPED: Final = "skipped"
AMOUNTS: Final = ("monthly_income", "essential_spending", "other_debt_payments", "proposed_payment")

REASONS: Final = (
    "job_loss",
    "income_drop",
    "illness",
    "business_failure",
    "family",
    "overspending",
    "forgot",
)
#: The reasons on the buttons, in their order: "2" answers with the second.
_REASON_BUTTONS: Final = ("income_drop", "illness", "family", "forgot")

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
_PLAIN_VALUE: Final = re.compile(
    r"(?:每月|每个月|the )?\s*(-?\d{1,9})\s*(?:号|日|元|块|st|nd|rd|th)?[。.]?", re.IGNORECASE
)
_MONTHS: Final = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_DATE: Final = re.compile(
    r"(?:每年|这)?[\d一二两三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}[号日]?"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})[a-z]*"
    rf"|(?:{_MONTHS})[a-z]* \d{{1,2}}(?:st|nd|rd|th)?",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(
    r"一共|总共|加起来|合计|拢共|\btotal|altogether|\ball together|\bin all\b|\bcombined",
    re.IGNORECASE,
)
_SUMMED: Final = ("essential_spending", "other_debt_payments")
_NOTHING: Final = re.compile(
    r"没有|没了|没得|无(?![穷限数])|零(?!下)|一分|沒有|\bnone\b|\bnothing\b|\bzero\b|\bnot any|\bno\b|\bcan'?t pay",
    re.IGNORECASE,
)
_ENDLESS: Final = re.compile(r"无(?:穷|限|数)|無(?:窮|限|數)|infinit|endless", re.IGNORECASE)
#: A no that answers "how much"; any other no ("why not") answers nothing.
_PLAIN_NO: Final = re.compile(r"\W*(?:不用?了?|没|否|冇|唔使|nope|nah|n)\W*", re.IGNORECASE)
_NO_INCOME: Final = re.compile(
    r"(?:没有?|无)(?:任何|什么)?(?:收入|工资|进账)|\bno (?:income|salary|pay)\b", re.IGNORECASE
)
_CHARGE: Final = re.compile(
    r"违约金|滞纳金|罚息|手续费|年费|違約金|滯納金|罰息|手續費|年費|\b(?:late|annual|penalty) (?:fee|charge)|\bpenalt",
    re.IGNORECASE,
)
#: A comma within a grouped figure ends no clause.
_CLAUSE: Final = re.compile(r"(?:[^,，。;；!！?？\n]|(?<=\d),(?=\d))+[?？]?")
_OTHERS: Final = re.compile(r"别处|别的|其他|其它|别家|另外|other|elsewhere", re.IGNORECASE)
_NAMED: Final = (
    (
        "lump_sum",
        re.compile(
            r"手[上头里]|一次|首付|存款|lump|put down|down payment|savings|up ?front", re.IGNORECASE
        ),
    ),
    (
        "expected_income",
        re.compile(r"新工作|以后|将来|新单位|new job|expected|future", re.IGNORECASE),
    ),
    ("other_debt_payments", _OTHERS),
    ("proposed_payment", re.compile(r"能还|拿出|还得起|i can pay|afford", re.IGNORECASE)),
    (
        "monthly_income",
        re.compile(r"收入|到手|工资|薪|挣|赚|income|take.?home|salary|earn", re.IGNORECASE),
    ),
    (
        "essential_spending",
        re.compile(r"开销|开支|花|过日子|房租|生活费|spend|living|rent|costs?", re.IGNORECASE),
    ),
    ("pay_day", re.compile(r"几号|哪天|日子|还款日|\bday\b|\bdate\b", re.IGNORECASE)),
    ("reason", re.compile(r"原因|\breason\b", re.IGNORECASE)),
)

_DIGITS: Final = ("零", "一", "二两", "三", "四", "五", "六", "七", "八", "九")

Entities = list[dict[str, Any]]


def read_facts(
    intent: str,
    text: str,
    entities: Entities,
    requested: str | None,
    known: Mapping[str, Any],
    today: date,
) -> dict[str, object]:
    """The facts in one message, by the names and in the forms of the API's ``situation``.

    ``requested`` is the fact being asked for, if any: a bare value answers it. ``known`` are the
    facts held so far: a correction without a name changes the one whose old value it mentions,
    else the last one given.
    """
    if intent == "correct_fact" and named_fact(text) in LATER:
        requested = named_fact(text)
    facts, entities = read_later(intent, text, entities, requested, today)
    reason = _reason(intent, text, entities, requested, known)
    if reason is not None:
        facts["reason"] = reason
    facts.update(_amounts(intent, text, entities, requested, known))
    day = _day(intent, text, entities, requested, facts)
    if day is not None:
        facts["pay_day"] = day
    household = next((e["value"] for e in entities if e.get("entity") == "household_size"), None)
    if isinstance(household, int):
        facts["household_size"] = household
    if not facts and requested is not None:
        facts.update(_without_a_value(intent, text, requested))
    return facts


def said_besides(entities: Entities) -> list[str]:
    """The intents that a line holds besides its first (bot/components/said_besides.py)."""
    return [str(e["value"]) for e in entities if e.get("entity") == "also"]


def is_plain_value(text: str) -> bool:
    """Whether a message is nothing but a number, whatever it was classified as."""
    return _PLAIN_VALUE.fullmatch(text.strip()) is not None


def is_date(text: str) -> bool:
    """Whether a message is nothing but a date, one that the calendar may lack ("2月31号")."""
    return _DATE.fullmatch(text.strip()) is not None


def named_fact(text: str) -> str | None:
    """Which fact a sentence is about ("收入写错了"), when it says so."""
    return next((fact for fact, words in _NAMED if words.search(text)), None)


def last_given(known: Mapping[str, Any]) -> str | None:
    """The fact most recently given, in the order of asking."""
    return next((fact for fact in reversed(FACTS) if known.get(fact) is not None), None)


def _reason(
    intent: str, text: str, entities: Entities, requested: str | None, known: Mapping[str, Any]
) -> str | None:
    told = (name for name in (intent, *said_besides(entities)) if name.startswith("reason_"))
    said = next(told, "").removeprefix("reason_")
    if said in REASONS:
        settled = known.get("reason") not in (None, SKIPPED, "other")
        return None if settled and requested != "reason" else said
    if requested != "reason":
        return None
    option = _option(entities)
    if option is not None and 1 <= option <= len(_REASON_BUTTONS):
        return _REASON_BUTTONS[option - 1]
    # What happened may be told in any words; a sentence we cannot sort is still an answer.
    if intent in ("nlu_fallback", "inform_value", "chitchat_oos") and _is_sentence(text):
        return "other"
    return None


def _is_sentence(text: str) -> bool:
    return (
        len(re.findall(r"[\u4e00-\u9fff]", text)) >= 4 or len(re.findall(r"[A-Za-z']+", text)) >= 3
    )


def _amounts(
    intent: str, text: str, entities: Entities, requested: str | None, known: Mapping[str, Any]
) -> dict[str, object]:
    facts: dict[str, object] = {}
    said = [_elsewhere(entity, text) for entity in _standing(entities)]
    said = [e for e in said if e.get("role") is not None or not _is_a_charge(e, text)]
    for role, field in _ROLES.items():
        values = [e["value"] for e in said if e.get("role") == role]
        if values and field == requested and field in _SUMMED and not _TOTAL.search(text):
            # "rent 6000, food 3000, baby things 1500": what has no name belongs to the question.
            values += [e["value"] for e in said if e.get("role") is None]
        if values:
            facts[field] = _value(field, _sum(values) if field in _SUMMED else values[0])
    bare = [e for e in said if e.get("role") is None]
    if bare:
        asked_for = _field_of_bare(intent, text, said, requested, known)
        if asked_for is not None and asked_for not in facts:
            facts[asked_for] = _value(
                asked_for, bare[-1 if intent == "correct_fact" else 0]["value"]
            )
    return facts


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


def clause_of(entity: dict[str, Any], text: str) -> str:
    """The clause that holds an entity, with its question mark; the whole text where its place is unknown."""
    start = entity.get("start")
    if not isinstance(start, int):
        return text
    found = (match for match in _CLAUSE.finditer(text) if match.start() <= start < match.end())
    return next((match.group() for match in found), text)


def _elsewhere(entity: dict[str, Any], text: str) -> dict[str, Any]:
    """What goes to other lenders ("别的银行每月还1000") is not an offer to us."""
    if entity.get("role") != "offer" or not isinstance(entity.get("start"), int):
        return entity
    clause = re.split(r"[,，。;；\n]", text[: entity["start"]])[-1]
    return {**entity, "role": "other_debts"} if _OTHERS.search(clause) else entity


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


def _value(field: str, value: object) -> object:
    """An amount in the form the API takes for this fact; income is always a range."""
    if field == "monthly_income":
        return value if isinstance(value, Mapping) else {"from": value, "to": value}
    if isinstance(value, Mapping):
        return value.get(_CAUTIOUS_END[field])
    return value


def _day(
    intent: str,
    text: str,
    entities: Entities,
    requested: str | None,
    facts: Mapping[str, object],
) -> int | None:
    days = [e["value"] for e in entities if e.get("entity") == "day_of_month"]
    if days and (requested == "pay_day" or intent in ("state_pay_date", "correct_fact")):
        return int(days[0])
    if requested != "pay_day" and intent != "state_pay_date":
        return None
    dates = [str(e["value"]) for e in entities if e.get("entity") == "date"]
    if dates:
        return int(dates[0][-2:])
    if requested != "pay_day" or facts:
        return None
    plain = _PLAIN_VALUE.fullmatch(text.strip())
    return int(plain.group(1)) if plain else None


def _option(entities: Entities) -> int | None:
    value = next((e["value"] for e in entities if e.get("entity") == "option"), None)
    return int(str(value)) if str(value).isdigit() else None


def _without_a_value(intent: str, text: str, requested: str) -> dict[str, object]:
    """Skipping, "没有", and a lone digit taken for a choice."""
    if intent == "skip":
        return {requested: SKIPPED}
    if (
        requested in LATER
    ):  # none to come, nothing at hand, or no day known: there is nothing to count
        no = intent in ("deny", "cannot_pay_anything") or _NOTHING.search(text)
        return {requested: SKIPPED} if no else {}
    if requested == "monthly_income" and _NO_INCOME.search(text):
        return {requested: _value(requested, "0.00")}
    if requested in AMOUNTS:
        if intent == "cannot_pay_anything":
            none = requested == "proposed_payment" and not _ENDLESS.search(text)
            return {requested: _value(requested, "0.00")} if none else {}
        may_be_none = ("deny", "state_income", "state_expense", "inform_value", "nlu_fallback")
        if intent in may_be_none and (_NOTHING.search(text) or _PLAIN_NO.fullmatch(text)):
            return {requested: _value(requested, "0.00")}
        return {}
    return {requested: SKIPPED} if intent == "deny" else {}
