"""The sample portfolio: invented cardholders in very different situations.

``sample.csv`` is a portfolio file as any bank would send it, true on the day in its ``as_of``
column. :func:`sample_csv` moves every date in it by the same number of days, so that somebody
twelve days late is twelve days late whenever the sample is first loaded. ``people.yaml`` tells
who the people are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

__all__ = ["COLUMNS", "Person", "people", "sample_csv", "sample_rows"]

COLUMNS: Sequence[str] = (
    "account_ref",
    "person_ref",
    "name",
    "locale",
    "telephone",
    "id_last4",
    "card_tail",
    "currency",
    "principal",
    "interest",
    "penalty",
    "fees",
    "due_date",
    "last_payment_date",
    "last_payment_amount",
    "status",
    "as_of",
)
"""The columns of the portfolio file, in order."""

_DATES = ("due_date", "last_payment_date", "as_of")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Person:
    """One invented cardholder: the row's identity and what ``people.yaml`` tells.

    ``facts`` are amounts in yuan a month in the words of the assistant's contract; ``welcome`` is
    the place among the people ``make run`` introduces, ``None`` for those it does not.
    """

    person_ref: str
    name: str
    locale: str
    telephone: str
    id_last4: str
    account_refs: tuple[str, ...]
    card_tails: tuple[str, ...]
    channel: str
    summary_zh: str
    summary_en: str
    facts: dict[str, Any]
    says: tuple[str, ...]
    expected: dict[str, str]
    welcome: int | None

    def summary(self, lang: str) -> str:
        """Return the situation in one line, in ``zh`` or ``en``."""
        return self.summary_en if lang == "en" else self.summary_zh


def sample_rows(today: date) -> list[dict[str, str]]:
    """Return the sample's rows as if the bank had drawn them up on ``today``."""
    rows = _rows()
    shift = today - date.fromisoformat(rows[0]["as_of"])
    return [{name: _moved(name, row[name], shift) for name in COLUMNS} for row in rows]


def sample_csv(today: date) -> str:
    """Return the sample as the text of a portfolio file, its ``as_of`` being ``today``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sample_rows(today))
    return text.getvalue()


def people() -> list[Person]:
    """Return the sample's people, in the order of ``people.yaml``.

    Raises:
        KeyError: somebody in ``people.yaml`` has no row in ``sample.csv``.
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _rows():
        rows.setdefault(row["person_ref"], []).append(row)
    told = yaml.safe_load((_FOLDER / "people.yaml").read_text(encoding="utf-8"))
    return [_person(entry, rows[entry["person_ref"]]) for entry in told]


def _rows() -> list[dict[str, str]]:
    with (_FOLDER / "sample.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _moved(name: str, value: str, shift: timedelta) -> str:
    if name in _DATES and value:
        return (date.fromisoformat(value) + shift).isoformat()
    return value


def _person(told: dict[str, Any], rows: list[dict[str, str]]) -> Person:
    first = rows[0]
    return Person(
        person_ref=first["person_ref"],
        name=first["name"],
        locale=first["locale"],
        telephone=first["telephone"],
        id_last4=first["id_last4"],
        account_refs=tuple(row["account_ref"] for row in rows),
        card_tails=tuple(row["card_tail"] for row in rows),
        channel=told["channel"],
        summary_zh=told["summary"]["zh"],
        summary_en=told["summary"]["en"],
        facts=told["facts"],
        says=tuple(told["says"]),
        expected=told["expected"],
        welcome=told.get("welcome"),
    )
