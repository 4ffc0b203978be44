"""The assistant's custom actions, one module per stage.

They decide nothing about identity, money or consent: each asks the API (``api_client``, the only
door out) and says what the API answered, in the words of ``domain.yml``.
``bot.direct_actions`` finds every action through the imports below.
"""

from bot.actions import (
    agree,
    care,
    consent,
    fallback,
    handoff,
    identify,
    keeping,
    offers,
    questions,
    situation,
    texts,
    welcome,
)

__all__ = [
    "agree",
    "care",
    "consent",
    "fallback",
    "handoff",
    "identify",
    "keeping",
    "offers",
    "questions",
    "situation",
    "texts",
    "welcome",
]
