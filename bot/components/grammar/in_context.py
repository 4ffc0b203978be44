"""What bare figures mean once it is known what a message is about: "could we stretch it to 48" is a term.

The grammars read what the words themselves say. A figure that they leave alone, or could only take for a sum,
is settled here by the message's intent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.components.grammar.bare_days import with_bare_days, with_pay_day
from bot.components.grammar.dates import find_dates
from bot.components.grammar.household import count_household, is_about_household, is_plain_count
from bot.components.grammar.options import find_choices
from bot.components.grammar.reading import is_bare
from bot.components.grammar.spans import overlaps
from bot.components.grammar.tense import EITHER, PAST, TO_COME
from bot.components.grammar.terms_in_context import (
    is_pause,
    with_corrected,
    with_terms,
    with_years,
    without_stretches,
)
from bot.components.grammar.text import compiled, normalise
from bot.components.grammar.value import Value, each_once

__all__ = ["settled"]

_TERM_INTENTS: Final = ("change_term", "ask_for_plan")
_TOLD: Final = {
    **dict.fromkeys(
        (
            "already_paid", "ask_progress", "suspected_fraud", "complain_harassment", "dispute_debt",
            "wrong_person", "ask_why_contacted", "reason_job_loss", "reason_illness", "reason_family",
            "reason_business_failure", "reason_overspending", "report_death",
        ),
        PAST,
    ),
    **dict.fromkeys(
        (
            "ask_extension", "state_expected_income", "ask_call_back", "report_hardship", "ask_later", "goodbye",
            "show_family", "cannot_pay_anything", "state_lump_sum", "ask_settlement_discount", "ask_human",
            "willing_to_pay",
        ),
        TO_COME,
    ),
}  # fmt: skip
"""Intents that tell of the past or of what is to come, so that a bare "20号" is one day."""
_OF_EVERY_MONTH: Final = frozenset(
    {
        "state_pay_date", "state_income", "state_expense", "state_offer_amount", "correct_fact", "inform_value",
        "reason_forgot", "reason_income_drop",
    }
)  # fmt: skip
"""Where a bare day is that of every month; elsewhere words of the past make it one day."""
_CHOOSING: Final = ("choose_option", "ask_other_offers")
_ORDINALS: Final = {
    "the first": 1,
    "the second": 2,
    "the third": 3,
    "the 1st": 1,
    "the 2nd": 2,
    "the 3rd": 3,
}
_A_FEW_WORDS: Final = 12
_HIGHEST_RATE: Final = 40
_NO_MONEY: Final = frozenset(
    {
        "greet", "thanks", "goodbye", "insult", "resend_code", "ask_is_robot", "number_changed",
        "chitchat_oos",
    }
)  # fmt: skip
"""Where a bare figure is anything but a sum."""
_NO_OFFERS: Final = frozenset(
    {
        "chitchat_oos",
        "complain_harassment",
        "ask_privacy",
        "suspected_fraud",
        "weary",
        "report_death",
    }
)
"""Where a second or third is a place in a class, a person or a try, never one of the offers."""
_THE_FIRST: Final = compiled(
    r"\s*(?:$|[,，。!！?？、吧呢]|之?前|[还扣发到交付供出](?![唔不没冇])|就?[行好可]|给你|打款)"
)
_ONE_OF_DAYS: Final = compiled(r"[123一二三]\s?[号日](?!方案|办法|选项)")
_CURRENCY: Final = compiled(r"[元块圆¥毛]|rmb|cny|yuan|kuai|钱")
# A plain word of money beside a sum: it is one whatever the message was taken for.
_OF_MONEY: Final = compiled(
    r"[押租奖薪佣]金|工资|薪水|定金|订金|红包|退款|退[还回给了我]|返还|赔|[卖转借]了?|报销|补贴|房租|学费|存[了款]|付|到账|入账|价|打款|汇款|每个?月|一个月|[输赢亏赔赚挣花省中]了?|租|[免减扣罚]|滞纳金|违约金|费|利息|优惠|[收给]|[那这]笔|(?:我|说[的了])[^,，。\d]{0,4}(?:[说讲写填报][的了是]?|打[的了是]|是)"
    r"|\bi (?:said|told|typed|wrote|meant)\b|\b(?:about|dropp?\w*|took|cut\w*|remov\w+) (?:the|my|that)\b|\b(?:penalty|penalties|fees?|fines?|charges?|interest|discount|waiv\w+|off|deposit|refund(?:ed|s)?|salary|wages?|bonus|rent|pay(?:s|ing|ment)?|paid|sold|sell|cost|fee|price|transfer(?:red)?|lend|lent|borrow(?:ed)?|cash|savings|income|earn(?:ed)?|debt|owe[ds]?|compensation|reimburse\w*|severance|allowance|lost|won|spent|win|bring|monthly|(?:an?|per|each|every) month)\b"
)


def settled(
    text: str,
    values: Sequence[Value],
    intent: str,
    today: date | None = None,
    stage: str | None = None,
) -> list[Value]:
    """The values of a text, with those that only its intent can tell; ``values`` are what its words say.

    ``today`` is the day of writing; without it days stay as their words alone say. ``stage`` is where the
    conversation stands: where offers are shown, a message that begins with "2号" names one.
    """
    plain, found = normalise(text), list(values)
    if intent in _NO_MONEY:
        found = [value for value in found if not _senseless(plain, value, intent)]
    if intent == "ask_annual_rate":
        found = [value for value in found if not _is_a_rate(plain, value)]
    if intent in _NO_OFFERS or intent.startswith("reason_"):
        choices = [value for value in found if value.entity == "option"]
        if (
            len(choices) < 2
        ):  # two side by side ("between 1 and 2") are offers whatever is understood
            found = [value for value in found if value.entity != "option"]
    bare = is_bare(text, found)
    found = without_stretches(plain, found, intent)
    ahead = [
        value for value in found if value.entity == "months_ahead" and not is_pause(plain, value)
    ]
    days = [value for value in found if value.entity == "date"]
    if intent in _TERM_INTENTS and not bare:
        found = [value for value in found if value not in ahead and not _at(value, ahead, days)]
        found += [replace(value, entity="term_months") for value in ahead]
    else:
        found = [value for value in found if value not in ahead or not _at(value, days, ahead)]
    if today is not None and intent not in _OF_EVERY_MONTH and not bare:
        found = _with_days(plain, found, today, _TOLD.get(intent, EITHER))
    found = [value for value in found if not _is_a_day_long(plain, value)]
    if intent in _CHOOSING or intent == "hesitate" or stage == "offers":
        found = _with_choices(plain, found, intent)
    if intent in (*_TERM_INTENTS, "correct_fact"):
        found = with_corrected(plain, with_years(plain, found))
    if intent == "state_pay_date":
        found = with_pay_day(plain, _days_for_choices(plain, found))
    if intent not in ("change_term", "choose_option"):
        found = with_bare_days(plain, found)
    if intent == "change_term":
        found = with_terms(plain, found)
    elif intent == "state_household" or (intent == "correct_fact" and is_about_household(plain)):
        found = _with_household(plain, found)
    if any(value.entity == "option" for value in found):
        found = _choices_once([_choice_too(plain, value) for value in found], stage)
    return sorted(found, key=lambda value: (value.start, value.end))


def _days_for_choices(plain: str, found: list[Value]) -> list[Value]:
    """Beside another day "定1号" is a day, and no offer."""
    if not any(value.entity == "day_of_month" for value in found):
        return found
    return [
        replace(value, entity="day_of_month", extra={})
        if value.entity == "option" and _ONE_OF_DAYS.search(plain, value.start, value.end + 3)
        else value
        for value in found
    ]


def _is_a_day_long(plain: str, value: Value) -> bool:
    """Whether 一日 is a day's length ("一日只有一百蚊", "一日未还"), as in Cantonese, and no first of the month."""
    return bool(
        value.entity in ("day_of_month", "date")
        and plain[value.start : value.end] == "一日"
        and not _THE_FIRST.match(plain, value.end)
    )


