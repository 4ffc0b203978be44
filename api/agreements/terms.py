"""An agreement's terms: every figure and every sentence a person agrees to, as plain JSON.

The terms hold their own words, not only their figures: the digest therefore covers each sentence,
and a document made years later from the same terms says the same thing. What art. 70 of
商业银行信用卡业务监督管理办法 (2011) asks is answered item by item; each section says which item it
answers. Income, illness and reasons are no part of the terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api.agreements.wording import VERSION, fill, structure, words
from api.agreements.wording.checks import TermsError, check_terms
from api.agreements.wording.figures import PARTS, PERSONALISED, flags, parts_total, values
from api.agreements.wording.tables import balance_table, schedule_table
from api.kit.dates import as_utc, local_date
from api.kit.money import money

__all__ = [
    "BANK_KEYS",
    "CHOICES",
    "DAY_COUNTS",
    "Terms",
    "TermsError",
    "build_terms",
    "clause_number",
    "cooling_off_until",
    "sections",
    "summary_rows",
]

Terms = dict[str, Any]
"""Plain JSON: text, whole numbers, lists and objects; money and rates as decimal text."""

SCHEMA = "anhuan.agreement-terms/1"

DAY_COUNTS = (
    "grace_days",
    "cooling_off_days",
    "breach_talk_days",
    "posting_days",
    "complaint_days",
    "longest_term_months",
    "moves_per_year",
    "credit_record_years",
    "free_credit_reports_a_year",
)
"""Policy values that are whole numbers."""

CHOICES = {
    "annual_fee_meanwhile": ("charged", "waived"),
    "fees_meanwhile": ("charged", "waived"),
    "relief_if_broken": ("returns", "stays"),
    "waiting": ("free", "charged"),
}
"""Policy values that choose among sentences."""

POLICY_TEXTS = ("reporting_policy", "retention")
"""Policy values that are words: text, or text by language."""

BANK_KEYS = ("name", "how_to_pay", "complaint_route")
"""What the terms need of the bank: text, or text by language."""


def build_terms(
    *,
    agreement_id: str,
    locale: str,
    bank: Mapping[str, Any],
    holder_name: str,
    card_accounts: Sequence[Mapping[str, Any]],
    offer: Mapping[str, Any],
    policy_values: Mapping[str, Any],
    presented_on: date,
    wording_version: str = VERSION,
) -> Terms:
    """Return the whole terms of one offer in one language.

    Args:
        agreement_id: our identifier; it makes the digest of each agreement its own.
        locale: ``zh`` or ``en``.
        bank: ``BANK_KEYS``.
        holder_name: the cardholder's name as the bank has it.
        card_accounts: for each card ``card_tail``, ``currency`` and the parts of its debt
            (``principal``, ``interest``, ``penalty``, ``fees``) in yuan.
        offer: the chosen offer, as the plan calculation gives it.
        policy_values: ``DAY_COUNTS``, ``CHOICES`` and ``POLICY_TEXTS``.
        presented_on: the day on which the terms are shown.
        wording_version: the version of the wording to use.

    Raises:
        TermsError: figures disagree with one another, or a value is missing or not allowed.
        WordingGap: a sentence or a placeholder's value is missing.
    """
    wording = words(wording_version, locale)
    terms: Terms = {
        "schema": SCHEMA,
        "wording_version": wording_version,
        "agreement_id": agreement_id,
        "locale": locale,
        "kind": offer["kind"],
        "presented_on": presented_on.isoformat(),
        "currency": _one_currency(card_accounts),
        "bank": {key: _text(bank, key, locale) for key in BANK_KEYS},
        "holder": {"name": _text({"name": holder_name}, "name", locale)},
        **_sums(card_accounts, offer),
        "repayment": _repayment(offer),
        "conditions": _conditions(policy_values, locale),
        "rules": [
            {"id": str(rule["id"]), "citation": _text(rule, "citation", locale)}
            for rule in offer.get("rules", [])
            if rule.get("citation")
        ],
    }
    check_terms(terms, stated_debt=str(offer["debt_total"]))
    terms["title"] = wording["title"][terms["kind"]]
    terms["subtitle"] = wording["subtitle"][terms["kind"]]
    terms["summary"], terms["sections"] = _write(terms, wording)
    return terms


def summary_rows(terms: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the summary in plain words: ``{id, label, text}``, in reading order."""
    return [dict(row) for row in terms["summary"]]


