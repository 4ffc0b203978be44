"""The facts of a person's situation by name: their order, and which of them a sentence is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

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

OWED_TO: Final = re.compile(
    r"花呗|借呗|白条|微粒贷|网贷|房贷|车贷|\bmortgage\b|\bcar loan\b|\bklarna\b", re.IGNORECASE
)
OTHERS: Final = re.compile(r"别处|别的|其他|其它|别家|另外|other|elsewhere", re.IGNORECASE)
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
    ("other_debt_payments", re.compile(f"{OTHERS.pattern}|{OWED_TO.pattern}", re.IGNORECASE)),
    ("proposed_payment", re.compile(r"能还|拿出|还得起|i can pay|afford", re.IGNORECASE)),
    (
        "monthly_income",
        re.compile(r"收入|到手|工资|薪|挣|赚|income|take.?home|salary|earn", re.IGNORECASE),
    ),
    (
        "essential_spending",
        re.compile(
            r"开销|开支|花(?!呗)|过日子|房租|生活费|[药学]费|奶粉|伙食|水电|spend|living|rent|costs?|expenses|groceries|medicine",
            re.IGNORECASE,
        ),
    ),
    ("pay_day", re.compile(r"几号|哪天|日子|还款日|\bday\b|\bdate\b", re.IGNORECASE)),
    ("reason", re.compile(r"原因|\breason\b", re.IGNORECASE)),
)


def named_fact(text: str) -> str | None:
    """Which fact a sentence is about ("收入写错了"), when it says so."""
    return next((fact for fact, words in _NAMED if words.search(text)), None)


def last_given(known: Mapping[str, Any]) -> str | None:
    """The fact most recently given, in the order of asking."""
    return next((fact for fact in reversed(FACTS) if known.get(fact) is not None), None)
