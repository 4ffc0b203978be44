"""Agreements for the bank: the record and its document."""

from __future__ import annotations

import base64
from typing import Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from api.agreements.ledger.heads import newest_head
from api.agreements.life import State
from api.agreements.lives import life_of, lives_of
from api.agreements.models import Agreement, LedgerEntry
from api.agreements.proofs import proof_of
from api.agreements.records import ledger_entry
from api.kit.auth import bank_caller
from api.kit.dates import iso_utc
from api.kit.errors import Problem
from api.kit.wiring import TheDatabase

__all__ = ["ledger_router", "router"]

router = APIRouter(prefix="/v1/agreements", tags=["agreements"])
ledger_router = APIRouter(prefix="/v1/ledger", tags=["agreements"])


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
            .where(LedgerEntry.position > after, LedgerEntry.kind == "agreement")
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
        if not entry.document:
            raise Problem("document_erased", 410, "Its time is over and the document was erased.")
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


@ledger_router.get("/head", dependencies=[Depends(bank_caller)])
def get_head(database: TheDatabase) -> dict[str, Any]:
    """Return the head of the ledger that was sealed last, to be kept where nobody can change it.

    ``statement`` is the exact text that was signed, ``seal`` a detached CMS signature over it (DER, base64).
    """
    with database.reading() as session:
        head = newest_head(session)
        if head is None:
            raise Problem("ledger_unsealed", 404, "No head has been sealed yet.")
        return {
            "position": head.position,
            "entry_hash": head.entry_hash,
            "at": iso_utc(head.at),
            "statement": head.statement.decode(),
            "seal": base64.b64encode(head.seal).decode(),
        }
