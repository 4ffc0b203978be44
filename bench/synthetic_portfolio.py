"""A seeded, reproducible portfolio in our own format, for measuring where no real file is at hand.

``python -m bench.synthetic_portfolio 30000 > portfolio.csv``. The people are invented; the telephone
numbers stand in a range that is not given to anybody. Every row depends on the seed and its own
number alone, so that the first thousand rows of a long file are the short file.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

from api.accounts.portfolio import COLUMNS

__all__ = ["AS_OF", "SEED", "synthetic_rows", "write_portfolio", "yuan"]

SEED = 20261124
AS_OF = date(2026, 11, 24)
"""The day of a synthetic balance, unless another is asked for."""

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = "安宁静和平清明文华书远志青山海川田禾月星云雨雪松竹兰梅思念一然"
_ENGLISH = ("Lee", "Chan", "Wong", "Smith", "Brown", "Garcia", "Khan", "Novak")

_SECOND_CARD = 8
"""One row in so many is a further card of the person of the row before it."""

# Principal in yuan from .. to, with the weight of the class: many small debts, few large ones.
_PRINCIPALS = ((300, 3_000, 30), (3_000, 12_000, 34), (12_000, 40_000, 24), (40_000, 120_000, 12))
# Days past due from .. to, with weight; below zero the payment date is still to come.
_PAST_DUE = (
    (-25, 0, 15),
    (1, 30, 30),
    (31, 60, 18),
    (61, 90, 12),
    (91, 180, 15),
    (181, 400, 10),
)
_DAILY_RATE_OF_TEN_THOUSAND = 5
_STATUSES = ("open", "litigated", "sold", "written_off")


def yuan(fen: int) -> str:
    """Write integer fen as the decimal yuan of a portfolio file."""
    return f"{fen // 100}.{fen % 100:02d}"


def synthetic_rows(
    count: int, *, seed: int = SEED, as_of: date = AS_OF, first: int = 1
) -> Iterator[dict[str, str]]:
    """Yield ``count`` rows with the columns of a portfolio file, lazily, the same for a seed."""
    for number in range(first, first + count):
        yield _row(number, seed, as_of)


def _person_number(number: int) -> int:
    """The number of the row whose person holds this row's card."""
    return number - 1 if number > 1 and number % _SECOND_CARD == 0 else number


def _row(number: int, seed: int, as_of: date) -> dict[str, str]:
    account = Random(f"{seed}/account/{number}")
    lowest, highest, _ = account.choices(_PRINCIPALS, [weight for *_, weight in _PRINCIPALS])[0]
    principal = account.randrange(lowest * 100, highest * 100)
    earliest, latest, _ = account.choices(_PAST_DUE, [weight for *_, weight in _PAST_DUE])[0]
    past_due = account.randint(earliest, latest)
    late = max(0, past_due)
    interest = principal * late * _DAILY_RATE_OF_TEN_THOUSAND // 10_000
    penalty = principal * min(5, (late + 29) // 30) // 100
    paid = account.random() < 0.7
    return {
        **_person(_person_number(number), seed),
        "account_ref": f"S-{number:06d}",
        "card_tail": f"{account.randrange(10_000):04d}",
        "currency": "CNY",
        "principal": yuan(principal),
        "interest": yuan(interest),
        "penalty": yuan(penalty),
        "fees": yuan(account.choice((0, 0, 0, 0, 3_000))),
        "due_date": (as_of - timedelta(days=past_due)).isoformat(),
        "last_payment_date": (as_of - timedelta(days=late + 31)).isoformat() if paid else "",
        "last_payment_amount": yuan(principal // 12) if paid else "",
        "status": account.choices(_STATUSES, (96, 2, 1, 1))[0],
        "as_of": as_of.isoformat(),
    }


def _person(number: int, seed: int) -> dict[str, str]:
    person = Random(f"{seed}/person/{number}")
    english = person.random() < 0.05
    name = (
        f"{person.choice('ABCDEFGHJKLM')}. {person.choice(_ENGLISH)}"
        if english
        else person.choice(_SURNAMES) + "".join(person.choices(_GIVEN, k=person.choice((1, 2))))
    )
    return {
        "person_ref": f"SP-{number:06d}",
        "name": name,
        "locale": "en" if english else "zh",
        "telephone": f"+86199{number:08d}",
        "id_last4": f"{person.randrange(1000):03d}{person.choice('0123456789X')}",
    }


def write_portfolio(rows: Iterable[dict[str, str]], file: TextIO) -> int:
    """Write rows as a portfolio file, one at a time; returns how many."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def save_portfolio(rows: Iterable[dict[str, str]], path: Path) -> int:
    """Write rows to a file; returns how many."""
    with path.open("w", encoding="utf-8", newline="") as file:
        return write_portfolio(rows, file)


def main() -> None:
    """Write a synthetic portfolio to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=30_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--as-of", type=date.fromisoformat, default=AS_OF)
    options = parser.parse_args()
    write_portfolio(
        synthetic_rows(options.rows, seed=options.seed, as_of=options.as_of), sys.stdout
    )


if __name__ == "__main__":
    main()
