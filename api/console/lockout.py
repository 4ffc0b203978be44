"""What failed sign-ins are counted by: the login and the origin (see ``api.accounts.tries``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from api.accounts.tries import Counted, PauseRule
from api.kit.secrecy import keyring
from api.policy.lookup import PolicyView

__all__ = ["LockoutRules", "counters"]


@dataclass(frozen=True)
class LockoutRules:
    """Policy figures for failed sign-ins."""

    login: PauseRule
    origin: PauseRule

    @classmethod
    def of(cls, policy: PolicyView) -> LockoutRules:
        """Read the figures in force."""
        pauses = tuple(
            timedelta(minutes=minutes) for minutes in policy.value("bank.staff.pause_minutes")
        )
        forgotten_after = timedelta(hours=policy.value("bank.staff.tries_forgotten_hours"))
        return cls(
            login=PauseRule(policy.value("bank.staff.tries"), pauses, forgotten_after),
            origin=PauseRule(policy.value("bank.staff.tries_of_origin"), pauses, forgotten_after),
        )


def counters(login: str, origin: str | None, rules: LockoutRules) -> list[Counted]:
    """Return what a try with this login from this origin is counted by (``None``: not by origin)."""
    keys = keyring()
    found = [Counted("login", keys.keyed_hash("sign-in login", login), rules.login)]
    if origin is not None:
        found.append(Counted("origin", keys.keyed_hash("sign-in origin", origin), rules.origin))
    return found
