"""Which other plans were looked at, and the rule that rejected each: as data and in words. Pure.

Nothing here decides: the decisions are ``api.plans.basis`` and ``api.plans.relief``; this file asks them
about the plans a person or a supervisor would ask about (fewer or more payments, less or more relief,
catching up, what the person proposed) and says which rule stood in the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from api.kit.exact import from_fen, to_fen
from api.plans.affordability import assess
from api.plans.basis import Basis, Refused
from api.plans.fitting import Fit, Relief, Shape, highest_payment
from api.plans.offers import Offered
from api.plans.rejected_kinds import of_expected_income, of_lump_sum
from api.plans.rejected_plan import Rejected, too_much, whose
from api.plans.rejected_refusals import of_refusal, unaffordable, waiver_beyond
from api.plans.relief import base_relief, least_relief
from api.plans.saying import payments_en, yuan_en, yuan_zh
from api.plans.start import longest_from, start_of

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.values import LadderStep

__all__ = ["TERMS_ASKED_FOR", "Rejected", "rejected", "rejected_document"]

TERMS_ASKED_FOR = (1, 3, 6, 12, 18, 24, 36, 48, 60)
"""The numbers of payments that people name. Questions, not rules: they decide nothing."""


def rejected(result: Offered | Refused) -> tuple[Rejected, ...]:
    """Return the plans that were not offered, each with the rule that rejected it."""
    if isinstance(result, Refused):
        return tuple(of_refusal(result))
    basis = result.basis
    found = [
        *_of_kind(basis),
        *_of_terms(basis),
        *_of_relief(basis),
        *_of_proposal(basis),
        *of_lump_sum(basis),
        *of_expected_income(basis),
    ]
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
    if basis.kind == "settlement" or basis.deferred:
        now = assess(basis.situation, basis.terms)
        if now is not None:  # no monthly payments now: that is why
            yield unaffordable(
                basis.pooled, basis.situation, now, basis.view, basis.terms
            ) or waiver_beyond(basis.terms, basis.role)
    if basis.kind == "settlement":
        return
    if basis.kind in {"catch_up", "deferral"}:
        yield Rejected(
            "instalments", "within_means", None, None, None,
            "cn.personalised_instalment.conditions",
            f"个性化分期：欠的没有超过还得起的，{basis.soonest}次就能补上，用不上。",
            "A personalised instalment agreement: the debt is within what you can pay "
            f"({payments_en(basis.soonest)}), so it is not needed.",
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
    yield too_much(
        "catch_up", months, payment, basis.affordable, whose(basis.affordability),
        f"{months}次补上", f"Catching up in {payments_en(months)}",
    )  # fmt: skip


def _of_terms(basis: Basis) -> Iterator[Rejected]:
    rule = whose(basis.affordability)
    first = 1 if not basis.personalised else basis.terms.catch_up_longest + 1
    for months in sorted({*TERMS_ASKED_FOR, basis.soonest - 1, basis.longest + 1}):
        if first <= months < basis.soonest:
            payment = basis.highest_payment(months)
            yield too_much(
                "term", months, payment, basis.affordable, rule,
                f"分{months}期", payments_en(months).capitalize(),
            )  # fmt: skip
        elif months > basis.longest and basis.personalised:
            yield _too_long(basis, months)


def _too_long(basis: Basis, months: int) -> Rejected:
    terms, payment = basis.terms, from_fen(basis.highest_payment(months))
    smallest = from_fen(min(terms.smallest_instalment, basis.pooled.total))
    most = longest_from(basis.start, basis.view.date, terms)
    if months > most:
        lawful = basis.view.value("cn.personalised_instalment.longest_term_months")
        rule = (
            "cn.personalised_instalment.longest_term_months"
            if most < terms.longest or terms.longest == lawful
            else "bank.terms.longest_months"
        )
        zh = f"分{months}期：最长只能{most}期。"
        en = f"{payments_en(months).capitalize()}: {most} is the most there can be."
        return Rejected("term", "longer_than_allowed", months, payment, None, rule, zh, en)
    if payment < smallest:
        zh = f"分{months}期：每月{yuan_zh(payment)}，比最小的一期{yuan_zh(smallest)}还少。"
        en = f"{payments_en(months).capitalize()}: {yuan_en(payment)} a month is below the smallest instalment of {yuan_en(smallest)}."
        rule = "bank.instalment.smallest"
        return Rejected("term", "below_smallest", months, payment, smallest, rule, zh, en)
    rule = "bank.terms.choice_further_months"
    if basis.longest == terms.preferred_longest:
        rule = "bank.terms.preferred_longest_months"
    zh = f"分{months}期：{basis.soonest}期就还得起，想少还一点最长可以{basis.longest}期，不用更长。"
    en = (
        f"{payments_en(months).capitalize()}: {basis.soonest} are affordable, and for a lower payment up "
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
        yield too_much(
            "less_relief", months, payment, basis.affordable, rule,
            f"{zh}，分{months}期", f"{en}, {payments_en(months)}",
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
    return (
        f"少收{yuan_zh(waived)}，年化利率{rate}",
        f"{yuan_en(waived)} not charged, at {rate} a year",
    )


def _of_proposal(basis: Basis) -> Iterator[Rejected]:
    proposed = basis.situation.proposed_payment
    if not proposed or basis.at_once:
        return
    fen = to_fen(proposed)
    if fen > basis.affordable:
        yield too_much(
            "payment", None, fen, basis.affordable, whose(basis.affordability),
            "您提的数", "What you named",
        )  # fmt: skip
    elif basis.shortest_within(fen) is None:
        least = from_fen(basis.highest_payment(basis.longest))
        rule = (
            "bank.terms.catch_up_longest_months"
            if not basis.personalised
            else "bank.terms.choice_further_months"
        )
        yield Rejected(
            "payment", "longer_than_allowed", basis.longest, proposed, least, rule,
            f"您提的每月{yuan_zh(proposed)}：分{basis.longest}期也要每月{yuan_zh(least)}，不能更长了。",
            f"The {yuan_en(proposed)} a month you named: even {payments_en(basis.longest)} come to {yuan_en(least)} "
            "a month, and it cannot take longer.",
        )  # fmt: skip


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
