"""Agreements for the bank: the record, its document, and verification of a document."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from api.agreements.life import State
from api.agreements.lives import life_of, lives_of
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.proofs import proof_of
from api.agreements.records import ledger_entry
from api.kit.auth import bank_caller
from api.kit.dates import iso_utc
from api.kit.errors import Problem
from api.kit.wiring import TheDatabase

__all__ = ["router"]

router = APIRouter(prefix="/v1/agreements", tags=["agreements"])

LARGEST_DOCUMENT = 20 * 1024 * 1024


def _record(agreement: Agreement, entry: LedgerEntry, state: State) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "number": agreement.number,
        "state": state,
        "locale": agreement.locale,
        "signed_at": iso_utc(agreement.signed_at) if agreement.signed_at else None,
        "terms": agreement.terms,
        "terms_digest": agreement.digest,
        "record": {
            "position": entry.position,
            "document_digest": entry.document_digest,
            "recorded_at": iso_utc(entry.recorded_at),
            "previous_hash": entry.previous_hash,
            "entry_hash": entry.entry_hash,
        },
    }


@router.get("", dependencies=[Depends(bank_caller)])
def list_agreements(database: TheDatabase, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """List recorded agreements in the order of the ledger, from a position on."""
    with database.transaction() as session:
        rows = session.execute(
            select(Agreement, LedgerEntry)
            .join(LedgerEntry, LedgerEntry.agreement_id == Agreement.id)
            .where(LedgerEntry.position > after)
            .order_by(LedgerEntry.position)
            .limit(min(max(limit, 1), 500))
        ).all()
        items = []
        lives = lives_of(session, [agreement for agreement, _ in rows])
        for agreement, entry in rows:
            record = _record(agreement, entry, lives[agreement.id])
            del record["terms"]
            items.append(record)
        return {"items": items}


@router.get("/{agreement_id}", dependencies=[Depends(bank_caller)])
def get_agreement(agreement_id: str, database: TheDatabase) -> dict[str, Any]:
    """Return a recorded agreement with its terms; 404 for one that was never signed."""
    with database.transaction() as session:
        agreement = session.get(Agreement, agreement_id)
        entry = ledger_entry(session, agreement_id)
        if agreement is None or entry is None:
            raise Problem("agreement_unknown", 404, "There is no recorded agreement with this id.")
        return _record(agreement, entry, life_of(session, agreement))


@router.get("/{agreement_id}/document.pdf", dependencies=[Depends(bank_caller)])
def get_document(agreement_id: str, database: TheDatabase) -> Response:
    """Return a recorded agreement's PDF, byte for byte as signed."""
    with database.transaction() as session:
        entry = ledger_entry(session, agreement_id)
        if entry is None:
            raise Problem("agreement_unknown", 404, "There is no recorded agreement with this id.")
        return Response(entry.document, media_type="application/pdf")


@router.get("/{agreement_id}/proof", dependencies=[Depends(bank_caller)])
def get_proof(agreement_id: str, database: TheDatabase) -> Response:
    """Return the proof of the calculation that a recorded agreement rests on (personal data)."""
    with database.reading() as session:
        agreement = session.get(Agreement, agreement_id)
        if agreement is None or ledger_entry(session, agreement_id) is None:
            raise Problem("agreement_unknown", 404, "There is no recorded agreement with this id.")
        content = proof_of(session, agreement)
        if content is None:
            raise Problem("proof_unknown", 404, "No proof was kept for this agreement.")
        return Response(content, media_type="application/json")


@router.post("/verify")
async def verify(request: Request, database: TheDatabase) -> dict[str, Any]:
    """Tell whether a PDF is, byte for byte, a recorded document. Names nobody and no amount.

    The body is the PDF. 200 when intact; 422 ``document_not_recorded`` for anything else.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_DOCUMENT:
            raise Problem("document_too_large", 413, "A document of ours is never that large.")
    digest = hashlib.sha256(body).hexdigest()
    with database.transaction() as session:
        found = session.execute(
            select(LedgerEntry, Agreement)
            .join(Agreement, Agreement.id == LedgerEntry.agreement_id)
            .where(LedgerEntry.document_digest == digest)
        ).one_or_none()
        if found is None:
            raise Problem(
                "document_not_recorded",
                422,
                "These bytes are not a document we recorded: altered, or not ours.",
            )
        entry, agreement = found
        return {
            "result": "intact",
            "number": entry.number,
            "recorded_at": iso_utc(entry.recorded_at),
            "state": "in_force" if agreement.in_force_for else "ended",
        }
