"""The form of an evaluation set, and reading it.

A set is a YAML file: an intent's name, then what people write for it. docs/intents.md says what each
intent means and where its border runs. A sentence is its text, or a mapping:

==========  =====================================================================================
``text``    exactly what was written: typos, dialect and missing punctuation included
``also``    intents that the same line says besides; a first guess among them is right as well, and
            each is looked for among what was understood besides
``or``      intents that a fair reader may take the sentence for, where words alone do not decide
``stage``   where the conversation stood: welcome, identify, consent, situation, offers, agree,
            signed, followup, care (while signs of distress are open)
``asked``   the fact that had just been asked: reason, monthly_income, essential_spending,
            other_debt_payments, proposed_payment, pay_day, lump_sum, expected_income, income_from
``values``  every value that is said, by its kind: ``{amount: "3500.00"}``; several as a list, a range
            as ``{from: "…", to: "…"}``; ``{}`` where nothing may be found. Kinds: amount (yuan, two
            places), date (ISO), day_of_month, term_months, option, household_size
``facts``   what should be noted of it, by the names and in the forms of the API's situation
==========  =====================================================================================

What is no intent: ``_stages`` gives an intent the stage of its sentences that name none, or a list of
stages that they take in turn; ``_absurd`` are sentences with a value that may not be noted, with what was
``asked``; ``_harmless``, in a set of its own, is what sounds like distress and is none. Days are counted
from :data:`TODAY`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = [
    "ABSURD",
    "HARMLESS",
    "KINDS",
    "SETS",
    "TODAY",
    "Sentence",
    "SetInvalid",
    "checksum",
    "read_set",
]

SETS: Final = Path(__file__).parents[1] / "tests/bot/understanding"
TODAY: Final = date(2026, 11, 24)
"""A Tuesday: the day on which every sentence of a set was written."""

ABSURD: Final = "_absurd"
HARMLESS: Final = "_harmless"
_STAGES: Final = "_stages"
KINDS: Final = ("amount", "date", "day_of_month", "term_months", "option", "household_size")
STAGES: Final = (
    "welcome", "identify", "consent", "situation", "offers", "agree", "signed", "followup", "care",
)  # fmt: skip
ASKED: Final = (
    "reason", "monthly_income", "essential_spending", "other_debt_payments", "proposed_payment",
    "pay_day", "lump_sum", "expected_income", "income_from",
)  # fmt: skip
_KEYS: Final = {"text", "also", "or", "stage", "asked", "values", "facts"}
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_ENGLISH: Final = re.compile(r"[A-Za-z]{3,}")
#: Latin words that are everyday Chinese; they do not make a line a mixed one.
_AT_HOME: Final = frozenset({"app", "apps", "icu", "sim", "apr", "pdf", "atm", "vip", "gpt", "byd"})


class SetInvalid(ValueError):
    """A set is not in its form; the message names the place."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a set, with what should be understood of it."""

    text: str
    intent: str
    also: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    stage: str | None = None
    asked: str | None = None
    values: Mapping[str, tuple[Any, ...]] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> frozenset[str]:
        """The intents that count as right."""
        return frozenset({self.intent, *self.also, *self.readings})

    @property
    def language(self) -> str:
        """``zh``, ``en`` or ``mixed`` (both in one line)."""
        if not _CHINESE.search(self.text):
            return "en"
        words = {word.lower() for word in _ENGLISH.findall(self.text)}
        return "mixed" if words - _AT_HOME else "zh"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a set's file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_set(path: Path) -> list[Sentence]:
    """Return a set's sentences.

    Raises:
        SetInvalid: something is not in the form above, or a sentence stands in the set twice.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise SetInvalid(f"{path.name}: not a mapping of intents")
    sentences: list[Sentence] = []
    seen: set[str] = set()
    usual = _usual_stages(content.pop(_STAGES, {}), path.name)
    for intent, listed in content.items():
        for number, item in enumerate(listed or (), start=1):
            sentence = _sentence(str(intent), item, f"{path.name}: {intent}, number {number}")
            if sentence.stage is None and (stages := usual.get(str(intent))):
                sentence = replace(sentence, stage=stages[(number - 1) % len(stages)])
            key = sentence.text.casefold()
            if key in seen and sentence.asked is None:
                raise SetInvalid(f"{path.name}: {sentence.text!r} stands there twice")
            seen.add(key)
            sentences.append(sentence)
    return sentences


def _usual_stages(given: object, name: str) -> dict[str, list[str]]:
    if not isinstance(given, dict):
        raise SetInvalid(f"{name}: {_STAGES} is a mapping of intents")
    usual = {str(intent): list(_listed(stages)) for intent, stages in given.items()}
    if unknown := {stage for stages in usual.values() for stage in stages} - set(STAGES):
        raise SetInvalid(f"{name}: no such stage: {', '.join(sorted(unknown))}")
    return usual


def _sentence(intent: str, item: object, place: str) -> Sentence:
    if isinstance(item, str):
        return Sentence(item, intent)
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise SetInvalid(f"{place}: neither a text nor a mapping with one ({item!r})")
    if unknown := set(item) - _KEYS:
        raise SetInvalid(f"{place}: unknown {', '.join(sorted(map(str, unknown)))}")
    stage, asked = item.get("stage"), item.get("asked")
    if stage is not None and stage not in STAGES:
        raise SetInvalid(f"{place}: no such stage: {stage}")
    if asked is not None and asked not in ASKED:
        raise SetInvalid(f"{place}: nothing asks for {asked}")
    return Sentence(
        text=item["text"],
        intent=intent,
        also=tuple(_listed(item.get("also"))),
        readings=tuple(_listed(item.get("or"))),
        stage=stage or ("situation" if asked else None),
        asked=asked,
        values=_values(item["values"], place) if "values" in item else None,
        facts=item.get("facts") or {},
    )


def _listed(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from map(str, value)


def _values(given: object, place: str) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, dict):
        raise SetInvalid(f"{place}: values are a mapping")
    if unknown := set(given) - set(KINDS):
        raise SetInvalid(f"{place}: no such kind of value: {', '.join(sorted(map(str, unknown)))}")
    return {
        kind: tuple(map(_plain, value if isinstance(value, list) else [value]))
        for kind, value in given.items()
    }


def _plain(value: object) -> object:
    """A value in the form the assistant gives it: YAML reads a bare ISO day as a date."""
    return value.isoformat() if isinstance(value, date) else value
