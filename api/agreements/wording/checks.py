"""Terms whose figures disagree are never shown: each statement of the wording is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from api.agreements.wording.figures import PARTS
from api.kit.money import money
from api.plans.payment_days import add_months

__all__ = ["TermsError", "check_terms"]

KINDS = ("instalments", "catch_up")
MOST_MOVED = timedelta(days=10)
"""A payment day moves past a holiday and the weekends beside it, never further (``api.plans``)."""


class TermsError(ValueError):
    """The figures disagree, or a value is missing or not allowed. Names no amount and no person."""


def check_terms(terms: Mapping[str, Any], *, stated_debt: str) -> None:
    """Hold the terms' figures against one another and against the offer's statement of the debt.

    Raises:
        TermsError: with what does not hold.
    """
    _hold(terms["kind"] in KINDS, "the kind of agreement is known")
    _hold(money(stated_debt) == money(terms["debt"]["total"]), "the cards add up to the debt")
    _hold(
        all(0 <= money(terms["relief"][part]) <= money(terms["debt"][part]) for part in PARTS),
        "no more is waived than is owed",
    )
    _check_schedule(terms["repayment"], money(terms["to_repay"]["total"]))
    if terms["kind"] == "instalments":
        # art. 70: at most five years.
        longest = terms["conditions"]["longest_term_months"]
        _hold(terms["repayment"]["periods"] <= longest, "the term is no longer than allowed")


def _check_schedule(repayment: Mapping[str, Any], to_repay: Any) -> None:
    lines = repayment["schedule"]
    _hold(len(lines) == repayment["periods"] > 0, "there are as many payments as periods")
    _hold([line["number"] for line in lines] == list(range(1, len(lines) + 1)), "all numbered")
    for name, stated in (("payment", repayment["total"]), ("interest", repayment["interest"])):
        found = sum((money(line[name]) for line in lines), start=money(0))
        _hold(found == money(stated), f"the payments' {name} adds up")
    left = to_repay
    for line in lines:
        allocated = [money(line[name]) for name in ("principal", "interest", "charges")]
        _hold(all(part >= 0 for part in allocated), "nothing is allocated backwards")
        _hold(sum(allocated) == money(line["payment"]), "each payment is its parts")
        left -= money(line["principal"]) + money(line["charges"])
        _hold(left == money(line["balance"]), "each balance is what is left")
    _hold(left == 0, "the last payment clears the debt")
    days = [date.fromisoformat(line["due_date"]) for line in lines]
    _hold(
        (days[0].isoformat(), days[-1].isoformat())
        == (repayment["first_due_date"], repayment["last_due_date"]),
        "the first and last day are those of the schedule",
    )
    wanted = [_wanted(day, repayment["due_day"]) for day in days]
    months = [day.year * 12 + day.month for day in wanted]
    _hold(months == list(range(months[0], months[0] + len(months))), "one payment each month")
    _hold(
        all(day - on <= MOST_MOVED for day, on in zip(days, wanted, strict=True)),
        "every payment is due on the payment day, or just after the holiday it falls on",
    )


def _wanted(day: date, due_day: int) -> date:
    """The payment day that a payment's date is, or was moved from: the last one up to it."""
    this_month = add_months(day.year, day.month, 0, due_day)
    return this_month if this_month <= day else add_months(day.year, day.month, -1, due_day)


def _hold(condition: bool, what: str) -> None:
    if not condition:
        msg = f"does not hold: {what}"
        raise TermsError(msg)
