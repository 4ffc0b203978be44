"""Cases a lawyer can read, computed by the product and compared to the fen."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.kit.money import from_fen
from api.plans.debt import Debt
from api.plans.offers import Offered, Refused, plan_offers
from api.plans.rates import PaidAfter, percent_by_dates, percent_by_months
from api.plans.rates_exact import rate_by_periods
from api.plans.schedule import Charges, build_schedule
from api.plans.situation import Situation
from api.policy.lookup import Policy

TODAY = date(2026, 11, 24)
CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    loaded = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in loaded]


def test_every_case_names_its_source_and_no_name_is_used_twice() -> None:
    everything = [
        param.values[0] for name in ("schedules", "rates", "offers") for param in cases(name)
    ]
    assert all(case["source"].strip() for case in everything)
    assert len({case["name"] for case in everything}) == len(everything) >= 90
    computed_elsewhere = [
        case
        for case in everything
        if "by_hand" in case or "By hand" in case["source"] or "CFR" in case["source"]
    ]
    assert len(computed_elsewhere) >= 65


@pytest.mark.parametrize("case", cases("schedules"))
def test_schedule(case: dict[str, Any]) -> None:
    given, expect = case["schedule"], case["expect"]
    charges = {part: Decimal(amount) for part, amount in given.get("charges", {}).items()}
    schedule = build_schedule(
        principal=Decimal(given["principal"]),
        annual_rate=Decimal(given["annual_rate"]),
        periods=given["periods"],
        method=given["method"],
        start_date=given["start"],
        first_due_date=given["first_due"],
        due_day=given.get("due_day"),
        charges=Charges(**charges),
        first_period=given.get("first_period", "month"),
    )
    for number, payment, principal, interest, balance in expect.get("payments", []):
        found = schedule.instalments[number - 1]
        assert [
            str(found.payment),
            str(found.principal),
            str(found.interest),
            str(found.balance),
        ] == [
            payment,
            principal,
            interest,
            balance,
        ]
    if "due_dates" in expect:
        assert [item.due_date for item in schedule.instalments] == expect["due_dates"]
    if "total_payment" in expect:
        assert str(schedule.total_payment) == expect["total_payment"]
    if "total_interest" in expect:
        assert str(schedule.total_interest) == expect["total_interest"]
    if "by_months" in expect:
        rate = percent_by_months(Decimal(given["principal"]), schedule.payments)
        assert str(rate) == expect["by_months"]


@pytest.mark.parametrize("case", cases("rates"))
def test_rate(case: dict[str, Any]) -> None:
    given = case["rate"]
    amount = Decimal(given["amount"])
    if "unit_periods_a_year" in given:
        found = _by_unit_periods(amount, given)
    elif "dated" in given:
        payments = [(day, Decimal(payment)) for day, payment in given["dated"]]
        found = percent_by_dates(amount, given["start"], payments)
    else:
        odd = [[Decimal(given[end])] if end in given else [] for end in ("first", "last")]
        found = percent_by_months(
            amount,
            [*odd[0], *[Decimal(given["payment"])] * given["count"], *odd[1]],
            whole_months=given.get("whole", 1),
            part=Fraction(*given.get("part", [0])),
        )
    assert str(found) == case["expect"]


def _by_unit_periods(amount: Decimal, given: dict[str, Any]) -> Decimal:
    """Appendix J's examples by other unit-periods: the equation is the same, the year has more or fewer."""
    first, last = given.get("first"), given.get("last")
    plain = [given["payment"]] * given["count"] if "payment" in given else []
    payments = [*([first] if first else []), *plain, *([last] if last else [])]
    part = Fraction(*given.get("part", [0]))
    timed = [
        PaidAfter(given.get("whole", 1) + k, part, Decimal(payment))
        for k, payment in enumerate(payments)
    ]
    rate = rate_by_periods(amount, timed)
    assert rate is not None
    a_year = Fraction(*given["unit_periods_a_year"])
    percent = rate / 12 * a_year.numerator / a_year.denominator * 100
    return percent.quantize(Decimal("0.01"))


@pytest.mark.parametrize("case", cases("offers"))
def test_offers(case: dict[str, Any]) -> None:
    expect = case["expect"]
    policy = Policy.shipped()
    if "policy" in case:
        policy = policy.amended(_consistent(case["policy"]), TODAY)
    result = plan_offers(
        [_debt(debt) for debt in case["debts"]],
        Situation.from_facts(case["situation"]),
        policy.on(TODAY),
        role=case.get("role", "assistant"),
    )
    if "refused" in expect:
        assert isinstance(result, Refused)
        assert result.reason == expect["refused"]
        assert result.next_step == expect.get("next_step", result.next_step)
        assert result.question == expect.get("question")
        return
    assert isinstance(result, Offered)
    best = result.offers[0]
    down = best.down_payment
    found = {
        "down": down
        and [
            down.due_date,
            str(down.payment),
            *(str(part) for part in (down.principal, down.interest, down.charges)),
        ],
        "deferred_until": best.schedule.instalments[0].due_date if best.basis.deferred else None,
        "waived_principal": str(best.waived.principal),
        "by_months": str(best.annual_percentage_rate),
        "by_dates": str(best.effective_annual_rate),
        "kind": best.kind,
        "affordable": str(from_fen(result.basis.affordable)),
        "annual_rate": str(result.basis.relief.annual_rate),
        "waived": [str(best.waived.penalty), str(best.waived.interest), str(best.waived.fees)],
        "first_due": best.monthly_payments[0].due_date,
        "offers": [[o.tag, str(o.monthly), o.periods, str(o.total)] for o in result.offers],
    }
    assert {key: found[key] for key in expect} == expect


def _consistent(bank: dict[str, Any]) -> dict[str, Any]:
    """A ladder of a case with an authority that reaches to its top."""
    ladder = bank.get("bank.relief.ladder")
    if ladder is None:
        return bank
    limits = {"largest_debt": "150000.00", "largest_waiver": "20000.00"}
    top = {**limits, "highest_step": ladder[-1]["id"]}
    return {**bank, "bank.authority": dict.fromkeys(("assistant", "collector", "supervisor"), top)}


def _debt(given: dict[str, Any]) -> Debt:
    parts = ("principal", "interest", "penalty", "fees")
    amounts: dict[str, Any] = {part: Decimal(given.get(part, "0.00")) for part in parts}
    others = {key: given[key] for key in ("status", "days_past_due") if key in given}
    return Debt(account=given.get("account", "card"), **amounts, **others)
