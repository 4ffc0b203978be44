"""Appending to the ledger: one entry a document, each hashed together with the one before it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.agreements.canonical import canonical_bytes
from api.agreements.models import LedgerEntry
from api.kit.dates import iso_utc, local_date
from api.kit.db import one_at_a_time

__all__ = ["GENESIS", "EntryKind", "append_entry", "entry_hash", "lock_ledger", "next_number"]

GENESIS = "0" * 64
"""What the first entry is chained to."""

EntryKind = Literal["agreement", "certificate", "withdrawal"]
"""What a document is: a signed agreement, the settlement certificate of one, or the confirmation of its withdrawal."""


def lock_ledger(session: Session) -> None:
    """Let one transaction at a time append; before a number is given, so that none is given twice."""
    one_at_a_time(session, "agreements' ledger")


def next_number(session: Session, signed_at: datetime) -> str:
    """Return the number of the next agreement of its day, ``20261124-0417``; under ``lock_ledger``."""
    day = local_date(signed_at).strftime("%Y%m%d")
    used = session.scalar(
        select(func.count()).select_from(LedgerEntry).where(LedgerEntry.number.startswith(day))
    )
    return f"{day}-{(used or 0) + 1:04d}"


def entry_hash(
    previous_hash: str,
    *,
    position: int,
    number: str,
    agreement_id: str,
    terms_digest: str,
    document_digest: str,
    recorded_at: datetime,
    kind: str = "agreement",
) -> str:
    """Return the hash that chains an entry to the one before it.

    Agreements are hashed as they were before there were other kinds.
    """
    body = {
        "position": position,
        "number": number,
        "agreement_id": agreement_id,
        "terms_digest": terms_digest,
        "document_digest": document_digest,
        "recorded_at": iso_utc(recorded_at),
    }
    if kind != "agreement":
        body["kind"] = kind
    return hashlib.sha256(previous_hash.encode() + b"\n" + canonical_bytes(body)).hexdigest()


def append_entry(
    session: Session,
    *,
    kind: EntryKind,
    agreement_id: str,
    number: str,
    content_digest: str,
    document: bytes,
    now: datetime,
) -> LedgerEntry:
    """Append a document in the caller's transaction, under ``lock_ledger``: the row is the commit point.

    ``content_digest`` is that of the terms, or of a certificate's content.
    """
    newest = session.scalar(select(LedgerEntry).order_by(LedgerEntry.position.desc()).limit(1))
    position = newest.position + 1 if newest else 1
    previous = newest.entry_hash if newest else GENESIS
    document_digest = hashlib.sha256(document).hexdigest()
    entry = LedgerEntry(
        position=position, kind=kind, agreement_id=agreement_id, number=number,
        terms_digest=content_digest, document_digest=document_digest, document=document,
        recorded_at=now, previous_hash=previous,
        entry_hash=entry_hash(
            previous, position=position, number=number, agreement_id=agreement_id,
            terms_digest=content_digest, document_digest=document_digest, recorded_at=now, kind=kind,
        ),
    )  # fmt: skip
    session.add(entry)
    return entry
