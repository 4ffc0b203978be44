"""The public data set "Default of Credit Card Clients" read as a portfolio of ours.

30,000 real accounts, Taiwan, April to September 2005 (I-Cheng Yeh, 2009, UCI Machine Learning
Repository, CC BY 4.0). The file itself is not shipped. Our format asks for what it does not have;
the mapping, in this one place:

- **Currency**: New Taiwan dollars become yuan at a fixed 0.25 (about the rate of 2005). Magnitudes
  only; nothing is claimed about anybody's purchasing power.
- **Balance**: ``BILL_AMT1`` (September), nothing where it is negative (the bank owed the person).
- **Days past due**: ``PAY_0`` = n months gives 30·n − 15 days; −2, −1 and 0 (no use, paid in full,
  revolving) are not past due, and their payment date is 20 days ahead.
- **Interest, penalty, fees**: the file has no such split. Of the balance, 0.05 % for each day past
  due is called interest, 1 % a month past due (at most 5 %) penalty, nothing fees, the rest
  principal; together they are the balance again, to the fen.
- **Last payment**: ``PAY_AMT1``, a month before the balance's day, where there was one.
- **Person**: one for each row; name, telephone and digits are invented from the row's number.
- ``SEX``, ``EDUCATION``, ``MARRIAGE`` and ``AGE`` are **never read**, nor is the column that tells
  who defaulted; a test changes them all and expects the same portfolio.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench.synthetic_portfolio import AS_OF, yuan

__all__ = ["is_uci", "uci_rows"]

_READ = ("ID", "BILL_AMT1", "PAY_0", "PAY_AMT1")
_FEN_A_DOLLAR = 25
_DAYS_AHEAD = 20


def is_uci(path: Path) -> bool:
    """Tell whether a file is that data set, by its heading."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return set(_READ) <= set(next(csv.reader(lines), []))


def uci_rows(path: Path, *, as_of: date = AS_OF) -> Iterator[dict[str, str]]:
    """Yield the data set's accounts, one at a time, with the columns of a portfolio file."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for record in csv.DictReader(lines):
            yield _row({name: int(record[name]) for name in _READ}, as_of)


def _row(record: dict[str, int], as_of: date) -> dict[str, str]:
    number, months = record["ID"], record["PAY_0"]
    past_due = 30 * months - 15 if months > 0 else 0
    balance = max(0, record["BILL_AMT1"]) * _FEN_A_DOLLAR
    interest = balance * past_due * 5 // 10_000
    penalty = balance * min(5, max(0, months)) // 100
    due = as_of - timedelta(days=past_due) if past_due else as_of + timedelta(days=_DAYS_AHEAD)
    paid = record["PAY_AMT1"] * _FEN_A_DOLLAR
    return {
        "account_ref": f"U-{number:06d}",
        "person_ref": f"UP-{number:06d}",
        "name": f"持卡人{number}",
        "locale": "zh",
        "telephone": f"+86199{number:08d}",
        "id_last4": f"{number % 10_000:04d}",
        "card_tail": f"{number * 7 % 10_000:04d}",
        "currency": "CNY",
        "principal": yuan(balance - interest - penalty),
        "interest": yuan(interest),
        "penalty": yuan(penalty),
        "fees": "0.00",
        "due_date": due.isoformat(),
        "last_payment_date": (as_of - timedelta(days=30)).isoformat() if paid else "",
        "last_payment_amount": yuan(paid) if paid else "",
        "status": "open",
        "as_of": as_of.isoformat(),
    }