def sections(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the full text: ``{id, mark, heading, article_70, paragraphs, table}``.

    ``mark`` is ``第 3 条`` or ``Clause 3``; a paragraph's number within it is its position.
    ``table`` is ``None`` or ``{columns: [{label, align}], rows: [[text]], total: [text]}``.
    """
    return [dict(section) for section in terms["sections"]]


def clause_number(terms: Mapping[str, Any], section_id: str) -> int:
    """Return the number of a clause such as ``breach``; raises ``KeyError`` when there is none."""
    for section in terms["sections"]:
        if section["id"] == section_id and section["number"] is not None:
            return int(section["number"])
    raise KeyError(section_id)


def cooling_off_until(terms: Mapping[str, Any], signed_at: datetime) -> date:
    """Return the last day (Asia/Shanghai) on which a signed agreement can be withdrawn."""
    days = int(terms["conditions"]["cooling_off_days"])
    return local_date(as_utc(signed_at)) + timedelta(days=days)


def _one_currency(accounts: Sequence[Mapping[str, Any]]) -> str:
    currencies = {str(account["currency"]) for account in accounts}
    if len(currencies) != 1:
        msg = "an agreement has cards, and one currency"
        raise TermsError(msg)
    return currencies.pop()


def _parts(given: Mapping[str, Any]) -> dict[str, str]:
    parts = {part: str(money(given.get(part, "0.00"))) for part in PARTS}
    return {**parts, "total": str(parts_total(parts))}


def _sums(accounts: Sequence[Mapping[str, Any]], offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the debt by card and together, what is waived, and what is left to repay."""
    lines = [
        {"card_tail": str(account["card_tail"]), "currency": str(account["currency"])}
        | _parts(account)
        for account in accounts
    ]
    debt = _parts(
        {part: sum((money(line[part]) for line in lines), start=money(0)) for part in PARTS}
    )
    relief = _parts(offer["waived"])
    left = _parts({part: money(debt[part]) - money(relief[part]) for part in PARTS})
    return {
        "debt": {"as_of": str(offer["as_of"]), "accounts": lines, **debt},
        "relief": relief,
        "to_repay": left,
    }


def _repayment(offer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cycle": "monthly",
        "periods": int(offer["periods"]),
        "due_day": int(offer["due_day"]),
        "first_due_date": str(offer["first_due_date"]),
        "last_due_date": str(offer["last_due_date"]),
        "monthly": str(money(offer["monthly"])),
        "down_payment": _down_payment(offer),
        "deferred_until": offer.get("deferred_until"),
        "total": str(money(offer["total"])),
        "interest": str(money(offer["interest"])),
        "annual_rate": str(offer["annual_rate"]),
        "annual_percentage_rate": str(offer["annual_percentage_rate"]),
        "contract_rate": str(offer["contract_rate"]),
        "schedule": [
            {"number": int(line["number"]), "due_date": str(line["due_date"])}
            | {
                name: str(money(line[name]))
                for name in ("payment", "principal", "interest", "charges", "balance")
            }
            for line in offer["schedule"]
        ],
    }


def _down_payment(offer: Mapping[str, Any]) -> dict[str, str] | None:
    down = offer.get("down_payment")
    if down is None:
        return None
    return {"due_date": str(down["due_date"]), "amount": str(money(down["amount"]))}


def _conditions(policy_values: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return the policy's values that the words rest on; anything else given is left out."""
    conditions: dict[str, Any] = {}
    for key in DAY_COUNTS:
        value = policy_values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            msg = f"policy value {key} is not a whole number"
            raise TermsError(msg)
        conditions[key] = value
    for key, allowed in CHOICES.items():
        value = policy_values.get(key)
        if value not in allowed:
            msg = f"policy value {key} is none of {', '.join(allowed)}"
            raise TermsError(msg)
        conditions[key] = value
    return conditions | {key: _text(policy_values, key, locale) for key in POLICY_TEXTS}


def _text(values_by_key: Mapping[str, Any], key: str, locale: str) -> str:
    """Return a text, or its version in ``locale``, without the full stop that a sentence adds."""
    value = values_by_key.get(key)
    if isinstance(value, Mapping):
        value = value.get(locale)
    text = value.strip().rstrip("。.") if isinstance(value, str) else ""
    if not text:
        msg = f"no words for {key} in {locale}"
        raise TermsError(msg)
    return text


def _write(
    terms: Mapping[str, Any], wording: Mapping[str, Any]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Return the summary's rows and the sections that apply to these terms, filled."""
    plan, holding = structure(terms["wording_version"]), flags(terms)
    tables = {"balance": balance_table, "schedule": schedule_table}

    def applies(part: Mapping[str, Any]) -> bool:
        return holding.issuperset(part.get("when", ()))

    chosen = [part for part in plan["sections"] if applies(part)]
    numbered = [part["id"] for part in chosen if part.get("numbered", True)]
    numbers = {section_id: n for n, section_id in enumerate(numbered, start=1)}
    placeholder_values = values(terms, wording) | {
        f"clause_{section_id}": str(n) for section_id, n in numbers.items()
    }
    summary = [
        {
            "id": row["id"],
            "label": wording["summary"][row["id"]]["label"],
            "text": fill(wording["summary"][row["id"]]["text"], placeholder_values),
        }
        for row in plan["summary"]
        if applies(row)
    ]
    written = []
    for part in chosen:
        text, number = wording["sections"][part["id"]], numbers.get(part["id"])
        mark = wording["mark"] if number is not None else wording["appendix_mark"]
        written.append(
            {
                "id": part["id"],
                "number": number,
                "mark": fill(mark, {"n": str(number)}),
                "heading": fill(text["heading"], placeholder_values),
                "article_70": part.get("article_70") if terms["kind"] in PERSONALISED else None,
                "paragraphs": [
                    fill(text["paragraphs"][paragraph["id"]], placeholder_values)
                    for paragraph in part["paragraphs"]
                    if applies(paragraph)
                ],
                "table": tables[part["table"]](terms, wording) if "table" in part else None,
            }
        )
    return summary, written
