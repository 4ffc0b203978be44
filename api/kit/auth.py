"""Callers that hold one of our service tokens, as types.

A cardholder's credential belongs to a conversation and lives in ``api.conversations.credential``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.kit.errors import Problem
from api.kit.secrecy import matches

__all__ = [
    "Bank",
    "BankCaller",
    "Bot",
    "BotCaller",
    "ServiceTokens",
    "bank_caller",
    "bearer",
    "bot_caller",
]


@dataclass(frozen=True)
class ServiceTokens:
    """The tokens this installation accepts (``app.state.tokens``)."""

    bank: str
    bot: str


@dataclass(frozen=True)
class BankCaller:
    """The bank's own systems: portfolio, invites, payments, planning."""


@dataclass(frozen=True)
class BotCaller:
    """The assistant's custom actions, from loopback."""


def bearer(request: Request) -> str:
    """Return the bearer token of a request, or the empty string."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _refuse() -> Problem:
    return Problem("not_authenticated", 401, "This call needs a valid bearer token.")


async def bank_caller(request: Request) -> BankCaller:
    """Admit the bank's service token; raises ``Problem`` (401) otherwise."""
    tokens: ServiceTokens = request.app.state.tokens
    if not matches(bearer(request), tokens.bank):
        raise _refuse()
    return BankCaller()


async def bot_caller(request: Request) -> BotCaller:
    """Admit the assistant's token; raises ``Problem`` (401) otherwise."""
    tokens: ServiceTokens = request.app.state.tokens
    if not matches(bearer(request), tokens.bot):
        raise _refuse()
    return BotCaller()


Bank = Annotated[BankCaller, Depends(bank_caller)]
Bot = Annotated[BotCaller, Depends(bot_caller)]
