"""Terms whose figures disagree are never shown: each statement of the wording is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from api.agreements.wording.figures import PARTS, PERSONALISED, monthly_lines, wanted_day
from api.kit.money import money

__all__ = ["TermsError", "check_terms"]

KINDS = ("catch_up", "instalments", "settlement", "deferral", "deferral_instalments")
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
    if terms["kind"] in PERSONALISED:
        # art. 70: at most five years.
        longest = terms["conditions"]["longest_term_months"]
        _hold(terms["repayment"]["periods"] <= longest, "the term is no longer than allowed")
    _check_kind(terms)


def _check_kind(terms: Mapping[str, Any]) -> None:
    """What is said of one kind only belongs to that kind."""
    kind, repayment = terms["kind"], terms["repayment"]
    deferred = repayment.get("deferred_until")
    _hold(bool(deferred) == kind.startswith("deferral"), "only a deferral begins later")
    _hold(deferred in (None, repayment["first_due_date"]), "the deferral ends with a payment")
    if kind == "settlement":
        _hold(len(repayment["schedule"]) == 1, "a settlement is one payment")
        _hold(money(repayment["interest"]) == 0, "a settlement bears no new interest")
        owed = money(terms["debt"]["total"]) - money(terms["relief"]["total"])
        _hold(money(repayment["total"]) == owed, "the payment is all that is owed and not waived")
    else:
        _hold(money(terms["relief"]["principal"]) == 0, "principal is waived in settlements only")


def _check_schedule(repayment: Mapping[str, Any], to_repay: Any) -> None:
    lines = repayment["schedule"]
    down, monthly = repayment.get("down_payment"), monthly_lines(repayment)
    _hold(len(monthly) == repayment["periods"] > 0, "there are as many payments as periods")
    if down:
        first = (lines[0]["due_date"], money(lines[0]["payment"]))
        _hold(first == (down["due_date"], money(down["amount"])), "the first payment is the first")
        _hold(down["due_date"] <= monthly[0]["due_date"], "the first payment comes first")
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
    days = [date.fromisoformat(line["due_date"]) for line in monthly]
    _hold(
        (days[0].isoformat(), days[-1].isoformat())
        == (repayment["first_due_date"], repayment["last_due_date"]),
        "the first and last day are those of the schedule",
    )
    wanted = [wanted_day(day, repayment["due_day"]) for day in days]
    months = [day.year * 12 + day.month for day in wanted]
    _hold(months == list(range(months[0], months[0] + len(months))), "one payment each month")
    _hold(
        all(day - on <= MOST_MOVED for day, on in zip(days, wanted, strict=True)),
        "every payment is due on the payment day, or just after the holiday it falls on",
    )


def _hold(condition: bool, what: str) -> None:
    if not condition:
        msg = f"does not hold: {what}"
        raise TermsError(msg)
