"""Which evidence policy wants before an offer is signed. Pure.

Nothing depends on how somebody asks: only on what is owed, what would be waived, and what they told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from api.kit.money import ZERO, money
from api.policy.lookup import PolicyView

__all__ = ["KINDS", "Kind", "Wanted", "wanted"]

Kind = Literal["income_proof", "medical_certificate", "receipt"]
KINDS: tuple[Kind, ...] = get_args(Kind)

RULES: Mapping[Kind, str] = {
    "income_proof": "bank.evidence.wanted_from",
    "medical_certificate": "bank.evidence.medical_from",
    "receipt": "bank.evidence.receipt_from",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind of evidence, the row of policy that wants it, and the amount that row begins at."""

    kind: Kind
    rule: str
    begins_at: Decimal


def wanted(
    *, debt_total: Decimal, waived: Decimal, facts: Mapping[str, Any], policy: PolicyView
) -> tuple[Wanted, ...]:
    """Return what is wanted before such an offer is signed, in the order of ``KINDS``.

    ``debt_total`` and ``waived`` in yuan; ``facts`` as ``api.agreements.facts`` holds them.
    """
    measured: dict[Kind, Decimal | None] = {
        "income_proof": debt_total,
        "medical_certificate": waived if facts.get("reason") == "illness" else None,
        "receipt": _living_costs(facts.get("essential_spending")),
    }
    return tuple(
        Wanted(kind, RULES[kind], least)
        for kind in KINDS
        for least in [policy.value(RULES[kind])]
        for amount in [measured[kind]]
        if amount is not None and amount >= least
    )


def _living_costs(told: Any) -> Decimal:
    """Return the upper end of what somebody spends on living each month; nothing where it was not told."""
    if isinstance(told, Mapping):
        return money(told["to"])
    return ZERO if told in (None, "skipped") else money(told)
