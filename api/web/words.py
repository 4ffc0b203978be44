"""The fixed words of the pages, one YAML file per language with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

__all__ = ["LOCALES", "Entries", "Words", "entries", "flat_entries"]

LOCALES = ("zh", "en")
TEXT_FOLDER = Path(__file__).parent / "text"
PLURAL_FORMS = {"one", "other"}

Entries = Mapping[str, str | dict[str, str]]
"""Words under their dotted key; an entry with plural forms has ``one`` and ``other``."""


class Words:
    """Looks up one language's words by dotted key and fills their placeholders.

    A value is escaped unless it is ``Markup`` already, so an amount may carry its own tags and a
    person's name may not.
    """

    def __init__(self, locale: str, found: Entries | None = None, /, **always: str) -> None:
        """Read the pages' words of ``locale``, or take those given.

        ``always`` fills placeholders known once and for all.
        """
        self.locale = locale
        self.always = always
        self._entries = entries(locale) if found is None else found

    def __call__(self, key: str, **values: Any) -> Markup:
        """Return the words at ``key`` (``code.wrong``) with ``values`` filled in.

        An entry with the forms ``one`` and ``other`` chooses by ``n`` (or ``minutes``).

        Raises:
            KeyError: no such words, or a placeholder is left without a value.
        """
        entry = self._entries[key]
        if isinstance(entry, dict):
            count = values.get("n", values.get("minutes"))
            entry = entry["one" if count == 1 else "other"]
        return escape(entry).format_map(self.always | values)

    def has(self, key: str) -> bool:
        """Tell whether there are words at ``key``."""
        return key in self._entries


@cache
def entries(locale: str) -> dict[str, str | dict[str, str]]:
    """Return every entry of a language under its dotted key; raises ``KeyError`` on an unknown one."""
    if locale not in LOCALES:
        raise KeyError(locale)
    return flat_entries(TEXT_FOLDER / f"{locale}.yaml")


def flat_entries(file: Path, prefix: str = "") -> dict[str, str | dict[str, str]]:
    """Read a file of words; every key gets ``prefix`` before it."""
    return dict(_flat(yaml.safe_load(file.read_text(encoding="utf-8")), prefix))


def _flat(branch: dict[str, Any], prefix: str) -> list[tuple[str, str | dict[str, str]]]:
    found: list[tuple[str, str | dict[str, str]]] = []
    for name, value in branch.items():
        if isinstance(value, dict) and not set(value) <= PLURAL_FORMS:
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", value))
    return found
