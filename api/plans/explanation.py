"""为什么是这个数: why an offer is what it is, for a tired person, in Chinese and in English.

Each sentence names whose rule it is (law, regulator, industry code, bank policy) by the parameter's
own ``applies``, and stands beside its citation. Sentences are made when they are asked for, never in
the calculation: words cannot change figures. Rules that are not verified are never quoted.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from api.kit.exact import from_fen
from api.plans.affordability import Affordability
from api.plans.basis import Basis
from api.plans.explained_kinds import (
    down_payment_rules,
    later_rules,
    lump_sum_rules,
    paper_and_days,
)
from api.plans.offers import Offer
from api.plans.rule_applied import RuleApplied, rule_of, whose_rule
from api.plans.saying import payments_en, percent, yuan_en, yuan_zh

if TYPE_CHECKING:  # not at run time: see api.kit.exact
    from api.policy.lookup import PolicyView

__all__ = ["RuleApplied", "rules_applied", "whose_rule"]


def rules_applied(offer: Offer) -> tuple[RuleApplied, ...]:
    """Return the rules that shaped the offer, most personal first."""
    basis = offer.basis
    rules = (
        [*lump_sum_rules(offer), _annual_rate(offer)]
        if basis.at_once
        else [
            *later_rules(offer),
            _affordable(basis),
            *down_payment_rules(offer),
            _term(offer),
            _relief(offer),
            _annual_rate(offer),
            _charges_carried(offer),
            _lawful(offer),
        ]
    )
    rules += [*paper_and_days(offer), _validity(basis)]
    return tuple(rule for rule in rules if rule is not None)


def _affordable(basis: Basis) -> RuleApplied:
    found = basis.affordability
    if found is None:
        most = from_fen(basis.affordable)
        return rule_of(
            basis.view,
            "bank.affordability.buffer_least",
            f"收入您没有说，就按您自己说的每月{yuan_zh(most)}来算，不会超过它。",
            f"You kept your income to yourself, so this stays within the {yuan_en(most)} a month you named.",
        )
    floor = found.living_from == "floor"
    return rule_of(
        basis.view,
        "bank.living_floor" if floor else "bank.affordability.buffer_least",
        ("到那时，" if basis.deferred else "") + _affordable_zh(found, basis.view, floor),
        ("Then " if basis.deferred else "") + _affordable_en(found, basis.view, floor),
    )


def _affordable_zh(found: Affordability, view: PolicyView, floor: bool) -> str:
    why = f"（{whose_rule(view, 'bank.living_floor', 'zh')}，最少留这么多）" if floor else ""
    parts = [f"每月到手{yuan_zh(found.income)}，先留{yuan_zh(found.living)}过日子{why}"]
    if found.other_debts:
        parts.append(f"别处还{yuan_zh(found.other_debts)}")
    if found.agreed:
        parts.append(f"已经约好的还{yuan_zh(found.agreed)}")
    return (
        "，".join(parts)
        + f"。剩{yuan_zh(found.surplus)}，再留{yuan_zh(found.buffer)}应急，每月最多还{yuan_zh(found.affordable)}。"
    )


def _affordable_en(found: Affordability, view: PolicyView, floor: bool) -> str:
    why = f" (the least under {whose_rule(view, 'bank.living_floor', 'en')})" if floor else ""
    parts = [
        f"{yuan_en(found.income)} comes in and {yuan_en(found.living)} is kept for living{why}"
    ]
    if found.other_debts:
        parts.append(f"{yuan_en(found.other_debts)} goes to other lenders")
    if found.agreed:
        parts.append(f"{yuan_en(found.agreed)} to what is already agreed")
    return (
        ", ".join(parts)
        + f". That leaves {yuan_en(found.surplus)}. With {yuan_en(found.buffer)} set aside for surprises, "
        f"the most to pay each month is {yuan_en(found.affordable)}."
    )


def _term(offer: Offer) -> RuleApplied:
    basis = offer.basis
    proposed = basis.situation.proposed_payment
    if basis.kind == "deferral":
        zh = f"到那时{offer.periods}次就能还完，不用做长期分期。"
        en = f"From then on {payments_en(offer.periods)} will do, with no long plan."
        return rule_of(basis.view, "bank.terms.catch_up_longest_months", zh, en)
    if basis.kind == "catch_up":
        zh = f"按您的情况，{offer.periods}次就能补上，不用做长期分期。"
        en = f"From your figures this can be caught up in {payments_en(offer.periods)}, with no long plan."
        return rule_of(basis.view, "bank.terms.catch_up_longest_months", zh, en)
    if offer.tag == "lowest_monthly":
        zh = f"想每月少还一点，可以还{offer.periods}个月；每月{yuan_zh(offer.monthly)}。"
        en = f"For a lower payment you can take {offer.periods} months, at {yuan_en(offer.monthly)} a month."
        return rule_of(basis.view, "bank.terms.choice_further_months", zh, en)
    if offer.periods != basis.soonest and proposed:
        zh = f"您说每月能还{yuan_zh(proposed)}，照这个数算是{offer.periods}个月。少收多少不看您提的数，只看还不还得起。"
        en = (
            f"You named {yuan_en(proposed)} a month, which takes {offer.periods} months. "
            "What isn't charged depends on what you can afford, not on the figure you name."
        )
        return rule_of(basis.view, "bank.terms.preferred_longest_months", zh, en)
    zh = f"{offer.periods}个月，是在还得起的数以内最早能还完的。"
    en = f"{offer.periods} months is the soonest you can finish within that."
    return rule_of(basis.view, "bank.terms.preferred_longest_months", zh, en)


def _relief(offer: Offer) -> RuleApplied | None:
    basis, waived = offer.basis, offer.waived
    longest = basis.terms.preferred_longest
    if basis.relief.goodwill and not basis.relief.steps:
        return rule_of(
            basis.view,
            "bank.relief.goodwill_days",
            f"忘了日子，晚得不多：违约金（没按时还多收的钱）{yuan_zh(waived.penalty)}不收了。",
            f"You forgot the date and are only a little late: the {yuan_en(waived.penalty)} late charge is dropped.",
        )
    if not basis.relief.steps:
        return rule_of(
            basis.view,
            "bank.relief.ladder",
            "不用减免，这个数您也还得起。减免留给还不起的时候，同样的情况谁来问都一样。",
            "You can afford this without anything being dropped. Anyone in the same position gets the same answer.",
        )
    rate = basis.relief.annual_rate
    lowered = rate < basis.terms.contract_rate
    zh = "、".join(
        [f"{name}{yuan_zh(amount)}不收" for name, _, amount in _parts(offer) if amount]
        + (
            [f"年化利率从{percent(basis.terms.contract_rate)}降到{percent(rate)}"]
            if lowered
            else []
        )
    )
    en = ", ".join(
        [
            f"{yuan_en(amount)} of {name} isn't charged"
            for _, name, amount in _parts(offer)
            if amount
        ]
        + (
            [f"the annual rate goes from {percent(basis.terms.contract_rate)} to {percent(rate)}"]
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
    return rule_of(basis.view, "bank.relief.ladder", zh, en[0].upper() + en[1:])


def _parts(offer: Offer) -> tuple[tuple[str, str, Decimal], ...]:
    waived = offer.waived
    return (
        ("违约金", "late charges", waived.penalty),
        ("已有的利息", "interest so far", waived.interest),
        ("费用", "fees", waived.fees),
    )


def _annual_rate(offer: Offer) -> RuleApplied | None:
    rate = offer.basis.relief.annual_rate
    if offer.kind == "settlement":
        return None  # one payment of what is agreed: there is nothing to bear interest
    if rate == 0:
        zh, en = (
            "年化利率0%，照着还不再有新利息。",
            "APR 0%: while you keep to it, no new interest.",
        )
    else:
        new = offer.schedule.total_interest
        zh = f"年化利率{percent(rate)}，只按还没还的本金算，新利息一共{yuan_zh(new)}。"
        en = f"The annual rate is {percent(rate)}, on unpaid principal only: {yuan_en(new)} of new interest in all."
    return rule_of(offer.basis.view, "cn.instalment.cost_is_interest", zh, en)


def _charges_carried(offer: Offer) -> RuleApplied | None:
    relief = offer.basis.relief
    if relief.annual_rate == 0 or relief.penalty + relief.fees == 0:
        return None
    parameter_id = "cn.charges.no_interest_on_penalty_and_fees"
    view = offer.basis.view
    zh = f"{whose_rule(view, parameter_id, 'zh')}：{view.value(parameter_id).zh}"
    en = f"By {whose_rule(view, parameter_id, 'en')}: {view.value(parameter_id).en}"
    return rule_of(view, parameter_id, zh, en)


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
    return rule_of(view, parameter_id, zh, en)


def _validity(basis: Basis) -> RuleApplied:
    days = basis.terms.validity_days
    return rule_of(
        basis.view,
        "bank.offer.validity_days",
        f"这个方案留{days}天，不用今天定。",
        f"This plan stands for {days} days; no need to decide today.",
    )
