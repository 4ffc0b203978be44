"""Which other plans were looked at, and the rule that rejected each: as data and in words. Pure.

Nothing here decides: the decisions are ``api.plans.basis`` and ``api.plans.relief``; this file asks them
about the plans a person or a supervisor would ask about (fewer or more payments, less or more relief,
catching up, what the person proposed) and says which rule stood in the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from api.kit.exact import amount_text, from_fen, to_fen
from api.plans.affordability import Affordability
from api.plans.basis import Basis, Refused
from api.plans.debt import PooledDebt
from api.plans.fitting import Fit, Relief, Shape, highest_payment
from api.plans.offers import Offered
from api.plans.relief import base_relief, least_relief
from api.plans.situation import Situation
from api.plans.start import start_of
from api.plans.terms import PlanningTerms, planning_terms

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView
    from api.policy.values import LadderStep

__all__ = ["TERMS_ASKED_FOR", "Rejected", "rejected", "rejected_document"]

TERMS_ASKED_FOR = (1, 3, 6, 12, 18, 24, 36, 48, 60)
"""The numbers of payments that people name. Questions, not rules: they decide nothing."""

AFFORDABLE_RULE = "bank.affordability.buffer_least"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One plan that was not offered. Amounts in yuan."""

    alternative: Literal["catch_up", "instalments", "term", "less_relief", "more_relief", "payment"]
    because: Literal[
        "above_affordable", "longer_than_allowed", "below_smallest", "within_means", "not_needed",
        "nothing_left", "beyond_authority",
    ]  # fmt: skip
    periods: int | None
    monthly: Decimal | None
    """The highest payment that plan would have asked for (or what the person proposed)."""
    limit: Decimal | None
    """What it was measured against: what is affordable, the smallest instalment, an authority."""
    rule: str
    words_zh: str
    words_en: str


def rejected(result: Offered | Refused) -> tuple[Rejected, ...]:
    """Return the plans that were not offered, each with the rule that rejected it."""
    if isinstance(result, Refused):
        return tuple(_of_refusal(result))
    basis = result.basis
    found = [*_of_kind(basis), *_of_terms(basis), *_of_relief(basis), *_of_proposal(basis)]
    return tuple(found)


def rejected_document(result: Offered | Refused) -> list[dict[str, Any]]:
    """Return the rejected plans as JSON, each with its rule's citation."""
    view = result.view if isinstance(result, Refused) else result.basis.view
    return [
        {
            "alternative": found.alternative,
            "because": found.because,
            "periods": found.periods,
            "monthly": _text(found.monthly),
            "limit": _text(found.limit),
            "rule": found.rule,
            "citation": view.parameter(found.rule).citation.text,
            "words_zh": found.words_zh,
            "words_en": found.words_en,
        }
        for found in rejected(result)
    ]


def _of_kind(basis: Basis) -> Iterator[Rejected]:
    if basis.kind in {"catch_up", "deferral"}:
        yield Rejected(
            "instalments", "within_means", None, None, None,
            "cn.personalised_instalment.conditions",
            f"个性化分期：欠的没有超过还得起的，{basis.soonest}次就能补上，用不上。",
            "A personalised instalment agreement: the debt is within what you can pay "
            f"({_payments(basis.soonest)}), so it is not needed.",
        )  # fmt: skip
        return
    months = basis.terms.catch_up_longest
    base = base_relief(basis.pooled, basis.situation.reason, basis.terms)
    start, shape = basis.start, basis.shape
    if not basis.deferred:
        start = start_of(
            basis.situation, basis.view.date, basis.terms, "catch_up", down=shape.down > 0
        )
        shape = Shape.of(basis.pooled, start, shape.down, basis.terms)
    payment = highest_payment(shape, base, months)
    yield _too_much(
        "catch_up", months, payment, basis.affordable, _whose(basis.affordability),
        f"{months}次补上", f"Catching up in {_payments(months)}",
    )  # fmt: skip


def _of_terms(basis: Basis) -> Iterator[Rejected]:
    rule = _whose(basis.affordability)
    first = 1 if not basis.personalised else basis.terms.catch_up_longest + 1
    for months in sorted({*TERMS_ASKED_FOR, basis.soonest - 1, basis.longest + 1}):
        if first <= months < basis.soonest:
            payment = basis.highest_payment(months)
            yield _too_much(
                "term", months, payment, basis.affordable, rule,
                f"分{months}期", _payments(months).capitalize(),
            )  # fmt: skip
        elif months > basis.longest and basis.personalised:
            yield _too_long(basis, months)


