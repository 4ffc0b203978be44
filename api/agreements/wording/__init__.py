"""The agreement's words, by version and language.

``v2.structure.yaml`` says which parts an agreement has and when; ``v2.zh.yaml`` and ``v2.en.yaml``
hold the sentences. A version that has been signed with is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

import yaml

__all__ = [
    "LOCALES",
    "VERSION",
    "WordingGap",
    "counted",
    "fill",
    "placeholders",
    "structure",
    "words",
]

VERSION = "v2"
"""The version that new agreements are written in."""

LOCALES = ("zh", "en")


class WordingGap(LookupError):
    """A version, a sentence or the value of a placeholder is missing: the text must not be shown."""


@cache
def _read(file_name: str) -> dict[str, Any]:
    file = resources.files(__name__).joinpath(file_name)
    if not file.is_file():
        msg = f"no wording file {file_name}"
        raise WordingGap(msg)
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def structure(version: str) -> dict[str, Any]:
    """Return the parts of a wording version in order, with their conditions."""
    return _read(f"{_checked(version)}.structure.yaml")


def words(version: str, locale: str) -> dict[str, Any]:
    """Return the sentences of a wording version in one language (``zh`` or ``en``)."""
    if locale not in LOCALES:
        msg = f"no wording in language {locale!r}"
        raise WordingGap(msg)
    return _read(f"{_checked(version)}.{locale}.yaml")


def placeholders(sentence: str) -> set[str]:
    """Return the names in braces of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """Return the sentence with every placeholder filled.

    Raises:
        WordingGap: a placeholder has no value, or an empty one.
    """
    missing = sorted(name for name in placeholders(sentence) if not values.get(name))
    if missing:
        msg = f"no value for {', '.join(missing)}"
        raise WordingGap(msg)
    return sentence.format_map(dict(values))


def counted(wording: Mapping[str, Any], unit: str, number: int) -> str:
    """Return a number with its unit in the wording's language: ``3 天``, ``1 day``, ``twice``."""
    forms = wording["counts"][unit]
    return fill(forms.get(number, forms["other"]), {"n": str(number)})


def _checked(version: str) -> str:
    if not re.fullmatch(r"v[0-9]+", version):
        msg = f"no wording version {version!r}"
        raise WordingGap(msg)
    return version
