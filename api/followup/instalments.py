"""What has been paid of a schedule: each payment counted towards the oldest instalment still open. Pure.

The answer depends on which payments there are, never on the order in which they became known: they are
taken by the day on which they were made, then by their reference. Every fen of every payment is found
again either in an instalment or in ``over``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from api.kit.money import ZERO, Money

__all__ = ["Instalment", "Line", "Received", "Standing", "State", "standing_of"]

State = Literal["paid", "part_paid", "due", "in_grace", "missed"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the schedule as it holds now; ``moved_from`` is the day it was agreed for at first."""

    number: int
    due: date
    amount: Money
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One payment, on the day it was made."""

    reference: str
    paid_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line and what has come of it.

    ``part_paid`` is one that is not due yet, or due today, of which a part is there; ``in_grace`` and
    ``missed`` may be partly paid too (``received`` says how much).
    """

    line: Line
    received: Money
    state: State
    paid_on: date | None
    """The day of the payment that completed it."""
    grace_until: date

    @property
    def number(self) -> int:
        """Its number in the agreement."""
        return self.line.number

    @property
    def due(self) -> date:
        """Its day as it holds now."""
        return self.line.due

    @property
    def left(self) -> Money:
        """What is still wanting."""
        return self.line.amount - self.received


@dataclass(frozen=True, slots=True)
class Standing:
    """A whole agreement as it stands on a day."""

    instalments: tuple[Instalment, ...]
    over: Money
    """What was paid beyond the agreement and belongs to the person."""

    @property
    def total(self) -> Money:
        """What the agreement asks for."""
        return sum((each.line.amount for each in self.instalments), start=ZERO)

    @property
    def paid_total(self) -> Money:
        """What has come towards it."""
        return sum((each.received for each in self.instalments), start=ZERO)

    @property
    def left_total(self) -> Money:
        """What is still wanting."""
        return self.total - self.paid_total

    @property
    def paid_count(self) -> int:
        """How many instalments are complete."""
        return sum(each.state == "paid" for each in self.instalments)

    @property
    def open(self) -> tuple[Instalment, ...]:
        """The instalments that are not complete, the oldest first."""
        return tuple(each for each in self.instalments if each.state != "paid")

    def numbered(self, number: int) -> Instalment:
        """Return an instalment by its number; raises ``KeyError`` for an unknown one."""
        for each in self.instalments:
            if each.number == number:
                return each
        raise KeyError(number)


def standing_of(
    lines: Sequence[Line], payments: Iterable[Received], *, today: date, grace_days: int
) -> Standing:
    """Count payments towards a schedule, the oldest instalment first, as of a day."""
    waiting = sorted(payments, key=lambda each: (each.paid_on, each.reference))
    left = [each.amount for each in waiting]
    place = 0
    instalments = []
    for line in lines:
        received, paid_on = ZERO, None
        while received < line.amount and place < len(waiting):
            taken = min(left[place], line.amount - received)
            received += taken
            left[place] -= taken
            if received == line.amount:
                paid_on = waiting[place].paid_on
            if left[place] == ZERO:
                place += 1
        grace_until = line.due + timedelta(days=grace_days)
        state = _state(line, received, today, grace_until)
        instalments.append(Instalment(line, received, state, paid_on, grace_until))
    return Standing(tuple(instalments), sum(left[place:], start=ZERO))


def _state(line: Line, received: Money, today: date, grace_until: date) -> State:
    if received >= line.amount:
        return "paid"
    if today > grace_until:
        return "missed"
    if today > line.due:
        return "in_grace"
    return "part_paid" if received > ZERO else "due"
