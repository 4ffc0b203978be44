"""The two tables of an agreement: the debt by card, and every payment. Figures without a unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.agreements.wording import fill
from api.agreements.wording.figures import PARTS, day_text
from api.kit.money import money

__all__ = ["balance_table", "figure", "schedule_table"]


def figure(amount: str) -> str:
    """Write an amount in yuan for a table's cell: ``1,083.11``."""
    return f"{money(amount):,.2f}"


def balance_table(terms: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, Any]:
    """Return the debt by card and part, then what is owed, waived and left to repay."""
    labels = wording["tables"]["balance"]
    shown = (*PARTS, "total")

    def line(name: str, parts: Mapping[str, str]) -> list[str]:
        return [name, *(figure(parts[part]) for part in shown)]

    rows = [
        line(fill(labels["tail"], {"card_tail": account["card_tail"]}), account)
        for account in terms["debt"]["accounts"]
    ]
    if len(rows) > 1:
        rows.append(line(labels["debt"], terms["debt"]))
    if money(terms["relief"]["total"]) > 0:
        rows.append(line(labels["relief"], terms["relief"]))
    return {
        "columns": [_column(labels["card"], "left"), *(_column(labels[part]) for part in shown)],
        "rows": rows,
        "total": line(labels["to_repay"], terms["to_repay"]),
    }


def schedule_table(terms: Mapping[str, Any], wording: Mapping[str, Any]) -> dict[str, Any]:
    """Return every payment with what it goes towards; a column with nothing in it is left out."""
    labels, schedule = wording["tables"]["schedule"], terms["repayment"]["schedule"]
    used = [
        name
        for name in ("principal", "interest", "charges")
        if name == "principal" or any(money(line[name]) for line in schedule)
    ]
    sums = {
        name: str(sum((money(line[name]) for line in schedule), start=money(0)))
        for name in ("payment", *used)
    }
    return {
        "columns": [
            _column(labels["number"]),
            _column(labels["due_date"], "left"),
            *(_column(labels[name]) for name in ("payment", *used, "balance")),
        ],
        "rows": [
            [
                str(line["number"]),
                day_text(line["due_date"], terms["locale"]),
                *(figure(line[name]) for name in ("payment", *used, "balance")),
            ]
            for line in schedule
        ],
        "total": ["", labels["sum"], *(figure(sums[name]) for name in ("payment", *used)), ""],
    }


def _column(label: str, align: str = "right") -> dict[str, str]:
    return {"label": label, "align": align}
