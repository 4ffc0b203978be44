"""Facts heard in what a person wrote: proposed to a colleague, who confirms them or not.

The assistant's understanding is asked (``/model/parse``), without a turn of the conversation: it says
nothing and remembers nothing. What it hears is a proposal; only a colleague's word makes it a fact.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.agreements.facts import merge_facts
from api.channels.assistant import Assistant, AssistantDown
from api.kit.clock import Clock
from api.kit.dates import local_date
from api.policy.lookup import PolicyView

__all__ = ["HeardFact", "facts_heard", "hear"]

PATIENCE_SECONDS = 2.0
"""A proposal that comes late helps nobody."""
LONGEST = 1_000

ROLES = {
    "income": "monthly_income",
    "spending": "essential_spending",
    "other_debts": "other_debt_payments",
    "offer": "proposed_payment",
    "lump_sum": "lump_sum",
}
INTENTS = {
    "state_income": "monthly_income",
    "state_expense": "essential_spending",
    "state_offer_amount": "proposed_payment",
    "state_lump_sum": "lump_sum",
    "state_expected_income": "expected_income",
}
"""What a sum without a role of its own is, by what the sentence is about."""
REASON = "reason_"


@dataclass(frozen=True)
class HeardFact:
    """One fact as the situation would hold it (see ``api.agreements.facts``)."""

    field: str
    value: Any


async def hear(
    assistant: Assistant, text: str, *, clock: Clock, policy: PolicyView
) -> list[HeardFact]:
    """Return the facts that a message tells; none when the assistant is away."""
    if not text.strip() or len(text) > LONGEST or text.startswith("/"):
        return []
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            understood = await assistant.understand(text)
    except (AssistantDown, TimeoutError):
        return []
    given = facts_heard(understood)
    checked = merge_facts(
        {}, given, largest=policy.value("bank.situation.largest_monthly_amount"),
        today=local_date(clock.now()),
    )  # fmt: skip
    return [HeardFact(name, checked.facts[name]) for name in checked.accepted]


def facts_heard(understood: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts in an understood message, by the situation's names. Pure."""
    intent = str((understood.get("intent") or {}).get("name") or "")
    facts: dict[str, Any] = {}
    if intent.startswith(REASON):
        facts["reason"] = intent.removeprefix(REASON)
    for entity in understood.get("entities") or ():
        kind, role, value = entity.get("entity"), entity.get("role"), entity.get("value")
        if kind == "amount":
            field = ROLES.get(str(role)) if role else INTENTS.get(intent)
            if field is not None:
                facts.setdefault(field, value)
        elif kind == "day_of_month":
            facts.setdefault("pay_day", value)
        elif kind == "household_size":
            facts.setdefault("household_size", value)
        elif kind == "date" and intent == "state_expected_income":
            facts.setdefault("income_from", value)
    return facts
