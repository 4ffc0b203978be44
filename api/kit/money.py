"""Exact money: ``Decimal`` yuan quantised to the fen, or integer fen in storage; never a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer

from api.kit.exact import FEN, ZERO, from_fen, money, to_fen

__all__ = ["FEN", "ZERO", "Money", "MoneyField", "from_fen", "money", "money_text", "to_fen"]

Money = Decimal
"""An amount in yuan with two decimal places."""


def money_text(amount: Decimal | str, locale: Literal["zh", "en"] | str) -> str:
    """Write an amount as people do: ``1,083.11 元`` in Chinese, ``¥1,083.11`` in English."""
    figure = f"{money(amount):,.2f}"
    return f"{figure} 元" if locale == "zh" else f"¥{figure}".replace("¥-", "-¥")


def _parse_money(value: Any) -> Decimal:
    if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
        msg = 'write money as a decimal string, such as "1083.11"'
        raise ValueError(msg)
    amount = Decimal(value) if not isinstance(value, str) else money(value)
    if isinstance(value, str) and amount != Decimal(value):
        msg = "money has at most two decimal places"
        raise ValueError(msg)
    return money(amount)


MoneyField = Annotated[
    Decimal,
    BeforeValidator(_parse_money),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
]
"""Money as it crosses HTTP: a decimal string in yuan with two places."""
