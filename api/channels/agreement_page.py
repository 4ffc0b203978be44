"""The cardholder's own agreement: full terms as a page, and the document to keep."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from api.agreements.canonical import fingerprint
from api.agreements.document import file_name, proof_name, render_pdf
from api.agreements.models import Agreement
from api.agreements.proofs import proof_kept, proof_of
from api.agreements.records import (
    agreement_in_force,
    latest_agreement,
    ledger_entry,
    presented_terms,
)
from api.agreements.terms import sections
from api.conversations.credential import Cardholder
from api.conversations.models import Conversation
from api.kit.errors import Problem
from api.kit.wiring import TheClock, TheDatabase
from api.plans.portable import check_program
from api.web.presentation import Presentation

__all__ = ["router"]

router = APIRouter(prefix="/agreement", include_in_schema=False)


def _own_agreement(session: Session, conversation_id: str, clock: TheClock) -> Agreement:
    conversation = session.get_one(Conversation, conversation_id)
    if conversation.identified_at is None:
        raise Problem("not_identified", 403, "Please confirm who you are in the chat first.")
    found = (
        agreement_in_force(session, conversation.person_id)
        or presented_terms(session, conversation.person_id, clock.today())
        or latest_agreement(session, conversation.person_id)
    )
    if found is None:
        raise Problem("agreement_unknown", 404, "There is no agreement to show yet.")
    return found


@router.get("/terms")
def terms(
    request: Request, caller: Cardholder, database: TheDatabase, clock: TheClock
) -> HTMLResponse:
    """Show the full terms as a page."""
    presentation: Presentation = request.app.state.presentation
    with database.reading() as session:
        agreement = _own_agreement(session, caller.conversation_id, clock)
        html = presentation.render_terms(
            agreement.locale,
            title=agreement.terms["title"],
            sections=sections(agreement.terms),  # type: ignore[arg-type]  # superset of Section
            fingerprint=fingerprint(agreement.digest),
            number=agreement.number,
            pdf_url="/agreement/document.pdf",
            proof_url="/agreement/proof.json" if proof_kept(session, agreement) else None,
            check_url="/agreement/check.pyz",
        )
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})


@router.get("/document.pdf")
def document(caller: Cardholder, database: TheDatabase, clock: TheClock) -> Response:
    """Give the signed document, or a draft to show to one's family first; its name gives nothing away."""
    with database.reading() as session:
        agreement = _own_agreement(session, caller.conversation_id, clock)
        entry = ledger_entry(session, agreement.id)
        signed = entry.document if entry else None
        number, locale, written = agreement.number, agreement.locale, agreement.terms
    content = signed or render_pdf(written, signature=None)
    return _download(content, "application/pdf", file_name(number, locale))


@router.get("/proof.json")
def proof(caller: Cardholder, database: TheDatabase, clock: TheClock) -> Response:
    """Give the proof of the calculation: what the person told us, every figure used, and the result.

    ``python check.pyz`` (below) recomputes it from nothing but this file.
    """
    with database.reading() as session:
        agreement = _own_agreement(session, caller.conversation_id, clock)
        content = proof_of(session, agreement)
        number, locale = agreement.number, agreement.locale
    if content is None:
        raise Problem("proof_unknown", 404, "No proof was kept for this agreement.")
    return _download(content, "application/json", proof_name(number, locale))


@router.get("/check.pyz")
def check() -> Response:
    """Give the program that recomputes a proof with nothing but Python; it holds nothing of anybody."""
    return _download(check_program(), "application/octet-stream", "check.pyz")


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        },
    )
