"""One realistic agreement to test with: 38,600 owed, 36,000 repaid in 36 months at 0 %."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from api.agreements.terms import Terms, build_terms

__all__ = ["OFFERS", "build", "instalments", "with_interest"]

CARDS: list[dict[str, Any]] = [
    {
        "card_tail": "3071",
        "currency": "CNY",
        "principal": "33000.00",
        "interest": "3900.00",
        "penalty": "1700.00",
        "fees": "0.00",
    }
]

BANK: dict[str, Any] = {
    "name": {"zh": "云汀银行", "en": "Yunting Bank"},
    "how_to_pay": {
        "zh": "在云汀银行App里还信用卡，或者从别的银行转到您的信用卡卡号。",
        "en": "use “Card repayment” in Yunting Bank's app, or transfer to your card number.",
    },
    "complaint_route": {
        "zh": "在对话里说“我要投诉”，或打卡背面印的电话",
        "en": "write “complaint” in the chat, or call the number on the back of your card",
    },
}

POLICY: dict[str, Any] = {
    "grace_days": 5,
    "cooling_off_days": 7,
    "breach_talk_days": 15,
    "posting_days": 2,
    "complaint_days": 15,
    "longest_term_months": 60,
    "moves_per_year": 1,
    "credit_record_years": 5,
    "free_credit_reports_a_year": 2,
    "annual_fee_meanwhile": "waived",
    "fees_meanwhile": "waived",
    "relief_if_broken": "returns",
    "waiting": "free",
    "reporting_policy": {
        "zh": "照着还的每一期，按正常还款报送",
        "en": "to report each payment made as agreed as paid on time",
    },
    "retention": {"zh": "还清后 5 年", "en": "five years after it is paid off"},
}


def _month(first: date, offset: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + offset, 12)
    return date(year, month + 1, first.day)


def instalments(periods: int = 36, **changes: Any) -> dict[str, Any]:
    """An offer at 0 %: 1,700 penalty and 900 interest waived, the rest in equal payments."""
    first = date(2026, 12, 23)
    debt, payment = Decimal("36000.00"), Decimal("36000.00") / periods
    payment = payment.quantize(Decimal("0.01"))
    left, charges_left, schedule = debt, Decimal("3000.00"), []
    for number in range(1, periods + 1):
        due = payment if number < periods else left
        charges = min(charges_left, due)
        charges_left -= charges
        left -= due
        schedule.append(
            {
                "number": number,
                "due_date": _month(first, number - 1).isoformat(),
                "payment": str(due),
                "principal": str(due - charges),
                "interest": "0.00",
                "charges": str(charges),
                "balance": str(left),
            }
        )
    return {
        "number": 1,
        "tag": "best",
        "kind": "instalments",
        "monthly": str(payment),
        "periods": periods,
        "first_due_date": schedule[0]["due_date"],
        "last_due_date": schedule[-1]["due_date"],
        "due_day": 23,
        "total": str(debt),
        "interest": "0.00",
        "waived": {"interest": "900.00", "penalty": "1700.00", "fees": "0.00", "total": "2600.00"},
        "annual_rate": "0.00",
        "annual_percentage_rate": "0.00",
        "contract_rate": "18.25",
        "left_after": "123.45",
        "debt_total": "38600.00",
        "principal": "33000.00",
        "schedule": schedule,
        "rules": [
            {
                "id": "cn.personalised_instalment.longest_term_months",
                "words_zh": "按您说的收入算",
                "words_en": "from the income you told us",
                "citation": "商业银行信用卡业务监督管理办法（2011）第七十条",
            },
            {
                "id": "cn.instalments.annualised_rate_shown",
                "words_zh": "写明年化利率",
                "words_en": "the annual rate is shown",
                "citation": "银保监规〔2022〕13号",
            },
        ],
        "as_of": "2026-11-24",
        "expires": "2026-11-30",
        **changes,
    }


def with_interest() -> dict[str, Any]:
    """An offer at 6 %: penalty and old interest waived, principal as an annuity over 36 months."""
    offer = instalments()
    rate, left, total = Decimal("0.005"), Decimal("33000.00"), Decimal("0.00")
    payment = (left * rate / (1 - (1 + rate) ** -36)).quantize(Decimal("0.01"))
    for line in offer["schedule"]:
        interest = (left * rate).quantize(Decimal("0.01"))
        due = payment if line["number"] < 36 else left + interest
        left -= due - interest
        total += due
        line.update(
            payment=str(due),
            principal=str(due - interest),
            interest=str(interest),
            charges="0.00",
            balance=str(left),
        )
    return offer | {
        "monthly": str(payment),
        "total": str(total),
        "interest": str(total - Decimal("33000.00")),
        "waived": {"interest": "3900.00", "penalty": "1700.00", "fees": "0.00", "total": "5600.00"},
        "annual_rate": "6.00",
        "annual_percentage_rate": "6.00",
    }


OFFERS = {"zero rate": instalments, "with interest": with_interest}


def build(locale: str = "zh", **changes: Any) -> Terms:
    """Build the sample's terms, with any argument of ``build_terms`` replaced."""
    arguments: dict[str, Any] = {
        "agreement_id": "agr_01JDEXAMPLE",
        "locale": locale,
        "bank": BANK,
        "holder_name": "沈禾" if locale == "zh" else "Shen He",
        "card_accounts": CARDS,
        "offer": instalments(),
        "policy_values": POLICY,
        "presented_on": date(2026, 11, 24),
        "wording_version": "v2",
    }
    return build_terms(**(arguments | changes))
