"""What if it gets harder: an offer when income drops, or when one payment is missed. Pure.

Living costs, other debts and what is already agreed stay as in the calculation; only the income, or the
payment, changes. The floor is touched when the payment can be made only out of what policy keeps for
living. A missed payment has the agreement's own way out: moved to the end, as often as policy allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from api.kit.exact import FEN, ZERO
from api.plans.offers import Offer
from api.plans.payment_days import add_months
from api.plans.saying import day_en, day_zh, days_en, payments_en, yuan_en, yuan_zh

__all__ = ["DROPS", "Stressed", "stress", "stress_document"]

DROPS = (10, 20, 30)
"""By how many percent the income drops. Questions, not rules: they decide nothing."""


@dataclass(frozen=True, slots=True)
class Stressed:
    """An offer under one strain. Yuan a month."""

    event: Literal["income_drop", "income_late", "missed_payment"]
    percent: int | None
    """By how much the income drops; ``None`` for a missed payment."""
    income: Decimal | None
    short: Decimal | None
    """What lacks in that month to pay as agreed and live as planned; ``None`` without an income."""
    left: Decimal | None
    """What stays after living, debts and the payment; zero where something lacks."""
    below_floor: Decimal | None
    """How much of what policy keeps for living the payment would take; zero where it takes none."""
    rule: str
    words_zh: str
    words_en: str

    @property
    def floor_touched(self) -> bool | None:
        """Whether the payment would eat into the living floor; ``None`` without an income."""
        return None if self.below_floor is None else self.below_floor > 0


def stress(offer: Offer) -> tuple[Stressed, ...]:
    """Return the offer under each strain: income 10, 20 and 30 % lower, and one payment missed.

    Without an income on record only the missed payment can be looked at, and only its dates. One payment
    out of a lump sum does not hang on an income; what begins with an expected one hangs on its day, too.
    """
    if offer.basis.at_once:
        return (_not_paid(offer),)
    if offer.basis.affordability is None:
        return (_missed(offer),)
    if offer.basis.deferred:
        return (_late(offer), *(_dropped(offer, percent) for percent in DROPS), _missed(offer))
    return (*(_dropped(offer, percent) for percent in DROPS), _missed(offer))


def stress_document(offer: Offer) -> list[dict[str, Any]]:
    """Return the strains as JSON: money as decimal strings."""
    return [
        {
            "event": found.event,
            "percent": found.percent,
            "income": _text(found.income),
            "short": _text(found.short),
            "left": _text(found.left),
            "below_floor": _text(found.below_floor),
            "floor_touched": found.floor_touched,
            "rule": found.rule,
            "words_zh": found.words_zh,
            "words_en": found.words_en,
        }
        for found in stress(offer)
    ]


def _dropped(offer: Offer, percent: int) -> Stressed:
    known = offer.basis.affordability
    assert known is not None, "a drop needs an income"  # noqa: S101 - narrowed by the caller
    income = (known.income * (100 - percent) / 100).quantize(FEN, rounding=ROUND_HALF_UP)
    payment = offer.highest_monthly
    after_debts = income - known.other_debts - known.agreed - payment
    left = after_debts - known.living
    short, below = max(ZERO, -left), max(ZERO, known.floor - after_debts)
    if not short:
        zh = f"收入少{percent}%，还{yuan_zh(payment)}也够，还剩{yuan_zh(left)}。"
        en = f"With {percent}% less coming in you could still pay {yuan_en(payment)}, with {yuan_en(left)} left."
    elif not below:
        zh = f"收入少{percent}%，每月差{yuan_zh(short)}，别的开支要少这么多；过日子最少要留的钱不会动。"
        en = (
            f"With {percent}% less coming in you would be {yuan_en(short)} short each month and would have "
            "to spend that much less. What is kept for living would not be touched."
        )
    else:
        zh = (
            f"收入少{percent}%，每月差{yuan_zh(short)}，其中{yuan_zh(below)}要动到过日子最少要留的钱。"
            "别这样硬还，先告诉我们，按新的情况重新算。"
        )
        en = (
            f"With {percent}% less coming in you would be {yuan_en(short)} short each month, {yuan_en(below)} of "
            "it out of what is kept for living. Don't pay from that. Tell us, and we work it out again."
        )
    return Stressed(
        event="income_drop",
        percent=percent,
        income=income,
        short=short,
        left=max(ZERO, left),
        below_floor=below,
        rule="bank.living_floor",
        words_zh=zh,
        words_en=en,
    )


def _not_paid(offer: Offer) -> Stressed:
    """A settlement, or everything at once, that is not paid: nothing is lost but the settlement."""
    grace = offer.basis.view.value("bank.agreement.grace_days")
    by = offer.monthly_payments[0].due_date + timedelta(days=grace)
    if offer.kind == "settlement":
        zh = f"{day_zh(by)}前没还上，这次结清就不算了，欠的还是原来那么多，可以再来重新算。"
        en = (
            f"If it isn't paid by {day_en(by)}, this settlement no longer stands and you owe what you "
            "owed before. You can come back and have it worked out again."
        )
    else:
        zh = f"{day_zh(by)}前没还上，也可以再来，按您的情况重新算。"
        en = f"If it isn't paid by {day_en(by)}, come back and it is worked out again from your figures."
    return Stressed(
        "missed_payment", None, None, None, None, None, "bank.agreement.grace_days", zh, en
    )


def _late(offer: Offer) -> Stressed:
    begins = day_zh(offer.monthly_payments[0].due_date)
    return Stressed(
        event="income_late",
        percent=None,
        income=None,
        short=None,
        left=None,
        below_floor=None,
        rule="bank.deferral.longest_days",
        words_zh=f"说好的收入到{begins}还没来，之前说一声，按新的情况重新算，别借钱来还。",
        words_en=(
            f"If the income hasn't come by {day_en(offer.monthly_payments[0].due_date)}, tell us before "
            "that day and it is worked out again. Don't borrow to pay it."
        ),
    )


def _missed(offer: Offer) -> Stressed:
    view, known = offer.basis.view, offer.basis.affordability
    grace = view.value("bank.agreement.grace_days")
    moves = view.value("bank.agreement.moves_per_year")
    payment = offer.highest_monthly
    zh = f"有一期没还上，{grace}天以内补上就算按时。"
    en = f"If you miss a payment, making it up within {days_en(grace)} still counts as on time."
    if moves:
        start = offer.basis.start
        after = add_months(
            start.first_due.year, start.first_due.month, offer.periods, start.due_day
        )
        moved = offer.basis.terms.moved(after)
        zh += f"补不上，还款日之前说一声，一年可以有{moves}期往后挪一个月，不收费，最后一期就到{day_zh(moved)}。"
        en += (
            f" If you can't, ask before the day: each year {payments_en(moves)} can move back by a month, "
            f"free of charge, and the last one would then be on {day_en(moved)}."
        )
    short = left = below = None
    if known is not None and offer.periods > 1:  # of a single payment there are never two at once
        after_debts = known.income - known.other_debts - known.agreed - 2 * payment
        left = after_debts - known.living
        short, below = max(ZERO, -left), max(ZERO, known.floor - after_debts)
        if short:
            zh += f"下个月一次还两期，会差{yuan_zh(short)}。"
            en += f" Paying two in the next month would leave you {yuan_en(short)} short."
        else:
            zh += f"下个月一次还两期也够，还剩{yuan_zh(left)}。"
            en += f" Paying two in the next month would still leave {yuan_en(left)}."
    return Stressed(
        event="missed_payment",
        percent=None,
        income=None if known is None else known.income,
        short=short,
        left=None if left is None else max(ZERO, left),
        below_floor=below,
        rule="bank.agreement.moves_per_year" if moves else "bank.agreement.grace_days",
        words_zh=zh,
        words_en=en,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
