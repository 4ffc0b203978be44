"""Walking the ledger from its first entry to its last, a few rows at a time, and naming the first that is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from asn1crypto import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.agreements.ledger.chain import GENESIS, entry_hash
from api.agreements.ledger.heads import head_statement
from api.agreements.models import Agreement, LedgerEntry, LedgerHead
from api.agreements.seal.checking import check_document, statement_holds
from api.kit.dates import iso_utc

__all__ = ["Fault", "LedgerBroken", "Walked", "verify_ledger"]

ROWS_AT_ONCE = 20
"""Documents have some 200 kB each; this is all that is ever in memory of them."""

Fault = Literal[
    "missing_row", "broken_chain", "altered_row", "altered_document", "unknown_seal",
    "differing_agreement", "unrecorded_agreement", "unknown_head_seal", "altered_head",
]  # fmt: skip
"""What is wrong. ``unrecorded_agreement``: one is signed, and no row tells of it."""


class LedgerBroken(Exception):
    """The ledger is not as it was written; ``position`` is the first row where that shows, if it is one."""

    def __init__(self, fault: Fault, position: int | None, detail: str) -> None:
        super().__init__(detail)
        self.fault, self.position, self.detail = fault, position, detail


@dataclass
class Walked:
    """What was found intact."""

    entries: int = 0
    unsealed: int = 0
    """Entries of before there were seals."""
    erased: int = 0
    """Entries whose document went with its agreement's words; their hashes hold."""
    heads: int = 0
    last_hash: str = GENESIS


def verify_ledger(
    session: Session,
    trusted: Sequence[x509.Certificate],
    *,
    seals: bool = True,
    told: Callable[[int], None] = lambda _: None,
) -> Walked:
    """Walk the ledger and return what is intact: all of it.

    ``seals``: look at each document's seal too, which takes most of the time. ``told`` hears of each entry.

    Raises:
        LedgerBroken: with the first row that is not as it was written, and how.
    """
    walked, heads = Walked(), _heads(session)
    head = next(heads, None)
    for entry in _entries(session):
        _check_entry(session, entry, walked)
        if seals and entry.document:
            _check_seal(entry, trusted, walked)
        walked.entries, walked.last_hash = entry.position, entry.entry_hash
        while head is not None and head.position <= entry.position:
            _check_head(head, entry, trusted)
            walked.heads += 1
            head = next(heads, None)
        told(entry.position)
    if head is not None:
        raise LedgerBroken(
            "missing_row", walked.entries + 1,
            f"a sealed head tells of row {head.position}, and the ledger ends with {walked.entries}",
        )  # fmt: skip
    _check_nothing_is_missing(session)
    return walked


def _entries(session: Session) -> Iterator[LedgerEntry]:
    position = 0
    while True:
        rows = session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.position > position)
            .order_by(LedgerEntry.position)
            .limit(ROWS_AT_ONCE)
        ).all()
        if not rows:
            return
        yield from rows
        position = rows[-1].position
        session.expunge_all()


def _heads(session: Session) -> Iterator[LedgerHead]:
    position = -1
    while True:
        head = session.scalar(
            select(LedgerHead)
            .where(LedgerHead.position > position)
            .order_by(LedgerHead.position)
            .limit(1)
        )
        if head is None:
            return
        position = head.position
        yield head


def _check_entry(session: Session, entry: LedgerEntry, before: Walked) -> None:
    at, wanted = entry.position, before.entries + 1
    if at != wanted:
        raise LedgerBroken("missing_row", wanted, f"row {wanted} is missing; row {at} comes next")
    if entry.previous_hash != before.last_hash:
        detail = f"row {at} is not chained to the one before it"
        raise LedgerBroken("broken_chain", at, detail)
    hashed = entry_hash(
        entry.previous_hash, position=at, number=entry.number, agreement_id=entry.agreement_id,
        terms_digest=entry.terms_digest, document_digest=entry.document_digest,
        recorded_at=entry.recorded_at, kind=entry.kind,
    )  # fmt: skip
    if hashed != entry.entry_hash:
        raise LedgerBroken("altered_row", at, f"row {at} is not what its hash was made of")
    if not entry.document and _erased(session, entry):
        before.erased += 1
    elif hashlib.sha256(entry.document).hexdigest() != entry.document_digest:
        detail = (
            f"the document of row {at} (number {entry.number}) is not the one that was recorded"
        )
        raise LedgerBroken("altered_document", at, detail)
    if entry.kind == "agreement":
        signed = session.execute(
            select(Agreement.number, Agreement.digest).where(Agreement.id == entry.agreement_id)
        ).one_or_none()
        if signed is None or tuple(signed) != (entry.number, entry.terms_digest):
            detail = f"the agreement of row {at} (number {entry.number}) says something else"
            raise LedgerBroken("differing_agreement", at, detail)


def _erased(session: Session, entry: LedgerEntry) -> bool:
    """Whether the agreement's time was over and its words went with the document."""
    terms = session.scalar(select(Agreement.terms).where(Agreement.id == entry.agreement_id))
    return terms == {}


def _check_seal(entry: LedgerEntry, trusted: Sequence[x509.Certificate], walked: Walked) -> None:
    found = check_document(entry.document, trusted, entry.recorded_at)
    if found is None:
        walked.unsealed += 1
    elif not (found.holds and found.ours):
        detail = (
            f"the seal on the document of row {entry.position} (number {entry.number}) is not known"
        )
        raise LedgerBroken("unknown_seal", entry.position, detail)


def _check_head(head: LedgerHead, entry: LedgerEntry, trusted: Sequence[x509.Certificate]) -> None:
    at = head.position
    if not statement_holds(head.statement, head.seal, trusted, head.at.astimezone(UTC)):
        raise LedgerBroken(
            "unknown_head_seal", at, f"the seal of the head at row {at} does not hold"
        )
    said = json.loads(head.statement)
    if head.statement != head_statement(head.position, head.entry_hash, iso_utc(head.at)):
        raise LedgerBroken("altered_head", at, f"the head at row {at} is not what was sealed")
    if (said["position"], said["entry_hash"]) != (entry.position, entry.entry_hash):
        raise LedgerBroken("altered_row", at, f"row {at} is not the one whose hash was sealed")


def _check_nothing_is_missing(session: Session) -> None:
    recorded = (
        select(LedgerEntry.position)
        .where(LedgerEntry.agreement_id == Agreement.id, LedgerEntry.kind == "agreement")
        .exists()
    )
    number = session.scalar(
        select(Agreement.number)
        .where(Agreement.signed_at.is_not(None), ~recorded)
        .order_by(Agreement.signed_at)
        .limit(1)
    )
    if number is not None:
        detail = f"agreement {number} is signed, and no row tells of it: the end of the ledger is missing"
        raise LedgerBroken("unrecorded_agreement", None, detail)
