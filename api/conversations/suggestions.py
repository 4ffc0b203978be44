"""Replies suggested to a colleague: kind wording for the moment, with figures from the record.

The sentences are data (``wording/replies.*.yaml``): each says for which reasons, stages or states it is
meant, and the most fitting come first. A sentence whose placeholder has no value is never suggested.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Moment", "Suggestion", "suggest", "suggestions"]

PLACEHOLDER = re.compile(r"{(\w+)}")
CONDITIONS = ("reasons", "stages", "when")


@dataclass(frozen=True)
class Suggestion:
    """One sentence and when it is meant; an empty condition means whenever."""

    id: str
    text: str
    reasons: tuple[str, ...]
    stages: tuple[str, ...]
    when: tuple[str, ...]
    """States of the moment that must all hold, such as ``first`` or ``plan``."""


@dataclass(frozen=True)
class Moment:
    """What decides which sentences fit: the case's reason, the stage, and what holds just now.

    ``states``: ``first`` (the colleague has not spoken yet), ``identified`` or ``unproven``, ``plan``
    (offers stand), ``no_plan``, ``signed``, ``care``, ``silent`` (the person has not written for a while).
    """

    reason: str
    stage: str
    states: frozenset[str]


@cache
def suggestions(locale: str) -> tuple[Suggestion, ...]:
    """Return every sentence of a language, in the order in which they are written."""
    path = Path(__file__).parent / "wording" / f"replies.{locale}.yaml"
    loaded: Mapping[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Suggestion(
            id=name,
            text=entry["text"],
            **{condition: tuple(entry.get(condition, ())) for condition in CONDITIONS},
        )
        for name, entry in loaded.items()
    )


def suggest(
    locale: str, moment: Moment, words: Mapping[str, str], *, most: int = 3
) -> list[Suggestion]:
    """Return the sentences that fit, filled, the most particular first."""
    fitting = [
        (_weight(each), place, each)
        for place, each in enumerate(suggestions(locale))
        if _fits(each, moment) and set(PLACEHOLDER.findall(each.text)) <= words.keys()
    ]
    fitting.sort(key=lambda found: (-found[0], found[1]))
    return [_filled(each, words) for _, _, each in fitting[:most]]


def _fits(each: Suggestion, moment: Moment) -> bool:
    return (
        (not each.reasons or moment.reason in each.reasons)
        and (not each.stages or moment.stage in each.stages)
        and set(each.when) <= moment.states
    )


def _weight(each: Suggestion) -> int:
    """A sentence made for this reason and state says more than one for any."""
    return 4 * ("first" in each.when) + 2 * bool(each.reasons) + bool(each.stages) + len(each.when)


def _filled(each: Suggestion, words: Mapping[str, str]) -> Suggestion:
    text = PLACEHOLDER.sub(lambda found: words[found.group(1)], each.text)
    return Suggestion(each.id, text, each.reasons, each.stages, each.when)
