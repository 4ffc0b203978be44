"""What one message says about the person's situation, as facts ready for the API.

Pure reading of the understood message: intent, entities, and what had been asked. The API judges
whether a value can be right; here it is only put under its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from bot.actions.amounts import Entities, fact_value, read_amounts
from bot.actions.fact_names import AMOUNTS, REASONS, SKIPPED, named_fact
from bot.actions.later import LATER, read_later

#: The reasons on the buttons, in their order: "2" answers with the second.
_REASON_BUTTONS: Final = ("income_drop", "illness", "family", "forgot")

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
_NOTHING: Final = re.compile(
    r"没有(?![那这]么|太)|没(?:别|其)|冇(?!问题|問題|咗|咁)|没了|没得|无(?![穷限数])|零(?!下)|一分|沒有(?![那這]麼|太)|\bnone\b|\bnothing\b|\bzero\b|\bnot any|^\W*no\W*$"
    r"|\bno\W+(?:more|other|money|income|debts?|loans?|payments?|spare|extra|one|cards?|sir|thanks|thank you)\b|\bcan'?t pay",
    re.IGNORECASE,
)
_ENDLESS: Final = re.compile(r"无(?:穷|限|数)|無(?:窮|限|數)|infinit|endless", re.IGNORECASE)
#: A no that answers "how much"; any other no ("why not") answers nothing.
_PLAIN_NO: Final = re.compile(r"\W*(?:不用?了?|没|否|冇|唔使|nope|nah|n)\W*", re.IGNORECASE)
_NO_INCOME: Final = re.compile(
    r"(?:没有?|无)(?:任何|什么)?(?:收入|工资|进账)|\bno (?:income|salary|pay)\b", re.IGNORECASE
)

#: Nothing more than that there is nothing else, said to "how much goes to others?", in any mood of the words.
_NONE_ELSEWHERE: Final = re.compile(
    r"(?:就这些|就这个|就这一家|就你们(?:一家|家)?)?[，, ]*(?:我)?(?:都|也)?(?:没有?|沒有?|冇)(?:欠)?(?:别的|別的|其他|其它|别家|另外的)?(?:了|啦|的|喇|吖)?[。.!！~]*"
    r"|(?:别的|別的|其他|其它|别家|另外)(?:都|就|也|的)?(?:没有?|沒有?|冇)(?:了|啦|喇)?[。.!！~]*"
    r"|(?:就这些|就你们(?:一家|家)?)(?:了|啦)?[。.!！~]*"
    r"|(?:no,? )?(?:nope|none|nothing else|no others?|that'?s (?:it|all)|just (?:this|you|yours)|only (?:this|you|yours))[.! ]*",
    re.IGNORECASE,
)
#: They leave the figure to us, or cannot tell: the question is passed over, not put again and again.
_CANNOT_SAY: Final = re.compile(
    r"(?:我)?(?:也)?(?:不知道|不清楚|说不准|說不準|说不好|没算过|不好说|唔知|心里没数)(?:能还多少|能还几多|多少|几多|啊|呢|呀)?[，, ]*(?:你们?[说看]?(?:着)?(?:定|办|算|吧)+)?[。.!！~]*"
    r"|你们?(?:说多少就多少|看着(?:定|办|算)吧?|定吧?|帮我算吧?)[。.!！~]*"
    r"|(?:idk|i (?:really )?don'?t know|dunno|not sure|no idea|hard to say)(?: (?:what|how much) (?:i|it)(?: can| could|'d)?(?: manage| pay| afford| be| do| is)?)?"
    r"(?:[, ]+you (?:tell me|decide|say))?[.! ]*",
    re.IGNORECASE,
)


def in_so_many_words(text: str, requested: str | None) -> str | None:
    """The value of a short line that answers the open question, whatever it would mean elsewhere; else None.

    ``"0.00"`` where there is nothing else, :data:`SKIPPED` where they cannot say.
    """
    line = text.strip()
    if requested == "other_debt_payments" and _NONE_ELSEWHERE.fullmatch(line):
        return "0.00"
    if requested in AMOUNTS and line and _CANNOT_SAY.fullmatch(line):
        return SKIPPED
    return None


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
    if requested is not None and (value := in_so_many_words(text, requested)) is not None:
        return {requested: value}
    if intent == "correct_fact" and named_fact(text) in LATER:
        requested = named_fact(text)
    facts, entities = read_later(intent, text, entities, requested, today)
    reason = _reason(intent, text, entities, requested, known)
    if reason is not None:
        facts["reason"] = reason
    facts.update(read_amounts(intent, text, entities, requested, known))
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
        no = intent in ("deny", "cannot_pay_anything")
        no = no or (intent != "correct_fact" and _NOTHING.search(text) is not None)
        return {requested: SKIPPED} if no else {}
    if requested == "monthly_income" and _NO_INCOME.search(text):
        return {requested: fact_value(requested, "0.00")}
    if requested in AMOUNTS:
        if intent == "cannot_pay_anything":
            none = requested == "proposed_payment" and not _ENDLESS.search(text)
            return {requested: fact_value(requested, "0.00")} if none else {}
        may_be_none = ("deny", "state_income", "state_expense", "inform_value", "nlu_fallback")
        if intent in may_be_none and (_NOTHING.search(text) or _PLAIN_NO.fullmatch(text)):
            return {requested: fact_value(requested, "0.00")}
        return {}
    return {requested: SKIPPED} if intent == "deny" else {}
