"""The planning API: pure calculations for the bank's own systems.

``main`` puts ``policy``, ``clock`` and, for offers by account reference, ``debt_source`` into
``app.state``; this room knows no records. Answers are the same for the same facts on the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from api.kit.auth import bank_caller
from api.kit.clock import Clock
from api.kit.errors import Problem
from api.plans.debt import Debt, DebtInvalid
from api.plans.documents import result_document
from api.plans.offers import plan_offers
from api.plans.rates import RateUndefined, percent_by_dates, percent_by_months
from api.plans.schedule import ScheduleInvalid, build_schedule
from api.plans.schemas import OffersRequest, ScheduleOut, ScheduleRequest, problem_from
from api.plans.situation import (
    FACT_FIELDS,
    Situation,
    SituationInvalid,
    check_income_day,
)
from api.policy.lookup import Policy, PolicyView

__all__ = ["DebtSource", "router"]


class DebtSource(Protocol):
    """Finds what a person owes by one of their account references (set by ``main``)."""

    def __call__(self, account_ref: str) -> Sequence[Debt] | None:
        """Return all debts of the account's holder; ``None`` for an unknown reference."""
        ...


class _CodedRoute(APIRoute):
    """Turns validation errors into problems whose code says what was wrong."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()

        async def coded(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise problem_from(error.errors()) from error

        return coded


router = APIRouter(
    prefix="/v1/plans",
    tags=["plans"],
    route_class=_CodedRoute,
    dependencies=[Depends(bank_caller)],
)


def policy_of_today(request: Request) -> PolicyView:
    """Return today's policy: ``app.state.policy`` (else the shipped one) on the clock's day."""
    policy: Policy = getattr(request.app.state, "policy", None) or Policy.shipped()
    clock: Clock = request.app.state.clock
    return policy.on(clock.today())


Today = Annotated[PolicyView, Depends(policy_of_today)]


@router.post("/schedule", summary="Compute a repayment schedule", response_model=ScheduleOut)
def compute_schedule(wanted: ScheduleRequest, view: Today) -> ScheduleOut:
    """Compute a schedule, exact to the fen, with both annual percentage rates.

    Problems (422): ``negative``, ``amount_not_a_number``, ``amount_not_decimal_string``,
    ``amount_too_precise``, ``amount_absurd``, ``principal_zero``, ``principal_too_small``,
    ``rate_absurd``, ``rate_too_precise``, ``periods_out_of_range``, ``not_a_whole_number``,
    ``not_a_date``, ``date_past``, ``first_due_not_after_start``, ``not_a_day``, ``due_day_mismatch``,
    ``interest_free_with_rate``, ``unknown_choice``, ``unknown_field``, ``field_missing``.
    """
    longest = view.value("cn.personalised_instalment.longest_term_months")
    if not 1 <= wanted.periods <= longest:
        raise Problem("periods_out_of_range", 422, f"periods: 1 to {longest}")
    for field in ("start_date", "first_due_date"):
        if getattr(wanted, field) < view.date:
            raise Problem("date_past", 422, f"{field}: before today")
    try:
        schedule = build_schedule(
            principal=wanted.principal,
            annual_rate=wanted.annual_rate,
            periods=wanted.periods,
            method=wanted.method,
            start_date=wanted.start_date,
            first_due_date=wanted.first_due_date,
            due_day=wanted.due_day,
        )
        dated = [(item.due_date, item.payment) for item in schedule.instalments]
        return ScheduleOut.of(
            schedule,
            by_months=percent_by_months(wanted.principal, schedule.payments),
            by_dates=percent_by_dates(wanted.principal, wanted.start_date, dated),
        )
    except ScheduleInvalid as error:
        raise Problem(error.code, 422, str(error)) from error
    except RateUndefined as error:
        raise Problem("rate_undefined", 422, str(error)) from error
    except (ValueError, OverflowError) as error:  # a date beyond the calendar's last year
        raise Problem("date_absurd", 422, "a payment day is beyond the calendar") from error


@router.post("/offers", summary="Plan offers for one person")
def compute_offers(wanted: OffersRequest, request: Request, view: Today) -> dict[str, Any]:
    """Return one to three offers with schedule, relief, rates and rules; or a refusal and what is next.

    Problems: 404 ``account_unknown``; 422 as for schedules, and ``debt_zero``, ``total_mismatch``,
    ``account_twice``, ``debt_or_account``, ``unknown_fact``, ``range_reversed``,
    ``not_a_household``, ``unknown_reason``, ``not_yes_or_no``, ``unknown_region``, ``date_too_far``,
    ``facts_contradict`` (a day for an income that was not to be told).
    """
    debts: Sequence[Debt] = wanted.stated_debts()
    if wanted.account is not None:
        debts = _debts_of(wanted.account, request)
    unknown = sorted(set(wanted.situation) - set(FACT_FIELDS) - {"wishes"})
    if unknown:
        raise Problem("unknown_fact", 422, f"situation.{unknown[0]}: not a fact the planner reads")
    try:
        situation = Situation.from_facts(wanted.situation)
        if situation.income_from is not None:
            check_income_day(situation.income_from, view.date)
            if "expected_income" in situation.skipped:
                raise SituationInvalid("facts_contradict", "income_from")
        return result_document(plan_offers(debts, situation, view))
    except (SituationInvalid, DebtInvalid) as error:
        fields = [{"field": f"situation.{error.field}", "code": error.code}]
        raise Problem(error.code, 422, f"situation.{error.field}", fields=fields) from error


def _debts_of(account_ref: str, request: Request) -> Sequence[Debt]:
    source: DebtSource | None = getattr(request.app.state, "debt_source", None)
    debts = source(account_ref) if source is not None else None
    if debts is None:
        raise Problem("account_unknown", 404, "No account has this reference.")
    return debts
