"""What can be wrong with policy data. Both are faults of the installation, never of a cardholder."""

from __future__ import annotations

__all__ = ["PolicyGap", "PolicyInvalid"]


class PolicyInvalid(ValueError):
    """A policy file cannot be trusted: a bad date, unit, value or citation. Nothing starts with it."""


class PolicyGap(LookupError):
    """No value is in force for this id on this date: unknown, not yet in force, or repealed."""
