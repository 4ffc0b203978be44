"""为什么是这个数: why an offer is what it is, for a tired person, in Chinese and in English.

Each sentence names whose rule it is (law, regulator, industry code, bank policy) by the parameter's
own ``applies``, and stands beside its citation. Sentences are made when they are asked for, never in
the calculation: words cannot change figures. Rules that are not verified are never quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from api.kit.exact import amount_text, from_fen
from api.plans.affordability import Affordability
from api.plans.basis import Basis
from api.plans.offers import Offer

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["RuleApplied", "rules_applied", "whose_rule"]


@dataclass(frozen=True, slots=True)
class RuleApplied:
    """One rule that shaped an offer, in words and as data."""

    id: str
    words_zh: str
    words_en: str
    citation: str


def whose_rule(view: PolicyView, parameter_id: str, locale: str) -> str:
    """Return how a rule is introduced: 法律规定, 监管规定, 行业规范 or the bank's own policy."""
    applies = view.parameter(parameter_id).applies
    bank = view.value("bank.name")
    if locale == "zh":
        return {
            "law": "法律规定",
            "regulation": "监管规定",
            "self_regulation": "行业规范",
            "policy": f"{bank.zh}的规定",
        }[applies]
    return {
        "law": "the law",
        "regulation": "the banking regulator's rules",
        "self_regulation": "the industry code",
        "policy": f"{bank.en}'s policy",
    }[applies]


def rules_applied(offer: Offer) -> tuple[RuleApplied, ...]:
    """Return the rules that shaped the offer, most personal first."""
    basis = offer.basis
    rules = [
        _affordable(basis),
        _term(offer),
        _relief(offer),
        _annual_rate(offer),
        _charges_carried(offer),
        _lawful(offer),
        _validity(basis),
    ]
    return tuple(rule for rule in rules if rule is not None)


def _rule(view: PolicyView, parameter_id: str, zh: str, en: str) -> RuleApplied:
    parameter = view.parameter(parameter_id)
    return RuleApplied(parameter_id, zh, en, parameter.citation.text)


def _affordable(basis: Basis) -> RuleApplied:
    found = basis.affordability
    if found is None:
        most = from_fen(basis.affordable)
        return _rule(
            basis.view,
            "bank.affordability.buffer_least",
            f"收入您没有说，就按您自己说的每月{_zh(most)}来算，不会超过它。",
            f"You kept your income to yourself, so this stays within the {_en(most)} a month you named.",
        )
    floor = found.living_from == "floor"
    return _rule(
        basis.view,
        "bank.living_floor" if floor else "bank.affordability.buffer_least",
        _affordable_zh(found, basis.view, floor),
        _affordable_en(found, basis.view, floor),
    )


def _affordable_zh(found: Affordability, view: PolicyView, floor: bool) -> str:
    why = f"（{whose_rule(view, 'bank.living_floor', 'zh')}，最少留这么多）" if floor else ""
    parts = [f"每月到手{_zh(found.income)}，先留{_zh(found.living)}过日子{why}"]
    if found.other_debts:
        parts.append(f"别处还{_zh(found.other_debts)}")
    if found.agreed:
        parts.append(f"已经约好的还{_zh(found.agreed)}")
    return (
        "，".join(parts)
        + f"。剩{_zh(found.surplus)}，再留{_zh(found.buffer)}应急，每月最多还{_zh(found.affordable)}。"
    )


def _affordable_en(found: Affordability, view: PolicyView, floor: bool) -> str:
    why = f" (the least under {whose_rule(view, 'bank.living_floor', 'en')})" if floor else ""
    parts = [f"{_en(found.income)} comes in and {_en(found.living)} is kept for living{why}"]
    if found.other_debts:
        parts.append(f"{_en(found.other_debts)} goes to other lenders")
    if found.agreed:
        parts.append(f"{_en(found.agreed)} to what is already agreed")
    return (
        ", ".join(parts)
        + f". That leaves {_en(found.surplus)}. With {_en(found.buffer)} set aside for surprises, "
        f"the most to pay each month is {_en(found.affordable)}."
    )


def _term(offer: Offer) -> RuleApplied:
    basis = offer.basis
    proposed = basis.situation.proposed_payment
    if basis.kind == "catch_up":
        zh = f"按您的情况，{offer.periods}次就能补上，不用做长期分期。"
        en = f"From your figures this can be caught up in {_payments(offer.periods)}, with no long plan."
        return _rule(basis.view, "bank.terms.catch_up_longest_months", zh, en)
    if offer.tag == "lowest_monthly":
        zh = f"想每月少还一点，可以还{offer.periods}个月；每月{_zh(offer.monthly)}。"
        en = f"For a lower payment you can take {offer.periods} months, at {_en(offer.monthly)} a month."
        return _rule(basis.view, "bank.terms.choice_further_months", zh, en)
    if offer.periods != basis.soonest and proposed:
        zh = f"您说每月能还{_zh(proposed)}，照这个数算是{offer.periods}个月。少收多少不看您提的数，只看还不还得起。"
        en = (
            f"You named {_en(proposed)} a month, which takes {offer.periods} months. "
            "What isn't charged depends on what you can afford, not on the figure you name."
        )
        return _rule(basis.view, "bank.terms.preferred_longest_months", zh, en)
    zh = f"{offer.periods}个月，是在还得起的数以内最早能还完的。"
    en = f"{offer.periods} months is the soonest you can finish within that."
    return _rule(basis.view, "bank.terms.preferred_longest_months", zh, en)


