"""``python -m api.policy.check [bank.yaml]``: is this file sound, and what would it change?

Finding a file sound is policy's matter (``sound_policy`` below). What it changes takes the planner, which
stands behind policy in the order of the rooms, so the table is made there (``api.plans.policy_changes``)
and this module only starts it by name.
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from api.policy.errors import PolicyInvalid
from api.policy.lookup import Policy

__all__ = ["BANK_FILE", "SHIPPED_FOLDER", "sound_policy"]

SHIPPED_FOLDER = Path(__file__).parent / "parameters"
BANK_FILE = "bank.yaml"


def sound_policy(file: Path, on: date) -> Policy:
    """Return the shipped policy with ``file`` in the place of the bank's own.

    Raises:
        PolicyInvalid: the file cannot be trusted, or a figure that the product needs is not in it, or
            not in force on ``on``.
    """
    policy = Policy.load(SHIPPED_FOLDER, instead={BANK_FILE: file})
    _check_complete(policy, Policy.shipped(), on)
    return policy


def _check_complete(policy: Policy, shipped: Policy, on: date) -> None:
    before, after = shipped.on(on), policy.on(on)
    missing = sorted(set(before.ids()) - set(after.ids()))
    if missing:
        msg = f"not in force on {on.isoformat()}: {', '.join(missing)}"
        raise PolicyInvalid(msg)
    units = _units_changed(
        {name: before.parameter(name).unit for name in before.ids()},
        {name: after.parameter(name).unit for name in before.ids()},
    )
    if units:
        msg = f"another unit than the product reads: {', '.join(units)}"
        raise PolicyInvalid(msg)


def _units_changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(
        f"{name} ({before[name]}, not {after[name]})"
        for name in before
        if before[name] != after[name]
    )


if __name__ == "__main__":
    runpy.run_module("api.plans.policy_changes", run_name="__main__")
