"""Exact sums with nothing but Python's own library: yuan as ``Decimal``, fen as ``int``.

``api.kit.money`` adds what crosses HTTP and how people write it. The arithmetic stands apart from
those libraries because a proof (``api.plans.check``) is recomputed where only Python is installed.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["FEN", "ZERO", "amount_text", "from_fen", "money", "to_fen"]

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
    return Decimal(fen).scaleb(-2) if fen else ZERO


def amount_text(amount: Decimal, locale: str) -> str:
    """Write an amount as people do: ``1,083.11元`` within a Chinese sentence, ``¥1,083.11`` in English."""
    figure = f"{money(amount):,.2f}"
    return f"{figure}元" if locale == "zh" else f"¥{figure}".replace("¥-", "-¥")