def _relief(offer: Offer) -> RuleApplied | None:
    basis, waived = offer.basis, offer.waived
    longest = basis.terms.preferred_longest
    if basis.relief.goodwill and not basis.relief.steps:
        return _rule(
            basis.view,
            "bank.relief.goodwill_days",
            f"忘了日子，晚得不多：违约金（没按时还多收的钱）{_zh(waived.penalty)}不收了。",
            f"You forgot the date and are only a little late: the {_en(waived.penalty)} late charge is dropped.",
        )
    if not basis.relief.steps:
        return _rule(
            basis.view,
            "bank.relief.ladder",
            "不用减免，这个数您也还得起。减免留给还不起的时候，同样的情况谁来问都一样。",
            "You can afford this without anything being dropped. Anyone in the same position gets the same answer.",
        )
    rate = basis.relief.annual_rate
    lowered = rate < basis.terms.contract_rate
    zh = "、".join(
        [f"{name}{_zh(amount)}不收" for name, _, amount in _parts(offer) if amount]
        + ([f"年化利率从{_rate(basis.terms.contract_rate)}降到{_rate(rate)}"] if lowered else [])
    )
    en = ", ".join(
        [f"{_en(amount)} of {name} isn't charged" for _, name, amount in _parts(offer) if amount]
        + (
            [f"the annual rate goes from {_rate(basis.terms.contract_rate)} to {_rate(rate)}"]
            if lowered
            else []
        )
    )
    if basis.soonest > longest:
        zh += f"。这样在{longest}个月里还是还不完，所以才排到更长。同样的情况，谁来问都是这个数。"
        en += f". Even so it can't be finished in {longest} months, so it takes longer. Anyone in the same position gets the same answer."
    else:
        zh += f"：这是让您在{longest}个月内还得完所需要的。同样的情况，谁来问都是这个数。"
        en += f": that is what it takes to finish within {longest} months. Anyone in the same position gets the same answer."
    return _rule(basis.view, "bank.relief.ladder", zh, en[0].upper() + en[1:])


def _parts(offer: Offer) -> tuple[tuple[str, str, Decimal], ...]:
    waived = offer.waived
    return (
        ("违约金", "late charges", waived.penalty),
        ("已有的利息", "interest so far", waived.interest),
        ("费用", "fees", waived.fees),
    )


def _annual_rate(offer: Offer) -> RuleApplied:
    rate = offer.basis.relief.annual_rate
    if rate == 0:
        zh, en = (
            "年化利率0%，照着还不再有新利息。",
            "APR 0%: while you keep to it, no new interest.",
        )
    else:
        new = offer.schedule.total_interest
        zh = f"年化利率{_rate(rate)}，只按还没还的本金算，新利息一共{_zh(new)}。"
        en = f"The annual rate is {_rate(rate)}, on unpaid principal only: {_en(new)} of new interest in all."
    return _rule(offer.basis.view, "cn.instalment.cost_is_interest", zh, en)


def _charges_carried(offer: Offer) -> RuleApplied | None:
    relief = offer.basis.relief
    if relief.annual_rate == 0 or relief.penalty + relief.fees == 0:
        return None
    parameter_id = "cn.charges.no_interest_on_penalty_and_fees"
    view = offer.basis.view
    zh = f"{whose_rule(view, parameter_id, 'zh')}：{view.value(parameter_id).zh}"
    en = f"By {whose_rule(view, parameter_id, 'en')}: {view.value(parameter_id).en}"
    return _rule(view, parameter_id, zh, en)


def _lawful(offer: Offer) -> RuleApplied | None:
    if not offer.basis.personalised:
        return None
    view = offer.basis.view
    parameter_id = "cn.personalised_instalment.longest_term_months"
    longest = view.value(parameter_id)
    zh = f"{whose_rule(view, parameter_id, 'zh')}：还不起又愿意还的，银行可以跟您商量分期，最长{longest}个月。"
    en = (
        f"By {whose_rule(view, parameter_id, 'en')} the bank may agree to a plan of up to {longest} "
        "months with someone who owes more than they can pay and wants to repay."
    )
    return _rule(view, parameter_id, zh, en)


def _validity(basis: Basis) -> RuleApplied:
    days = basis.terms.validity_days
    return _rule(
        basis.view,
        "bank.offer.validity_days",
        f"这个方案留{days}天，不用今天定。",
        f"This plan stands for {days} days; no need to decide today.",
    )


def _payments(count: int) -> str:
    return "one payment" if count == 1 else f"{count} payments"


def _rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}%"


def _zh(amount: Decimal) -> str:
    return amount_text(amount, "zh")


def _en(amount: Decimal) -> str:
    return amount_text(amount, "en")