def _too_long(basis: Basis, months: int) -> Rejected:
    terms, payment = basis.terms, from_fen(basis.highest_payment(months))
    smallest = from_fen(min(terms.smallest_instalment, basis.pooled.total))
    if months > terms.longest:
        lawful = basis.view.value("cn.personalised_instalment.longest_term_months")
        rule = (
            "cn.personalised_instalment.longest_term_months"
            if terms.longest == lawful
            else "bank.terms.longest_months"
        )
        zh = f"分{months}期：最长只能{terms.longest}期。"
        en = f"{_payments(months).capitalize()}: {terms.longest} is the most there can be."
        return Rejected("term", "longer_than_allowed", months, payment, None, rule, zh, en)
    if payment < smallest:
        zh = f"分{months}期：每月{_zh(payment)}，比最小的一期{_zh(smallest)}还少。"
        en = f"{_payments(months).capitalize()}: {_en(payment)} a month is below the smallest instalment of {_en(smallest)}."
        rule = "bank.instalment.smallest"
        return Rejected("term", "below_smallest", months, payment, smallest, rule, zh, en)
    rule = "bank.terms.choice_further_months"
    if basis.longest == terms.preferred_longest:
        rule = "bank.terms.preferred_longest_months"
    zh = f"分{months}期：{basis.soonest}期就还得起，想少还一点最长可以{basis.longest}期，不用更长。"
    en = (
        f"{_payments(months).capitalize()}: {basis.soonest} are affordable, and for a lower payment up "
        f"to {basis.longest} can be chosen; longer is not needed."
    )
    return Rejected("term", "not_needed", months, payment, None, rule, zh, en)


def _of_relief(basis: Basis) -> Iterator[Rejected]:
    if not basis.personalised or basis.situation.monthly_income is None:
        return
    rule, terms, steps = "bank.relief.ladder", basis.terms, basis.relief.steps
    order = [step.id for step in _ladder(basis)]
    reached = order.index(steps[-1]) if steps else -1
    for upto in sorted({0, reached}) if steps else ():
        relief = _climbed(basis, upto)
        payment = highest_payment(basis.shape, relief, terms.preferred_longest)
        if relief == basis.relief or payment <= basis.affordable:
            continue
        months = terms.preferred_longest
        zh, en = _relief_words(basis, relief)
        yield _too_much(
            "less_relief", months, payment, basis.affordable, rule,
            f"{zh}，分{months}期", f"{en}, {_payments(months)}",
        )  # fmt: skip
    if _could_give_more(basis, reached):
        yield Rejected(
            "more_relief", "not_needed", None, None, None, rule,
            "再多减一些：不减这么多您也还得起，减免只减到够用为止。",
            "More relief: this is affordable without it, and relief goes only as far as it is needed.",
        )  # fmt: skip


def _could_give_more(basis: Basis, reached: int) -> bool:
    relief = basis.relief
    if basis.soonest > basis.terms.preferred_longest:
        return False  # the whole ladder was granted
    return relief.charges > 0 or relief.annual_rate > 0 or reached + 1 < len(_ladder(basis))


def _climbed(basis: Basis, steps: int) -> Relief:
    """The relief of the first ``steps`` steps of the ladder alone, as far as each is needed."""
    base = base_relief(basis.pooled, basis.situation.reason, basis.terms)
    frame = Fit(basis.shape, basis.terms.preferred_longest, basis.affordable)
    return least_relief(basis.pooled, base, frame, _ladder(basis)[:steps])[0]


def _ladder(basis: Basis) -> tuple[LadderStep, ...]:
    return basis.terms.ladder_for(basis.pooled.days_past_due, basis.situation.reason)


def _relief_words(basis: Basis, relief: Relief) -> tuple[str, str]:
    waived = from_fen(basis.pooled.charges - relief.charges)
    rate = f"{relief.annual_rate.normalize():f}%"
    if not waived:
        return f"不减，年化利率{rate}", f"Nothing waived, at {rate} a year"
    return f"少收{_zh(waived)}，年化利率{rate}", f"{_en(waived)} not charged, at {rate} a year"


def _of_proposal(basis: Basis) -> Iterator[Rejected]:
    proposed = basis.situation.proposed_payment
    if not proposed:
        return
    fen = to_fen(proposed)
    if fen > basis.affordable:
        yield _too_much(
            "payment", None, fen, basis.affordable, _whose(basis.affordability),
            "您提的数", "What you named",
        )  # fmt: skip
    elif basis.shortest_within(fen) is None:
        least = from_fen(basis.highest_payment(basis.longest))
        rule = (
            "bank.terms.catch_up_longest_months"
            if basis.kind == "catch_up"
            else "bank.terms.choice_further_months"
        )
        yield Rejected(
            "payment", "longer_than_allowed", basis.longest, proposed, least, rule,
            f"您提的每月{_zh(proposed)}：分{basis.longest}期也要每月{_zh(least)}，不能更长了。",
            f"The {_en(proposed)} a month you named: even {_payments(basis.longest)} come to {_en(least)} "
            "a month, and it cannot take longer.",
        )  # fmt: skip


