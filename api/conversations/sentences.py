"""The few sentences the API says by itself; a sentence with an unfilled placeholder is never sent."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from api.contact.carriage import Text
from api.policy.lookup import PolicyView

__all__ = ["bank_name", "raw_sentence", "sentence", "text_of"]


@cache
def _wording(locale: str) -> dict[str, str]:
    path = Path(__file__).parent / "wording" / f"{locale}.yaml"
    loaded: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def bank_name(policy: PolicyView, locale: str) -> str:
    """Return the bank's name in a language."""
    return str(getattr(policy.value("bank.name"), locale))


def raw_sentence(key: str, locale: str) -> str:
    """Return a sentence with its placeholders as they are written; raises ``KeyError``."""
    return _wording(locale)[key]


def sentence(key: str, locale: str, policy: PolicyView, **values: str) -> str:
    """Return a sentence with its placeholders filled.

    Raises:
        KeyError: the key is unknown, or a placeholder has no value.
    """
    return _wording(locale)[key].format(bank=bank_name(policy, locale), **values)


def text_of(key: str, locale: str, policy: PolicyView, **values: str) -> Text:
    """Return a sentence as a text to be sent, which a provider may know by its key.

    Raises:
        KeyError: as ``sentence``.
    """
    body = sentence(key, locale, policy, **values)
    return Text(body, key, locale, {"bank": bank_name(policy, locale), **values})
