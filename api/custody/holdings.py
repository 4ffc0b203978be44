"""What is held of a person: every table that has rows of somebody's, and how these rows are found.

A test holds that each table of the product is either here or named as nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from api.custody.tables import TABLES

__all__ = ["NOBODYS", "SECTIONS", "TECHNICAL", "belonging_to"]

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "person": ("persons",),
    "accounts": ("card_accounts", "payments"),
    "talks": ("conversations", "messages", "inbox", "challenges", "invites", "call_backs"),
    "told": ("consents", "situations", "offer_sets", "counters", "proposals"),
    "evidence": ("evidence", "evidence_files"),
    "cases": ("cases", "case_notes"),
    "agreements": (
        "agreements", "ledger", "instalment_moves", "followup_steps", "agreement_ends",
        "settlement_certificates",
    ),
    "contact": ("holds", "contact_attempts", "outbox", "inbound_texts", "heard", "sums_wished"),
    "record": ("events", "bank_notices"),
}  # fmt: skip
"""The tables in the order in which a person reads of them, by what they are about."""

NOBODYS = frozenset({
    "daily_runs", "failed_tries", "ledger_heads", "staff", "staff_sessions", "staff_recovery_codes",
    "portfolio_imports",
})  # fmt: skip
"""Tables without a row of any cardholder's: of colleagues, of the machine, or without a name."""

THROUGH: Mapping[str, tuple[str, str]] = {
    "messages": ("conversation_id", "conversations"),
    "inbox": ("conversation_id", "conversations"),
    "counters": ("offer_set_id", "offer_sets"),
    "evidence_files": ("evidence_id", "evidence"),
    "ledger": ("agreement_id", "agreements"),
    "instalment_moves": ("agreement_id", "agreements"),
    "followup_steps": ("agreement_id", "agreements"),
    "settlement_certificates": ("agreement_id", "agreements"),
}
"""Tables whose rows are somebody's because what they belong to is: by which column, of which table."""

TECHNICAL = frozenset({
    "name_hash", "telephone_hash", "id_last4_hash", "token_hash", "code_hash", "answer_hash", "mark",
    "debt_digest", "rests_on", "epoch", "last_seq", "texted_seq", "revision", "attempts",
    "next_try_at", "answered_to_seq", "seq", "client_message_id", "external_id", "provider_id", "key",
    "quick_replies", "position", "answering", "tries", "id", "person_id", "conversation_id",
    "agreement_id", "offer_set_id", "account_id", "evidence_id", "case_id", "in_force_for", "sid",
    "holder_id", "made_by", "decided_by", "reviewed_by", "wording", "last_error", "content",
    "document", "due_at", "compared", "subject", "subject_id", "signed_with",
})  # fmt: skip
"""Columns that tell a person nothing of themselves: keys, keyed hashes, marks and counters of the machine.

Files and documents are handed out as files.
"""


def belonging_to(person_id: str, table: Table) -> ColumnElement[bool]:
    """Return the condition under which a row of a table is somebody's.

    Raises:
        KeyError: the table is nobody's.
    """
    if table.name == "persons":
        return table.c.id == person_id
    if table.name in THROUGH:
        column, parent = THROUGH[table.name]
        above = TABLES.tables[parent]
        owned: Any = table.c[column].in_(select(above.c.id).where(belonging_to(person_id, above)))
        condition: ColumnElement[bool] = owned
        return condition
    if table.name in NOBODYS:
        raise KeyError(table.name)
    mine: ColumnElement[bool] = table.c.person_id == person_id
    return mine
