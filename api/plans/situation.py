"""What a person told us, as facts. Nothing here but numbers and days: tone and wishes have no field.

Ranges keep both ends; the cautious end is chosen where they are used (income its lower, spending its
upper end). ``None`` means not known; a field that the person chose to skip is named in ``skipped``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from api.kit.exact import ZERO, money

__all__ = [
    "FACT_FIELDS",
    "LARGEST_MONTHLY",
    "MoneyRange",
    "Reason",
    "Situation",
    "SituationInvalid",
    "check_fact",
    "check_income_day",
]

Reason = Literal[
    "job_loss",
    "income_drop",
    "illness",
    "business_failure",
    "family",
    "overspending",
    "forgot",
    "other",
    "skipped",
]

SKIPPED = "skipped"

LARGEST_MONTHLY = Decimal("10000000.00")
"""A technical bound on a month's figure: beyond ten million yuan it is a slip of the pen."""

LARGEST_HOUSEHOLD = 30

FARTHEST_INCOME = timedelta(days=366)
"""A technical bound: an income that begins in more than a year is a hope, not a date."""


class SituationInvalid(ValueError):
    """A fact that cannot be one; ``code`` is stable and crosses HTTP, ``field`` names the fact."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{field}: {code}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """A sum as people say it: "5,000 to 6,000", or one figure with both ends equal. Yuan a month."""

    low: Decimal
    high: Decimal

    @classmethod
    def exactly(cls, amount: str | int | Decimal) -> MoneyRange:
        """Return a range of one figure."""
        figure = money(amount)
        return cls(figure, figure)


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts the planner uses. All sums in yuan a month, but for ``lump_sum``.

    ``agreed_payments`` are payments under this bank's agreements already in force; the caller knows
    them, the person is not asked. ``region`` selects the living floor (``default`` when unknown).
    ``lump_sum`` could be paid once, now. ``expected_income`` is what will come in each month, in the
    place of today's income, from the day ``income_from`` on.
    """

    reason: Reason | None = None
    monthly_income: MoneyRange | None = None
    income_steady: bool | None = None
    essential_spending: MoneyRange | None = None
    household_size: int | None = None
    region: str = "default"
    other_debt_payments: MoneyRange | None = None
    agreed_payments: Decimal = ZERO
    proposed_payment: Decimal | None = None
    pay_day: int | None = None
    lump_sum: Decimal | None = None
    expected_income: MoneyRange | None = None
    income_from: date | None = None
    skipped: frozenset[str] = frozenset()

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Situation:
        """Build a situation from the assistant's FACTS (JSON values).

        ``wishes`` and facts that the planner does not use are left aside: they change no figure.

        Raises:
            SituationInvalid: a fact cannot be one (stable code, see ``check_fact``), or two of them
                contradict each other.
        """
        known: dict[str, Any] = {}
        skipped: set[str] = set()
        for field in FACT_FIELDS:
            raw = facts.get(field)
            if raw is None:
                continue
            if raw == SKIPPED and field not in _NOT_SKIPPABLE:
                skipped.add(field)
                continue
            known[field] = check_fact(field, raw)
        return cls(**known, skipped=frozenset(skipped))


def check_fact(field: str, raw: object) -> Any:
    """Return one fact as the planner's value.

    Raises:
        SituationInvalid: ``unknown_fact``, ``amount_not_a_number``, ``negative``, ``amount_absurd``,
            ``amount_too_precise``, ``range_reversed``, ``not_a_day``, ``not_a_household``,
            ``unknown_reason``, ``not_yes_or_no``, ``unknown_region`` or ``not_a_date``.
    """
    checker = _CHECKS.get(field)
    if checker is None:
        raise SituationInvalid("unknown_fact", field)
    return checker(field, raw)


def check_income_day(day: date, today: date) -> None:
    """Refuse a day from which no income can be expected any more, or not yet.

    The planner itself takes such a day for unknown, because what was told last month is still on record.

    Raises:
        SituationInvalid: ``date_past`` (today or earlier) or ``date_too_far`` (in more than a year).
    """
    if day <= today:
        raise SituationInvalid("date_past", "income_from")
    if day > today + FARTHEST_INCOME:
        raise SituationInvalid("date_too_far", "income_from")


def _amount(field: str, raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise SituationInvalid("amount_not_a_number", field)
    if isinstance(raw, str) and len(raw) > 40:
        raise SituationInvalid("amount_absurd", field)
    try:
        exact = Decimal(raw)
    except ArithmeticError as error:
        raise SituationInvalid("amount_not_a_number", field) from error
    if not exact.is_finite():
        raise SituationInvalid("amount_not_a_number", field)
    if exact < 0:
        raise SituationInvalid("negative", field)
    if exact >= LARGEST_MONTHLY:
        raise SituationInvalid("amount_absurd", field)
    figure = money(exact)
    if figure != exact:
        raise SituationInvalid("amount_too_precise", field)
    return figure


def _range(field: str, raw: object) -> MoneyRange:
    if isinstance(raw, MoneyRange):
        return raw
    if isinstance(raw, Mapping):
        if set(raw) != {"from", "to"}:
            raise SituationInvalid("amount_not_a_number", field)
        found = MoneyRange(_amount(field, raw["from"]), _amount(field, raw["to"]))
        if found.low > found.high:
            raise SituationInvalid("range_reversed", field)
        return found
    figure = _amount(field, raw)
    return MoneyRange(figure, figure)


def _at_least(field: str, raw: object) -> Decimal:
    """One figure, of a range its lower end."""
    return _range(field, raw).low if isinstance(raw, Mapping) else _amount(field, raw)


def _day(field: str, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 31:
        raise SituationInvalid("not_a_day", field)
    return raw


def _date(field: str, raw: object) -> date:
    if isinstance(raw, date):
        return raw
    try:
        found = date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError as error:
        raise SituationInvalid("not_a_date", field) from error
    if found is None or found.isoformat() != raw:
        raise SituationInvalid("not_a_date", field)
    return found


def _household(field: str, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= LARGEST_HOUSEHOLD:
        raise SituationInvalid("not_a_household", field)
    return raw


def _reason(field: str, raw: object) -> str:
    if raw not in get_args(Reason):
        raise SituationInvalid("unknown_reason", field)
    return str(raw)


def _yes_or_no(field: str, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise SituationInvalid("not_yes_or_no", field)
    return raw


def _region(field: str, raw: object) -> str:
    if not isinstance(raw, str) or not raw or len(raw) > 40:
        raise SituationInvalid("unknown_region", field)
    return raw


_CHECKS: dict[str, Any] = {
    "reason": _reason,
    "monthly_income": _range,
    "income_steady": _yes_or_no,
    "essential_spending": _range,
    "household_size": _household,
    "region": _region,
    "other_debt_payments": _range,
    "agreed_payments": _amount,
    "proposed_payment": _at_least,
    "pay_day": _day,
    "lump_sum": _at_least,
    "expected_income": _range,
    "income_from": _date,
}
_NOT_SKIPPABLE = frozenset({"reason", "region", "agreed_payments"})  # a skipped reason is a reason

FACT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in fields(Situation) if field.name != "skipped"
)
"""Every fact that the planner reads."""
