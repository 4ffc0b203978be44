"""The only source of "now". Injected, so that months can pass in a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from api.kit.dates import local_date

__all__ = ["Clock", "SetClock", "SystemClock"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...

    def today(self) -> date:
        """Return the present day in Asia/Shanghai."""
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
