"""What a wording may ask of the terms: flags for its conditions, ready text for its placeholders.

Both come from the terms' data and nothing else, so a sentence cannot say what the terms do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from api.agreements.wording import counted, fill
from api.kit.dates import month_day_text
from api.kit.money import money, money_text
from api.plans.payment_days import add_months

__all__ = [
    "PARTS",
    "PERSONALISED",
    "day_text",
    "flags",
    "monthly_lines",
    "parts_total",
    "rate_text",
    "values",
    "wanted_day",
]

PERSONALISED = frozenset({"instalments", "deferral_instalments"})
"""Kinds that are a personalised instalment agreement (信用卡办法 art. 70); to no other its items belong."""

PARTS = ("principal", "interest", "penalty", "fees")
"""The parts of a debt, in the order in which they are named."""

LAST_DAY_OF_EVERY_MONTH = 28


def monthly_lines(repayment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schedule's monthly payments: without the larger one that comes first, if there is one."""
    lines: list[Mapping[str, Any]] = repayment["schedule"]
    return lines[1:] if repayment.get("down_payment") else lines


def wanted_day(day: date, due_day: int) -> date:
    """Return the payment day that a payment's date is, or was moved from: the last one up to it."""
    this_month = add_months(day.year, day.month, 0, due_day)
    return this_month if this_month <= day else add_months(day.year, day.month, -1, due_day)


def flags(terms: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the conditions that hold for these terms."""
    repayment, conditions = terms["repayment"], terms["conditions"]
    settles = terms["kind"] == "settlement"
    lines = monthly_lines(repayment)
    found = {
        terms["kind"],
        "personalised" if terms["kind"] in PERSONALISED else "ordinary",
        "single" if len(repayment["schedule"]) == 1 else "several",
        "interest_bearing" if money(repayment["interest"]) > 0 else "zero_rate",
        "relief" if money(terms["relief"]["total"]) > 0 else "no_relief",
        "one_card" if len(terms["debt"]["accounts"]) == 1 else "several_cards",
        # One payment that settles everything is made by its day: there is no later month to move it to.
        "moves" if conditions["moves_per_year"] and not settles else "no_moves",
        f"annual_fee_{conditions['annual_fee_meanwhile']}",
        f"fees_{conditions['fees_meanwhile']}",
        f"relief_{conditions['relief_if_broken']}",
        f"waiting_{conditions['waiting']}",
    }
    if not settles:
        found |= {"plan", _payment_shape([line["payment"] for line in lines])}
        if len(repayment["schedule"]) == 1:
            found.add("once")
    if repayment.get("down_payment"):
        found.add("down_payment")
    if repayment.get("deferred_until"):
        found.add("deferred")
    if terms.get("evidence_wanted"):
        found.add("evidence_wanted")
    if repayment["due_day"] > LAST_DAY_OF_EVERY_MONTH:
        found.add("late_due_day")
    days = [date.fromisoformat(line["due_date"]) for line in lines]
    if any(day != wanted_day(day, repayment["due_day"]) for day in days):
        found.add("moved_days")
    if terms["rules"]:
        found.add("sources")
    return frozenset(found)


def values(terms: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of every placeholder, in the terms' language."""
    locale = terms["locale"]
    debt, relief, repayment = terms["debt"], terms["relief"], terms["repayment"]
    down = repayment.get("down_payment") or {}
    until = repayment.get("deferred_until")
    conditions, schedule = terms["conditions"], repayment["schedule"]

    def amount(value: str) -> str:
        return money_text(value, locale)

    def named_parts(parts: Mapping[str, str]) -> str:
        there = {part: parts[part] for part in PARTS if money(parts[part]) > 0}
        if len(there) == 1:  # the total stands just before it: the same sum is not said twice
            return "".join(wording["parts"][part] for part in there)
        each = (
            fill(wording["part_amount"], {"part": wording["parts"][part], "amount": amount(value)})
            for part, value in there.items()
        )
        return _listed(each, wording["list_separator"])

    return {
        "bank": terms["bank"]["name"],
        "holder": terms["holder"]["name"],
        "currency": terms["currency"],
        "presented_on": day_text(terms["presented_on"], locale),
        "as_of": day_text(debt["as_of"], locale),
        "card_tails": _listed(
            (account["card_tail"] for account in debt["accounts"]), wording["list_separator"]
        ),
        "card_count": counted(wording, "cards", len(debt["accounts"])),
        "debt_total": amount(debt["total"]),
        "debt_parts": named_parts(debt),
        "relief_total": amount(relief["total"]),
        "relief_parts": named_parts(relief),
        "to_repay": amount(terms["to_repay"]["total"]),
        "to_repay_parts": named_parts(terms["to_repay"]),
        "monthly": amount(repayment["monthly"]),
        "periods": counted(wording, "periods", repayment["periods"]),
        "due_day": str(repayment["due_day"]),
        "first_due": day_text(repayment["first_due_date"], locale),
        "last_due": day_text(repayment["last_due_date"], locale),
        "down_payment": amount(down["amount"]) if down else "",
        "down_due": day_text(down["due_date"], locale) if down else "",
        "deferred_until": day_text(until, locale) if until else "",
        "first_payment": amount(schedule[0]["payment"]),
        "last_payment": amount(schedule[-1]["payment"]),
        "plan_total": amount(repayment["total"]),
        "new_interest": amount(repayment["interest"]),
        "apr": f"{rate_text(repayment['annual_rate'])}%",
        "apr_in_yuan": rate_text(repayment["annual_rate"]),
        "contract_rate": f"{rate_text(repayment['contract_rate'])}%",
        "longest_years": counted(wording, "years", conditions["longest_term_months"] // 12),
        "grace_days": counted(wording, "days", conditions["grace_days"]),
        "cooling_days": counted(wording, "days", conditions["cooling_off_days"]),
        "talk_days": counted(wording, "days", conditions["breach_talk_days"]),
        "posting_days": counted(wording, "days", conditions["posting_days"]),
        "complaint_days": counted(wording, "days", conditions["complaint_days"]),
        "moves": counted(wording, "periods", conditions["moves_per_year"]),
        "record_years": counted(wording, "years", conditions["credit_record_years"]),
        "free_reports": counted(wording, "times", conditions["free_credit_reports_a_year"]),
        "reporting_policy": conditions["reporting_policy"],
        "retention": conditions["retention"],
        "how_to_pay": terms["bank"]["how_to_pay"],
        "complaint_route": terms["bank"]["complaint_route"],
        "sources": _listed(
            dict.fromkeys(rule["citation"] for rule in terms["rules"]),
            wording["reference_separator"],
        ),
    }


def parts_total(parts: Mapping[str, Any]) -> Decimal:
    """Return the sum in yuan of a debt's parts; a part left out counts as nothing."""
    return sum((money(parts.get(part, "0.00")) for part in PARTS), start=money(0))


def day_text(day: str | date, locale: str) -> str:
    """Write a day with its year whatever year it is now: a document is read years later."""
    return month_day_text(date.fromisoformat(str(day)), locale, date.min)


def rate_text(rate: str) -> str:
    """Write a rate in percent a year without idle zeros: ``6``, ``6.5``, ``18.25``."""
    return f"{Decimal(rate).normalize():f}"


def _payment_shape(payments: list[str]) -> str:
    """Say whether the payments are all alike; of a single one there is nothing to say."""
    if len(payments) == 1:
        return "one_payment"
    if len(set(payments)) == 1:
        return "level"
    return "last_differs" if len(set(payments[:-1])) == 1 else "irregular"


def _listed(items: Iterable[str], separator: str) -> str:
    return separator.join(items)