def _choice_too(plain: str, value: Value) -> Value:
    """Beside an offer that is named, "the first" names another and no day."""
    ordinal = value.entity == "day_of_month" and _ORDINALS.get(plain[value.start : value.end])
    return replace(value, entity="option", value=ordinal) if ordinal else value


def _choices_once(found: list[Value], stage: str | None) -> list[Value]:
    """Each offer once, however often it is named; where offers are shown, a lone "2" is no day besides."""
    choices = each_once([v for v in found if v.entity == "option"])
    places = [(v.start, v.end) for v in choices] if stage == "offers" else []
    others = [v for v in found if v.entity != "option"]
    return choices + [
        v for v in others if v.entity != "day_of_month" or not overlaps(v.start, v.end, places)
    ]


def _senseless(plain: str, value: Value, intent: str) -> bool:
    """Whether a sum is none, where nothing is said of money: 886 says goodbye, 二百五 abuses."""
    if value.entity != "amount" or value.role is not None:
        return False
    if value.value == "0.00":  # "set my balance to zero" is small talk, a lone 0 an answer
        return intent == "chitchat_oos" and not is_bare(plain, [value])
    said = plain[value.start : value.end]
    beside = plain[max(0, value.start - 20) : value.end + 16]
    spoken_of = intent != "resend_code" and said != "二百五" and _OF_MONEY.search(beside)
    return not (_CURRENCY.search(said) or spoken_of) and (
        intent == "insult" or said.strip().isdecimal()
    )


