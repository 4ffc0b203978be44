"""Why, for what only some offers have: a lump sum, a later beginning, evidence, a moved day."""

from __future__ import annotations

from decimal import Decimal

from api.kit.exact import from_fen
from api.plans.offers import Offer
from api.plans.payment_days import due_dates
from api.plans.rule_applied import RuleApplied, rule_of
from api.plans.saying import day_en, day_zh, yuan_en, yuan_zh

__all__ = ["down_payment_rules", "later_rules", "lump_sum_rules", "paper_and_days"]


def lump_sum_rules(offer: Offer) -> list[RuleApplied]:
    """Explain one payment out of a lump sum: it settles the debt, or it is enough for all of it."""
    view = offer.basis.view
    day = offer.monthly_payments[0].due_date
    owed = from_fen(offer.basis.pooled.total)
    named = offer.basis.situation.lump_sum or Decimal(0)
    if offer.kind == "settlement":
        zh, en = _waived(offer)
        return [
            rule_of(
                view,
                "bank.settlement.ladder",
                f"一共欠{yuan_zh(owed)}，您说现在能拿出{yuan_zh(named)}。{zh}不收，这笔就能一次结清。"
                "减免只减到够用为止。",
                f"You owe {yuan_en(owed)} and can pay {yuan_en(named)} now. With {en} not charged, that "
                "settles everything. No more is waived than it takes.",
            ),
            rule_of(
                view,
                "bank.lump_sum.pay_within_days",
                f"{day_zh(day)}前一次还{yuan_zh(offer.total)}，就全部结清，以后不用再还。",
                f"Pay {yuan_en(offer.total)} once, by {day_en(day)}, and it is all settled: nothing more "
                "to pay after that.",
            ),
        ]
    words = (
        f"您说现在能拿出{yuan_zh(named)}，够一次还清：{day_zh(day)}前还{yuan_zh(offer.total)}。",
        f"You can pay {yuan_en(named)} now, which is enough for all of it: {yuan_en(offer.total)} by "
        f"{day_en(day)}.",
    )
    return [rule_of(view, "bank.lump_sum.pay_within_days", *words)]


def down_payment_rules(offer: Offer) -> list[RuleApplied]:
    """Explain a first larger payment: when, how much, and where it goes."""
    down = offer.down_payment
    if down is None:
        return []
    zh = f"{day_zh(down.due_date)}前先还{yuan_zh(down.payment)}"
    en = f"First {yuan_en(down.payment)} by {day_en(down.due_date)}"
    to_charges = down.payment - down.principal
    if to_charges:
        zh += f"，其中本金{yuan_zh(down.principal)}，利息和费用{yuan_zh(to_charges)}"
        en += (
            f": {yuan_en(down.principal)} of it for what you borrowed, {yuan_en(to_charges)} for "
            "interest and charges"
        )
    else:
        zh, en = zh + "，都算还本金", en + ", all of it for what you borrowed"
    return [
        rule_of(
            offer.basis.view,
            "bank.lump_sum.pay_within_days",
            zh + "。剩下的再按月还。",
            en + ". The rest is monthly.",
        )
    ]


def later_rules(offer: Offer) -> list[RuleApplied]:
    """Explain a beginning that waits for an income, and what becomes of interest meanwhile."""
    if not offer.basis.deferred:
        return []
    view, begins = offer.basis.view, offer.monthly_payments[0].due_date
    if offer.basis.terms.deferral_accrues:
        zh, en = (
            "这期间的利息照算，算在下面的新利息里。",
            "Interest for that time is in the sum below.",
        )
    else:
        zh, en = "这期间不加新利息。", "No new interest is added until then."
    return [
        rule_of(
            view,
            "bank.deferral.longest_days",
            f"您说的收入要晚些才来，所以{day_zh(begins)}以前不用还。",
            f"The income you named comes later, so nothing is due before {day_en(begins)}.",
        ),
        rule_of(view, "bank.deferral.interest_accrues", zh, en),
    ]


def paper_and_days(offer: Offer) -> list[RuleApplied]:
    """Say that evidence will be asked for, and that a payment day was moved off a holiday."""
    basis, found = offer.basis, []
    if basis.pooled.total >= basis.terms.evidence_from:
        least = from_fen(basis.terms.evidence_from)
        found.append(
            rule_of(
                basis.view,
                "bank.evidence.wanted_from",
                f"一共欠{yuan_zh(least)}以上的，会请您给同事看一下收入证明。",
                f"From {yuan_en(least)} in all, a colleague asks to see proof of income.",
            )
        )
    wanted = due_dates(basis.start.first_due, basis.start.due_day, offer.periods)
    paid = [row.due_date for row in offer.monthly_payments]
    moved = next((day for day, want in zip(paid, wanted, strict=True) if day != want), None)
    if moved is not None:
        found.append(
            rule_of(
                basis.view,
                "bank.due_day.on_holiday",
                f"还款日赶上放假，就顺延到下一个工作日，比如{day_zh(moved)}，金额不变。",
                "A payment day on a public holiday moves to the next working day, such as "
                f"{day_en(moved)}; amounts stay the same.",
            )
        )
    return found


def _waived(offer: Offer) -> tuple[str, str]:
    waived = offer.waived
    parts = (
        ("违约金", "of late charges", waived.penalty),
        ("已有的利息", "of interest so far", waived.interest),
        ("费用", "of fees", waived.fees),
        ("本金", "of what you borrowed", waived.principal),
    )
    zh = "、".join(f"{name}{yuan_zh(amount)}" for name, _, amount in parts if amount)
    en = ", ".join(f"{yuan_en(amount)} {name}" for _, name, amount in parts if amount)
    return zh, en
