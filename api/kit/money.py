"""Exact money: ``Decimal`` yuan quantised to the fen, or integer fen in storage; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from babel.numbers import format_decimal
from pydantic import BeforeValidator, PlainSerializer

__all__ = ["FEN", "ZERO", "Money", "MoneyField", "from_fen", "money", "money_text", "to_fen"]

Money = Decimal
"""An amount in yuan with two decimal places."""

FEN = Decimal("0.01")
ZERO = Decimal("0.00")

LARGEST = Decimal(10) ** 12
"""Amounts at or beyond this are taken for mistakes: no card debt is a trillion yuan."""


def money(value: str | int | Decimal) -> Decimal:
    """Return ``value`` in yuan quantised to the fen, half up.

    Raises:
        ValueError: the value is not a finite decimal number below 10^12 in size.
        TypeError: the value is a float, whose fen cannot be trusted.
    """
    if isinstance(value, float | bool):
        msg = "money is never a float or a truth value"
        raise TypeError(msg)
    try:
        amount = Decimal(value)
    except InvalidOperation as error:
        msg = "not a decimal number"
        raise ValueError(msg) from error
    if not amount.is_finite() or abs(amount) >= LARGEST:
        msg = "not an amount of money"
        raise ValueError(msg)
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def to_fen(amount: Decimal) -> int:
    """Return an amount in yuan as integer fen; raises ``ValueError`` on a fraction of a fen."""
    fen = amount * 100
    if fen != fen.to_integral_value():
        msg = "a fraction of a fen cannot be stored"
        raise ValueError(msg)
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Return integer fen as yuan with two places."""
    return (Decimal(fen) / 100).quantize(FEN)


def money_text(amount: Decimal | str, locale: Literal["zh", "en"] | str) -> str:
    """Write an amount as people do: ``1,083.11 元`` in Chinese, ``¥1,083.11`` in English."""
    figure = format_decimal(money(amount), format="#,##0.00", locale="en")
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
