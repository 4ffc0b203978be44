"""On what ground somebody was contacted, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from api.web.words import Words

__all__ = ["why_allowed"]


def why_allowed(words: Words, why: Mapping[str, Any]) -> Markup:
    """Return the sentence for a ground.

    ``answering`` (they wrote first), ``budget`` with its numbers, ``barred`` with its rule, or a purpose
    that the rules let pass.
    """
    if why["ground"] == "budget":
        (day, most_day), (week, most_week) = why["day"], why["week"]
        return words(
            "contacts.why_budget", day=day, most_day=most_day, week=week, most_week=most_week
        )
    if why["ground"] == "barred":
        rule = words("contacts.rule_" + str(why["rule"]).removeprefix("gate."))
        return words("contacts.why_barred", rule=rule)
    return words(
        "contacts.why_answering" if why["ground"] == "answering" else "contacts.why_purpose"
    )
