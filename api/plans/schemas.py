"""What crosses HTTP into and out of the planner. Strict: every refusal has a stable code.

Money and rates are decimal strings (whole numbers may be JSON integers); a float is refused, because
its fen cannot be trusted. The codes are the ``type`` of the validation errors; ``problem_from`` makes
a problem document of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.kit.errors import Problem
from api.kit.money import ZERO, MoneyField, money
from api.plans.debt import LARGEST_AMOUNT, AccountStatus, Debt
from api.plans.schedule import Method, Schedule

__all__ = [
    "DebtIn",
    "InstalmentOut",
    "OffersRequest",
    "ScheduleOut",
    "ScheduleRequest",
    "problem_from",
]

HIGHEST_RATE = Decimal(100)
"""A technical bound in percent a year; what is lawful is policy, not a schedule's business."""

_CODES = {
    "missing": "field_missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_choice",
    "json_invalid": "invalid_json",
}


def _exact(value: object) -> Decimal:
    if isinstance(value, float):
        # Python's JSON reader also makes NaN and Infinity floats.
        finite = value == value and abs(value) != float("inf")
        code = "amount_not_decimal_string" if finite else "amount_not_a_number"
        raise PydanticCustomError(code, "write the figure as a decimal string")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PydanticCustomError("amount_not_a_number", "not a number")
    if isinstance(value, str) and len(value) > 40:
        raise PydanticCustomError("amount_absurd", "the figure is too long")
    try:
        exact = Decimal(value)
    except ArithmeticError as error:
        raise PydanticCustomError("amount_not_a_number", "not a number") from error
    if not exact.is_finite():
        raise PydanticCustomError("amount_not_a_number", "not a finite number")
    if exact < 0:
        raise PydanticCustomError("negative", "the figure is below zero")
    return exact


def _amount(value: object) -> Decimal:
    exact = _exact(value)
    if exact >= LARGEST_AMOUNT:
        raise PydanticCustomError("amount_absurd", "the amount is beyond any card debt")
    if exact != money(exact):
        raise PydanticCustomError("amount_too_precise", "at most two decimal places")
    return money(exact)


def _rate(value: object) -> Decimal:
    exact = _exact(value)
    if exact > HIGHEST_RATE:
        raise PydanticCustomError("rate_absurd", "percent a year, at most 100")
    if exact.as_tuple().exponent < -6:  # type: ignore[operator]  # finite: always a number
        raise PydanticCustomError("rate_too_precise", "at most six decimal places")
    return exact


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("not_a_date", "write the date as 2026-12-23")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("not_a_date", "write the date as 2026-12-23") from error


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("not_a_whole_number", "not a whole number")
    if abs(value) > 10**9:
        raise PydanticCustomError("number_absurd", "the number is too large")
    return value


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(examples=["38600.00"])]
Rate = Annotated[Decimal, BeforeValidator(_rate), Field(examples=["18.25"])]
Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScheduleRequest(_Request):
    """A schedule to compute.

    ``annual_rate`` is in percent a year; ``due_day`` defaults to the first due date's day and is
    rolled to the last day of shorter months.
    """

    principal: Amount
    annual_rate: Rate = ZERO
    periods: Whole
    method: Method
    start_date: Day
    first_due_date: Day
    due_day: Whole | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ScheduleRequest:
        if self.principal == 0:
            raise PydanticCustomError("principal_zero", "there is nothing to repay")
        if self.method != "interest_free" and "annual_rate" not in self.model_fields_set:
            raise PydanticCustomError("field_missing", "annual_rate is needed for this method")
        if self.due_day is not None and not 1 <= self.due_day <= 31:
            raise PydanticCustomError("not_a_day", "due_day is a day of the month")
        return self


class DebtIn(_Request):
    """One account's debt. ``total``, where given, must be the sum of the parts."""

    account: Annotated[str, Field(min_length=1, max_length=80)] = "debt"
    principal: Amount
    interest: Amount = ZERO
    penalty: Amount = ZERO
    fees: Amount = ZERO
    total: Amount | None = None
    status: AccountStatus = "open"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    days_past_due: Whole = 0

    @model_validator(mode="after")
    def _consistent(self) -> DebtIn:
        if self.days_past_due < 0:
            raise PydanticCustomError("negative", "days_past_due is below zero")
        if self.total is not None and self.total != self.debt().total:
            raise PydanticCustomError("total_mismatch", "total is not the sum of the parts")
        return self

    def debt(self) -> Debt:
        """Return the planner's debt."""
        return Debt(
            account=self.account,
            principal=self.principal,
            interest=self.interest,
            penalty=self.penalty,
            fees=self.fees,
            status=self.status,
            currency=self.currency,
            days_past_due=self.days_past_due,
        )


