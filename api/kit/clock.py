"""The only source of "now". Injected, so that months can pass in a test, and moved, in a sandbox."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from api.kit.dates import local_date

__all__ = ["SANDBOX_CLOCK", "Clock", "MovableClock", "SandboxClock", "SetClock", "SystemClock"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...

    def today(self) -> date:
        """Return the present day in Asia/Shanghai."""
        ...


@runtime_checkable
class MovableClock(Clock, Protocol):
    """A clock that somebody may set forward."""

    def forward(self, step: timedelta) -> None:
        """Let so much time have passed, for whoever reads this clock anywhere."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the machine's day in Asia/Shanghai."""
        return local_date(self.now())


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """Return the set instant."""
        return self.at

    def today(self) -> date:
        """Return the set instant's day in Asia/Shanghai."""
        return local_date(self.at)

    def forward(self, step: timedelta) -> None:
        """Move the clock by ``step``."""
        self.at += step


SANDBOX_CLOCK = "sandbox-clock"
"""The file of a sandbox's data folder that says how far its clock is ahead."""


class SandboxClock:
    """The machine's clock, ahead by what a file says: so that months pass for whoever practises.

    Every process with the same file tells the same time. It only ever goes forward.
    """

    def __init__(self, file: Path) -> None:
        """Tell the time by ``file`` (whole seconds; none yet: not moved).

        Raises:
            ValueError: the file holds anything else.
        """
        self._file = file
        self.now()

    @property
    def ahead(self) -> timedelta:
        """How far ahead of the machine's clock this one is."""
        try:
            return timedelta(seconds=int(self._file.read_text(encoding="ascii")))
        except FileNotFoundError:
            return timedelta()

    def now(self) -> datetime:
        """Return the moved instant in UTC."""
        return datetime.now(UTC) + self.ahead

    def today(self) -> date:
        """Return the moved instant's day in Asia/Shanghai."""
        return local_date(self.now())

    def forward(self, step: timedelta) -> None:
        """Move the clock by ``step``, to the second; who moves it sees to it that nobody else does just then."""
        if step <= timedelta():
            msg = "a sandbox's clock only goes forward"
            raise ValueError(msg)
        seconds = -(-(self.ahead + step) // timedelta(seconds=1))
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{seconds}\n", encoding="ascii")
        os.replace(draft, self._file)
