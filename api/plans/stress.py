"""What if it gets harder: an offer when income drops, or when one payment is missed. Pure.

Living costs, other debts and what is already agreed stay as in the calculation; only the income, or the
payment, changes. The floor is touched when the payment can be made only out of what policy keeps for
living. A missed payment has the agreement's own way out: moved to the end, as often as policy allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from api.kit.exact import FEN, ZERO, amount_text
from api.plans.offers import Offer
from api.plans.payment_days import add_months

__all__ = ["DROPS", "Stressed", "stress", "stress_document"]

DROPS = (10, 20, 30)
"""By how many percent the income drops. Questions, not rules: they decide nothing."""

MONTHS_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Stressed:
    """An offer under one strain. Yuan a month."""

    event: Literal["income_drop", "missed_payment"]
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

    Without an income on record only the missed payment can be looked at, and only its dates.
    """
    if offer.basis.affordability is None:
        return (_missed(offer),)
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
        zh = f"收入少{percent}%，还{_zh(payment)}也够，还剩{_zh(left)}。"
        en = f"With {percent}% less coming in you could still pay {_en(payment)}, with {_en(left)} left."
    elif not below:
        zh = f"收入少{percent}%，每月差{_zh(short)}，别的开支要少这么多；过日子最少要留的钱不会动。"
        en = (
            f"With {percent}% less coming in you would be {_en(short)} short each month and would have "
            "to spend that much less. What is kept for living would not be touched."
        )
    else:
        zh = (
            f"收入少{percent}%，每月差{_zh(short)}，其中{_zh(below)}要动到过日子最少要留的钱。"
            "别这样硬还，先告诉我们，按新的情况重新算。"
        )
        en = (
            f"With {percent}% less coming in you would be {_en(short)} short each month, {_en(below)} of "
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


def _missed(offer: Offer) -> Stressed:
    view, known = offer.basis.view, offer.basis.affordability
    grace = view.value("bank.agreement.grace_days")
    moves = view.value("bank.agreement.moves_per_year")
    payment = offer.highest_monthly
    zh = f"有一期没还上，{grace}天以内补上就算按时。"
    en = f"If you miss a payment, making it up within {_days(grace)} still counts as on time."
    if moves:
        start = offer.basis.start
        after = add_months(
            start.first_due.year, start.first_due.month, offer.periods, start.due_day
        )
        moved = offer.basis.terms.moved(after)
        zh += f"补不上，还款日之前说一声，一年可以有{moves}期往后挪一个月，不收费，最后一期就到{_day_zh(moved)}。"
        en += (
            f" If you can't, ask before the day: each year {_payments(moves)} can move back by a month, "
            f"free of charge, and the last one would then be on {_day_en(moved)}."
        )
    short = left = below = None
    if known is not None:
        after_debts = known.income - known.other_debts - known.agreed - 2 * payment
        left = after_debts - known.living
        short, below = max(ZERO, -left), max(ZERO, known.floor - after_debts)
        if short:
            zh += f"下个月一次还两期，会差{_zh(short)}。"
            en += f" Paying two in the next month would leave you {_en(short)} short."
        else:
            zh += f"下个月一次还两期也够，还剩{_zh(left)}。"
            en += f" Paying two in the next month would still leave {_en(left)}."
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


def _zh(amount: Decimal) -> str:
    return amount_text(amount, "zh")


def _en(amount: Decimal) -> str:
    return amount_text(amount, "en")


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _day_en(day: date) -> str:
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _payments(count: int) -> str:
    return "one payment" if count == 1 else f"{count} payments"