class OffersRequest(_Request):
    """A debt, several debts of one person, or one of the bank's account references; and the facts.

    ``situation`` holds the facts of ``api.plans.situation.Situation``: ``reason``,
    ``monthly_income``, ``essential_spending``, ``other_debt_payments``, ``proposed_payment`` (each a
    decimal string; income, spending and other debts also ``{"from", "to"}``; or ``"skipped"``),
    ``pay_day``, ``household_size``, ``income_steady``, ``region``, ``agreed_payments``, ``lump_sum``,
    ``expected_income`` and ``income_from`` (a date after today).
    """

    debt: DebtIn | None = None
    debts: Annotated[list[DebtIn], Field(min_length=1, max_length=50)] | None = None
    account: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    situation: dict[str, Any]

    @model_validator(mode="after")
    def _one_source(self) -> OffersRequest:
        given = [source for source in (self.debt, self.debts, self.account) if source is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "debt_or_account", "give exactly one of debt, debts and account"
            )
        stated = self.stated_debts()
        if stated and not sum(debt.total for debt in stated):
            raise PydanticCustomError("debt_zero", "there is nothing to repay")
        if stated and len({debt.account for debt in stated}) != len(stated):
            raise PydanticCustomError("account_twice", "an account stands twice in debts")
        return self

    def stated_debts(self) -> list[Debt]:
        """Return the debts in the request; empty when an account is named instead."""
        if self.debt is not None:
            return [self.debt.debt()]
        return [debt.debt() for debt in self.debts or []]


class InstalmentOut(BaseModel):
    """One payment of a schedule; ``balance`` is what is still owed after it."""

    number: int
    due_date: date
    payment: MoneyField
    principal: MoneyField
    interest: MoneyField
    balance: MoneyField


class ScheduleOut(BaseModel):
    """A schedule with what it costs, in percent a year.

    ``annual_percentage_rate`` is nominal, by months (IRR times 12, Regulation Z Appendix J (b)(1));
    ``effective_annual_rate`` is by exact dates (XIRR).
    """

    instalments: list[InstalmentOut]
    total_payment: MoneyField
    total_interest: MoneyField
    annual_percentage_rate: MoneyField
    effective_annual_rate: MoneyField

    @classmethod
    def of(cls, schedule: Schedule, *, by_months: Decimal, by_dates: Decimal) -> ScheduleOut:
        """Return the schedule as it crosses HTTP."""
        return cls(
            instalments=[
                InstalmentOut(
                    number=item.number,
                    due_date=item.due_date,
                    payment=item.payment,
                    principal=item.principal,
                    interest=item.interest,
                    balance=item.balance,
                )
                for item in schedule.instalments
            ],
            total_payment=schedule.total_payment,
            total_interest=schedule.total_interest,
            annual_percentage_rate=by_months,
            effective_annual_rate=by_dates,
        )


def problem_from(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return a 422 problem: the first error's stable code, and every field with its own.

    The offending input is left out: it may be personal, and NaN is no JSON.
    """
    fields = [
        {
            "field": ".".join(str(part) for part in error["loc"] if part != "body"),
            "code": _code(error["type"]),
            "message": error["msg"],
        }
        for error in errors
    ]
    first = fields[0]
    where = f"{first['field']}: " if first["field"] else ""
    return Problem(first["code"], 422, f"{where}{first['message']}", fields=fields)


def _code(kind: str) -> str:
    if kind in _CODES:
        return _CODES[kind]
    return "invalid_request" if kind in _PYDANTIC_KINDS or kind.endswith("_type") else kind


_PYDANTIC_KINDS = frozenset(
    {
        "string_too_short",
        "string_too_long",
        "string_pattern_mismatch",
        "too_short",
        "too_long",
        "model_attributes_type",
        "value_error",
    }
)
