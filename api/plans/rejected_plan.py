"""One plan that was not offered, and the words for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from api.kit.exact import from_fen
from api.plans.affordability import Affordability
from api.plans.saying import yuan_en, yuan_zh

__all__ = ["AFFORDABLE_RULE", "Alternative", "Because", "Rejected", "too_much", "whose"]

AFFORDABLE_RULE = "bank.affordability.buffer_least"

Alternative = Literal[
    "catch_up", "instalments", "term", "less_relief", "more_relief", "payment",
    "settlement", "down_payment", "deferral",
]  # fmt: skip
Because = Literal[
    "above_affordable", "longer_than_allowed", "below_smallest", "within_means", "not_needed",
    "nothing_left", "beyond_authority", "not_on", "too_early", "too_small", "too_far",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rejected:
    """One plan that was not offered. Amounts in yuan."""

    alternative: Alternative
    because: Because
    periods: int | None
    monthly: Decimal | None
    """The highest payment that plan would have asked for (or what the person proposed)."""
    limit: Decimal | None
    """What it was measured against: what is affordable, the smallest instalment, an authority."""
    rule: str
    words_zh: str
    words_en: str


def too_much(
    alternative: Alternative,
    months: int | None,
    payment: int,
    affordable: int,
    rule: str,
    zh: str,
    en: str,
) -> Rejected:
    """Return the rejection of a plan whose payment (fen) is above what is affordable."""
    monthly, limit = from_fen(payment), from_fen(affordable)
    asks_zh, asks_en = (
        (f"一次要还{yuan_zh(monthly)}", yuan_en(monthly))
        if months == 1
        else (f"每月{yuan_zh(monthly)}", f"{yuan_en(monthly)} a month")
    )
    return Rejected(
        alternative,
        "above_affordable",
        months,
        monthly,
        limit,
        rule,
        f"{zh}：{asks_zh}，超过每月还得起的{yuan_zh(limit)}。",
        f"{en}: {asks_en} is above the affordable {yuan_en(limit)}.",
    )


def whose(found: Affordability | None) -> str:
    """Return the rule that sets what is affordable: the living floor where it was taken, else the buffer."""
    return (
        "bank.living_floor"
        if found is not None and found.living_from == "floor"
        else AFFORDABLE_RULE
    )
