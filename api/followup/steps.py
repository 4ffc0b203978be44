"""Which words are due to a person about which instalment, and when. Pure.

A step is planned for a day; on that day it is looked at again, because meanwhile the payment may have
come or the instalment may have moved: then nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from api.followup.instalments import Instalment, Standing

__all__ = [
    "AHEAD", "Kind", "Rules", "Step", "after_talk", "greeting", "step_key", "steps_of", "still_fits",
]  # fmt: skip

Kind = Literal["greeting", "before", "day", "asked", "talk", "notice", "end"]

AHEAD = 2
"""How many open instalments are planned for; the later ones follow as these are done."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures behind the steps: those of the signed agreement, and the bank's own."""

    grace_days: int
    talk_days: int
    moves_per_year: int
    days_before: tuple[int, ...]
    ask_days_after: int
    notice_days: int
    greeting_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do about one instalment, which then had that due day."""

    kind: Kind
    number: int
    due: date
    day: date
    """The day on which to do it."""


def step_key(agreement_id: str, step: Step) -> str:
    """Return what makes a step happen once; a moved instalment, having another day, has other steps."""
    return (
        f"reminder:{agreement_id}:{step.number}:{step.due.isoformat()}:{step.kind}:{step.day:%m%d}"
    )


def steps_of(standing: Standing, rules: Rules) -> list[Step]:
    """Return the steps of the oldest open instalments, in the order of their days."""
    steps = [step for each in standing.open[:AHEAD] for step in _of_one(each, rules)]
    return sorted(steps, key=lambda step: (step.day, step.number))


def _of_one(one: Instalment, rules: Rules) -> list[Step]:
    def on(kind: Kind, days: int) -> Step:
        return Step(kind, one.number, one.due, one.due + timedelta(days=days))

    return [
        *(on("before", -days) for days in rules.days_before),
        on("day", 0),
        on("asked", min(rules.ask_days_after, rules.grace_days)),
        on("talk", rules.grace_days + 1),
    ]


def greeting(standing: Standing, signed_on: date, rules: Rules) -> Step | None:
    """Return the greeting after a signature, with the first payment still open as what it speaks of."""
    if not standing.open:
        return None
    first = standing.open[0]
    return Step(
        "greeting", first.number, first.due, signed_on + timedelta(days=rules.greeting_days)
    )


def after_talk(talk: Step, talked_on: date, rules: Rules) -> Sequence[Step]:
    """Return what follows once a talk was offered: the written notice, and the end it names.

    All the days of the talk lie between the offer and the end, whenever the offer could be made.
    """
    end = talked_on + timedelta(days=rules.talk_days + 1)
    notice = end - timedelta(days=min(rules.notice_days, rules.talk_days))
    return (
        Step("notice", talk.number, talk.due, notice),
        Step("end", talk.number, talk.due, end),
    )


def still_fits(step: Step, standing: Standing, today: date) -> bool:
    """Tell whether a step is still the right thing to do: a word that is late is not said at all."""
    one = standing.numbered(step.number)
    if one.state == "paid" or one.due != step.due:
        return False
    if step.kind in ("before", "greeting"):
        return today < one.due
    if step.kind == "day":
        return today == one.due
    return one.state == ("in_grace" if step.kind == "asked" else "missed")
