"""Which provider carries a text, and whether it takes this kind of text to this country. Pure.

The gate says what may be said to a person; this says what a provider will carry. Both are tables of
policy: ``bank.sms.providers`` chooses by the number's country, ``sms.carriage.*`` holds what each takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import phonenumbers

from api.contact.gate import Purpose
from api.policy.lookup import PolicyView
from api.policy.values import CarriageRow, SmsProvider, SmsTemplate

__all__ = ["Carriage", "Registered", "Text", "carriage_of", "country_of", "only_registered"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words for one text, and the sentence they come from, by which a registered one is found.

    ``key`` is empty where the words were made for the moment, as in a conversation.
    """

    body: str
    key: str = ""
    locale: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """A text by the provider's own code of it, with the values it has places for."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carriage:
    """Who carries a text. ``refused_by`` is the row of policy by which it is not carried, else empty."""

    provider: str
    refused_by: str = ""
    registered: Registered | None = None
    """What is sent in the place of the words, where the provider takes registered texts only."""


def carriage_of(purpose: Purpose, telephone: str, text: Text, view: PolicyView) -> Carriage:
    """Return how a text goes to a number, by the policy of the day.

    Raises:
        PolicyGap: a table is missing on that day.
    """
    provider, row, cell = _cell(purpose, telephone, view)
    if cell == "carry":
        return Carriage(provider)
    if cell == "template":
        registered = _registered(text, view)
        refused_by = "" if registered else "bank.sms.templates"
        return Carriage(provider, refused_by, registered)
    authorised = f"{provider}:{country_of(telephone)}" in view.value("bank.sms.codes_authorised")
    if cell == "authorised" and authorised:
        return Carriage(provider)
    return Carriage(provider, refused_by=row)


def only_registered(purpose: Purpose, telephone: str, view: PolicyView) -> bool:
    """Return whether a text of this kind has to be one that the provider has registered."""
    return _cell(purpose, telephone, view)[2] == "template"


@lru_cache(maxsize=4096)
def country_of(telephone: str) -> str:
    """Return the country of an E.164 number by ISO 3166-1; empty where it tells none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(telephone)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _cell(purpose: Purpose, telephone: str, view: PolicyView) -> tuple[str, str, str]:
    """Return the provider, the id of its row, and the cell for a purpose."""
    country = country_of(telephone)
    chosen: SmsProvider = _fitting(view.value("bank.sms.providers"), country)
    row = f"sms.carriage.{chosen.provider}"
    cells: CarriageRow = _fitting(view.value(row), country)
    return chosen.provider, row, getattr(cells, purpose)


Row = TypeVar("Row", SmsProvider, CarriageRow)


def _fitting(rows: list[Row], country: str) -> Row:
    return next(row for row in rows if country in row.countries or "*" in row.countries)


def _registered(text: Text, view: PolicyView) -> Registered | None:
    templates: dict[str, dict[str, SmsTemplate]] = view.value("bank.sms.templates")
    found = templates.get(text.key, {}).get(text.locale)
    if found is None or not set(found.variables) <= text.values.keys():
        return None
    return Registered(found.code, {name: text.values[name] for name in found.variables})