def _of_refusal(result: Refused) -> Iterator[Rejected]:
    pooled, situation = result.pooled, result.situation
    if pooled is None or situation is None:
        return
    terms = planning_terms(result.view)
    if result.reason == "beyond_authority":
        yield _beyond(pooled, terms, result.role)
    if result.reason == "nothing_affordable" and result.affordability is not None:
        yield _unaffordable(pooled, situation, result.affordability, result.view, terms)


def _beyond(pooled: PooledDebt, terms: PlanningTerms, role: str) -> Rejected:
    limits, total = terms.authority[role], from_fen(pooled.total)
    if total > limits.largest_debt:
        return Rejected(
            "instalments", "beyond_authority", None, None, limits.largest_debt, "bank.authority",
            f"一共{_zh(total)}，超过这里能定的{_zh(limits.largest_debt)}。",
            f"{_en(total)} in all is above the {_en(limits.largest_debt)} that can be decided here.",
        )  # fmt: skip
    return Rejected(
        "more_relief", "beyond_authority", None, None, limits.largest_waiver, "bank.authority",
        f"需要的减免超过这里能定的（最多{_zh(limits.largest_waiver)}）。",
        f"The relief it takes goes beyond what can be decided here (at most {_en(limits.largest_waiver)}).",
    )  # fmt: skip


def _unaffordable(
    pooled: PooledDebt,
    situation: Situation,
    found: Affordability,
    view: PolicyView,
    terms: PlanningTerms,
) -> Rejected:
    affordable, months = to_fen(found.affordable), terms.longest
    if affordable == 0:
        return Rejected(
            "instalments", "nothing_left", None, None, found.affordable, _whose(found),
            "过日子和别处的债留够以后，没有剩下可以还的。",
            "After living and other debts there is nothing left to pay with.",
        )  # fmt: skip
    smallest = min(terms.smallest_instalment, pooled.total)
    if affordable < smallest:
        least = from_fen(smallest)
        return Rejected(
            "payment", "below_smallest", None, found.affordable, least, "bank.instalment.smallest",
            f"每月最多能还{_zh(found.affordable)}，比最小的一期{_zh(least)}还少。",
            f"{_en(found.affordable)} a month is below the smallest instalment of {_en(least)}.",
        )  # fmt: skip
    start = start_of(situation, view.date, terms, "instalments")
    base = base_relief(pooled, situation.reason, terms)
    shape = Shape.of(pooled, start, 0, terms)
    ladder = terms.ladder_for(pooled.days_past_due, situation.reason)
    relief, _ = least_relief(pooled, base, Fit(shape, terms.preferred_longest, affordable), ladder)
    payment = highest_payment(shape, relief, months)
    return _too_much(
        "instalments", months, payment, affordable, _whose(found),
        f"能减的都减了，分{months}期",
        f"With everything waived that can be, {_payments(months)}",
    )  # fmt: skip


def _too_much(
    alternative: Literal["catch_up", "instalments", "term", "less_relief", "payment"],
    months: int | None,
    payment: int,
    affordable: int,
    rule: str,
    zh: str,
    en: str,
) -> Rejected:
    monthly, limit = from_fen(payment), from_fen(affordable)
    asks_zh, asks_en = (
        (f"一次要还{_zh(monthly)}", _en(monthly))
        if months == 1
        else (f"每月{_zh(monthly)}", f"{_en(monthly)} a month")
    )
    return Rejected(
        alternative,
        "above_affordable",
        months,
        monthly,
        limit,
        rule,
        f"{zh}：{asks_zh}，超过每月还得起的{_zh(limit)}。",
        f"{en}: {asks_en} is above the affordable {_en(limit)}.",
    )


def _whose(found: Affordability | None) -> str:
    """The rule that sets what is affordable: the living floor where it was taken, else the buffer."""
    return (
        "bank.living_floor"
        if found is not None and found.living_from == "floor"
        else AFFORDABLE_RULE
    )


def _payments(count: int) -> str:
    return "one payment" if count == 1 else f"{count} payments"


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _zh(amount: Decimal) -> str:
    return amount_text(amount, "zh")


def _en(amount: Decimal) -> str:
    return amount_text(amount, "en")