def _is_a_rate(plain: str, value: Value) -> bool:
    """Whether a small sum is a rate that lacks its sign: "is it 18.25 or 14.6"."""
    if value.entity != "amount" or not isinstance(value.value, str):
        return False
    return float(value.value) <= _HIGHEST_RATE and not _CURRENCY.search(
        plain, value.start, value.end
    )


def _with_days(plain: str, found: list[Value], today: date, told: str) -> list[Value]:
    others = [value for value in found if value.entity not in ("date", "day_of_month")]
    places = [(v.start, v.end) for v in others if v.entity != "months_ahead"]
    days = [d for d in find_dates(plain, today, told) if not overlaps(d.start, d.end, places)]
    return [*others, *days]


def _at(value: Value, places: Sequence[Value], among: Sequence[Value]) -> bool:
    """Whether a value, one of ``among``, stands where one of ``places`` stands."""
    return value in among and overlaps(
        value.start, value.end, [(other.start, other.end) for other in places]
    )


def _with_choices(plain: str, found: list[Value], intent: str) -> list[Value]:
    known = {value.value for value in found if value.entity == "option"}
    short = len(plain) <= _A_FEW_WORDS
    for choice in find_choices(plain, sure=intent not in _CHOOSING and not short):
        if choice.value in known or (known and not choice.extra):
            continue
        elsewhere = intent not in (*_CHOOSING, "hesitate") and not short
        if elsewhere and plain[: choice.start].strip():
            continue  # where offers are shown, only a message that begins with its choice
        places = [(choice.start, choice.end)]
        beside = [v for v in found if overlaps(v.start, v.end, places)]
        if any(
            v.entity not in ("day_of_month", "date", "term_months", "amount")
            or v.end > choice.end + 1
            for v in beside
        ):
            continue
        found = [value for value in found if value not in beside]
        found.append(replace(choice, extra={}))
    return found


def _with_household(plain: str, found: list[Value]) -> list[Value]:
    """How many there are in all, where every head is named: more than the words beside "我" may say."""
    kinds = {v.entity for v in found}
    corrected = {"household_size", "household_size_taken_back"} <= kinds
    if corrected or any(v.entity == "household_size" and is_plain_count(plain, v) for v in found):
        return found
    others = [value for value in found if not value.entity.startswith("household_size")]
    if (size := count_household(plain)) is not None:
        return [*others, size]
    return found if any(v.value == 1 for v in found if v.entity == "household_size") else others
